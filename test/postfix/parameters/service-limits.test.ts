/** How many processes master.cf allows. */
import assert from 'node:assert/strict'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readServiceLimits} from '../../../src/postfix/parameters/service-limits.ts'

describe('limits of services', () => {
  it('are those of master.cf, or default_process_limit; 0 is none', () => {
    const directory = mkdtempSync(join(tmpdir(), 'limits-'))
    writeFileSync(
      join(directory, 'master.cf'),
      `smtp inet n - n - - smtpd
# 25 inet n - n - 7 smtpd
submission inet n - n
  - 20 smtpd -o { x = y z }
smtp unix - - n - 0 smtp
pickup fifo n - n 60 1 pickup
`,
    )
    assert.deepEqual(
      [...readServiceLimits(directory, 50)],
      [
        ['smtp/inet', 50],
        ['submission/inet', 20],
        ['pickup/fifo', 1],
      ],
    )
    rmSync(directory, {recursive: true})
  })
})
