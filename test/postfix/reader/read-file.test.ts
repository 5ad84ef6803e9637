import assert from 'node:assert/strict'
import {mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readConfiguration} from '../../../src/postfix/reader/read-file.ts'

describe('reading a configuration file', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'read-file-'))
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  for (const age of ['old', 'just written']) {
    it(`gives all of a large one and no more of a small one after it, ${age}`, () => {
      const texts = [300_000, 1_000_000, 10, 5_000_000, 0].map((length) => `${length}\xe9`.repeat(length / 5))
      for (const [at, text] of texts.entries()) {
        const path = `${directory}/${at}`
        writeFileSync(path, text, 'latin1')
        if (age === 'old') utimesSync(path, 1e9, 1e9)
        assert.ok(readConfiguration(path) === text, `the ${text.length} bytes of the file`)
      }
    })
  }

  it('is over at once where a file is larger than any configuration', () => {
    const path = `${directory}/sparse`
    writeFileSync(path, '')
    for (const size of [2 ** 27, 2 ** 32, 2 ** 42]) {
      truncateSync(path, size)
      assert.throws(() => readConfiguration(path), {code: 'EFBIG', path})
    }
  })

  it('gives what a file has that tells no size', () => {
    assert.match(readConfiguration('/proc/self/status'), /^Name:(.*\n)+$/)
  })
})
