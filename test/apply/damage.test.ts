/** What is left of a record of a change after a crash, a full disk or a slip of the hand. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readHistory, readWholeChange} from '../../src/apply/history.ts'
import {readUnfinished} from '../../src/apply/journal.ts'
import {Refusal} from '../../src/model/base/errors.ts'
import {describeRequest} from '../../src/report/request.ts'

const permissions = {mode: 0o755, uid: 0, gid: 0}
const begin = {
  request: {
    action: 'set',
    targets: [
      {by: 'name', name: 'out'},
      {by: 'group', group: 'mta'},
    ],
    set: {a: '1'},
    unset: ['b'],
  },
  config_directory: '/etc/postfix-out',
  began: '2024-05-06T07:08:09.123Z',
  pid: 4711,
  uid: 0,
  sudoUser: 'anna',
  without: ['x'],
}
const traces = [
  {was: 'absent', path: '/a'},
  {was: 'there', path: '/b', ...permissions},
  {was: 'program', words: ['a'], undo: [], directory: '/'},
  {was: 'moved', path: '/c', to: '/d', tree: [{was: 'directory', path: '/c', ...permissions}]},
  {was: 'link', path: '/e', target: 'x', uid: 0, gid: 0},
  {was: 'main.cf', config_directory: '/f', base64: 'YQ==', seconds: 1.5, set: {a: 'b'}, unset: ['c'], ...permissions},
]
const whole = [
  {schema: 1, number: 1, begin},
  {traces},
  {end: 'complete', after: [{path: '/x', mark: 'absent'}]},
  {end: 'undone in part', left: ['why']},
]

describe('a record of a change that was damaged', () => {
  let directory: string
  let files: string[]

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'damage-'))
    files = [`${directory}/pending`, `${directory}/journal/000001.jsonl`]
    mkdirSync(`${directory}/journal`)
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('is refused with the number of the line, and the history skips it', () => {
    const damages = ['x', 'null', '{', '[]', '1', '"x"', '{}', '\0\0\0', '{"begin":{}}', '{"traces":[{}]}', '{"end":1}']
    for (const [at, damage] of whole.flatMap((_, line) => damages.map((each) => [line, each] as const))) {
      write(whole.map((line, each) => (each === at ? damage : JSON.stringify(line))))
      assert.throws(() => readUnfinished(directory), isRefusal(`pending is invalid (line ${at + 1}): `), damage)
      const {changes, unreadable} = readHistory(directory)
      const isSeen = at === 0 || at === 3
      assert.deepEqual([changes.length, unreadable.length], isSeen ? [0, 1] : [1, 0], `${at} ${damage}`)
      if (!isSeen)
        assert.throws(() => readWholeChange(directory, changes[0]!), isRefusal(`is invalid (line ${at + 1})`))
    }
  })

  it('is refused when it has no line, unless it is that of a change which was about to begin', () => {
    for (const text of ['x', '\0\0\0', '{"traces', '{"schema"}']) {
      for (const file of files) writeFileSync(file, text)
      assert.throws(() => readUnfinished(directory), isRefusal('pending is invalid (line 1): '), text)
      assert.equal(readHistory(directory).unreadable.length, 1, text)
    }
    for (const text of ['', '{', JSON.stringify(whole[0]), JSON.stringify({begin}).slice(0, 40)]) {
      for (const file of files) writeFileSync(file, text)
      assert.equal(readUnfinished(directory), undefined, text)
      assert.equal(readHistory(directory).unreadable.length, 1, text)
    }
  })

  it('makes sense or is refused when a member is gone, or of another kind', () => {
    let refused = 0
    for (const [line, value] of whole.entries()) {
      for (const changed of mutations(value)) {
        write(whole.map((each, at) => JSON.stringify(at === line ? changed : each)))
        try {
          const found = readUnfinished(directory)
          if (found !== undefined) describeRequest(found.begin.request, found.begin.config_directory)
        } catch (error) {
          assert.ok(error instanceof Refusal, `${JSON.stringify(changed)}: ${error}`)
          refused++
        }
      }
    }
    assert.ok(refused > 300, `${refused}`)
  })

  for (const kind of ['mkfifo PATH', 'mkdir PATH', 'ln -s PATH PATH', 'mknod PATH c 1 5', 'ln -s /nowhere PATH']) {
    it(`is not opened when it is no file: ${kind}`, function () {
      for (const path of files) {
        if (spawnSync('sh', ['-c', kind.replaceAll('PATH', path)]).status !== 0) this.skip()
      }
      assert.throws(() => readUnfinished(directory), isRefusal('it is not known what a killed change has done'))
      assert.equal(readHistory(directory).unreadable.length, 1)
    })
  }

  it('is not believed when others could have written it', function () {
    if (process.geteuid!() !== 0) this.skip()
    write(whole.slice(0, 2).map((each) => JSON.stringify(each)))
    chownSync(files[0]!, 65534, 65534)
    assert.throws(() => readUnfinished(directory), isRefusal('can be written by others than root'))
    chownSync(files[0]!, 0, 0)
    chmodSync(files[0]!, 0o666)
    assert.throws(() => readUnfinished(directory), isRefusal('can be written by others than root'))
  })

  it('is not read when it is larger than it can be', () => {
    write(['\0'])
    for (const each of files) truncateSync(each, 700 * 2 ** 20)
    assert.throws(() => readUnfinished(directory), isRefusal('pending: File too large'))
    assert.match(readHistory(directory).unreadable[0]?.why ?? '', /is invalid \(line 1\)/)
  })

  function isRefusal(text: string): (error: unknown) => boolean {
    return (error) => error instanceof Refusal && error.message.includes(directory) && error.message.includes(text)
  }

  function write(lines: string[]): void {
    for (const each of files) writeFileSync(each, `${lines.join('\n')}\n`)
  }
})

/** With one member gone, or of another kind. */
function* mutations(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
    const put = (each: unknown): unknown =>
      Array.isArray(value) ? value.with(Number(key), each) : {...value, [key]: each}
    for (const each of [null, -1, 'constructor', '', [], [null], {}, true]) yield put(each)
    for (const each of mutations(member)) yield put(each)
  }
}
