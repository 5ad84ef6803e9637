/**
 * npm run test:package [NAME...]: the package in roots of these releases. Where CI is set, a sample on one release in turn.
 */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {failuresOf} from '../acceptance/again.ts'
import {whyNoHost} from '../acceptance/host.ts'
import {build, hostsRelease, mocha, releaseInTurn, runIn} from '../releases/rooms.ts'

const day = Math.floor(Date.now() / 86_400_000)
const named = (process.env.PACKAGE_ON ?? '').split(' ').filter((each) => each !== '')
// The one whose root is built today in any case.
const names = named.length > 0 ? named : [releaseInTurn(hostsRelease(), new Date())]
const sample = {SEQUENCES: '1', UPGRADES: '2', FIRST: String(day)}

describe('the Debian package', function () {
  this.timeout('60m')

  before(function () {
    if (!process.env.CI && named.length === 0) this.skip()
    const why = whyNoHost()
    if (why !== undefined) {
      console.log(`    skipped: ${why}`)
      this.skip()
    }
    const made = spawnSync(process.execPath, ['packaging/package.js', 'amd64', '--uncompressed'], {encoding: 'utf8'})
    assert.equal(made.status, 0, made.stderr)
  })

  it('is installed by npm as one package below 150 MB, without a network and without scripts', function () {
    if (named.length === 0) this.skip()
    const directory = mkdtempSync(join(tmpdir(), 'packed-'))
    try {
      // What `npm pack` builds first is built.
      run('npm', 'pack', '--ignore-scripts', '--pack-destination', directory)
      const tarball = join(directory, readdirSync(directory)[0]!)
      const prefix = join(directory, 'prefix')
      run('unshare', '--net', 'npm', 'install', '-g', '--offline', '--ignore-scripts', '--prefix', prefix, tarball)
      const size = Number.parseInt(run('du', '-sm', prefix), 10)
      console.log(`      ${size} MB`)
      assert.ok(size < 150)
      assert.match(run(join(prefix, 'bin/postmulti'), '--version'), /^postmulti\/0\.1\.0 .* node-v24\./)
      const modules = join(prefix, 'lib/node_modules')
      assert.deepEqual(readdirSync(modules), ['postmulti'])
      const within = readdirSync(join(modules, 'postmulti/node_modules'))
      assert.deepEqual(
        within.filter((each) => !each.startsWith('.')),
        [`node-linux-${process.arch}`],
      )
    } finally {
      rmSync(directory, {recursive: true})
    }
  })

  for (const name of names) {
    it(`keeps its promises on ${name}`, function () {
      const [why] = build([name])
      if (why !== undefined) {
        console.log(`    skipped: ${why}`)
        this.skip()
      }
      const {isRight, output} = runIn(name, mocha('test/package/inside.ts'), named.length > 0 ? {} : sample)
      if (named.length > 0) console.log(output)
      // What is so in sid today fails nobody.
      if (name === 'sid' && named.length === 0 && !isRight) console.log(failuresOf(output))
      else assert.ok(isRight, failuresOf(output))
    })
  }
})

function run(command: string, ...words: string[]): string {
  const {status, stdout, stderr} = spawnSync(command, words, {encoding: 'utf8'})
  assert.equal(status, 0, `${command} ${words.join(' ')}\n${stdout}${stderr}`)
  return stdout
}
