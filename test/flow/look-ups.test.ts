import assert from 'node:assert/strict'
import {drawFlow} from '../../src/flow/draw.ts'
import {follow} from '../../src/flow/follow.ts'
import {AnsweredTables, untilAsked} from '../../src/flow/look-ups.ts'
import {hostOf, view} from './hosts.ts'

describe('the way of a recipient whose tables have to be asked', () => {
  const main = {virtual_alias_maps: 'ldap:a', virtual_alias_domains: 'a.example', transport_maps: 'ldap:t'}
  const only = view('postfix-a', {main, master: ['smtp inet n - y - - smtpd']})
  const contents: Record<string, Record<string, string>> = {
    'ldap:a': {'me@a.example': 'me@b.example'},
    'ldap:t': {'b.example': 'smtp:[b]'},
  }

  it('comes look-up by look-up, in the order in which Postfix asks, to what one would see who could ask', () => {
    const host = hostOf([only])
    const tables = new AnsweredTables()
    const goOn = () => untilAsked(() => follow(only, 'smtp', 'me@a.example', '', {...host, tables}, drawFlow(host)))
    const asked: string[] = []
    let way = goOn()
    while ('lookUp' in way) {
      const {table, key} = way.lookUp
      asked.push(`${table} ${key}`)
      tables.answer(way.lookUp, contents[table]?.[key] ?? null)
      way = goOn()
    }
    assert.deepEqual(asked.slice(0, 2), ['ldap:a me@a.example', 'ldap:a me@b.example'])
    assert.ok(asked.includes('ldap:t b.example') && new Set(asked).size === asked.length, asked.join('\n'))
    const known = hostOf([only], {tables: contents})
    assert.deepEqual(way.found, follow(only, 'smtp', 'me@a.example', '', known, drawFlow(known)))
  })

  it('is no less a defect where something else fails', () => {
    const defect = () => {
      throw new TypeError('x')
    }
    assert.throws(() => untilAsked(defect), TypeError)
  })
})
