/** Reading the instances of a host: on ordinary files without postconf(1), and with nothing kept from one call to the next. */
import assert from 'node:assert/strict'
import {appendFileSync, existsSync, readFileSync, rmSync} from 'node:fs'
import * as configuration from '../../../demo/configuration.ts'
import {isRelease} from '../../../src/model/base/release.ts'
import {antedate, mustSucceed, onThrowAwayHost, postmulti, replaceTool, saveHost, sh} from '../../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, '../reading the instances', () => {
  let restore: () => void

  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['in', 'out', 'mid']) await mustSucceed(`-I postfix-${each} -G mta -e create`)
    restore = saveHost()
  })
  afterEach(() => restore())

  describe('without postconf', () => {
    let putBack: () => void

    before(async () => {
      putBack = replaceTool('postconf', 'echo "$*" >>/run/asked')
      // It is another postconf now: its defaults are learnt.
      await mustSucceed('-l')
    })
    after(() => putBack())

    const mainCf = (name: string): string => (name === '-' ? '/etc/postfix/main.cf' : `/etc/postfix-${name}/main.cf`)
    const condition = isRelease(sh('postconf -dh mail_version'), '3.6') ? '>=level {3.6}' : '>= {2}'
    const hosts: [what: string, additions: Record<string, string>][] = [
      ['new instances', {}],
      [
        "the README's instances",
        {
          '-': configuration.nullClient('hash').text,
          in: configuration.input.text,
          out: configuration.output.text,
        },
      ],
      [
        'literal addresses',
        {
          in: 'inet_interfaces = 192.0.2.25\nsmtp_bind_address = 192.0.2.25\nmynetworks = 127.0.0.0/8, 10.1.1.0/24, [::1]/128\n',
          out: 'inet_interfaces = 127.0.0.1, 10.1.1.25\ninet_protocols = ipv4\nmyhostname = out.example.com\n',
        },
      ],
      [
        'conditions',
        {
          in: `smtpd_tls_security_level = \${{$compatibility_level} ${condition} ? {may} : {none}}\nsyslog_name = \${multi_instance_name?{$multi_instance_name}:{postfix}}\n`,
          out: 'multi_instance_group = ${multi_instance_name:none}${multi_instance_name?mta}\nsmtp_helo_name = ${myhostname}\n',
        },
      ],
    ]
    const calls = [
      '-l',
      '-i out -x true',
      'instances list',
      'instances status',
      'instances get --all myhostname smtpd_banner',
    ]
    for (const [what, additions] of hosts) {
      it(`is for ${what}`, async () => {
        for (const [name, text] of Object.entries(additions)) appendFileSync(mainCf(name), text)
        antedate()
        rmSync('/run/asked', {force: true})
        assert.equal((await mustSucceed('-l')).stdout.split('\n').length, 5)
        for (const each of calls) await postmulti(each)
        assert.equal(existsSync('/run/asked') ? readFileSync('/run/asked', 'utf8') : '', '')
      })
    }

    it('is not for a name that nothing sets', async () => {
      appendFileSync(mainCf('in'), 'smtpd_banner = $nosuch\n')
      antedate()
      await postmulti('-l')
      assert.match(readFileSync('/run/asked', 'utf8'), /^-xc \/etc\/postfix-in /)
    })
  })

  const group = async (): Promise<string> => {
    const {stdout} = await mustSucceed('-l')
    return stdout
      .split('\n')
      .find((line) => line.startsWith('postfix-mid'))!
      .split(/ +/)[1]!
  }
  const file = '/etc/postfix-mid/main.cf'
  const other = 'sed s/mta/abc/ '
  /** Size, inode or times are the same as before, or older. */
  const changes: [what: string, script: string][] = [
    [
      'is edited in place, with its old time',
      `${other} ${file} >/run/new; touch -r ${file} /run/time; cat /run/new >${file}; touch -r /run/time ${file}`,
    ],
    [
      'is put in place from an old copy',
      `${other} ${file} >/run/new; touch -d 2001-01-01 /run/new; mv /run/new ${file}`,
    ],
    [
      'becomes a link to another',
      `${other} ${file} >/etc/other.cf; touch -r ${file} /etc/other.cf; ln -sf /etc/other.cf ${file}`,
    ],
    [
      'is in a directory that becomes a link to another',
      `cp -a /etc/postfix-mid /etc/postfix-new; ${other} ${file} >/etc/postfix-new/main.cf; mv /etc/postfix-mid /etc/postfix-old; ln -s postfix-new /etc/postfix-mid`,
    ],
    ['is mounted over', `${other} ${file} >/run/new; mount --bind /run/new ${file}`],
  ]
  for (const [what, script] of changes) {
    it(`sees at once that a main.cf ${what}`, async () => {
      assert.equal(await group(), 'mta')
      sh(script)
      try {
        assert.equal(await group(), 'abc')
      } finally {
        sh(`umount ${file} 2>/dev/null || :; rm -rf /etc/postfix-old /etc/postfix-new`)
      }
    })
  }

  it('sees at once that the primary lists others', async () => {
    const lines = async (): Promise<number> => (await mustSucceed('-l')).stdout.split('\n').length
    const before = await lines()
    sh(`touch -r /etc/postfix/main.cf /run/time; sed -i 's, /etc/postfix-mid,                 ,' /etc/postfix/main.cf
      touch -r /run/time /etc/postfix/main.cf`)
    assert.equal(await lines(), before - 1)
  })
})
