/** A log that mail_owner cannot write. */
import assert from 'node:assert/strict'
import {entry, find, subject} from './inputs.ts'

describe('a maillog_file of root', () => {
  const rows: [mail_version: string, count: number][] = [
    ['3.7.11', 1],
    ['3.10.13', 0],
  ]
  for (const [mail_version, count] of rows) {
    it(`is ${count === 0 ? 'nothing to speak of' : 'worth advice'} with Postfix ${mail_version}`, () => {
      const main = {maillog_file: '/var/log/out.log', maillog_file_prefixes: '/var'}
      const instances = [subject('-', {main: {mail_version, mail_owner: 'postfix'}}), subject('postfix-out', {main})]
      const entries = {'/var/log': entry({kind: 'directory'}), '/var/log/out.log': entry({mode: 0o600})}
      assert.equal(find('maillog-unwritable', instances, {entries}).length, count)
    })
  }
})
