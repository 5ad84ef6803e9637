/** What rules propose to mend, and where they leave it to somebody. docs/check.md says why. */
import assert from 'node:assert/strict'
import type {Step} from '../../src/model/change/plan.ts'
import type {Runner} from '../../src/model/change/runner.ts'
import type {FoundFile} from '../../src/model/survey/check-input.ts'
import {service} from '../values.ts'
import {entry, find, subject} from './inputs.ts'

describe('fix of a table', () => {
  const out = subject('postfix-out', {main: {virtual_alias_maps: 'proxy:hash:/t'}})
  const texts = {'/t': 'a@example.com b@example.com\n'}
  const host = {texts, entries: {'/t': entry({modified: 9000})}}
  const built = (program: string, table: string, file: string, instance = 'postfix-out'): Step => {
    const words = [`/usr/sbin/${program}`, '-c', `/etc/${instance}`, table]
    return {do: 'run program', words, directory: '/', changes: [file], undo: []}
  }

  it('that is not there builds it with the type that the instance names', () => {
    assert.deepEqual(fixes('table-missing', [subject('-'), out], host), [[built('postmap', 'hash:/t', '/t.db')]])
  })

  it('that is older than its source does the same', () => {
    const old = {texts, entries: {...host.entries, '/t.db': entry({modified: 1000})}}
    assert.deepEqual(fixes('table-stale', [subject('-'), out], old), [[built('postmap', 'hash:/t', '/t.db')]])
  })

  it('of aliases asks postalias(1), also when another parameter names them', () => {
    const main = {alias_maps: 'hash:/t', local_recipient_maps: '$alias_maps'}
    const one = subject('postfix-out', {main})
    const aliases = {...host, texts: {'/t': 'root: admin@example.com\n'}}
    assert.deepEqual(fixes('table-missing', [subject('-'), one], aliases), [[built('postalias', 'hash:/t', '/t.db')]])
  })

  it('is not known where nobody may run the program, and the finding says why and what to type', () => {
    const runner: Runner = {as: 'none', why: "/ is root's, and anybody may write it", remedy: [['chmod', 'go-w', '/']]}
    const [found, ...more] = find('table-missing', [subject('-'), out], {...host, runner})
    assert.deepEqual([found!.fix, more], [null, []])
    assert.match(found!.message, /: mail is deferred; --fix skips it, .*: \/ is root's, and anybody may write it$/)
    assert.deepEqual(found!.suggestions, [
      ['postmap', '-c', '/etc/postfix-out', 'hash:/t'],
      ['chmod', 'go-w', '/'],
    ])
  })

  const unfit: [text: string, why: RegExp][] = [
    ['', /because \/t has no entries$/],
    ['# only a comment\n', /because \/t has no entries$/],
    ['a@example.com b\n\0\x01\n', /because \/t is no text$/],
    ['a@example.com b@exam', /because the last line of \/t may have been cut off$/],
    ['a@example.com b\n[section]\n', /because line 2 of \/t is no entry$/],
  ]
  for (const [text, why] of unfit) {
    it(`is not known of a source that is ${JSON.stringify(text)}: what is there would be lost`, () => {
      for (const [rule, database] of [
        ['table-missing', {}],
        ['table-stale', {'/t.db': entry({modified: 1000})}],
      ] as const) {
        const [found] = find(rule, [subject('-'), out], {texts: {'/t': text}, entries: {...host.entries, ...database}})
        assert.equal(found!.fix, null)
        assert.match(found!.message, why)
      }
    })
  }

  it('takes keys in quotes, and what goes on in the next line', () => {
    const odd = {...host, texts: {'/t': '"a b"@example.com c\n  d\n# e\nf g'.concat('\n')}}
    assert.equal(fixes('table-missing', [subject('-'), out], odd)[0]?.length, 1)
  })

  it('is not known where the path is not absolute: postmap(1) would take another one', () => {
    const relative = subject('postfix-out', {main: {virtual_alias_maps: 'hash:t'}})
    const there = {...host, entries: {'/var/spool/postfix-out/t': entry()}}
    assert.deepEqual(fixes('table-missing', [subject('-'), relative], there), [null])
  })

  it('is not known without a source', () => {
    assert.deepEqual(fixes('table-missing', [subject('-'), out]), [null])
  })

  it('is not known for one that is looked up as it is', () => {
    const one = subject('postfix-out', {main: {header_checks: 'pcre:/none'}})
    assert.deepEqual(fixes('table-missing', [subject('-'), one]), [null])
  })

  it('is not known when two instances want another thing to be made of one file', () => {
    const other = subject('postfix-in', {main: {virtual_alias_maps: 'btree:/t'}})
    assert.deepEqual(fixes('table-missing', [subject('-'), out, other], host), [null, null])
  })

  it('is told once, whether proxy: is before its name or not', () => {
    const twice = {virtual_alias_maps: 'proxy:hash:/t', transport_maps: 'hash:/t'}
    const [found, ...more] = find('table-missing', [subject('-'), subject('postfix-out', {main: twice})], host)
    assert.match(found!.message, /\(virtual_alias_maps, transport_maps\)/)
    assert.deepEqual(more, [])
  })
})

describe('fix of an owner or a mode', () => {
  const config = '/etc/postfix-out'
  const sound = {
    [config]: entry({kind: 'directory'}),
    [`${config}/main.cf`]: entry(),
    [`${config}/master.cf`]: entry(),
    '/var/spool/postfix-out': entry({kind: 'directory'}),
    '/var/lib/postfix-out': entry({kind: 'directory', uid: 100, mode: 0o700}),
  }
  const rows: [title: string, path: string, found: FoundFile, wanted: Partial<Step>][] = [
    ['takes the right to write from others', `${config}/main.cf`, entry({mode: 0o666}), {mode: 0o644}],
    ['leaves alone who may read', `${config}/main.cf`, entry({mode: 0o660}), {mode: 0o640}],
    ['gives it to root', `${config}/master.cf`, entry({uid: 7}), {owner: {uid: 0, gid: 0}}],
    ['does both', config, entry({kind: 'directory', uid: 7, mode: 0o777}), {owner: {uid: 0, gid: 0}, mode: 0o755}],
    [
      'gives data_directory to mail_owner, and leaves its group alone',
      '/var/lib/postfix-out',
      entry({kind: 'directory', mode: 0o700}),
      {owner: {uid: 100, gid: -1}},
    ],
    [
      'keeps data_directory from others',
      '/var/lib/postfix-out',
      entry({kind: 'directory', uid: 100, mode: 0o770}),
      {mode: 0o750},
    ],
  ]
  for (const [title, path, found, wanted] of rows) {
    it(title, () => {
      const steps = fixes('owner-or-mode', [subject('postfix-out')], {entries: {...sound, [path]: found}})
      assert.deepEqual(steps, [[{do: 'set owner and mode', path, ...wanted}]])
    })
  }

  it('is not known for what is missing', () => {
    const {[config]: _config, ...others} = sound
    assert.deepEqual(fixes('owner-or-mode', [subject('postfix-out')], {entries: others}), [null])
  })
})

describe('fix of the list', () => {
  const rows: [written: string, becomes: string | null][] = [
    ['/etc/postfix-a,/etc/postfix-b', '/etc/postfix-a /etc/postfix-b'],
    ['$config_directory-a', '/etc/postfix-a'],
    ['/etc/postfix-b/ /etc//./postfix-a', '/etc/postfix-b /etc/postfix-a'],
    ['/etc/postfix-a, etc/postfix-b', null],
    ['/etc/postfix-a, /etc/x/../postfix-b', null],
    ['/etc/postfix-a, /etc/postfix-a/', null],
    ['/etc/postfix-a, $nobody', null],
  ]
  for (const [written, becomes] of rows) {
    it(becomes === null ? `leaves '${written}' to somebody` : `makes '${becomes}' of '${written}'`, () => {
      const main = {multi_instance_directories: written}
      const set = {multi_instance_directories: becomes ?? ''}
      const wanted = becomes === null ? null : [{do: 'edit main.cf', config_directory: '/etc/postfix', set}]
      const found = fixes('list-format', [subject('-', {main})])
      assert.ok(found.length > 0)
      for (const each of found) assert.deepEqual(each, wanted)
    })
  }
})

describe('fix of a missing wrapper', () => {
  const primary = subject('-', {main: {multi_instance_directories: '/etc/postfix-out'}})

  it('is what init sets', () => {
    const entries = {'/usr/sbin/postmulti': entry({mode: 0o755})}
    const set = {multi_instance_wrapper: '${command_directory}/postmulti -p --'}
    assert.deepEqual(fixes('wrapper-missing', [primary], {entries}), [
      [{do: 'edit main.cf', config_directory: '/etc/postfix', set}],
    ])
  })

  it('is not known where that program is not', () => {
    assert.deepEqual(fixes('wrapper-missing', [primary]), [null])
  })
})

describe('fix of a jail', () => {
  const smtpd = service('smtp inet n - y - - smtpd')
  const out = subject('postfix-out', {services: [smtpd]})
  const texts = {'/etc/hosts': 'x', '/etc/services': 'y'}

  it('copies what is missing', () => {
    const jail = '/var/spool/postfix-out/etc'
    assert.deepEqual(fixes('chroot-incomplete', [out], {texts}), [
      [
        {do: 'make directory', path: jail, mode: 0o755},
        {do: 'copy file', from: '/etc/hosts', to: `${jail}/hosts`},
        {do: 'copy file', from: '/etc/services', to: `${jail}/services`},
      ],
    ])
  })

  it('is not known where a file differs: that may be meant so', () => {
    const other = {...texts, '/var/spool/postfix-out/etc/hosts': 'of the jail'}
    assert.deepEqual(fixes('chroot-incomplete', [out], {texts: other}), [null])
  })
})

function fixes(...words: Parameters<typeof find>): (Step[] | null)[] {
  return find(...words).map(({fix}) => fix)
}
