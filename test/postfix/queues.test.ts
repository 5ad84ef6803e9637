import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {ToolFailure} from '../../src/model/errors.ts'
import {countMessages} from '../../src/postfix/queues.ts'

describe('message count', () => {
  let queue: string

  beforeEach(() => {
    queue = mkdtempSync(join(tmpdir(), 'queue-'))
  })
  afterEach(() => rmSync(queue, {recursive: true}))

  const none = {maildrop: 0, hold: 0, incoming: 0, active: 0, deferred: 0, corrupt: 0}

  it('is nothing where there is no queue', () => {
    assert.deepEqual(countMessages(`${queue}/nowhere`), none)
  })

  it('goes through hash directories of any depth', () => {
    for (const each of ['deferred/A/B/AB1', 'deferred/A/A1', 'deferred/X', 'hold/0/1/2/0123', 'maildrop/M']) put(each)
    assert.deepEqual(countMessages(queue), {...none, deferred: 3, hold: 1, maildrop: 1})
  })

  it('leaves out log files, sockets, links and directories', () => {
    for (const each of ['defer/A/A1', 'bounce/B1', 'trace/T', 'flush/example_org', 'saved/S', 'pid/master.pid'])
      put(each)
    mkdirSync(`${queue}/active/A`, {recursive: true})
    symlinkSync('/etc/passwd', `${queue}/active/link`)
    symlinkSync('/etc', `${queue}/active/directory`)
    assert.deepEqual(countMessages(queue), none)
  })

  it('does not go round in circles', () => {
    put('deferred/A/A1')
    for (const each of ['one', 'two', 'three']) symlinkSync('..', `${queue}/deferred/A/${each}`)
    assert.deepEqual(countMessages(queue), {...none, deferred: 1})
  })

  it('follows a link in place of a queue', () => {
    put('elsewhere/A/A1')
    symlinkSync('elsewhere', `${queue}/deferred`)
    assert.deepEqual(countMessages(queue), {...none, deferred: 1})
  })

  it('fails on a queue that cannot be read, for it could hold mail', () => {
    put('hold')
    assert.throws(() => countMessages(queue), ToolFailure)
  })

  function put(path: string): void {
    mkdirSync(dirname(join(queue, path)), {recursive: true})
    writeFileSync(join(queue, path), 'x')
  }
})
