/** What is kept of the last look at the queues. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {keepTotals, readLastTotals} from '../../../src/postfix/watch/last-totals.ts'

describe('last look', () => {
  let directory: string
  let file: string

  beforeEach(function () {
    if (process.geteuid!() !== 0) this.skip()
    // Where nobody but root can write: not below /tmp.
    directory = mkdtempSync('/var/cache/look-')
    chmodSync(directory, 0o755)
    file = join(directory, 'cache/last-look.json')
  })
  afterEach(() => {
    if (directory !== undefined) rmSync(directory, {recursive: true})
  })

  it('is what was kept, in a file for root alone, and nothing beside it', () => {
    const look = {at: new Date(1_764_000_000_000), totals: new Map([['/etc/postfix-out', 120]])}
    keepTotals({...look, totals: new Map()}, file)
    keepTotals(look, file)
    assert.deepEqual(readLastTotals(file), look)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(join(directory, 'cache')), ['last-look.json'])
  })

  for (const text of ['', 'null', '{}', '{"at": "yesterday", "totals": {}}', '{"at": 0, "totals": null}']) {
    it(`is none when the file says ${text || 'nothing'}`, () => {
      writeFileSync(join(directory, 'look'), text)
      assert.equal(readLastTotals(join(directory, 'look')), undefined)
    })
  }

  // systemd gives CacheDirectory=, and all that is in it, to the User= of the unit that has both.
  it('is neither read nor written where another user could put something in its place', () => {
    const victim = join(directory, 'victim')
    writeFileSync(victim, 'precious')
    mkdirSync(join(directory, 'cache'))
    writeFileSync(file, '{"at": 0, "totals": {}}')
    chownSync(join(directory, 'cache'), 65534, 65534)
    symlinkSync(victim, `${file}.${process.pid}`)
    keepTotals({at: new Date(), totals: new Map()}, file)
    assert.equal(readLastTotals(file), undefined)
    assert.equal(readFileSync(victim, 'utf8'), 'precious')
    chownSync(join(directory, 'cache'), 0, 0)
    assert.notEqual(readLastTotals(file), undefined)
  })

  it('is none in a FIFO, in a directory, and in more than there can be', () => {
    keepTotals({at: new Date(), totals: new Map()}, file)
    truncateSync(file, 700 * 2 ** 20)
    assert.equal(readLastTotals(file), undefined)
    for (const make of ['mkfifo', 'mkdir', 'ln -s /nowhere']) {
      spawnSync('sh', ['-c', `rm -rf ${file}; ${make} ${file}`])
      assert.equal(readLastTotals(file), undefined, make)
      keepTotals({at: new Date(), totals: new Map()}, file)
      assert.equal(readLastTotals(file) === undefined, make === 'mkdir', make)
    }
  })

  it('is none where there is no file, and is not kept where there can be none', () => {
    assert.equal(readLastTotals(file), undefined)
    writeFileSync(join(directory, 'cache'), '')
    keepTotals({at: new Date(), totals: new Map()}, file)
    assert.equal(readLastTotals(file), undefined)
  })
})
