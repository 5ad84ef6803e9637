/** What the rules mean for a change. */
import assert from 'node:assert/strict'
import {ask, question} from '@postmulti/plugin-api/testing'
import hook from '../src/hooks.ts'

describe('listener-conflicts', () => {
  it('refuses a second listener in one place', async () => {
    assert.deepEqual(await enableSecond('127.0.0.1', '127.0.0.1'), ['refuse: listener-shared'])
  })

  it('only warns of one that takes a single address away', async () => {
    assert.deepEqual(await enableSecond('0.0.0.0', '127.0.0.1'), ['warn: listener-shadowed'])
  })

  it('has nothing to say of places that differ', async () => {
    assert.deepEqual(await enableSecond('127.0.0.1', '127.0.0.2'), [])
  })
})

async function enableSecond(first: string, second: string): Promise<string[]> {
  const instances = [instance('postfix-out', first, true), instance('postfix-in', second, false)]
  const {findings} = await ask(hook, question({event: 'pre-enable', instances}))
  return findings.map(({verdict, rule}) => `${verdict}: ${rule}`)
}

function instance(multi_instance_name: string, address: string, multi_instance_enable: boolean) {
  const listener = {service: '10026/inet', address, addresses: [address], port: 10026, command: 'smtpd', enabled: true}
  return {multi_instance_name, multi_instance_enable, listeners: [listener]}
}
