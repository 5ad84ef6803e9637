import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/errors.ts'
import {toLines} from '../../src/model/suggestion.ts'
import {checkKnown, checkOwnCommand, checkValues} from '../../src/plan/parameters.ts'
import {deepFreeze, secondary} from '../values.ts'

const out = secondary('postfix-out')
const known = deepFreeze({isKnown: (_: unknown, name: string) => name === 'mynetworks', nearest: () => []})

describe('parameters that are set by hand', () => {
  const commands: [name: string, isNewborn: boolean, command: string][] = [
    ['multi_instance_group', false, 'postmulti instances assign postfix-out --group'],
    ['multi_instance_group', true, 'postmulti instances create postfix-out --group GROUP'],
    ['multi_instance_enable', false, 'postmulti instances enable postfix-out'],
    ['multi_instance_enable', true, 'postmulti instances create postfix-out --enable'],
    ['multi_instance_wrapper', false, 'postmulti instances init'],
    ['queue_directory', true, 'postmulti instances create postfix-out --queue-directory'],
  ]
  for (const [name, isNewborn, command] of commands) {
    it(`${name} ${isNewborn ? 'at birth' : 'later'} belongs to ${command}`, () => {
      assert.throws(
        () => checkOwnCommand(['relayhost', name], out, isNewborn),
        (error) => error instanceof Refusal && error.mistake && toLines(error.suggestions)[0] === command,
      )
    })
  }

  // Looked up in an object they ended in a stack: its prototype has them.
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty']) {
    it(`have no command of their own when they are called ${name}`, () => {
      checkOwnCommand([name], out)
      checkOwnCommand([name], out, true)
    })
  }

  // Looked up in an object they ended in a stack: its prototype has them.
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty']) {
    it(`have no command of their own when they are called ${name}`, () => {
      checkOwnCommand([name], out)
      checkOwnCommand([name], out, true)
    })
  }

  it('may refer to each other', () => {
    checkKnown({ours: '1', theirs: '2', mynetworks: '${ours?{$theirs}}'}, out, known)
  })

  it('may be those that a service brings along', () => {
    checkKnown({slow_destination_rate_delay: '1s'}, out, known, ['slow unix - - n - - smtp'])
    assert.throws(() => checkKnown({slower_destination_rate_delay: '1s'}, out, known, ['slow unix - - n - - smtp']))
  })

  for (const name of ['', 'a b', '$a', '#a', 'a$b']) {
    it(`may not be called ${JSON.stringify(name)}`, () => {
      assert.throws(() => checkValues({[name]: 'x'}), /cannot be the name of a parameter/)
    })
  }
})
