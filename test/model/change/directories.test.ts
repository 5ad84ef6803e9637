import assert from 'node:assert/strict'
import {normalize} from 'node:path'
import {checkDirectories} from '../../../src/model/change/directories.ts'
import {type Instance, privateParameters, readable} from '../../../src/model/instance/instance.ts'
import {broken, hostOf, listOf, refusal, secondary} from '../../values.ts'

/** On this host /spool leads to /var/spool. */
function canonical(path: string): string {
  return normalize(path)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/spool(?=\/|$)/, '/var/spool')
}

describe('directories of a new instance', () => {
  const outgoing = secondary('postfix-out')
  const list = listOf(outgoing, broken('/etc/postfix-torn'))

  const right: [title: string, changes: Partial<Instance>][] = [
    ['directories beside those of the others', {}],
    ['a queue whose path begins like that of another', {queue_directory: '/var/spool/postfix-out2'}],
    ['a queue above which no other is', {queue_directory: '/srv/mail/in/queue', data_directory: '/srv/mail/in/data'}],
    ['a directory inside the configuration of another', {data_directory: '/etc/postfix-out/data'}],
    ['its own data inside its own queue', {data_directory: '/var/spool/postfix-in/data'}],
    ['characters that a list can hold', {config_directory: '/etc/postfix-ä#{x}=;:'}],
    ['a pattern that nothing else is like', {config_directory: '/etc/postfix-?'}],
    ['quotation marks where scripts have them as they are', {queue_directory: '/var/spool/it\'s"`'}],
  ]
  for (const [title, changes] of right) {
    it(`may be ${title}`, () => assert.doesNotThrow(() => check(changes)))
  }

  const wrong: [title: string, changes: Partial<Instance>, message: string][] = [
    [
      'a double slash in the directory of another',
      {queue_directory: '/var//spool/postfix-out'},
      'queue_directory=/var//spool/postfix-out is the same directory as instance /etc/postfix-out, queue_directory=/var/spool/postfix-out',
    ],
    [
      "dots in the primary's directory",
      {data_directory: '/var/lib/x/../postfix'},
      'data_directory=/var/lib/x/../postfix is the same directory as instance /etc/postfix, data_directory=/var/lib/postfix',
    ],
    [
      'a link to something else of another',
      {config_directory: '/spool/postfix-out/.'},
      'config_directory=/spool/postfix-out/. is the same directory as instance /etc/postfix-out, queue_directory=/var/spool/postfix-out',
    ],
    [
      "a place in the primary's queue",
      {queue_directory: '/spool/postfix/in'},
      'queue_directory=/spool/postfix/in lies inside instance /etc/postfix, queue_directory=/var/spool/postfix',
    ],
    [
      'configuration in the queue of another',
      {config_directory: '/var/spool/postfix-out/etc/postfix'},
      'config_directory=/var/spool/postfix-out/etc/postfix lies inside instance /etc/postfix-out, queue_directory=/var/spool/postfix-out',
    ],
    [
      'a queue round the queues of all others',
      {queue_directory: '/spool'},
      'queue_directory=/spool contains instance /etc/postfix, queue_directory=/var/spool/postfix',
    ],
    [
      'a queue round the configuration of another',
      {queue_directory: '/etc'},
      'queue_directory=/etc contains instance /etc/postfix, config_directory=/etc/postfix',
    ],
    [
      'a comma',
      {config_directory: '/etc/postfix,in'},
      "config_directory='/etc/postfix,in' contains a comma, which multi_instance_directories cannot hold",
    ],
    [
      'a blank',
      {queue_directory: '/var/spool/postfix in'},
      "queue_directory='/var/spool/postfix in' contains white space, which multi_instance_directories cannot hold",
    ],
    [
      'a tab',
      {data_directory: '/var/lib/\tx'},
      "data_directory='/var/lib/\tx' contains white space, which multi_instance_directories cannot hold",
    ],
    [
      'a dollar',
      {config_directory: '/etc/$x'},
      "config_directory='/etc/$x' contains a '$', which multi_instance_directories cannot hold",
    ],
    [
      'a quotation mark',
      {config_directory: '/etc/`x'},
      "config_directory=/etc/`x contains a quotation mark, which Postfix's own scripts take for one of theirs",
    ],
    [
      'a pattern of others',
      {data_directory: '/etc/postfix-o*'},
      "data_directory='/etc/postfix-o*' is a pattern, which Postfix's own scripts take for /etc/postfix-out as well",
    ],
  ]
  for (const [title, changes, message] of wrong) {
    it(`refuses ${title}`, () => assert.throws(() => check(changes), refusal(message)))
  }

  function check(changes: Partial<Instance>): void {
    const instance = secondary('postfix-in', changes)
    const all = [...readable(list), instance].flatMap((each) => privateParameters.map((name) => each[name]))
    checkDirectories(
      instance,
      {...hostOf([]), list},
      {
        canonical: new Map(all.map((path) => [path, canonical(path)])),
        alike: new Map(all.filter((path) => path.includes('*')).map((path) => [path, '/etc/postfix-out'])),
      },
    )
  }
})
