import assert from 'node:assert/strict'
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {ToolFailure} from '../../../src/model/base/errors.ts'
import {holdStopped} from '../../../src/postfix/state/running.ts'

describe('hold of a stopped instance', () => {
  let queue: string
  let pidFile: string

  beforeEach(() => {
    queue = mkdtempSync(join(tmpdir(), 'queue-'))
    mkdirSync(`${queue}/pid`)
    pidFile = `${queue}/pid/master.pid`
  })
  afterEach(() => rmSync(queue, {recursive: true}))

  it('finds an instance without a queue stopped, and makes nothing', () => {
    const hold = holdStopped(`${queue}/nowhere`)
    hold.release()
    assert.equal(hold.stopped, true)
    assert.equal(existsSync(`${queue}/nowhere`), false)
  })

  it('finds an instance that never ran stopped, and makes no pid file', () => {
    const hold = holdStopped(queue)
    hold.release()
    assert.equal(hold.stopped, true)
    assert.deepEqual(readdirSync(`${queue}/pid`), [])
  })

  it('finds an instance stopped whose pid file was left behind, even with the number of a living process', () => {
    writeFileSync(pidFile, `${String(process.pid).padStart(32)}\n`)
    const hold = holdStopped(queue)
    hold.release()
    assert.equal(hold.stopped, true)
    assert.equal(readFileSync(pidFile, 'utf8').trim(), `${process.pid}`)
  })

  it('keeps others from taking the lock until it is released', () => {
    writeFileSync(pidFile, '')
    const hold = holdStopped(queue)
    assert.equal(isFree(), false)
    assert.equal(holdStopped(queue).stopped, false)
    hold.release()
    assert.equal(isFree(), true)
  })

  it('finds an instance running whose lock is taken, and leaves the lock alone', async () => {
    writeFileSync(pidFile, '')
    const master = await lockAsMaster()
    const hold = holdStopped(queue)
    hold.release()
    assert.equal(hold.stopped, false)
    assert.equal(isFree(), false)
    await end(master)
    assert.equal(isFree(), true)
  })

  it('does not hand the lock to other programs that are started meanwhile', async () => {
    writeFileSync(pidFile, '')
    const hold = holdStopped(queue)
    const child = spawn('sleep', ['30'], {stdio: 'ignore'})
    hold.release()
    assert.equal(isFree(), true)
    await end(child)
  })

  it('fails when the pid file cannot be opened, for the instance could be running', () => {
    mkdirSync(pidFile)
    assert.throws(() => holdStopped(queue), ToolFailure)
  })

  function isFree(): boolean {
    return spawnSync('flock', ['-n', pidFile, 'true']).status === 0
  }

  async function lockAsMaster(): Promise<ChildProcess> {
    const child = spawn('flock', ['-n', '--no-fork', pidFile, 'sh', '-c', 'echo locked; exec sleep 30'])
    await once(child.stdout, 'data')
    return child
  }

  async function end(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})
