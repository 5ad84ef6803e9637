import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Script} from 'node:vm'

const dist = join(import.meta.dirname, '../dist')

describe('what V8 has made of a bundle', () => {
  for (const file of readdirSync(dist).filter((each) => each.endsWith('.cjs'))) {
    const name = file.slice(0, -'.cjs'.length)

    it(`is there for ${name}, and this Node takes it`, () => {
      const text = readFileSync(join(dist, `${name}.js`), 'utf8')
      const script = new Script(text, {cachedData: readFileSync(join(dist, `${name}.cache`))})
      assert.equal(script.cachedDataRejected, false)
    })
  }

  it('is there for postmulti with the seed of the build, as bin/postmulti starts it to list', () => {
    const program = `
      const {readFileSync} = require('node:fs')
      const cachedData = readFileSync('postmulti.seed.cache')
      console.log(new (require('node:vm').Script)(readFileSync('postmulti.js', 'utf8'), {cachedData}).cachedDataRejected)`
    const {stdout} = spawnSync(process.execPath, ['--no-rehash-snapshot', '-e', program], {cwd: dist, encoding: 'utf8'})
    assert.equal(stdout, 'false\n')
  })
})

describe('the start of a bundle', () => {
  let place = ''
  before(() => {
    place = mkdtempSync(join(tmpdir(), 'start-'))
    copyFileSync(join(dist, 'asker.cjs'), join(place, 'some.cjs'))
    copyFileSync(join(dist, 'asker.cjs'), join(place, 'other.cjs'))
    writeFileSync(join(place, 'other.js'), '(function (exports) {\nexports.word = "found"\n})')
    const throwing = "\n__import('./other.cjs').then(({word}) => {\nthrow new Error(word)\n})"
    writeFileSync(
      join(place, 'some.js'),
      `(function (exports, require, module, __filename, __dirname, __import) {${throwing}\n})`,
    )
  })
  after(() => rmSync(place, {recursive: true}))

  for (const [what, cache] of [
    ['nothing', undefined],
    ['the work of another V8', Buffer.alloc(200, 1)],
  ] as const) {
    it(`does with ${what} beside it what the text says, and an error names the line of it`, () => {
      if (cache !== undefined) writeFileSync(join(place, 'some.cache'), cache)
      const {stderr} = spawnSync(process.execPath, [join(place, 'some.cjs')], {encoding: 'utf8'})
      assert.match(stderr, /^Error: found\n +at [^\n]*some\.js:3:7/m)
    })
  }
})
