import assert from 'node:assert/strict'
import {existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Refusal} from '../../../src/model/base/errors.ts'
import {shell, suggest} from '../../../src/model/base/suggestion.ts'
import {builtInDefaults} from '../../../src/postfix/reader/defaults.ts'
import {type Primary, readPrimary} from '../../../src/postfix/reader/primary.ts'
import {refusal} from '../../values.ts'

describe('reading the primary', () => {
  let directory: string
  let warnings: string[]

  beforeEach(function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
    builtInDefaults()
    directory = mkdtempSync(join(tmpdir(), 'primary-'))
    warnings = []
  })
  afterEach(() => {
    if (directory !== undefined) rmSync(directory, {recursive: true})
  })

  it('takes defaults for what is not set', () => {
    const {instance, directories} = read('')
    assert.equal(instance.queue_directory, builtInDefaults().parameters.queue_directory)
    assert.equal(instance.multi_instance_name, '')
    assert.deepEqual(directories, [])
  })

  it('counts as enabled when it is alone', () => {
    assert.equal(read('multi_instance_enable = no').instance.multi_instance_enable, true)
    assert.equal(read('multi_instance_directories = ,').instance.multi_instance_enable, true)
  })

  it('has its own switch when there are others', () => {
    assert.equal(read('multi_instance_directories = /etc/x').instance.multi_instance_enable, false)
    const enabled = read('multi_instance_directories = /etc/x\nmulti_instance_enable = YES')
    assert.equal(enabled.instance.multi_instance_enable, true)
  })

  it('splits the list at commas and blanks', () => {
    const {directories} = read('b = /etc/b\nmulti_instance_directories = /etc/a,$b\n\t/etc/c,, /etc/a')
    assert.deepEqual(directories, ['/etc/a', '/etc/b', '/etc/c', '/etc/a'])
  })

  const groups: [string, string, string][] = [
    ['blanks as they are', 'multi_instance_group = a  b\tc', 'a  b\tc'],
    ['nothing of a default that comes later', 'multi_instance_group = <$data_directory>', '<>'],
    ['a default that came before', 'multi_instance_group = $inet_protocols', 'all'],
    ['a setting, wherever it is', 'multi_instance_group = $data_directory\ndata_directory = /x', '/x'],
    ['no process_name', 'multi_instance_group = <$process_name>', '<>'],
    ['its place', 'multi_instance_group = $config_directory', 'DIR'],
    ['bytes that are not UTF-8', 'multi_instance_group = \xe9', '\udce9'],
  ]
  for (const [what, main, group] of groups) {
    it(`sees ${what}`, () => {
      assert.equal(read(main).instance.multi_instance_group, group.replace('DIR', directory))
    })
  }

  it('tells settings as postconf prints them, unexpanded', () => {
    const {setting} = read('alternate_config_directories = /a,\n  $b\nrelayhost =')
    assert.equal(setting('alternate_config_directories'), '/a, $b')
    assert.equal(setting('relayhost'), '')
    assert.equal(setting('setgid_group'), undefined)
  })

  it('tells other parameters, too', () => {
    const {parameter} = read('sendmail_path = $command_directory/sendmail')
    assert.equal(parameter('sendmail_path'), `${builtInDefaults().parameters.command_directory}/sendmail`)
    assert.equal(parameter('postmulti_stop_commands'), 'stop abort drain quick-stop')
    assert.equal(parameter('nosuch'), '')
  })

  it('prints with all defaults in view', () => {
    const wrapper = 'multi_instance_wrapper = $' + '{command_directory}/postmulti -p --'
    const {command_directory} = builtInDefaults().parameters
    assert.equal(read(wrapper).printed('multi_instance_wrapper'), `${command_directory}/postmulti -p --`)
  })

  it('warns of what overrides, in order', () => {
    read('  x\nmail_name = a\nmail_name = b\nmail_name = b\nmail_name = c')
    assert.deepEqual(warnings, [
      `${directory}/main.cf: logical line must not start with whitespace: "  x"`,
      `${directory}/main.cf, line 3: overriding earlier entry: mail_name=a`,
      `${directory}/main.cf, line 5: overriding earlier entry: mail_name=b`,
    ])
  })

  describe('refuses, in the words of the library,', () => {
    const rows: [string, string, string, string[]?][] = [
      ['a line that is no setting', 'a = b\nfoo', `DIR/main.cf, line 2: missing '=' after attribute name: "foo"`],
      [
        'a switch that is neither on nor off',
        'multi_instance_enable = maybe',
        'bad boolean configuration: multi_instance_enable = maybe',
      ],
      [
        'an unknown owner',
        'mail_owner = no-such-user',
        'file DIR/main.cf: parameter mail_owner: unknown user name value: no-such-user',
      ],
      [
        'a privileged owner',
        'mail_owner = root',
        'file DIR/main.cf: parameter mail_owner: user root has privileged user ID',
      ],
      [
        'an unknown group',
        'setgid_group = no-such-group',
        'file DIR/main.cf: parameter setgid_group: unknown group name: no-such-group',
      ],
      ['an empty directory', 'queue_directory =', 'bad string length 0 < 1: queue_directory = '],
      ['a number that is too small', 'max_use = 0', 'invalid max_use parameter value 0 < 1'],
      [
        'a bad host name',
        'myhostname = a..b',
        'file DIR/main.cf: parameter myhostname: bad parameter value: a..b',
        ['valid_hostname: misplaced delimiter: a..b'],
      ],
      [
        'a bad reference',
        'multi_instance_group = a$',
        'dictionary mail_dict: macro processing error',
        ['empty macro name: "a$"'],
      ],
      [
        'a bad reference in its own commands',
        'postmulti_start_commands = $',
        'dictionary mail_dict: macro processing error',
        ['empty macro name: "$"'],
      ],
    ]
    for (const [what, main, message, remarks = []] of rows) {
      it(what, () => {
        assert.throws(() => read(main), refusal(message.replace('DIR', directory)))
        assert.deepEqual(warnings, remarks)
      })
    }

    it('with the line to edit, where one is at fault', () => {
      assert.throws(() => read('foo'), {suggestions: [shell`\${EDITOR:-vi} +1 ${directory}/main.cf`]})
    })

    it('a missing file', () => {
      const message = `open ${directory}/main.cf: No such file or directory`
      assert.throws(
        () => readPrimary(directory, assert.fail),
        new Refusal(message, {suggestions: [suggest`postmulti doctor`]}),
      )
    })

    it('a directory in place of the file', () => {
      mkdirSync(`${directory}/main.cf`)
      const message = `read ${directory}/main.cf: Is a directory`
      assert.throws(
        () => readPrimary(directory, assert.fail),
        new Refusal(message, {suggestions: [suggest`postmulti doctor`]}),
      )
    })
  })

  it('tells a warning of the reading once, also when the library is asked', () => {
    assert.throws(() => read('mail_name = a\nmail_name = b\nmax_use = 0'), Refusal)
    assert.deepEqual(warnings, [`${directory}/main.cf, line 2: overriding earlier entry: mail_name=a`])
  })

  it('starts no process for an ordinary file', () => {
    const {getBuiltinModule} = process
    process.getBuiltinModule = (() => assert.fail('a process')) as never
    try {
      read(`compatibility_level = 3.6
myhostname = mta1.example.com
mydomain = example.com
myorigin = $mydomain
mydestination = $myhostname, localhost.$mydomain, localhost
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [mailhub.example.com]:587
maillog_file = /var/log/mail.log
smtpd_banner = $myhostname ESMTP $mail_name
multi_instance_wrapper = \${command_directory}/postmulti -p --
multi_instance_enable = yes
multi_instance_directories = /etc/postfix-in /etc/postfix-out
recipient_delimiter = +
message_size_limit = 0
max_idle = 100s
soft_bounce = no`).printed('multi_instance_wrapper')
    } finally {
      process.getBuiltinModule = getBuiltinModule
    }
  })

  function read(main: string): Primary {
    const file = `${directory}/main.cf`
    writeFileSync(file, main, 'latin1')
    // The library waits while main.cf is younger than two seconds.
    utimesSync(file, 1e9, 1e9)
    return readPrimary(directory, (text) => warnings.push(text))
  }
})
