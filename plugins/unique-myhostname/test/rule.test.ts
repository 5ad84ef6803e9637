/** No two enabled instances have the same myhostname. */
import assert from 'node:assert/strict'
import type {InstanceView} from '@postmulti/plugin-api'
import {hostnameShared} from '../src/rule.ts'

describe('hostname-shared', () => {
  it('refuses the later of two that have the same myhostname, and names both', () => {
    const [finding, ...others] = check([
      enabled('postfix-out', 'mx.example.com'),
      enabled('postfix-in', 'mx.example.com'),
    ])
    assert.equal(finding?.verdict, 'refuse')
    assert.equal(finding.instance, '/etc/postfix-in')
    assert.match(finding.message, /^postfix-out and postfix-in have the same myhostname, mx\.example\.com: .*loop/)
    assert.deepEqual(finding.suggestions, ['postmulti instances set postfix-in myhostname=...'])
    assert.deepEqual(others, [])
  })

  it('does not mind the case of letters', () => {
    assert.equal(check([enabled('postfix-out', 'MX.example.com'), enabled('postfix-in', 'mx.Example.COM')]).length, 1)
  })

  it('calls a nameless instance by its directory', () => {
    const [finding] = check([
      {...enabled('', 'mx.example.com'), config_directory: '/etc/postfix'},
      enabled('postfix-in', 'mx.example.com'),
    ])
    assert.match(finding?.message ?? '', /^\/etc\/postfix and postfix-in /)
  })

  it('says it once for each instance but the first, however many share a name', () => {
    const found = check(['postfix-a', 'postfix-b', 'postfix-c'].map((name) => enabled(name, 'mx.example.com')))
    assert.deepEqual(
      found.map(({instance}) => instance),
      ['/etc/postfix-b', '/etc/postfix-c'],
    )
  })

  const fine: [why: string, instances: InstanceView[]][] = [
    ['names that differ', [enabled('postfix-out', 'mx.example.com'), enabled('postfix-in', 'mx1.example.com')]],
    [
      'an instance that is not enabled',
      [enabled('postfix-out', 'mx.example.com'), disabled('postfix-in', 'mx.example.com')],
    ],
    ['instances whose myhostname is not known', [enabled('postfix-out'), enabled('postfix-in')]],
  ]
  for (const [why, instances] of fine) it(`lets pass ${why}`, () => assert.deepEqual(check(instances), []))
})

function check(instances: InstanceView[]) {
  return hostnameShared.check(instances)
}

function enabled(multi_instance_name: string, myhostname?: string): InstanceView {
  const place = {
    config_directory: `/etc/${multi_instance_name}`,
    queue_directory: `/var/spool/${multi_instance_name}`,
    data_directory: `/var/lib/${multi_instance_name}`,
  }
  return {
    ...place,
    multi_instance_name,
    multi_instance_group: 'mta',
    multi_instance_enable: true,
    parameters: myhostname === undefined ? {} : {myhostname},
    services: [],
    listeners: [],
    tables: [],
  }
}

function disabled(name: string, myhostname: string): InstanceView {
  return {...enabled(name, myhostname), multi_instance_enable: false}
}
