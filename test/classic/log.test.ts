import assert from 'node:assert/strict'
import {log} from '../../src/classic/log.ts'
import type {Primary} from '../../src/postfix/reader/primary.ts'

describe('the log of the classic form', () => {
  // Node throws ENOTDIR, ENOMEM and others, and emits ENOENT, EACCES, EAGAIN, EMFILE and ENFILE alone.
  for (const directory of ['/nowhere', '/dev/null', `/${'x'.repeat(300)}`]) {
    it(`is done without where postlog(1) cannot be started: ${directory.slice(0, 20)}`, () => {
      const primary = {parameter: () => directory} as unknown as Primary
      assert.doesNotThrow(() => log(primary, 'postmulti', 'fatal', 'no luck'))
    })
  }
})
