/** What is said where Node.js is missing or too old, before anything is downloaded. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..')

describe('setting up with a Node.js of this host', () => {
  let base: string

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'setup-'))
    for (const each of ['test/setup', 'build', 'package.json', 'package-lock.json']) {
      cpSync(join(root, each), `${base}/${each}`, {recursive: true})
    }
    mkdirSync(`${base}/path`)
    put(
      'npm',
      `echo "$*" >>${base}/npm-was-run; mkdir -p node_modules dist; touch node_modules/.package-lock.json dist/postmulti.cjs`,
    )
    // What else setup looks for is there.
    for (const each of ['postfix', 'dpkg', 'make', 'ip', 'unshare', 'script']) put(each, 'exit 0')
  })
  afterEach(() => rmSync(base, {recursive: true}))

  for (const [version, found] of [
    ['12.22.12', '12.22.12'],
    ['18.20.4', '18.20.4'],
    ['9.0.0', '9.0.0'],
    [undefined, 'none'],
  ] as const) {
    it(`says in one line that ${found} is too old, and three ways to another one`, () => {
      node(version)
      for (const words of [['test/setup'], ['build/node']]) {
        const {status, stdout, stderr} = sh(words)
        assert.match(stderr, /^Node\.js 20 or later is needed to install postmulti, and here is (\S+): [^\n]+\n$/)
        assert.ok(stderr.includes(` here is ${found}: `), stderr)
        assert.equal(stderr.split(', or ').length, 3)
        assert.equal(stdout, '')
        assert.equal(status, 1)
      }
      assert.ok(!existsSync(`${base}/npm-was-run`))
    })
  }

  for (const version of ['20.0.0', '24.21.0', '100.0.0']) {
    it(`goes on with ${version}`, () => {
      node(version)
      const {status, stderr} = sh(['test/setup'])
      assert.equal(stderr, '')
      assert.equal(status, 0)
      assert.equal(readFileSync(`${base}/npm-was-run`, 'utf8').split('\n')[0], 'ci --no-progress')
    })
  }

  it('does not ask for one where all is built', () => {
    sh(['test/setup'])
    node('24.21.0')
    sh(['test/setup'])
    node('12.22.12')
    assert.equal(sh(['test/setup']).status, 0)
  })

  /** Says that it is of this version; without one there is none. */
  function node(version: string | undefined): void {
    put('node', version === undefined ? 'exit 127' : `echo ${version}`)
  }

  function put(name: string, script: string): void {
    writeFileSync(`${base}/path/${name}`, `#!/bin/sh\n${script}\n`)
    chmodSync(`${base}/path/${name}`, 0o755)
  }

  function sh(words: string[]) {
    return spawnSync('sh', words, {cwd: base, encoding: 'utf8', env: {PATH: `${base}/path:/usr/bin:/bin`}})
  }
})
