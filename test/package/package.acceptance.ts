/**
 * npm run test:package [NAME...]: the package in roots of these releases. Where CI is set, a sample on one release in turn.
 */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
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
