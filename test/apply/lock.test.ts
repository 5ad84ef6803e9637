import assert from 'node:assert/strict'
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {takeLock, waitForFlock} from '../../src/apply/lock.ts'
import {findHolder} from '../../src/apply/lock-holder.ts'
import {ToolFailure} from '../../src/model/base/errors.ts'

describe('lock', function () {
  this.timeout(60_000)
  let directory: string
  let file: string
  const children: ChildProcess[] = []

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lock-'))
    file = `${directory}/state/lock`
  })
  afterEach(() => {
    for (const each of children.splice(0)) each.kill('SIGKILL')
    rmSync(directory, {recursive: true})
  })

  it('is free on a host that never changed, and then held', async () => {
    const lock = await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)
    assert.equal(isFree(), false)
    lock.release()
    assert.equal(isFree(), true)
  })

  it('says who holds it', async () => {
    const lock = await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)
    assert.equal(readFileSync(file, 'utf8'), `${process.pid} postmulti create\n`)
    lock.release()
  })

  it('is for root alone, in a directory that others can only pass through', async () => {
    const umask = process.umask(0)
    try {
      ;(await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)).release()
    } finally {
      process.umask(umask)
    }
    assert.deepEqual([statSync(`${directory}/state`).mode & 0o777, statSync(file).mode & 0o777], [0o711, 0o600])
    chmodSync(file, 0o666)
    ;(await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)).release()
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('of a file of others is not waited for for ever, and whoever has it is named', async () => {
    const path = `${directory}/main.cf.tmp`
    writeFileSync(path, '')
    const holder = spawn('flock', ['--no-fork', path, 'sh', '-c', 'echo mine; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    children.push(holder)
    await once(holder.stdout, 'data')
    const descriptor = openSync(path, 'r+')
    try {
      assert.throws(
        () => waitForFlock(descriptor, path, 0.01),
        (error) => error instanceof ToolFailure && /^process \d+ \(sleep\) holds it$/.test(error.said),
      )
    } finally {
      closeSync(descriptor)
    }
  })

  it('is waited for, with a word about who has it, and taken when it is free', async () => {
    const holder = await hold('postmulti destroy', 60_000)
    const told: string[] = []
    const lock = await takeLock(`${directory}/state`, 'postmulti create', (each) => {
      told.push(each)
      holder.kill()
    })
    assert.deepEqual(told, [`process ${holder.pid} (postmulti destroy)`])
    assert.equal(isFree(), false)
    assert.match(readFileSync(file, 'utf8'), new RegExp(`^${process.pid} postmulti create\n$`))
    lock.release()
  })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    // Waiting was a system call of its own: who listened for signals never heard them.
    it(`is not waited for any longer after ${signal}, whoever else listens for it`, async () => {
      const holder = await hold('postmulti destroy', 60_000)
      const waiter = run('lock.release()', 'postmulti create', `process.on('${signal}', () => {})`)
      const [chunk] = await once(waiter.stdout!, 'data')
      assert.equal(String(chunk), `waiting for process ${holder.pid} (postmulti destroy)\n`)
      waiter.kill(signal)
      assert.deepEqual(await once(waiter, 'exit'), [null, signal])
      assert.equal(readFileSync(file, 'utf8'), `${holder.pid} postmulti destroy\n`)
    })
  }

  it('is told to be held by a process that is stopped, and what lets it go on', async () => {
    const holder = await hold('postmulti destroy', 60_000)
    const waiter = run('lock.release()')
    let told = ''
    waiter.stdout!.on('data', (chunk) => {
      told += chunk
    })
    await once(waiter.stdout!, 'data')
    holder.kill('SIGSTOP')
    while (!told.includes('stopped')) await once(waiter.stdout!, 'data')
    const who = `process ${holder.pid} (postmulti destroy)`
    assert.equal(
      told,
      `waiting for ${who}\nwaiting for ${who}, which is stopped: kill -CONT ${holder.pid} lets it go on\n`,
    )
    assert.equal(findHolder(file)?.isStopped, true)
  })

  it('is told to be held by what a change has left behind', async () => {
    const lock = await takeLock(`${directory}/state`, 'postmulti enable', nobodyWaits)
    const tool = spawn('sleep', ['60'], {stdio: ['ignore', 'ignore', 'ignore', lock.descriptor]})
    children.push(tool)
    lock.release()
    const who = `process ${tool.pid} (sleep), which process ${process.pid} (postmulti enable) has left behind`
    assert.equal(findHolder(file)?.told, who)
    tool.kill('SIGKILL')
    await once(tool, 'exit')
    assert.equal(findHolder(file), undefined)
  })

  it('held for a moment only is worth no word', async () => {
    await hold('postmulti destroy', 200)
    ;(await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)).release()
  })

  it('is free after a SIGKILL', async () => {
    const holder = await hold('postmulti destroy', 60_000)
    assert.equal(isFree(), false)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    assert.equal(isFree(), true)
    ;(await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)).release()
  })

  it('is held by a tool that has inherited it when we are gone', async () => {
    const lock = await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)
    const tool = spawn('sleep', ['60'], {stdio: ['ignore', 'ignore', 'ignore', lock.descriptor]})
    children.push(tool)
    lock.release()
    assert.equal(isFree(), false)
    tool.kill('SIGKILL')
    await once(tool, 'exit')
    assert.equal(isFree(), true)
  })

  it('is not held by other programs that are started meanwhile', async () => {
    const lock = await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)
    children.push(spawn('sleep', ['60'], {stdio: 'ignore'}))
    lock.release()
    assert.equal(isFree(), true)
  })

  it('is taken by one of many at a time', async function () {
    this.timeout(30_000)
    const counter = `${directory}/counter`
    writeFileSync(counter, '0')
    const add = `const now = Number(readFileSync(${JSON.stringify(counter)}))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      writeFileSync(${JSON.stringify(counter)}, String(now + 1))`
    const runs = Array.from({length: 5}, () => run(`${add}\nlock.release()`))
    const statuses = await Promise.all(runs.map(async (each) => (await once(each, 'exit'))[0]))
    assert.deepEqual(statuses, [0, 0, 0, 0, 0])
    assert.equal(readFileSync(counter, 'utf8'), '5')
  })

  it('that cannot be opened is a failure which says why', async () => {
    writeFileSync(`${directory}/file`, '')
    await assert.rejects(
      takeLock(`${directory}/file/state`, 'postmulti create', nobodyWaits),
      new ToolFailure(`open ${directory}/file/state/lock`, null, 'Not a directory'),
    )
  })

  it('is not a link to a file of somebody else', async () => {
    ;(await takeLock(`${directory}/state`, 'postmulti create', nobodyWaits)).release()
    rmSync(file)
    writeFileSync(`${directory}/precious`, 'precious')
    symlinkSync(`${directory}/precious`, file)
    await assert.rejects(takeLock(`${directory}/state`, 'postmulti create', nobodyWaits), ToolFailure)
    assert.equal(readFileSync(`${directory}/precious`, 'utf8'), 'precious')
  })

  function nobodyWaits(holder: string): never {
    assert.fail(`waited for ${holder}`)
  }

  function isFree(): boolean {
    return spawnSync('flock', ['-n', file, 'true']).status === 0
  }

  /** Another run of ours, which has the lock when this returns. `milliseconds` later it lets go. */
  async function hold(purpose: string, milliseconds: number): Promise<ChildProcess> {
    const child = run(`console.log('held'); setTimeout(() => lock.release(), ${milliseconds})`, purpose)
    await once(child.stdout!, 'data')
    return child
  }

  function run(withLock: string, purpose = 'postmulti create', before = ''): ChildProcess {
    const source = JSON.stringify(join(import.meta.dirname, '../../src/apply/lock.ts'))
    const script = `import {readFileSync, writeFileSync} from 'node:fs'
      import {takeLock} from ${source}
      ${before}
      const told = (holder) => console.log(\`waiting for \${holder}\`)
      const lock = await takeLock(${JSON.stringify(`${directory}/state`)}, ${JSON.stringify(purpose)}, told)
      ${withLock}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'inherit']})
    children.push(child)
    return child
  }
})
