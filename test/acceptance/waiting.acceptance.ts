/**
 * Seconds that nobody has to wait. postmulti(1) sleeps for one after each error, and for up to two wherever one of its
 * programs reads a main.cf that is younger than two seconds.
 */
import assert from 'node:assert/strict'
import {mustSucceed, type Outcome, onThrowAwayHost, postmulti, sh} from './inside.ts'

onThrowAwayHost(import.meta.filename, 'no waiting', waitForNothing)

function waitForNothing() {
  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -G mta -e create')
  })

  it('complains without a second of sleep', async () => {
    const took = await fastest(() => postmulti('-i nosuch -e enable'), 1)
    assert.ok(took < 900, `${took} ms`)
  })

  it('creates and destroys beside a main.cf that was modified just now', async () => {
    const took = await fastest(async () => {
      sh('touch /etc/postfix/main.cf /etc/postfix-a/main.cf')
      const created = await mustSucceed('-I postfix-b -e create')
      const destroyed = await mustSucceed('-i postfix-b -e destroy')
      return {...destroyed, took: created.took + destroyed.took}
    }, 0)
    assert.ok(took < 1500, `${took} ms`)
  })

  it('lists a main.cf that was modified just now', async () => {
    const took = await fastest(() => {
      sh('touch /etc/postfix/main.cf /etc/postfix-a/main.cf')
      return postmulti('-l')
    }, 0)
    assert.ok(took < 900, `${took} ms`)
  })
}

/** Of three runs, in milliseconds, because the machine may have other things to do. */
async function fastest(run: () => Promise<Outcome>, status: number): Promise<number> {
  const outcomes = [await run(), await run(), await run()]
  assert.deepEqual(
    outcomes.map((each) => each.status),
    [status, status, status],
  )
  return Math.min(...outcomes.map((each) => each.took))
}
