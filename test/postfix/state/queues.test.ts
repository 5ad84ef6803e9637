import assert from 'node:assert/strict'
import {chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {ToolFailure} from '../../../src/model/base/errors.ts'
import {countMessages, findMessages} from '../../../src/postfix/state/queues.ts'

const isRoot = process.geteuid?.() === 0

describe('mail in a queue_directory', () => {
  let queue: string

  beforeEach(() => {
    queue = mkdtempSync(join(isRoot ? '/run' : tmpdir(), 'queue-'))
  })
  afterEach(() => rmSync(queue, {recursive: true}))

  const none = {maildrop: 0, hold: 0, incoming: 0, active: 0, deferred: 0, corrupt: 0}

  it('is nothing where there is no queue', () => {
    assert.deepEqual(countMessages(`${queue}/nowhere`), none)
  })

  it('is found in hash directories of any depth', () => {
    for (const each of ['deferred/A/B/AB1', 'deferred/A/A1', 'deferred/X', 'hold/0/1/2/0123', 'maildrop/M']) put(each)
    assert.deepEqual(countMessages(queue), {...none, deferred: 3, hold: 1, maildrop: 1})
  })

  it('is not in log files, sockets, links and directories', () => {
    for (const each of ['defer/A/A1', 'bounce/B1', 'trace/T', 'flush/example_org', 'saved/S', 'pid/master.pid'])
      put(each)
    mkdirSync(`${queue}/active/A`, {recursive: true})
    symlinkSync('/etc/passwd', `${queue}/active/link`)
    symlinkSync('/etc', `${queue}/active/directory`)
    assert.deepEqual(countMessages(queue), none)
  })

  it('is found once where links lead round in circles', () => {
    put('deferred/A/A1')
    for (const each of ['one', 'two', 'three']) symlinkSync('..', `${queue}/deferred/A/${each}`)
    assert.deepEqual(countMessages(queue), {...none, deferred: 1})
  })

  it('is found through a link of root in place of a queue, and not through one of somebody else', function () {
    if (!isRoot) this.skip()
    put('elsewhere/A/A1')
    symlinkSync('elsewhere', `${queue}/deferred`)
    chownSync(queue, 65534, 65534)
    assert.throws(() => countMessages(queue), ToolFailure)
    chownSync(queue, 0, 0)
    assert.deepEqual(countMessages(queue), {...none, deferred: 1})
  })

  it('may be in a queue that cannot be read, which is a failure', () => {
    put('hold')
    assert.throws(() => countMessages(queue), ToolFailure)
  })

  it('is not in a file whose name would mean other messages to postsuper(1)', () => {
    for (const each of ['hold/ALL', 'hold/-', 'hold/A1\nALL', 'hold/A1', 'deferred/4/4jZFLG3Pqmz1v']) put(each)
    assert.deepEqual(Object.fromEntries(findMessages(queue)), {A1: 'hold', '4jZFLG3Pqmz1v': 'deferred'})
  })

  function put(path: string): void {
    mkdirSync(dirname(join(queue, path)), {recursive: true})
    writeFileSync(join(queue, path), 'x')
  }
})
