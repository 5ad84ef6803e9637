import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {closeSync, mkdirSync, readdirSync, readFileSync, rmdirSync} from 'node:fs'
import {constants} from 'node:os'
import {ToolFailure} from '../../../src/model/base/errors.ts'
import {asFailure, errorCode, explainError} from '../../../src/model/base/system-error.ts'

describe('system error', () => {
  const rows: [title: string, act: () => void, code: string, text: string][] = [
    ['a missing file', () => readFileSync('/nowhere/main.cf'), 'ENOENT', 'No such file or directory'],
    ['a directory in place of a file', () => readFileSync('/proc'), 'EISDIR', 'Is a directory'],
    ['a file in place of a directory', () => readFileSync('/proc/self/stat/x'), 'ENOTDIR', 'Not a directory'],
    ['something in the way', () => mkdirSync('/proc'), 'EEXIST', 'File exists'],
    ['a name that is too long', () => rmdirSync(`/${'x'.repeat(256)}`), 'ENAMETOOLONG', 'File name too long'],
  ]
  for (const [title, act, code, text] of rows) {
    it(`explains ${title}`, () => {
      const error = caught(act)
      assert.equal(errorCode(error), code)
      assert.equal(explainError(error), text)
    })
  }

  it('says the same as strerror(3)', function () {
    const {errno} = constants
    const codes = Object.keys(errno).filter((code) => explainError(withCode(code)) !== code)
    const script = codes.map((code) => `$! = ${errno[code as keyof typeof errno]}; print "$!\\n";`).join('')
    const {status, stdout} = spawnSync('perl', ['-e', script], {env: {LC_ALL: 'C'}, encoding: 'utf8'})
    if (status !== 0) this.skip()
    assert.ok(codes.length > 20)
    assert.deepEqual(codes.map((code) => explainError(withCode(code))).join('\n'), stdout.trimEnd())
  })

  it('names a code that it does not know', () => assert.equal(explainError(withCode('EUCLEAN')), 'EUCLEAN'))

  const defects: [title: string, error: unknown][] = [
    ['an ordinary error', new TypeError('x is not a function')],
    ["a complaint of Node's own", withCode('ERR_INVALID_ARG_TYPE')],
    ['a code that is a number', Object.assign(new Error(), {code: 2})],
    ['no error at all', 'ENOENT'],
  ]
  for (const [title, error] of defects) {
    it(`lets ${title} fly`, () => {
      assert.equal(errorCode(error), undefined)
      assert.equal(
        caught(() => explainError(error)),
        error,
      )
    })
  }

  const missing = Object.assign(new Error("Cannot find module './nowhere.cjs'\nRequire stack:"), {
    code: 'MODULE_NOT_FOUND',
  })
  const failures: [title: string, error: unknown, message: string][] = [
    ['a path', caught(() => readFileSync('/nowhere/x')), 'open /nowhere/x: No such file or directory'],
    ['a directory', caught(() => readdirSync('/proc/version')), 'list /proc/version: Not a directory'],
    ['a descriptor', caught(() => closeSync(2 ** 30)), 'close: Bad file descriptor'],
    ['a program', spawnSync('/proc/version').error, 'spawnSync /proc/version: Permission denied'],
    ['what node:os asks', systemErrorOf('EMFILE'), 'uv_interface_addresses: Too many open files'],
    ['a missing part of this program', missing, "load this program: Cannot find module './nowhere.cjs'"],
  ]
  for (const [title, error, message] of failures) {
    it(`makes a failure of a call with ${title}`, () => {
      const failure = asFailure(error)
      assert.ok(failure instanceof ToolFailure)
      assert.equal(failure.message, message)
    })
  }

  it('says what a call was for', () => {
    const failure = asFailure(
      caught(() => rmdirSync('/nowhere/x')),
      'destroy it',
    ) as Error
    assert.equal(failure.message, 'destroy it: rmdir /nowhere/x: No such file or directory')
  })

  it('leaves a defect as it is', () => {
    for (const [, error] of defects) assert.equal(asFailure(error), error)
  })

  /** As node:os throws it. */
  function systemErrorOf(code: string): Error {
    const info = {code, syscall: 'uv_interface_addresses'}
    return Object.assign(new Error(), {code: 'ERR_SYSTEM_ERROR', info, syscall: info.syscall})
  }

  function withCode(code: string): Error {
    return Object.assign(new Error(code), {code})
  }

  function caught(act: () => void): unknown {
    try {
      act()
    } catch (error) {
      return error
    }
    assert.fail('nothing was thrown')
  }
})
