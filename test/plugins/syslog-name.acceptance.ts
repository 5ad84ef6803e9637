/** What an instance logs has its name, relayed mail included. */
import assert from 'node:assert/strict'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {startHub} from '../../demo/hub.ts'
import {waitFor} from '../../demo/wait.ts'
import {isRelease} from '../../src/model/base/release.ts'
import {antedate, differences, mustSucceed, onThrowAwayHost, readTree, saveHost, sh} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'syslog-name', nameTheLog)

const masterCf = '/etc/postfix-out/master.cf'

function nameTheLog() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    restoreHost = saveHost()
  })
  beforeEach(() => setMode('on'))
  afterEach(() => {
    rmSync('/etc/postmulti', {recursive: true})
    restoreHost()
  })

  const stockName = isRelease(sh('postconf -dh mail_version'), '3.10') ? 'postfix-out' : 'postfix'
  const rows: [how: string, mode: string, words: string[], program: string][] = [
    ['without it, as the release does', 'off', [], `${stockName}/relay/smtp`],
    ['with it, under the name of the instance', 'on', [], 'postfix-out/relay/smtp'],
    ['with it, under the syslog_name of main.cf', 'on', ['--set', 'syslog_name=mx-out'], 'mx-out/relay/smtp'],
  ]
  for (const [how, mode, words, program] of rows) {
    it(`relayed mail is logged ${how}`, async () => {
      setMode(mode)
      await createOut(words)
      assert.equal(await whoRelays(), program)
    })
  }

  it('relayed mail is logged under the name that the instance gets later', async () => {
    await createOut()
    await mustSucceed('-i out -I postfix-relay -e assign')
    assert.equal(await whoRelays(), 'postfix-relay/relay/smtp')
  })

  it('corrects an instance at its import, and undo brings its master.cf back', async () => {
    setMode('off')
    await createOut()
    await mustSucceed('instances deport out')
    sh(`sed -i 's,^    -o syslog_name=.*/,    -o syslog_name=postfix/,' ${masterCf}
      printf '#  -o syslog_name=postfix/caf\\303\\251\\n' >>${masterCf}; chmod 640 ${masterCf}`)
    const stock = readFileSync(masterCf, 'latin1')
    const before = readTree()
    setMode('on')
    await mustSucceed('instances import /etc/postfix-out')
    const name = '$${multi_instance_name?{$$multi_instance_name}:{postfix}}'
    assert.equal(
      readFileSync(masterCf, 'latin1'),
      stock.replace('\n    -o syslog_name=postfix/', `\n    -o syslog_name=${name}/`),
    )
    assert.equal(sh(`stat -c %a ${masterCf}`), '640')
    await mustSucceed('undo --yes')
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('warns when two enabled instances log under one name', async () => {
    await createOut(['--set', 'syslog_name=postfix'])
    const {stderr} = await mustSucceed('-i out -e enable')
    assert.match(stderr.join('\n'), /warning: .*postfix-out logs as postfix, as \/etc\/postfix does/)
  })
}

async function createOut(words: string[] = []): Promise<void> {
  const relay = ['--set', 'transport_maps=inline:{example.com=relay:[127.0.0.1]:2525}']
  const submit = ['--set', 'authorized_submit_users=static:all']
  await mustSucceed(['instances', 'create', 'out', ...relay, ...submit, ...words])
}

/** The program that the log names for a message that is really delivered. */
async function whoRelays(): Promise<string> {
  await mustSucceed('instances enable /etc/postfix-out')
  antedate()
  writeFileSync('/var/log/mail.log', '')
  const {server} = await startHub({address: '127.0.0.1', port: 2525}, 'mailhub.example.com')
  try {
    await mustSucceed('-i /etc/postfix-out -p start')
    sh('echo | sendmail -C /etc/postfix-out -f root x@example.com')
    return await waitFor('a delivery in the log', () => {
      const log = readFileSync('/var/log/mail.log', 'utf8')
      return / ([\w/-]+)\[\d+\]: .*relay=127\.0\.0\.1\[127\.0\.0\.1\]:2525.*status=sent/.exec(log)?.[1]
    })
  } finally {
    await mustSucceed('-i /etc/postfix-out -p stop')
    server.close()
  }
}

function setMode(mode: string): void {
  mkdirSync('/etc/postmulti', {recursive: true})
  writeFileSync('/etc/postmulti/plugins.json', JSON.stringify({'syslog-name': {mode}}))
}
