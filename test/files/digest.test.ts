/** Digests of files: the same whoever computes them. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {digestsOf} from '../../src/files/digest.ts'

describe('digests', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'digests-'))
  })
  afterEach(() => rmSync(root, {recursive: true}))

  const rows: [title: string, sizes: number[]][] = [
    ['nothing', []],
    ['few files, an empty one among them, in their order', [0, 1, 100_000]],
    ['a large file among small ones', [10, 3_000_000, 20]],
    ['many files', Array.from({length: 40}, (_, at) => at)],
  ]
  for (const [title, sizes] of rows) {
    it(`of ${title}`, () => {
      const contents = sizes.map((size, at) => Buffer.alloc(size, `${at}`))
      const paths = contents.map((content, at) => {
        writeFileSync(`${root}/${at}`, content)
        return `${root}/${at}`
      })
      assert.deepEqual(
        digestsOf(paths),
        contents.map((each) => createHash('sha256').update(each).digest('hex')),
      )
    })
  }
})
