import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import {toLines} from '../../src/model/base/suggestion.ts'
import type {Instance} from '../../src/model/instance/instance.ts'
import {settleTargets} from '../../src/plan/targets.ts'
import {broken, primary, secondary} from '../values.ts'

const classes = {
  postmulti_start_commands: 'start',
  postmulti_stop_commands: 'stop',
  postmulti_control_commands: 'reload',
}
const out = secondary('postfix-out')
const off = secondary('postfix-off', {multi_instance_enable: false})

describe('whom a word of postfix(1) reaches', () => {
  const rows: [word: string, taking: string, remark: string | undefined][] = [
    ['start', '/etc/postfix /etc/postfix-out /etc/postfix-off', 'postfix-off is disabled: checked in place of started'],
    ['stop', '/etc/postfix /etc/postfix-out', 'postfix-off is disabled: skipped'],
    ['reload', '/etc/postfix /etc/postfix-out', 'postfix-off is disabled: skipped'],
    ['check', '/etc/postfix /etc/postfix-out /etc/postfix-off', undefined],
    ['logrotate', '/etc/postfix /etc/postfix-out /etc/postfix-off', undefined],
  ]
  for (const [word, taking, remark] of rows) {
    it(`${word} reaches ${taking}${remark === undefined ? '' : `, and says: ${remark}`}`, () => {
      const settled = settle([primary, out, off], word)
      assert.equal(settled.taking.map((each) => each.config_directory).join(' '), taking)
      assert.deepEqual(settled.remarks, remark === undefined ? [] : [remark])
    })
  }

  it('says how to stop a disabled instance that runs', () => {
    assert.deepEqual(settle([out, off], 'stop', [off]).remarks, [
      'postfix-off is disabled: skipped, although it runs; try: postmulti instances stop postfix-off',
    ])
  })

  it('refuses when nobody is left, and says what to type', () => {
    assert.throws(
      () => settle([off], 'stop', [off]),
      (error) => {
        assert.ok(error instanceof Refusal)
        assert.equal(error.message, "postfix-off is disabled, and 'stop' is for enabled instances")
        assert.deepEqual(toLines(error.suggestions), [
          'postmulti instances stop postfix-off',
          'postmulti instances enable postfix-off',
        ])
        return true
      },
    )
  })

  it('offers no stop of what does not run', () => {
    assert.throws(
      () => settle([off], 'stop'),
      (error) =>
        error instanceof Refusal && toLines(error.suggestions).join() === 'postmulti instances enable postfix-off',
    )
  })

  it('refuses to start what is disabled, and says only how to enable it', () => {
    assert.throws(
      () => settle([off], 'start'),
      (error) => {
        assert.ok(error instanceof Refusal)
        assert.equal(error.message, "postfix-off is disabled, and 'start' is for enabled instances")
        assert.deepEqual(toLines(error.suggestions), ['postmulti instances enable postfix-off'])
        return true
      },
    )
  })

  const namings: [word: string, running: boolean, denied: boolean][] = [
    ['start', false, true],
    ['reload', false, true],
    ['reload', true, false],
    ['stop', true, false],
    ['stop', false, false],
  ]
  for (const [word, runs, isDenied] of namings) {
    const how = `a disabled instance that ${runs ? 'runs' : 'is stopped'}`
    it(`${word} of ${how} and is named ${isDenied ? 'is denied' : 'reaches it'}`, () => {
      const {taking, denied} = settle([out, off], word, runs ? [off] : [], [out, off])
      assert.deepEqual([taking, denied], isDenied ? [[out], [off]] : [[out, off], []])
    })
  }

  it('does not refuse when one that cannot be read may have been meant as well', () => {
    const choice = {instances: [off], damaged: [broken('/etc/postfix-x')]}
    assert.deepEqual(settleTargets(choice, [], 'stop', classes, []).taking, [])
  })
})

function settle(instances: Instance[], word: string, running: Instance[] = [], named: Instance[] = []) {
  return settleTargets({instances, damaged: []}, named, word, classes, running)
}
