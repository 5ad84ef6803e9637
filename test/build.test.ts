import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const dist = join(import.meta.dirname, '../dist')

describe('what V8 has made of a bundle', () => {
  const all = readdirSync(dist).flatMap((each) => (each.endsWith('.cjs') ? [each.slice(0, -'.cjs'.length)] : []))
  const sets: [suffix: string, options: string[], names: string[]][] = [
    ['.cache', ['--jitless'], all],
    ['.jit.cache', [], all],
    ['.seed.cache', ['--jitless', '--no-rehash-snapshot'], ['postmulti']],
  ]
  for (const [suffix, options, names] of sets) {
    it(`is there for ${names.length} bundles, and Node takes it with ${options.join(' ') || 'no options'}`, () => {
      const program = `
        const {readFileSync} = require('node:fs')
        const {Script} = require('node:vm')
        const isRejected = (name) => new Script(readFileSync(name + '.js', 'utf8'), {
          cachedData: readFileSync(name + '${suffix}'),
        }).cachedDataRejected
        console.log(JSON.stringify(${JSON.stringify(names)}.filter(isRejected)))`
      const {stdout} = spawnSync(process.execPath, [...options, '-e', program], {cwd: dist, encoding: 'utf8'})
      assert.equal(stdout, '[]\n')
    })
  }
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
      if (cache !== undefined) writeFileSync(join(place, 'some.jit.cache'), cache)
      const {stderr} = spawnSync(process.execPath, [join(place, 'some.cjs')], {encoding: 'utf8'})
      assert.match(stderr, /^Error: found\n +at [^\n]*some\.js:3:7/m)
    })
  }
})
