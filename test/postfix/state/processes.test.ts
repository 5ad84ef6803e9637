/** Processes below master(8); of real ones there are some in test/commands/metrics.acceptance.ts. */
import assert from 'node:assert/strict'
import {countProcesses} from '../../../src/postfix/state/processes.ts'

/** Linux has no greater one than 2^22. */
const nobody = 2 ** 22 + 1

describe('processes of master(8)', () => {
  it('are not those of somebody else, who has its pid outside the container', () => {
    assert.equal(countProcesses(process.pid), undefined)
  })

  it('are unknown when it has ended in the meantime', () => {
    assert.equal(countProcesses(nobody), undefined)
  })
})
