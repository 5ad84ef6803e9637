import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {recover} from '../../src/apply/apply.ts'
import {readHistory, readWholeChange} from '../../src/apply/history.ts'
import {Journal, readUnfinished} from '../../src/apply/journal.ts'
import {Refusal} from '../../src/model/base/errors.ts'
import type {BeforeImage} from '../../src/model/change/before-image.ts'
import type {Beginning} from '../../src/model/change/past.ts'

const begin: Beginning = {
  request: {action: 'create', newName: 'postfix-out', newGroup: 'größe', directories: {}},
  config_directory: '/etc/postfix-out',
  began: '2024-05-06T07:08:09.123Z',
  pid: 4711,
  uid: 0,
  sudoUser: 'anna',
}
const absent: BeforeImage[] = [
  {was: 'absent', path: '/etc/postfix-out'},
  {was: 'absent', path: '/etc/postfix-out/two  words\n'},
]
const there: BeforeImage[] = [{was: 'there', path: '/var/spool/größe', mode: 0o755, uid: 0, gid: 0}]

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
    assertUnfinished({begin, traces: [...absent, ...there], complete: false})
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
    assertUnfinished({begin, traces: there, complete: true})
  })

  for (const how of ['done', 'undone'] as const) {
    it(`files what is ${how} away for history`, () => {
      const journal = Journal.begin(directory, begin)
      journal.record(there)
      journal.end(how)
      assert.equal(readUnfinished(directory), undefined)
      assert.deepEqual(readdirSync(directory), ['journal'])
      assert.match(readFileSync(`${directory}/journal/000001.jsonl`, 'utf8'), new RegExp(`{"end":"${how}"}\n$`))
    })
  }

  it('files away what a killed run began', () => {
    Journal.begin(directory, begin).record(there)
    appendFileSync(`${directory}/pending`, '{"traces":[{"was":"abs')
    Journal.resume(directory, readUnfinished(directory)!).end('undone in part', ['/x cannot be brought back: why'])
    assert.equal(readUnfinished(directory), undefined)
    const {changes} = readHistory(directory)
    assert.deepEqual(changes, [{id: '1', begin, end: 'undone in part'}])
    const {traces, left} = readWholeChange(directory, changes[0]!)
    assert.deepEqual([traces, left], [there, ['/x cannot be brought back: why']])
  })

  it('does not take for complete what was taken back and not yet filed away', () => {
    const journal = Journal.begin(directory, begin)
    journal.record(there)
    journal.end('undone')
    writeFileSync(`${directory}/pending`, readFileSync(`${directory}/journal/000001.jsonl`))
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
      assertUnfinished(expected, `${length} bytes`)
    }
  })

  it('starts afresh after a run that was killed before it had begun', () => {
    Journal.begin(directory, begin)
    writeFileSync(`${directory}/pending`, '{"begin":{"requ')
    const later = {...begin, pid: 4712}
    Journal.begin(directory, later).record(there)
    assertUnfinished({begin: later, traces: there, complete: false})
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

  // With the clock set back, as on a host without a battery, undo took back another change than the last.
  it('has its changes in the order in which they were made, whatever the clock says', () => {
    mkdirSync(`${directory}/journal`, {recursive: true})
    writeFileSync(
      `${directory}/journal/2034-05-06T070809.123Z-4711.jsonl`,
      `${JSON.stringify({begin})}\n{"end":"done"}\n`,
    )
    for (const year of [2030, 1970, 2024, 1966]) make({...begin, began: `${year}-01-01T00:00:00.000Z`})
    assert.deepEqual(
      readHistory(directory).changes.map(({id, begin: {began}}) => [id, began.slice(0, 4)]),
      [
        ['2034-05-06T070809.123Z-4711', '2024'],
        ['1', '2030'],
        ['2', '1970'],
        ['3', '2024'],
        ['4', '1966'],
      ],
    )
  })

  it('keeps the newest change, whatever its date and size, and as many before it as there is room for', () => {
    mkdirSync(`${directory}/journal`, {recursive: true})
    for (let number = 1; number <= 1001; number++) {
      writeFileSync(`${directory}/journal/${String(number).padStart(6, '0')}.jsonl`, '')
    }
    make({...begin, began: '1970-01-01T00:00:00.000Z'})
    const names = readdirSync(`${directory}/journal`)
    assert.deepEqual([names.length, names[0], names.at(-1)], [1000, '000003.jsonl', '001002.jsonl'])
    truncateSync(`${directory}/journal/001000.jsonl`, 300 * 2 ** 20)
    make(begin)
    assert.deepEqual(readdirSync(`${directory}/journal`), ['001001.jsonl', '001002.jsonl', '001003.jsonl'])
  })

  it('is read by its ends alone, however much there is between them', () => {
    const journal = Journal.begin(directory, begin)
    journal.record([{was: 'file', path: '/x', base64: 'A'.repeat(2 ** 20), seconds: 1, mode: 0o644, uid: 0, gid: 0}])
    journal.complete([{path: `/${'x'.repeat(2 ** 20)}`, mark: 'absent'}])
    assert.equal(readUnfinished(directory)?.complete, true)
    journal.end('done')
    assert.deepEqual(readHistory(directory).changes, [{id: '1', begin, end: 'done'}])
  })

  it('refuses a change that it could not read again', () => {
    const journal = Journal.begin(directory, begin, [], 2000)
    journal.record(there)
    assert.throws(
      () => journal.record([{was: 'absent', path: `/${'x'.repeat(2000)}`}]),
      /it would be more than 2000 bytes/,
    )
    assertUnfinished({begin, traces: there, complete: false})
  })

  describe('of another version', () => {
    it('is taken back when it is older, without a number', () => {
      mkdirSync(directory)
      writeFileSync(`${directory}/pending`, `${JSON.stringify({begin})}\n${JSON.stringify({traces: there})}\n`)
      assertUnfinished({begin, traces: there, complete: false})
      Journal.resume(directory, readUnfinished(directory)!).end('undone')
      assert.deepEqual(readHistory(directory).changes, [{id: '1', begin, end: 'undone'}])
    })

    it('is refused when it is newer, and named', async () => {
      const {request, config_directory} = begin
      const newer = {schema: 6, number: 7, begin: {request: {...request, place: 'elsewhere'}, config_directory}}
      mkdirSync(`${directory}/journal`, {recursive: true})
      writeFileSync(`${directory}/pending`, `${JSON.stringify(newer)}\n{"steps":1}\n`)
      const said = (error: unknown) => {
        assert.ok(error instanceof Refusal)
        const what = `${directory}/pending was written by a newer postmulti (schema 6, this one knows 5)`
        assert.equal(
          error.message,
          `${what}: create of /etc/postfix-out: let that one take it back or complete it first`,
        )
        return true
      }
      assert.throws(() => readUnfinished(directory), said)
      await assert.rejects(recover(directory, {runProgram: () => assert.fail()}), said)
      copyFileSync(`${directory}/pending`, `${directory}/journal/000007.jsonl`)
      const [fault] = readHistory(directory).unreadable
      assert.match(fault?.why ?? '', /000007.jsonl was written by a newer postmulti/)
    })
  })

  describe('on a full disk', () => {
    before(function () {
      if (spawnSync('prlimit', ['--version']).error !== undefined) this.skip()
    })

    it('stays readable when a line does not fit', () => {
      onFullDisk(`attempt(() => journal.record([{was: 'absent', path: '/'.repeat(5000)}]))
        journal.record(${JSON.stringify(absent)})`)
      assertUnfinished({begin, traces: [...there, ...absent], complete: false})
    })

    it('is filed away even if its last line does not fit any more', () => {
      onFullDisk(`for (let length = 4096; length > 0; length--) attempt(() => journal.record([{was: 'absent', path: '/'.repeat(length)}]))
        attempt(() => journal.record([]))
        journal.end('undone')`)
      assert.equal(readUnfinished(directory), undefined)
      assert.deepEqual(readdirSync(`${directory}/journal`), ['000001.jsonl'])
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

  function make(which: Beginning): void {
    Journal.begin(directory, which).end('done')
  }

  function assertUnfinished(wanted: object | undefined, message?: string): void {
    const found = readUnfinished(directory)
    const {begin, traces, complete} = found ?? {}
    assert.deepEqual(found === undefined ? undefined : {begin, traces, complete}, wanted, message)
  }

  function pending(): string {
    return readFileSync(`${directory}/pending`, 'utf8')
  }

  function modeOf(name: string): number {
    return statSync(`${directory}/${name}`).mode & 0o7777
  }
})
