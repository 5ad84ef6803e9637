import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import {toLines} from '../../src/model/base/suggestion.ts'
import {checkKnownParameters, checkOwnCommand, checkValues} from '../../src/plan/parameters.ts'
import {deepFreeze, secondary} from '../values.ts'

const out = secondary('postfix-out')
const known = deepFreeze({builtIn: new Set(['mynetworks']), defaults: {}, own: new Map()})

describe('parameters that are set by hand', () => {
  // Without the value that was typed it was another command, or none.
  const commands: [setting: string, command: string][] = [
    ['multi_instance_name=postfix-x', 'postmulti instances assign postfix-out --name postfix-x'],
    ['multi_instance_group=a b', "postmulti instances assign postfix-out --group 'a b'"],
    ['multi_instance_group=', 'postmulti instances assign postfix-out --no-group'],
    ['multi_instance_enable=yes', 'postmulti instances enable postfix-out'],
    ['multi_instance_enable=no', 'postmulti instances disable postfix-out'],
    ['multi_instance_wrapper=x', 'postmulti instances init --help'],
    ['queue_directory=/x', 'postmulti instances create --help'],
  ]
  for (const [setting, command] of commands) {
    it(`${setting} belongs to ${command}`, () => {
      const [name = '', value = ''] = setting.split('=')
      assert.throws(
        () => checkOwnCommand({relayhost: 'x', [name]: value}, out),
        (error) => error instanceof Refusal && error.kind === 'usage' && toLines(error.suggestions)[0] === command,
      )
      assert.throws(
        () => checkOwnCommand({[name]: value}, out, true),
        (error) => error instanceof Refusal && toLines(error.suggestions)[0] === 'postmulti instances create --help',
      )
    })
  }

  // Looked up in an object they ended in a stack: its prototype has them.
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty']) {
    it(`have no command of their own when they are called ${name}`, () => {
      checkOwnCommand({[name]: 'x'}, out)
      checkOwnCommand({[name]: 'x'}, out, true)
    })
  }

  it('may refer to each other', () => {
    checkKnownParameters({ours: '1', theirs: '2', mynetworks: '${ours?{$theirs}}'}, out, known)
  })

  it('may be those that a service brings along', () => {
    checkKnownParameters({slow_destination_rate_delay: '1s'}, out, known, ['slow unix - - n - - smtp'])
    assert.throws(() =>
      checkKnownParameters({slower_destination_rate_delay: '1s'}, out, known, ['slow unix - - n - - smtp']),
    )
  })

  for (const name of ['', 'a b', '$a', '#a', 'a$b']) {
    it(`may not be called ${JSON.stringify(name)}`, () => {
      assert.throws(() => checkValues({[name]: 'x'}), /cannot be the name of a parameter/)
    })
  }
})
