/** Rows of `postmulti top`. */
import assert from 'node:assert/strict'
import {
  arrangeRows,
  conditionOf,
  type ObservedInstance,
  rowName,
  type Sample,
  type SortKey,
  totals,
} from '../../../src/model/top/top.ts'
import {broken, primary, secondary} from '../../values.ts'

const rates = {in: 0, sent: 0, deferred: 0, bounced: 0, rejected: 0}
const state = {pid: 4711, since: new Date(0)}

function observed(instance: ObservedInstance['instance'], changes: Partial<ObservedInstance> = {}): ObservedInstance {
  return {instance, state, queued: {deferred: 0, hold: 0}, oldest: null, processes: 4, fullest: null, rates, ...changes}
}

const sample: Sample = {
  time: new Date(1_000_000),
  observed: [
    observed(primary, {state: null, queued: null, processes: 0, rates: null}),
    observed(secondary('postfix-out', {multi_instance_group: 'mta'}), {
      queued: {deferred: 12, hold: 0},
      oldest: new Date(500_000),
      fullest: {service: 'smtp/inet', processes: 9, limit: 10},
      rates: {...rates, deferred: 3},
    }),
    observed(secondary('postfix-in'), {
      queued: {deferred: 2, hold: 20},
      oldest: new Date(700_000),
      processes: 9,
      fullest: {service: 'smtp/inet', processes: 50, limit: 100},
    }),
    observed(secondary('postfix-alt', {multi_instance_enable: false}), {state: null}),
  ],
  damaged: [broken('/etc/postfix-bad')],
  unseen: new Map(),
}

describe('rows of top', () => {
  const orders: [sort: SortKey, names: string][] = [
    ['order', '/etc/postfix postfix-out postfix-in postfix-alt /etc/postfix-bad'],
    ['name', '/etc/postfix /etc/postfix-bad postfix-alt postfix-in postfix-out'],
    ['state', '/etc/postfix-bad /etc/postfix postfix-out postfix-in postfix-alt'],
    ['full', 'postfix-out postfix-in /etc/postfix postfix-alt /etc/postfix-bad'],
    ['processes', 'postfix-in postfix-out postfix-alt /etc/postfix /etc/postfix-bad'],
    ['queued', 'postfix-in postfix-out postfix-alt /etc/postfix /etc/postfix-bad'],
    ['deferred', 'postfix-out postfix-in postfix-alt /etc/postfix /etc/postfix-bad'],
    ['deferrals', 'postfix-out postfix-in postfix-alt /etc/postfix /etc/postfix-bad'],
    ['oldest', 'postfix-out postfix-in /etc/postfix postfix-alt /etc/postfix-bad'],
  ]
  for (const [sort, names] of orders) {
    it(`sorted by ${sort} are ${names}`, () => {
      assert.equal(namesOf({sort}), names)
    })
  }

  it('reversed have what is not known at the end all the same', () => {
    assert.equal(
      namesOf({sort: 'deferred', reversed: true}),
      'postfix-alt postfix-in postfix-out /etc/postfix /etc/postfix-bad',
    )
  })

  const filters: [filter: string, names: string][] = [
    ['OUT', 'postfix-out'],
    ['mta', 'postfix-out'],
    ['stopped', '/etc/postfix'],
    ['oops', '/etc/postfix-bad'],
    ['nobody', ''],
  ]
  for (const [filter, names] of filters) {
    it(`with '${filter}' are ${names || 'none'}`, () => {
      assert.equal(namesOf({filter}), names)
    })
  }

  it('have one word each for how the instance is', () => {
    const unseen = observed(primary, {state: 'unknown'})
    assert.deepEqual([...sample.observed, ...sample.damaged, unseen].map(conditionOf), [
      'stopped',
      'running',
      'running',
      'disabled',
      'broken',
      'unknown',
    ])
  })

  it('add up, without those that are not known', () => {
    assert.deepEqual(totals(sample.observed), {queued: {deferred: 14, hold: 20}, rates: {...rates, deferred: 3}})
  })
})

function namesOf(wanted: {sort?: SortKey; reversed?: boolean; filter?: string}): string {
  const rows = arrangeRows(sample, {sort: 'order', reversed: false, filter: '', ...wanted})
  return rows.map(rowName).join(' ')
}
