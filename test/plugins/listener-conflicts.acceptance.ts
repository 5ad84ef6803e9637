/** Two instances that listen in one place: refused; and why, with real masters. */
import assert from 'node:assert/strict'
import {rmSync} from 'node:fs'
import {connect} from 'node:net'
import {isRelease} from '../../src/model/base/release.ts'
import {
  antedate,
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  readTree,
  saveHost,
  sh,
} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'listener-conflicts', meetInOnePlace)

const shared = /postfix-out and postfix-in listen on the same address and port, 127\.0\.0\.1:2525: /
const shadowed = /postfix-out listens on \*:2525, but connections to 192\.0\.2\.25:2525 would go to postfix-in alone/

function meetInOnePlace() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('instances set - master_service_disable=inet')
    for (const name of ['out', 'in']) {
      await mustSucceed(`-I postfix-${name} -G mta -e create`)
      await mustSucceed(`instances set ${name} myhostname=${name}.example.com master_service_disable=`)
      listenOn(name, '127.0.0.1:2525')
    }
    await mustSucceed('instances enable out')
    restoreHost = saveHost()
  })
  afterEach(async () => {
    await postmulti('-g mta -p stop')
    rmSync('/etc/postmulti', {recursive: true, force: true})
    restoreHost()
  })

  it('that is on refuses the second in both ways of speaking, and nothing is changed', async () => {
    await setMode('on')
    const before = readTree()
    const classic = await postmulti('-i postfix-in -e enable')
    assert.equal(classic.status, 1)
    assert.match(classic.stderr.find((each) => each.startsWith('postmulti: fatal: ')) ?? '', shared)

    const {status, stdout} = await postmulti('instances enable in --json')
    assert.equal(status, 3)
    const {error} = JSON.parse(stdout)
    assert.match(error.message, shared)
    assert.equal(error.suggestions[0], 'postmulti instances edit postfix-in --master')
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('that is on refuses to let an enabled instance move there', async () => {
    listenOn('in', '2525')
    await mustSucceed('instances set in inet_interfaces=192.0.2.25')
    await mustSucceed('instances enable in')
    await setMode('on')
    const before = readTree()
    const {status, stderr} = await postmulti('instances set in inet_interfaces=localhost')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), shared)
    assert.match(stderr.join('\n'), /try: postmulti instances edit postfix-in$/m)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('as it comes tells those who type sub-commands, and leaves postmulti(1) as it was', async () => {
    const {stderr} = await mustSucceed('instances enable in')
    assert.match(stderr.join('\n'), shared)
    await mustSucceed('instances disable in')
    assert.deepEqual((await mustSucceed('-i postfix-in -e enable')).stderr, [])
  })

  it('that is off lets both start from 3.6 on, and the kernel splits the connections between them', async () => {
    await setMode('off')
    assert.deepEqual((await mustSucceed('instances enable in')).stderr, [])
    assert.equal((await postmulti('-g mta -p start')).status, isShared() ? 0 : 1)
    const {out = 0, in: other = 0} = await countGreetings('127.0.0.1', 40)
    if (!isShared()) return assert.equal(out, 40)
    assert.equal(out + other, 40)
    assert.ok(out > 0 && other > 0, `${out} and ${other}`)
  })

  it('that is on warns of one that takes an address from another, which it does', async () => {
    listenOn('out', '2525')
    listenOn('in', '192.0.2.25:2525')
    await setMode('on')
    const {stderr} = await mustSucceed('-i postfix-in -e enable')
    assert.match(stderr.join('\n'), shadowed)
    assert.equal((await postmulti('-g mta -p start')).status, isShared() ? 0 : 1)
    assert.deepEqual(await countGreetings('192.0.2.25', 20), {[isShared() ? 'in' : 'out']: 20})
    assert.deepEqual(await countGreetings('127.0.0.1', 20), {out: 20})
  })
}

/** Before 3.6 the second one does not start. */
function isShared(): boolean {
  return isRelease(sh('postconf -dh mail_version'), '3.6')
}

/** One inet service in the place of all others. */
function listenOn(name: string, service: string): void {
  sh(`sed -i '/^[^ ]*  *inet /d' /etc/postfix-${name}/master.cf
    echo '${service} inet n - n - - smtpd' >>/etc/postfix-${name}/master.cf`)
  antedate()
}

async function setMode(mode: string): Promise<void> {
  await mustSucceed(`plugins config listener-conflicts mode=${mode}`)
}

/** Which instance answers at port 2525, by the first part of its myhostname. */
async function countGreetings(host: string, times: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let turn = 0; turn < times; turn += 1) {
    const [, name = ''] = /^220 ([a-z]+)\.example\.com /.exec(await greeting(host)) ?? []
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function greeting(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(2525, host)
    socket.setEncoding('utf8').on('error', reject)
    socket.once('data', (text: string) => {
      socket.end('QUIT\r\n')
      resolve(text)
    })
  })
}
