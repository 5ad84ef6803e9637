/**
 * Many changes at the same moment: each is whole, none is lost, and the lock is held by the right ones for the right
 * time. RACE_ROUNDS sets how many rounds of 20 creates are run.
 */
import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {
  antedate,
  killWithTools,
  listed,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  replaceTool,
  saveHost,
  sh,
  sleep,
  start,
  until,
  whenItEdits,
} from './inside.ts'

const rounds = Number(process.env.RACE_ROUNDS ?? 2)
const atOnce = 20

onThrowAwayHost(import.meta.filename, 'changes at the same moment', raceThem, 15 + rounds / 10)

function raceThem() {
  let restore: () => void

  before(async () => {
    await mustSucceed('-e init')
    restore = saveHost()
  })
  beforeEach(() => restore())

  it(`lists all of ${atOnce} instances created at once, in each of ${rounds} rounds`, async () => {
    const names = Array.from({length: atOnce}, (_, at) => `postfix-${at}`)
    let slowest = 0
    for (let round = 1; round <= rounds; round++) {
      restore()
      const began = performance.now()
      const outcomes = await Promise.all(names.map((name) => postmulti(`-I ${name} -G mta -e create`)))
      slowest = Math.max(slowest, performance.now() - began)
      assert.deepEqual(
        outcomes.filter(({status}) => status !== 0).map(({stderr}) => stderr),
        [],
        `round ${round}`,
      )
      assert.deepEqual(listed().sort(), names.map((name) => `/etc/${name}`).sort(), `round ${round}`)
      const lines = readFileSync('/etc/postfix/main.cf', 'utf8').split('\n')
      assert.equal(lines.filter((line) => line.startsWith('multi_instance_directories')).length, 1, `round ${round}`)
    }
    console.log(
      `      ${rounds} rounds, ${rounds * atOnce} creates, all listed; slowest round ${Math.round(slowest)} ms`,
    )
  })

  it('carries out different changes at once, each as if it were alone', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await mustSucceed(`-I postfix-${name} -e create`)
    const changes = [
      '-i postfix-a -e enable',
      '-i postfix-b -e destroy',
      '-i postfix-c -G mta -e assign',
      '-i postfix-d -e deport',
      '-I postfix-e -e create',
      '-I postfix-f -G mta -e create',
    ]
    const outcomes = await Promise.all(changes.map(postmulti))
    assert.deepEqual(
      outcomes.map(({status}) => status),
      changes.map(() => 0),
    )
    const {stdout} = await postmulti('-l')
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll(/ +/g, ' '))
        .sort(),
      [
        '- - y /etc/postfix',
        'postfix-a - y /etc/postfix-a',
        'postfix-c mta n /etc/postfix-c',
        'postfix-e - n /etc/postfix-e',
        'postfix-f mta n /etc/postfix-f',
      ],
    )
  })

  it('gives a name to one of many that want it at once', async () => {
    const directories = ['one', 'two', 'three', 'four']
    const outcomes = await Promise.all(
      directories.map((each) => postmulti(`-I postfix-x -e create config_directory=/etc/postfix-${each}`)),
    )
    assert.deepEqual(outcomes.map(({status}) => status).sort(), [0, 1, 1, 1])
    assert.equal(listed().length, 1)
  })

  it('says after a second for whom it waits', async () => {
    const held = 'touch /run/tool-runs; for each in $(seq 600); do [ -e /run/go ] || sleep 0.1; done'
    const release = replaceTool('postconf', whenItEdits(held), 'rm -f /run/tool-runs')
    const first = start(program, ['-I', 'postfix-a', '-e', 'create'])
    await untilToolRuns()
    const second = start('sh', ['-c', `exec ${program} -I postfix-b -e create 2>/run/said`])
    await until(() => sh('cat /run/said 2>/dev/null || :') !== '')
    sh('touch /run/go')
    const outcomes = await Promise.all([first.ended, second.ended])
    release()
    sh('rm /run/go')
    assert.deepEqual(
      outcomes.map(({status}) => status),
      [0, 0],
    )
    assert.equal(sh('cat /run/said'), `postmulti: warning: waiting for process ${first.pid} (postmulti create)`)
  })

  it('says nothing when it waits for less than a second', async () => {
    const release = replaceTool('postconf', whenItEdits('touch /run/tool-runs; sleep 0.3'), 'rm -f /run/tool-runs')
    const first = start(program, ['-I', 'postfix-a', '-e', 'create'])
    await untilToolRuns()
    const second = await postmulti('-i - -G x -e assign')
    release()
    await first.ended
    assert.deepEqual([second.status, second.stderr], [0, []])
  })

  it('keeps the lock of a killed change until the tool that it started has ended, and no longer', async () => {
    const release = replaceTool('postconf', whenItEdits('touch /run/tool-runs; sleep 1.5'), 'rm -f /run/tool-runs')
    const first = start(program, ['-I', 'postfix-a', '-e', 'create'])
    await untilToolRuns()
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    release()
    assert.equal(isLocked(), true, 'the lock is gone while the tool still runs')
    await untilToolEnds()
    assert.equal(isLocked(), false, 'the lock is still there')
  })

  it('lets go of the lock when it is killed with its tools', async () => {
    const release = replaceTool('postconf', whenItEdits('touch /run/tool-runs; sleep 30'), 'rm -f /run/tool-runs')
    const first = start(program, ['-I', 'postfix-a', '-e', 'create'], {detached: true})
    await untilToolRuns()
    killWithTools(first.pid)
    await first.ended
    release()
    await sleep(50)
    assert.equal(isLocked(), false)
  })

  it('leaves the lock to no master that it started', async () => {
    await mustSucceed('-I postfix-a -e create')
    await mustSucceed('-i postfix-a -e enable')
    antedate()
    // As a site that starts its instance with the change does: from within a tool of the change.
    const release = replaceTool(
      'postconf',
      whenItEdits('touch /run/tool-runs; /usr/sbin/postfix -c /etc/postfix-a start'),
      'rm -f /run/tool-runs',
    )
    await postmulti('-i - -G mta -e assign')
    release()
    antedate()
    try {
      sh('postfix -c /etc/postfix-a status')
      assert.equal(isLocked(), false)
    } finally {
      sh('postfix -c /etc/postfix-a abort')
    }
  })
}

async function untilToolRuns(): Promise<void> {
  await until(() => existsSync('/run/tool-runs'))
}

async function untilToolEnds(): Promise<void> {
  await until(() => !existsSync('/run/tool-runs'))
  await sleep(300)
}

/** Asks the kernel, not the program. */
function isLocked(): boolean {
  return sh('flock -n /var/lib/postmulti/lock true && echo free || echo locked') === 'locked'
}
