/** What is kept of the last look at the queues. */
import assert from 'node:assert/strict'
import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {keepLook, readLastLook} from '../../src/postfix/last-look.ts'

describe('last look', () => {
  let directory: string
  let file: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'look-'))
    file = join(directory, 'cache/last-look.json')
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('is what was kept, in a file for root alone, and nothing beside it', function () {
    if (process.geteuid!() !== 0) this.skip()
    const look = {at: new Date(1_764_000_000_000), totals: new Map([['/etc/postfix-out', 120]])}
    keepLook({...look, totals: new Map()}, file)
    keepLook(look, file)
    assert.deepEqual(readLastLook(file), look)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(join(directory, 'cache')), ['last-look.json'])
  })

  for (const text of ['', 'null', '{}', '{"at": "yesterday", "totals": {}}', '{"at": 0, "totals": null}']) {
    it(`is none when the file says ${text || 'nothing'}`, () => {
      writeFileSync(join(directory, 'look'), text)
      assert.equal(readLastLook(join(directory, 'look')), undefined)
    })
  }

  it('is none where there is no file, and is not kept where there can be none', () => {
    assert.equal(readLastLook(file), undefined)
    writeFileSync(join(directory, 'cache'), '')
    keepLook({at: new Date(), totals: new Map()}, file)
    assert.equal(readLastLook(file), undefined)
  })
})
