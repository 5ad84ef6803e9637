import assert from 'node:assert/strict'
import {describeStep} from '../../src/apply/steps.ts'
import {linkOf, wantsDirectory} from '../../src/model/units/units.ts'
import {byDirectory, dropIn} from '../units.ts'
import {look, stale} from './unit-rows.ts'

describe('rules about units', () => {
  it('enable what is not started at boot, with what is of no use any more', () => {
    const [found] = look(
      'not-started-at-boot',
      byDirectory([], {directories: new Set([wantsDirectory]), dropIns: dropIn(stale, [])}),
    )()
    assert.deepEqual(found?.fix?.map(describeStep), [
      `make ${linkOf('postfix@out.service')} a link to /usr/lib/systemd/system/postfix@.service`,
      'remove /etc/systemd/system/postfix@postfix-out.service.d',
    ])
  })
})
