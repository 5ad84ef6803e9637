import assert from 'node:assert/strict'
import {existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Step} from '../../../src/model/change/plan.ts'
import {readPrimary} from '../../../src/postfix/reader/primary.ts'
import {preview} from '../../../src/postfix/survey/preview.ts'

describe('the instances before and after a change', () => {
  let root: string

  beforeEach(function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
    root = mkdtempSync(join(tmpdir(), 'look-ahead-'))
    for (const name of ['postfix', 'postfix-out']) {
      mkdirSync(join(root, name))
      writeOld(`${name}/master.cf`, 'smtp inet n - n - - smtpd\n')
      writeOld(`${name}/main.cf`, `myhostname = ${name}.example.com\ninet_interfaces = all\n`)
    }
  })
  afterEach(() => {
    if (root !== undefined) rmSync(root, {recursive: true})
  })

  it('differ where a step changes one', () => {
    const {read} = look([{do: 'edit main.cf', config_directory: join(root, 'postfix-out'), set: {myhostname: 'mx'}}])
    assert.deepEqual(names(read('before', {parameters: ['myhostname']})), [
      'postfix.example.com',
      'postfix-out.example.com',
    ])
    assert.deepEqual(names(read('after', {parameters: ['myhostname']})), ['postfix.example.com', 'mx'])
  })

  it('have other listeners after a step that writes master.cf', () => {
    const path = join(root, 'postfix-out/master.cf')
    const {read} = look([{do: 'write file', path, bytes: '2525 inet n - n - - smtpd\n', mode: 0o644}])
    const ports = (when: 'before' | 'after') => read(when, {listeners: true}).map(({listeners}) => listeners[0]?.port)
    assert.deepEqual(ports('before'), [25, 25])
    assert.deepEqual(ports('after'), [25, 2525])
  })

  it('are as earlier changes will leave them, which have not been made yet', () => {
    const config_directory = join(root, 'postfix-out')
    const earlier: Step[] = [{do: 'edit main.cf', config_directory, set: {myhostname: 'mx'}}]
    const {read, text} = look([{do: 'edit main.cf', config_directory, set: {mydomain: 'example.org'}}], earlier)
    assert.equal(names(read('before', {parameters: ['myhostname']}))[1], 'mx')
    assert.equal(text('after', `${config_directory}/main.cf`)?.match(/mx|example\.org/g)?.length, 2)
  })

  it('say which one is the primary', () => {
    const {read} = look([])
    assert.deepEqual(
      read('after', {}).map(({primary}) => primary),
      [true, false],
    )
  })

  it('are not read again for the next who asks the same', () => {
    const {read} = look([])
    read('before', {parameters: ['myhostname']})
    writeOld('postfix-out/main.cf', 'myhostname = other\n')
    assert.deepEqual(names(read('after', {parameters: ['myhostname']})), [
      'postfix.example.com',
      'postfix-out.example.com',
    ])
    assert.deepEqual(read('after', {parameters: ['myhostname', 'mydomain']})[1]?.parameters.myhostname, 'other')
  })

  function look(steps: Step[], earlier: Step[] = []) {
    const primary = readPrimary(join(root, 'postfix'), () => undefined)
    const secondary = {...primary.instance, config_directory: join(root, 'postfix-out')}
    const list = {primary: primary.instance, secondaries: [secondary]}
    return preview({steps, before: list, after: list}, primary, earlier)
  }

  /** A file that was written just now is read twice. */
  function writeOld(name: string, text: string): void {
    writeFileSync(join(root, name), text)
    utimesSync(join(root, name), 1, 1)
  }
})

function names(seen: {parameters: Record<string, string>}[]): (string | undefined)[] {
  return seen.map(({parameters}) => parameters.myhostname)
}
