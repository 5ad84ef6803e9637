import assert from 'node:assert/strict'
import {chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {hostname, networkInterfaces, tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Damaged, Instance} from '../../../src/model/instance/instance.ts'
import type {Defaults} from '../../../src/postfix/reader/defaults.ts'
import {
  emptyMemory,
  fromAnswer,
  type Memory,
  type Reading,
  readNatively,
} from '../../../src/postfix/reader/secondary.ts'
import {defaults} from './some-defaults.ts'

describe('reading a secondary instance without postconf', () => {
  let directory: string
  let memory: Memory

  beforeEach(() => {
    memory = emptyMemory()
    directory = mkdtempSync(join(tmpdir(), 'secondary-'))
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('tells the five parameters of an ordinary file', () => {
    const {listed} = sure(`queue_directory = /var/spool/postfix-in
data_directory = /var/lib/postfix-in
multi_instance_name = postfix-in
multi_instance_group = mta
multi_instance_enable = yes`)
    assert.deepEqual(listed, {
      config_directory: directory,
      queue_directory: '/var/spool/postfix-in',
      data_directory: '/var/lib/postfix-in',
      multi_instance_name: 'postfix-in',
      multi_instance_group: 'mta',
      multi_instance_enable: true,
    })
  })

  it('takes defaults for what is not set', () => {
    const {queue_directory, multi_instance_enable} = instance('mail_name = x')
    assert.deepEqual([queue_directory, multi_instance_enable], ['/var/spool/postfix', false])
  })

  const groups: [string, string, string][] = [
    ['a name', 'multi_instance_name = postfix-in\nmulti_instance_group = <$multi_instance_name>', '<postfix-in>'],
    ['a default', 'multi_instance_group = $mail_name', 'Postfix'],
    ['a default that depends on a setting', 'multi_instance_name = x\nmulti_instance_group = $syslog_name', 'x'],
    ['a condition', 'multi_instance_group = $' + '{multi_instance_name?named}', ''],
    ['config_directory', 'multi_instance_group = $config_directory', 'DIR'],
    ['runs of blanks', 'multi_instance_group = a  \t b\n\n# comment\n    c', 'a b c'],
    ['bytes that are not UTF-8', 'multi_instance_group = \xe9', '\udce9'],
    [
      'the host name',
      'multi_instance_group = $myhostname',
      hostname().includes('.') ? hostname() : `${hostname()}.localdomain`,
    ],
    ['the domain', 'myhostname = mx.example.com\nmulti_instance_group = $mydomain', 'example.com'],
    ['an undefined legacy name', 'multi_instance_group = <$virtual_maps>', '<>'],
  ]
  for (const [what, main, group] of groups) {
    it(`expands ${what}`, () => {
      assert.equal(instance(main).multi_instance_group, group.replace('DIR', directory))
    })
  }

  describe('what postconf remarks', () => {
    const rows: [string, string, string, string[]][] = [
      [
        'a setting that overrides another',
        'mail_name = a\nmail_name = b',
        '',
        ['main.cf, line 2: overriding earlier entry: mail_name=a'],
      ],
      [
        'text that is indented',
        '  x = y\nmail_name = b',
        '',
        ['main.cf: logical line must not start with whitespace: "  x = y"'],
      ],
      ['an unused parameter', 'u_one = \xe9', '', ['main.cf: unused parameter: u_one=?']],
      [
        'an undefined parameter of a service',
        '',
        's inet n - y - - smtpd -o mail_name=$nosuch',
        ['master.cf: undefined parameter: nosuch'],
      ],
      ['nothing of a parameter that another uses', 'u_one = 1\nmail_name = $u_one', '', []],
      ['nothing of a parameter that a service uses', 'u_one = 1', 's inet n - y - - smtpd -o mail_name=$u_one', []],
      ['nothing of a restriction class', 'smtpd_restriction_classes = u_one\nu_one = permit', '', []],
      ['nothing of a legacy parameter', 'virtual_maps = hash:/x', '', []],
      [
        'nothing of a parameter that a service brings along',
        'relay_destination_rate_delay = 1s',
        'relay unix - - y - - smtp',
        [],
      ],
      ['nothing of a raw value', 'forward_path = $', '', []],
      ['nothing of braces in good order', 'smtpd_milters = { inet:localhost:1, timeout = 1s }', '', []],
    ]
    for (const [what, main, master, warnings] of rows) {
      it(`is ${what}`, () => {
        assert.deepEqual(
          sure(main, master).warnings,
          warnings.map((each) => `${directory}/${each}`),
        )
      })
    }
  })

  describe('damage', () => {
    const rows: [string, string, Partial<Damaged>][] = [
      ['no equals sign', 'mail_name = x\n\nfoo bar', {line: 3, reason: `missing '=' after attribute name: "foo bar"`}],
      ['no name', '= x', {line: 1, reason: 'missing attribute name: "= x"'}],
      [
        'a switch that is neither on nor off',
        '\nmulti_instance_enable = maybe',
        {line: 2, reason: 'Unexpected entry: multi_instance_enable = maybe'},
      ],
      [
        'a value that nobody asked for and that cannot be expanded',
        'smtpd_banner = $',
        {line: 1, reason: 'smtpd_banner: empty macro name: "$"'},
      ],
    ]
    for (const [what, main, {line, reason}] of rows) {
      it(`is ${what}`, () => {
        assert.deepEqual(sure(main).listed, {config_directory: directory, file: `${directory}/main.cf`, line, reason})
      })
    }

    it('is a missing file', () => {
      const reading = readNatively(`${directory}/none`, defaults)
      const file = `${directory}/none/main.cf`
      assert.deepEqual(reading, {
        listed: {config_directory: `${directory}/none`, file, reason: 'No such file or directory', isClosed: true},
        warnings: [],
      })
    })

    it('is a directory in place of the file', () => {
      mkdirSync(`${directory}/main.cf`)
      const reading = readNatively(directory, defaults, memory)
      assert.ok(reading !== 'unsure' && 'reason' in reading.listed)
      assert.equal(reading.listed.reason, 'Is a directory')
    })

    for (const file of ['main.cf', 'master.cf']) {
      it(`is a ${file} that is larger than any configuration`, () => {
        sure('mail_name = x')
        truncateSync(join(directory, file), 2 ** 42)
        const {listed} = readNatively(directory, defaults) as Reading
        assert.deepEqual(listed, {
          config_directory: directory,
          file: join(directory, file),
          reason: 'File too large',
        })
      })
    }

    it('is a file that we may not read', function () {
      if (process.geteuid!() === 0) this.skip()
      write('', '')
      chmodSync(`${directory}/main.cf`, 0)
      const reading = readNatively(directory, defaults, memory)
      assert.ok(reading !== 'unsure' && 'reason' in reading.listed)
      assert.equal(reading.listed.reason, 'Permission denied')
    })
  })

  describe('is left to postconf', () => {
    const rows: [string, string, string?][] = [
      ['where a null byte is in the file', 'mail_name = a\0b'],
      ['where an undefined name is mentioned', 'mail_name = $nosuch'],
      ['where a user parameter cannot be expanded', 'u_one = $\nmail_name = $u_one'],
      ['where read-only parameters are set', 'process_name = x'],
      ['where the process number is wanted', 'multi_instance_group = $process_id'],
      ['where braces are out of order', 'multi_instance_name = {a'],
      // Source: postconf(1) of 3.11, which warns of "{no}}".
      ['where a raw value is part of another', 'forward_path = ${user?{yes}:{no}}\nsyslog_name = $forward_path'],
      [
        'where a raw value is part of an option',
        'forward_path = ${user?{yes}:{no}}',
        's inet n - y - - smtpd -o mail_name=$forward_path',
      ],
      ['where a table cannot be opened', 'virtual_mailbox_maps = mysql:/nonexistent/table.cf'],
      ['where a name must be resolved', 'inet_interfaces = localhost'],
      ['where an address is not ours', 'inet_interfaces = 192.0.2.255'],
      ['where an address belongs to no protocol that is spoken', 'inet_interfaces = ::1\ninet_protocols = ipv4'],
      ['where a protocol is unknown', 'inet_protocols = ipv5'],
      ['where a style is unknown', 'mynetworks_style = hosts'],
      ['where a level is malformed', 'compatibility_level = new'],
      ['where master.cf has too few fields', '', 'smtp inet n - y -'],
      ['where master.cf has a bad type', '', 'smtp tcp n - y - - smtpd'],
      ['where master.cf has a bad flag', '', 'smtp inet n - maybe - - smtpd'],
      ['where master.cf leaves a brace open', '', 'smtp inet n - y - - smtpd -o { a = b'],
      ['where an option cannot be expanded', '', 'smtp inet n - y - - smtpd -o mail_name=$'],
      ['where an option is for nobody', '', 'smtp inet n - y - - smtpd -o u_one=1'],
    ]
    for (const [what, main, master = ''] of rows) {
      it(what, () => {
        write(main, master)
        assert.equal(readNatively(directory, defaults, memory), 'unsure')
      })
    }
  })

  describe('after another copy of the same prototype', () => {
    const prototype = (name: string): string =>
      `smtpd_banner = $mail_name\nmulti_instance_name = ${name}\nqueue_directory = /q/${name}\nmulti_instance_enable = yes\n`
    beforeEach(() => {
      sure(prototype('postfix-a'))
    })

    it('tells its own values', () => {
      const {multi_instance_name, queue_directory} = instance(prototype('postfix-b'))
      assert.deepEqual([multi_instance_name, queue_directory], ['postfix-b', '/q/postfix-b'])
    })

    it('expands what refers to its own values', () => {
      assert.equal(instance(prototype('b').replace('/q/b', '/q/$multi_instance_name')).queue_directory, '/q/b')
    })

    it('sees a fault that the other has not', () => {
      const {listed} = sure(prototype('postfix-b').replace('$mail_name', '$'))
      assert.ok('reason' in listed)
      assert.equal(listed.line, 1)
    })

    it('sees a switch that is neither on nor off', () => {
      const {listed} = sure(prototype('postfix-b').replace('yes', 'maybe'))
      assert.ok('reason' in listed)
      assert.equal(listed.line, 4)
    })

    it('sees a setting that overrides another', () => {
      sure('queue_directory = /a\nqueue_directory = /a')
      assert.equal(sure('queue_directory = /a\nqueue_directory = /b').warnings.length, 1)
    })

    it('sees what is wrong with its master.cf', () => {
      write(prototype('postfix-b'), 'smtp inet')
      assert.equal(readNatively(directory, defaults, memory), 'unsure')
    })
  })

  it('knows the addresses of this host', function () {
    const loopback = Object.values(networkInterfaces()).some((all) => all?.some(({address}) => address === '127.0.0.1'))
    if (!loopback) this.skip()
    sure('inet_interfaces = [127.0.0.1]')
  })

  it('looks into the tables of databases', () => {
    writeFileSync(`${directory}/users.cf`, 'hosts = localhost\nuser = postfix\nquery = SELECT 1\n')
    sure(`virtual_mailbox_maps = proxy:mysql:${directory}/users.cf`)
  })

  it('takes the whole of a stock master.cf', () => {
    sure(
      '',
      `# comment
smtp      inet  n       -       y       -       -       smtpd
pickup    unix  n       -       y       60      1       pickup
tlsmgr    unix  -       -       y       1000?   1       tlsmgr
relay     unix  -       -       y       -       -       smtp
        -o syslog_name=postfix/$service_name
postlog   unix-dgram n  -       n       -       1       postlogd
maildrop  unix  -       n       n       -       -       pipe
  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d \${recipient}
uucp      unix  -       n       n       -       -       pipe
  flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)
`,
    )
  })

  it('does not confuse parameters with what every object has', () => {
    assert.deepEqual(sure('constructor = x').warnings, [`${directory}/main.cf: unused parameter: constructor=x`])
  })

  // The lines of postconf(1) of 3.11.7; that of 3.10 has no last one, and that of 3.7 says nothing.
  describe('with a Postfix that warns of more', () => {
    const will = (name: string) => `support for parameter "${name}" will be removed; instead, do not`
    const newer: Defaults = {
      ...defaults,
      parameters: {...defaults.parameters, smtp_use_tls: 'no', disable_dns_lookups: 'no'},
      warnings: {
        deprecated: {smtp_use_tls: will('smtp_use_tls'), disable_dns_lookups: will('disable_dns_lookups')},
        conclusion: 'See https://www.postfix.org/DEPRECATION_README.html for details',
        ofComments: 'yes',
      },
    }

    it('says which parameters will be gone, in main.cf and in master.cf, and in the end where to read on', () => {
      const {warnings} = sure(
        'smtp_use_tls = yes\ndisable_dns_lookups = no',
        'x unix - - n - - smtp -o smtp_use_tls=no',
        newer,
      )
      assert.deepEqual(warnings, [
        `${directory}/main.cf: ${will('disable_dns_lookups')}`,
        `${directory}/main.cf: ${will('smtp_use_tls')}`,
        `${directory}/master.cf: ${will('smtp_use_tls')}`,
        newer.warnings.conclusion,
      ])
      assert.deepEqual(sure('smtp_use_tls = yes').warnings, [
        `${directory}/main.cf: unused parameter: smtp_use_tls=yes`,
      ])
    })

    const comments: [value: string, quoted: string | undefined][] = [
      ['/q # z', '# z...'],
      ['/q #d', '#d ...'],
      ['/q,#one,two', '#one two...'],
      ['# x_use_tls is no longer of use', '# x_use_tls is no long...'],
      ['a\n  # no part of it\n  c #d e', '#d e...'],
      ['a#b', undefined],
      ['/q\n# one of its own', undefined],
    ]
    for (const [value, quoted] of comments) {
      it(`${quoted === undefined ? 'sees no comment' : 'quotes the comment that is none'} in ${JSON.stringify(value)}`, () => {
        const {warnings} = sure(`queue_directory = ${value}`, '', newer)
        const warning = `${directory}/main.cf: #comment after other text is not allowed: ${quoted}`
        assert.deepEqual(warnings, quoted === undefined ? [] : [warning])
        assert.deepEqual(sure(`queue_directory = ${value}`).warnings, [])
      })
    }

    for (const name of ['process_id', 'mynetworks', 'forward_path']) {
      it(`leaves a comment that is none to postconf where it quotes $${name}`, () => {
        write(`mail_name = x #c $${name}`, '')
        assert.equal(readNatively(directory, newer), 'unsure')
      })
    }
  })

  function sure(main: string, master = '', of = defaults): Reading {
    write(main, master)
    const reading = readNatively(directory, of, of === defaults ? memory : undefined)
    assert.ok(reading !== 'unsure', 'unsure')
    return reading
  }

  function instance(main: string): Instance {
    const {listed} = sure(main)
    assert.ok(!('reason' in listed), JSON.stringify(listed))
    return listed
  }

  function write(main: string, master: string): void {
    writeFileSync(`${directory}/main.cf`, main, 'latin1')
    writeFileSync(`${directory}/master.cf`, master, 'latin1')
  }
})

describe("postconf's answer", () => {
  const five = `queue_directory = /q
data_directory = /d
multi_instance_name =
multi_instance_group = mta
multi_instance_enable = YES
`

  it('is an instance', () => {
    const listed = fromAnswer('/etc/x', {status: 0, stdout: five, stderr: ''}, assert.fail)
    assert.deepEqual(listed, {
      config_directory: '/etc/x',
      queue_directory: '/q',
      data_directory: '/d',
      multi_instance_name: '',
      multi_instance_group: 'mta',
      multi_instance_enable: true,
    })
  })

  it('comes with its remarks', () => {
    const said: string[] = []
    fromAnswer('/etc/x', {status: 0, stdout: five, stderr: '/usr/sbin/postconf: warning: w\n'}, (text) =>
      said.push(text),
    )
    assert.deepEqual(said, ['/usr/sbin/postconf: warning: w\n'])
  })

  const rows: [string, Omit<Damaged, 'config_directory'>][] = [
    [
      '/etc/x/main.cf, line 3: missing \'=\' after attribute name: "a"',
      {file: '/etc/x/main.cf', line: 3, reason: `missing '=' after attribute name: "a"`},
    ],
    ['file /etc/x/master.cf: line 2: bad field count', {file: '/etc/x/master.cf', line: 2, reason: 'bad field count'}],
    ['macro processing error', {file: '/etc/x/main.cf', reason: 'macro processing error'}],
  ]
  for (const [fatal, damage] of rows) {
    it(`is damage: ${fatal}`, () => {
      const answer = {status: 1, stdout: '', stderr: `/usr/sbin/postconf: fatal: ${fatal}\n`}
      assert.deepEqual(fromAnswer('/etc/x', answer, assert.fail), {config_directory: '/etc/x', ...damage})
    })
  }

  it('is damage of the line of master.cf whose field it names', () => {
    const directory = mkdtempSync(join(tmpdir(), 'postmulti-field-'))
    const reason = 'invalid private field "Y" in "x unix Y - n - - smtp"'
    writeFileSync(
      join(directory, 'master.cf'),
      '# stock\nsmtp unix - - n - - smtp\nx unix Y - n - - smtp\ny unix Y - n - - smtp\n',
    )
    const answer = {status: 1, stdout: '', stderr: `/usr/sbin/postconf: fatal: ${reason}\n`}
    const damage = {config_directory: directory, file: `${directory}/master.cf`, line: 3, reason}
    assert.deepEqual(fromAnswer(directory, answer, assert.fail), damage)
    rmSync(directory, {recursive: true})
  })

  it('is damage when it is missing', () => {
    const listed = fromAnswer('/etc/x', {status: 139, stdout: '', stderr: ''}, assert.fail)
    assert.deepEqual(listed, {
      config_directory: '/etc/x',
      file: '/etc/x/main.cf',
      reason: 'Cannot parse /etc/x/main.cf file',
    })
  })
})
