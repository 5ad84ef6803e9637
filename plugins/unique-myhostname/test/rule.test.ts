/** What the rule finds among the instances of a host. */
import assert from 'node:assert/strict'
import type {Finding} from '@postmulti/plugin-api'
import {question} from '@postmulti/plugin-api/testing'
import {hostnameShared} from '../src/rule.ts'

describe('hostname-shared', () => {
  it('refuses the later of two that have the same myhostname, and names both', async () => {
    assert.deepEqual(await check({'postfix-out': 'mx.example.com', 'postfix-in': 'mx.example.com'}), [
      {
        verdict: 'refuse',
        message:
          'postfix-out and postfix-in have the same myhostname, mx.example.com: mail between them would bounce as a loop',
        instance: '/etc/postfix-in',
        suggestions: [['postmulti', 'instances', 'set', 'postfix-in', 'myhostname=in.mx.example.com']],
      },
    ])
  })

  it('does not mind the case of letters', async () => {
    assert.equal((await check({'postfix-out': 'MX.example.com', 'postfix-in': 'mx.Example.COM'})).length, 1)
  })

  it('calls a nameless instance by its directory', async () => {
    const [finding] = await check({'postfix-in': 'mta1.example.com'})
    assert.match(finding?.message ?? '', /^\/etc\/postfix and postfix-in /)
  })

  it('says it once for each instance but the first, however many share a name', async () => {
    const found = await check({'postfix-a': 'mx', 'postfix-b': 'mx', 'postfix-c': 'mx'})
    assert.deepEqual(
      found.map(({instance}) => instance),
      ['/etc/postfix-b', '/etc/postfix-c'],
    )
  })

  const fine: [why: string, names: Record<string, string>][] = [
    ['names that differ', {'postfix-out': 'mx.example.com', 'postfix-in': 'mx1.example.com'}],
    ['an instance that is not enabled', {'postfix-out': 'mx', 'postfix-off': 'mx'}],
    ['instances whose myhostname is empty', {'postfix-out': '', 'postfix-in': ''}],
  ]
  for (const [why, names] of fine) it(`lets pass ${why}`, async () => assert.deepEqual(await check(names), []))
})

/** Names of instances and their myhostname; postfix-off is not enabled, and the primary is mta1.example.com. */
async function check(names: Record<string, string>): Promise<readonly Finding[]> {
  const instances = Object.entries(names).map(([name, myhostname]) => {
    return {multi_instance_name: name, multi_instance_enable: name !== 'postfix-off', parameters: {myhostname}}
  })
  const {read} = question({event: 'pre-set', instances, parameters: {myhostname: 'mta1.example.com'}})
  return hostnameShared.check(await read('after', hostnameShared.wants))
}
