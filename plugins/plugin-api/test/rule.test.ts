/** What a rule means for a change. */
import assert from 'node:assert/strict'
import {gate, type InstanceView, label, type Rule, refuse} from '../src/index.ts'
import {ask, type Draft, question} from '../src/testing.ts'

/** All but the primary relay to the hub. */
const relays: Rule = {
  name: 'relays',
  because: 'The hub alone may reach the Internet.',
  wants: {parameters: ['relayhost']},
  check: (instances) =>
    instances
      .slice(1)
      .filter((each) => each.multi_instance_enable && each.parameters.relayhost !== 'hub')
      .map((each) => refuse(`${label(each)} does not relay to the hub`, {instance: each.config_directory})),
}

/** No two share a relayhost. */
const shared: Rule = {
  name: 'shared',
  because: 'One would do.',
  wants: {parameters: ['relayhost']},
  anyOrder: true,
  check: (instances) =>
    instances.flatMap((each, at) => {
      const isSame = (other: InstanceView): boolean => other.parameters.relayhost === each.parameters.relayhost
      const earlier = instances.slice(0, at).find(isSame)
      if (earlier === undefined || !each.multi_instance_enable) return []
      return [refuse(`${label(earlier)} and ${label(each)} are the same`, {instance: each.config_directory})]
    }),
}

describe('a rule as a hook', () => {
  it('gets the primary first, also where it is the primary that changes', async () => {
    const before = [relaying('', ''), relaying('postfix-in', 'hub')]
    const after = [relaying('', 'elsewhere'), relaying('postfix-in', 'hub')]
    assert.deepEqual(await refusals(relays, {event: 'pre-set', before, after, subjects: ['/etc/postfix']}), [])
  })

  it('gets the others in their start order, whichever of them changes', async () => {
    const order: Rule = {
      ...relays,
      check: (instances) => [refuse(instances.map((each) => `${label(each)}${each.primary ? ' first' : ''}`).join())],
    }
    const draft: Draft = {event: 'pre-create', instances: ['postfix-a', 'postfix-b'], subjects: ['postfix-a']}
    assert.deepEqual(await refusals(order, {...draft, parameters: {relayhost: ''}}), [
      '/etc/postfix first,postfix-a,postfix-b',
    ])
  })

  it('refuses what breaks it for one that does not change itself', async () => {
    const hub: Rule = {
      ...relays,
      check: (instances) =>
        instances.some((each) => each.multi_instance_enable && each.parameters.relayhost === '')
          ? []
          : [refuse('postfix-in has no hub', {instance: '/etc/postfix-in'})],
    }
    const instances = [relaying('', 'hub'), relaying('postfix-in', 'hub'), relaying('postfix-hub', '')]
    assert.deepEqual(await refusals(hub, {event: 'pre-disable', instances}), ['postfix-in has no hub'])
  })

  it('gets those that change last where the order is all the same to it, so that they are the ones to blame', async () => {
    const before = [relaying('', ''), relaying('postfix-out', 'out'), relaying('postfix-in', 'hub')]
    const after = [relaying('', ''), relaying('postfix-out', 'hub'), relaying('postfix-in', 'hub')]
    assert.deepEqual(await refusals(shared, {event: 'pre-set', before, after, subjects: ['postfix-out']}), [
      'postfix-in and postfix-out are the same',
    ])
  })

  it('knows what the site has set and what a file will hold, and may take its time', async () => {
    const hubs: Rule = {
      ...relays,
      check: async (instances, {settings, text}) => {
        const allowed = (await text(String(settings.list))) ?? ''
        return instances
          .filter((each) => !allowed.includes(each.parameters.relayhost!))
          .map((each) => refuse(`${label(each)} has a hub that is not in ${settings.list}`))
      },
    }
    const asked: Draft = {
      event: 'pre-set',
      instances: [relaying('', ''), relaying('postfix-in', 'hub')],
      settings: {list: '/etc/hubs'},
      files: {'/etc/hubs': {before: 'hub', after: 'elsewhere'}},
    }
    assert.deepEqual(await refusals(hubs, asked), ['postfix-in has a hub that is not in /etc/hubs'])
  })

  it('keeps those from starting that break it, and says nothing of the others', async () => {
    const instances = [
      relaying('', ''),
      relaying('postfix-a', ''),
      relaying('postfix-b', ''),
      relaying('postfix-c', 'hub'),
    ]
    const draft: Draft = {event: 'pre-start', instances, subjects: ['postfix-b', 'postfix-c']}
    assert.deepEqual(await refusals(relays, draft), ['postfix-b does not relay to the hub'])
  })
})

async function refusals(rule: Rule, draft: Draft): Promise<string[]> {
  return (await ask(gate(rule), question(draft))).refusals
}

/** Enabled. */
function relaying(multi_instance_name: string, relayhost: string) {
  return {multi_instance_name, multi_instance_enable: true, parameters: {relayhost}}
}
