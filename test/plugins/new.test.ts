/** `postmulti plugins new`: what it makes is a plugin. Made into a directory of its own, as any user. */
import assert from 'node:assert/strict'
import {type SpawnSyncReturns, spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Hook} from '@postmulti/plugin-api'
import {ask, question} from '@postmulti/plugin-api/testing'
import {readManifest} from '../../src/hooks/manifest.ts'
import {faults} from '../commands/conforms.ts'
import {schemas} from '../commands/schemas.ts'

const program = join(import.meta.dirname, '../../bin/postmulti')

describe('plugins new', () => {
  let place: string

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'plugins-new-'))
  })
  afterEach(() => rmSync(place, {recursive: true}))

  it('makes a plugin that builds, and whose hook enforces its rule', async () => {
    const {stderr} = type('site-rule')
    assert.equal(stderr, '')
    const root = join(place, 'site-rule')
    const build = spawnSync(join(root, 'node_modules/.bin/node'), ['build.js'], {cwd: root, encoding: 'utf8'})
    assert.equal(build.status, 0, build.stderr)
    const {name, hooks} = readManifest(root)
    assert.equal(name, 'site-rule')
    for (const {event, file, export: exported} of hooks) {
      const {[exported]: hook}: Record<string, Hook> = await import(file)
      const {refusals} = await ask(hook!, question({event, before: ['postfix-in-1'], after: ['postfix-in']}))
      assert.deepEqual(refusals, ['postfix-in does not follow our scheme, ^postfix-[a-z]+-[0-9]+$'])
    }
  })

  it('makes one that brings its hooks, and nothing that it is made with, when it is packed', () => {
    type('site-rule')
    const {files} = JSON.parse(readFileSync(join(place, 'site-rule/package.json'), 'utf8'))
    assert.deepEqual(files, ['dist'])
    assert.ok(readManifestTargets(join(place, 'site-rule/package.json')).every((each) => each.startsWith('./dist/')))
  })

  it('says what to type next', () => {
    const {stdout} = type('@example/names')
    assert.match(stdout, /^Made @example\/names in \.\/names.*Next: npm --prefix \.\/names test$/m)
    assert.match(stdout, /: postmulti plugins install \.\/names$/m)
  })

  it('prints JSON', () => {
    const {stdout} = type('site-rule', '--directory', 'here', '--json')
    assert.deepEqual(faults(JSON.parse(stdout), schemas['plugins:new']!), [])
    assert.deepEqual(JSON.parse(stdout).files.slice(0, 3), ['.gitignore', '.npmrc', 'README.md'])
  })

  it('takes a directory that is there and empty', () => {
    mkdirSync(join(place, 'site-rule'))
    assert.equal(type('site-rule').status, 0)
  })

  const mistakes: [why: string, words: string[], status: number, ...says: string[]][] = [
    ['npm would not take the name', ['Site Rule'], 2, "'Site Rule' cannot be", 'try: postmulti plugins new site-rule'],
    ['the name leads elsewhere', ['../site-rule'], 2, "'../site-rule' cannot be"],
    ['a plugin of this name comes with us', ['plugin-api'], 2, 'try: postmulti plugins new site-plugin-api'],
    [
      'there is something already',
      ['full'],
      3,
      '/full exists and is not an empty directory',
      'try: postmulti plugins new full --directory',
    ],
    ['there is a file in its place', ['file'], 3, '/file exists and is not an empty directory', '/file-2'],
    ['its directory cannot be made', ['rule', '--directory', 'file/rule'], 1, 'Not a directory'],
  ]
  for (const [why, words, status, ...says] of mistakes) {
    it(`refuses, and makes nothing, when ${why}`, () => {
      mkdirSync(join(place, 'full'))
      writeFileSync(join(place, 'full/mine'), '')
      writeFileSync(join(place, 'file'), '')
      const outcome = type(...words)
      assert.equal(outcome.status, status, outcome.stderr)
      for (const each of says) assert.ok(outcome.stderr.includes(each), outcome.stderr)
      assert.deepEqual(readdirSync(place, {recursive: true}).sort(), ['file', 'full', 'full/mine'])
    })
  }

  function type(...words: string[]): SpawnSyncReturns<string> {
    return spawnSync(program, ['plugins', 'new', ...words], {cwd: place, encoding: 'utf8'})
  }
})

function readManifestTargets(path: string): string[] {
  return Object.values(JSON.parse(readFileSync(path, 'utf8')).oclif.hooks)
}
