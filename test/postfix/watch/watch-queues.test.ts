/** Queues that are looked at again and again. */
import assert from 'node:assert/strict'
import {chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type LookAtQueues, watchQueues} from '../../../src/postfix/watch/watch-queues.ts'

describe('queues that are watched', () => {
  let queue_directory = ''
  let look: LookAtQueues
  beforeEach(() => {
    queue_directory = mkdtempSync(join(tmpdir(), 'queue-'))
    for (const each of ['maildrop', 'incoming', 'active', 'deferred/4', 'hold']) {
      mkdirSync(join(queue_directory, each), {recursive: true})
    }
    look = watchQueues()
  })
  afterEach(() => rmSync(queue_directory, {recursive: true}))

  it('hold what was put there since, also where a look was just before', () => {
    for (let count = 0; count < 50; count++) {
      assert.equal(look(queue_directory).queued.deferred, count)
      writeFileSync(join(queue_directory, `deferred/4/4ABC${count}`), '')
    }
  })

  it('hold messages where they are now', () => {
    writeFileSync(join(queue_directory, 'active/4ABC'), '')
    look(queue_directory)
    renameSync(join(queue_directory, 'active/4ABC'), join(queue_directory, 'deferred/4/4ABC'))
    const {active, deferred} = look(queue_directory).queued
    assert.deepEqual([active, deferred], [0, 1])
  })

  it('hold what is in a hash directory that came since, and nothing of one that went', () => {
    look(queue_directory)
    mkdirSync(join(queue_directory, 'deferred/A'))
    writeFileSync(join(queue_directory, 'deferred/A/AABC'), '')
    assert.equal(look(queue_directory).queued.deferred, 1)
    rmSync(join(queue_directory, 'deferred/A'), {recursive: true})
    assert.equal(look(queue_directory).queued.deferred, 0)
  })

  it('are not listed again when nothing has changed', () => {
    const directory = join(queue_directory, 'hold')
    writeFileSync(join(directory, '4ABC'), '')
    const anHourAgo = Date.now() / 1000 - 3600
    utimesSync(directory, anHourAgo, anHourAgo)
    look(queue_directory)
    writeFileSync(join(directory, '4ABD'), '')
    utimesSync(directory, anHourAgo, anHourAgo)
    assert.equal(look(queue_directory).queued.hold, 1)
  })

  it('know since when the oldest message is there, and when it is gone', () => {
    assert.equal(look(queue_directory).oldest, null)
    const path = join(queue_directory, 'hold/4ABC')
    writeFileSync(path, '')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    assert.equal(look(queue_directory).oldest?.getTime(), 1_700_000_000_000)
    rmSync(path)
    assert.equal(look(queue_directory).oldest, null)
  })

  it('hold nothing where there are none', () => {
    assert.equal(look(join(queue_directory, 'nowhere')).queued.deferred, 0)
  })

  it('that one may not read are an error', function () {
    if (process.getuid?.() === 0) this.skip()
    chmodSync(join(queue_directory, 'hold'), 0)
    assert.throws(() => look(queue_directory), /Permission denied/)
    chmodSync(join(queue_directory, 'hold'), 0o700)
  })
})
