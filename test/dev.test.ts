/** bin/dev: what it runs are the sources beside it, of both ways of speaking. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..')

describe('bin/dev', () => {
  let base: string

  before(() => {
    base = mkdtempSync(join(tmpdir(), 'dev-'))
    for (const each of ['bin', 'src', 'plugins', 'package.json']) {
      cpSync(join(root, each), join(base, each), {recursive: true})
    }
    symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'))
  })
  after(() => rmSync(base, {recursive: true}))

  const rows: [words: string[], file: string, now: string, changed: string][] = [
    [['-z'], 'src/main.ts', 'await classic(program,', "await classic('changed',"],
    [['explain', '--help'], 'src/commands/explain.ts', 'static override summary = ', '$&"Changed: " + '],
    [['mistype'], 'src/help/unknown-command.ts', 'has no such command', 'changed: no such command'],
  ]
  for (const [words, file, now, changed] of rows) {
    it(`says for ${words.join(' ')} what ${file} says`, () => {
      const text = readFileSync(join(base, file), 'utf8')
      assert.ok(text.includes(now))
      writeFileSync(join(base, file), text.replace(now, changed))
      const {stdout, stderr} = spawnSync(join(base, 'bin/dev'), words, {encoding: 'utf8'})
      assert.match(stdout + stderr, /changed: /i)
    })
  }
})
