/** What Prometheus is told of the instances. */
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Damaged, Instance} from '../../src/model/instance/instance.ts'
import {type Measured, toMeasuredJson, toMetrics} from '../../src/report/metrics.ts'
import {broken, primary, secondary} from '../values.ts'

const none = {maildrop: 0, hold: 0, incoming: 0, active: 0, deferred: 0, corrupt: 0}
const stopped: Measured = {instance: primary, state: null, queued: none, oldest: null, processes: 0}
const running: Measured = {
  instance: secondary('postfix-out', {multi_instance_group: 'mta'}),
  state: {pid: 4711, since: new Date(1_764_000_000_250)},
  queued: {...none, deferred: 120, hold: 3},
  oldest: new Date(1_763_990_000_000),
  processes: 5,
}
const unseen: Measured = {
  instance: secondary('postfix-x', {multi_instance_enable: false}),
  state: 'unknown',
  queued: null,
  oldest: null,
  processes: null,
}

describe('metrics', () => {
  it('have the names and labels that docs/metrics.md tells, and no others', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8')
    const told = page.matchAll(/^\| `(postfix_instance_\w+)` \| (.*?) \|/gm)
    const found = samplesOf([running], [broken('/etc/postfix-bad')]).map((each): [string, string] => {
      const [, name = '', labels = ''] = /^(\w+)\{(.*)\} /.exec(each) ?? []
      return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => `\`${label}\``).join(', ')]
    })
    assert.deepEqual(
      Object.fromEntries([...told].map(([, name = '', labels = '']) => [name, labels])),
      Object.fromEntries(found),
    )
  })

  it('of a running instance are these', () => {
    assert.deepEqual(samplesOf([running]), [
      'postfix_instance_info{name="postfix-out",group="mta",config_directory="/etc/postfix-out",' +
        'queue_directory="/var/spool/postfix-out",data_directory="/var/lib/postfix-out"} 1',
      'postfix_instance_enabled{name="postfix-out"} 1',
      'postfix_instance_up{name="postfix-out"} 1',
      'postfix_instance_start_time_seconds{name="postfix-out"} 1764000000.25',
      'postfix_instance_processes{name="postfix-out"} 5',
      'postfix_instance_messages{name="postfix-out",queue="maildrop"} 0',
      'postfix_instance_messages{name="postfix-out",queue="hold"} 3',
      'postfix_instance_messages{name="postfix-out",queue="incoming"} 0',
      'postfix_instance_messages{name="postfix-out",queue="active"} 0',
      'postfix_instance_messages{name="postfix-out",queue="deferred"} 120',
      'postfix_instance_messages{name="postfix-out",queue="corrupt"} 0',
      'postfix_instance_oldest_message_timestamp_seconds{name="postfix-out"} 1763990000',
      'postfix_instance_damaged{name="postfix-out"} 0',
    ])
  })

  it('of a stopped instance have no start, and without mail no oldest message', () => {
    const samples = samplesOf([stopped]).map((each) => each.replace(/\{.*\}/, ''))
    assert.ok(samples.includes('postfix_instance_up 0'))
    assert.ok(samples.includes('postfix_instance_processes 0'))
    assert.ok(!samples.some((each) => each.includes('_seconds')))
  })

  it('that nobody may see are left out', () => {
    assert.deepEqual(
      samplesOf([unseen]).map((each) => each.replace(/\{.*\}/, '')),
      ['postfix_instance_info 1', 'postfix_instance_enabled 0', 'postfix_instance_damaged 0'],
    )
  })

  it('stand together by name, each name behind its help and type', () => {
    const lines = toMetrics([stopped, running], [broken('/etc/postfix-bad')]).split('\n')
    const heads = lines.filter((each) => each.startsWith('#'))
    const names = [...new Set(lines.flatMap((each) => /^(\w+)\{/.exec(each)?.[1] ?? []))]
    assert.equal(names.length, 8)
    assert.deepEqual(
      heads.map((each) => each.split(' ').slice(1, 3).join(' ')),
      names.flatMap((each) => [`HELP ${each}`, `TYPE ${each}`]),
    )
    const runs = lines.map((each) => each.replace(/^# \w+ /, '').split(/[ {]/)[0])
    assert.deepEqual(
      runs.filter((each, at) => each !== runs[at - 1]),
      names,
    )
  })

  it('of a damaged instance are that it is damaged', () => {
    assert.deepEqual(
      samplesOf([stopped], [broken('/etc/postfix-bad')]).filter((each) => each.startsWith('postfix_instance_damaged')),
      ['postfix_instance_damaged{name="/etc/postfix"} 0', 'postfix_instance_damaged{name="/etc/postfix-bad"} 1'],
    )
  })

  const names: [title: string, instances: Instance[], names: string[]][] = [
    ['has its config_directory without a name', [primary], ['/etc/postfix']],
    [
      'has its config_directory when another one has its name',
      [secondary('postfix-a'), secondary('postfix-a', {config_directory: '/etc/postfix-b'}), secondary('postfix-c')],
      ['/etc/postfix-a', '/etc/postfix-b', 'postfix-c'],
    ],
    ['is there once when it is listed twice', [secondary('postfix-a'), secondary('postfix-a')], ['/etc/postfix-a']],
    ['keeps quotes', [secondary('a"b')], ['a\\"b']],
    ['keeps backslashes', [secondary('a\\n')], ['a\\\\n']],
    ['keeps line feeds', [secondary('a\nb')], ['a\\nb']],
    ['is UTF-8, whatever its bytes are', [secondary('pöst\udcff')], ['pöst\ufffd']],
  ]
  for (const [title, instances, wanted] of names) {
    it(`an instance ${title}`, () => {
      const samples = samplesOf(instances.map((instance) => ({...stopped, instance})))
      const found = samples.flatMap((each) => /^postfix_instance_up\{name="(.*)"\} 0$/s.exec(each)?.[1] ?? [])
      assert.deepEqual(found, wanted)
    })
  }

  it('are the same numbers in JSON', () => {
    assert.deepEqual(toMeasuredJson(running), {
      label: 'postfix-out',
      ...running.instance,
      state: 'running',
      running: {pid: 4711, since: '2025-11-24T16:00:00.250Z'},
      queued: running.queued,
      oldest: '2025-11-24T13:13:20.000Z',
      processes: 5,
    })
  })
})

function samplesOf(measured: Measured[], damaged: Damaged[] = []): string[] {
  return toMetrics(measured, damaged)
    .split('\n')
    .filter((each) => !each.startsWith('#'))
}
