/** What the rule means for a change. */
import assert from 'node:assert/strict'
import {ask, type Draft, question} from '@postmulti/plugin-api/testing'
import hook from '../src/hooks.ts'

describe('unique-myhostname', () => {
  const instances = [named('postfix-out', 'mx'), {...named('postfix-in', 'MX'), multi_instance_enable: false}]

  it('refuses to enable a second instance with the same name', async () => {
    const {findings} = await look({event: 'pre-enable', instances})
    assert.deepEqual(
      findings.map(({verdict, rule, instance}) => [verdict, rule, instance]),
      [['refuse', 'hostname-shared', '/etc/postfix-in']],
    )
  })

  it('only warns when an instance is created that is not enabled yet', async () => {
    const {refusals, warnings} = await look({event: 'pre-create', instances})
    assert.deepEqual([refusals.length, warnings.length], [0, 1])
  })

  it('refuses to give an enabled instance the name of one that comes later', async () => {
    const {refusals} = await look({
      event: 'pre-set',
      before: [named('postfix-out', 'out'), named('postfix-in', 'mx')],
      after: [named('postfix-out', 'mx'), named('postfix-in', 'mx')],
      subjects: ['postfix-out'],
    })
    assert.match(refusals.join(), /^postfix-in and postfix-out have/)
  })

  it('stops nobody for what others have in common', async () => {
    const twins = [named('postfix-a', 'mx'), named('postfix-b', 'mx')]
    assert.deepEqual((await look({event: 'pre-enable', instances: [...twins, named('postfix-in', 'in')]})).findings, [])
  })

  it('stops nobody who leaves it as bad as it was', async () => {
    const twins = [named('postfix-a', 'mx'), named('postfix-b', 'mx')]
    assert.deepEqual((await look({event: 'pre-set', instances: twins})).findings, [])
  })

  it('lets the first of three leave, though the others still share the name', async () => {
    const others = [named('postfix-b', 'mx'), named('postfix-c', 'mx')]
    const {findings} = await look({
      event: 'pre-set',
      before: [named('postfix-a', 'mx'), ...others],
      after: [named('postfix-a', 'a'), ...others],
      subjects: ['postfix-a'],
    })
    assert.deepEqual(findings, [])
  })
})

function look(draft: Draft) {
  return ask(hook, question({parameters: {myhostname: 'mta1.example.com'}, ...draft}))
}

function named(multi_instance_name: string, myhostname: string) {
  return {multi_instance_name, multi_instance_enable: true, parameters: {myhostname}}
}
