import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Beginning, close, entryName, Journal, readUnfinished} from '../../src/apply/journal.ts'
import type {Trace} from '../../src/model/trace.ts'

const begin: Beginning = {
  request: {action: 'create', newName: 'postfix-out', newGroup: 'größe', parameters: []},
  config_directory: '/etc/postfix-out',
  began: '2024-05-06T07:08:09.123Z',
  pid: 4711,
  uid: 0,
  sudoUser: 'anna',
}
const absent: Trace[] = [
  {was: 'absent', path: '/etc/postfix-out'},
  {was: 'absent', path: '/etc/postfix-out/two  words\n'},
]
const there: Trace[] = [{was: 'there', path: '/var/spool/größe', mode: 0o755, uid: 0, gid: 0}]

describe('journal', () => {
  let directory: string

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'journal-')), 'state')
  })
  afterEach(() => rmSync(join(directory, '..'), {recursive: true}))

  it('has nothing unfinished on a host that never changed', () => {
    assert.equal(readUnfinished(directory), undefined)
  })

  it('has what was begun, with all that the steps were about to change, in their order', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(absent)
    journal.record([])
    journal.record(there)
    assert.deepEqual(readUnfinished(directory), {begin, traces: [...absent, ...there], complete: false})
  })

  it('is on disk before a step may act', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(absent)
    assert.match(pending(), /"absent".*\n$/)
  })

  it('knows that all steps were carried out', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(there)
    journal.complete([])
    assert.deepEqual(readUnfinished(directory), {begin, traces: there, complete: true})
  })

  for (const how of ['done', 'undone'] as const) {
    it(`files what is ${how} away for history`, () => {
      const journal = Journal.begin(directory, begin)
      journal.record(there)
      journal.end(how)
      assert.equal(readUnfinished(directory), undefined)
      assert.deepEqual(readdirSync(directory), ['journal'])
      assert.match(readFileSync(`${directory}/journal/${entryName(begin)}`, 'utf8'), new RegExp(`{"end":"${how}"}\n$`))
    })
  }

  it('files away what a killed run began', () => {
    Journal.begin(directory, begin)
    close(directory, entryName(begin))
    assert.equal(readUnfinished(directory), undefined)
    assert.deepEqual(readdirSync(`${directory}/journal`), [entryName(begin)])
  })

  it('does not take for complete what was taken back and not yet filed away', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(there)
    journal.end('undone')
    writeFileSync(`${directory}/pending`, readFileSync(`${directory}/journal/${entryName(begin)}`))
    assert.equal(readUnfinished(directory)?.complete, false)
  })

  it('may be torn at any byte: what was being written had not been acted on', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(absent)
    journal.record(there)
    journal.complete([])
    const whole = readFileSync(`${directory}/pending`)
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(`${directory}/pending`, whole.subarray(0, length))
      const lines = whole.subarray(0, length).toString('latin1').split('\n').length - 1
      const traces = [[], [], absent, [...absent, ...there], [...absent, ...there]][lines]
      const expected = lines === 0 ? undefined : {begin, traces, complete: lines === 4}
      assert.deepEqual(readUnfinished(directory), expected, `${length} bytes`)
    }
  })

  it('starts afresh after a run that was killed before it had begun', () => {
    Journal.begin(directory, begin)
    writeFileSync(`${directory}/pending`, '{"begin":{"requ')
    const later = {...begin, pid: 4712}
    Journal.begin(directory, later).record(there)
    assert.deepEqual(readUnfinished(directory), {begin: later, traces: there, complete: false})
  })

  it('is for root alone: it holds whole files', () => {
    const umask = process.umask(0)
    try {
      Journal.begin(directory, begin)
    } finally {
      process.umask(umask)
    }
    assert.deepEqual([modeOf('pending'), modeOf('journal')], [0o600, 0o700])
  })

  it('names entries so that their order is that of time, and no name needs quoting', () => {
    assert.equal(entryName(begin), '2024-05-06T070809.123Z-4711.jsonl')
  })

  describe('on a full disk', () => {
    before(function () {
      if (spawnSync('prlimit', ['--version']).error !== undefined) this.skip()
    })

    it('stays readable when a line does not fit', () => {
      onFullDisk(`attempt(() => journal.record([{was: 'absent', path: 'x'.repeat(5000)}]))
        journal.record(${JSON.stringify(absent)})`)
      assert.deepEqual(readUnfinished(directory), {begin, traces: [...there, ...absent], complete: false})
    })

    it('is filed away even if its last line does not fit any more', () => {
      onFullDisk(`for (let length = 4096; length > 0; length--) attempt(() => journal.record(['x'.repeat(length)]))
        attempt(() => journal.record([]))
        journal.end('undone')`)
      assert.equal(readUnfinished(directory), undefined)
      assert.deepEqual(readdirSync(`${directory}/journal`), [entryName(begin)])
    })

    /** A limit on the size of files stands for the end of the disk. */
    function onFullDisk(then: string): void {
      const source = JSON.stringify(join(import.meta.dirname, '../../src/apply/journal.ts'))
      const script = `import {Journal} from ${source}
        const journal = Journal.begin(${JSON.stringify(directory)}, ${JSON.stringify(begin)})
        journal.record(${JSON.stringify(there)})
        function attempt(act) {
          try {
            act()
          } catch (error) {
            if (error.code !== 'EFBIG') throw error
          }
        }
        ${then}`
      const node = [process.execPath, '--input-type=module', '-e', script]
      const {status, stderr} = spawnSync('prlimit', ['--fsize=4096', ...node], {encoding: 'utf8'})
      assert.equal(status, 0, stderr)
    }
  })

  function pending(): string {
    return readFileSync(`${directory}/pending`, 'utf8')
  }

  function modeOf(name: string): number {
    return statSync(`${directory}/${name}`).mode & 0o7777
  }
})
