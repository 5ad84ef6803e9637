/** What the rules mean for a change. */
import assert from 'node:assert/strict'
import type {InstanceView, Question} from '@postmulti/plugin-api'
import hook from '../src/hooks.ts'

describe('listener-conflicts', () => {
  it('refuses a second listener at one place', async () => {
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
  const views = {
    before: [instance('postfix-out', first, true), instance('postfix-in', second, false)],
    after: [instance('postfix-out', first, true), instance('postfix-in', second, true)],
  }
  const question: Question = {
    api: 1,
    event: 'pre-enable',
    request: {action: 'enable'},
    plan: [],
    subjects: ['/etc/postfix-in'],
    ...views,
    asker: {uid: 0, sudoUser: null, interface: 'classic', dryRun: false},
    settings: {},
    read: async (when) => views[when],
    text: async () => null,
  }
  const answer = await hook(question)
  return answer.map((each) => ('verdict' in each ? `${each.verdict}: ${each.rule}` : each.do))
}

function instance(name: string, address: string, multi_instance_enable: boolean): InstanceView {
  const listener = {service: '10026/inet', address, addresses: [address], port: 10026, command: 'smtpd', enabled: true}
  return {
    config_directory: `/etc/${name}`,
    queue_directory: `/var/spool/${name}`,
    data_directory: `/var/lib/${name}`,
    multi_instance_name: name,
    multi_instance_group: 'mta',
    multi_instance_enable,
    parameters: {},
    services: [],
    listeners: [listener],
    tables: [],
  }
}
