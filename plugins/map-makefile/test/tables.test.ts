/** Which files an instance needs. */
import assert from 'node:assert/strict'
import {findTables} from '../src/tables.ts'
import {refersTo} from './values.ts'

const rows: [written: string, table: string, where: string[], databases: string[], builder?: string][] = [
  ['a hash table', 'hash:/etc/postfix-out/virtual', ['virtual_alias_maps'], ['/etc/postfix-out/virtual.db']],
  ['a btree table', 'btree:/etc/postfix-out/access', ['smtpd_client_restrictions'], ['/etc/postfix-out/access.db']],
  ['a cdb table', 'cdb:/etc/postfix-out/generic', ['smtp_generic_maps'], ['/etc/postfix-out/generic.cdb']],
  ['an lmdb table', 'lmdb:/etc/postfix-out/generic', ['smtp_generic_maps'], ['/etc/postfix-out/generic.lmdb']],
  [
    'a dbm table',
    'dbm:/etc/postfix-out/relay',
    ['relay_domains'],
    ['/etc/postfix-out/relay.pag', '/etc/postfix-out/relay.dir'],
  ],
  ['a table that is looked up as it is', 'cidr:/etc/postfix-out/mynetworks', ['mynetworks'], []],
  ['aliases', 'hash:/etc/aliases', ['alias_database'], ['/etc/aliases.db'], 'postalias'],
  ['aliases of one service', 'hash:/etc/local', ['local/unix: alias_maps'], ['/etc/local.db'], 'postalias'],
  ['virtual aliases', 'hash:/etc/virtual', ['virtual_alias_maps'], ['/etc/virtual.db'], 'postmap'],
]

describe('map-makefile: tables', () => {
  for (const [written, table, where, databases, builder = 'postmap'] of rows) {
    it(`knows what is made of ${written}`, () => {
      const [found] = findTables(refersTo({[table]: where}))
      assert.deepEqual(found?.databases, databases)
      assert.equal(found.builder, builder)
    })
  }

  it('takes a table once that is named twice, once through the proxy', () => {
    const found = findTables(refersTo({'proxy:hash:/etc/x': ['relay_domains'], 'hash:/etc/x': ['transport_maps']}))
    assert.deepEqual(
      found.map(({table, parameters}) => [table, parameters]),
      [['hash:/etc/x', ['relay_domains', 'transport_maps']]],
    )
  })

  it('takes a table for aliases that another parameter has from alias_maps', () => {
    const [found] = findTables({
      ...refersTo({'hash:/etc/aliases': ['local_recipient_maps']}),
      parameters: {alias_maps: 'nis:mail.aliases, proxy:hash:/etc/aliases'},
    })
    assert.equal(found?.builder, 'postalias')
  })

  const passed: [what: string, table: string, where: string][] = [
    ['a cache that Postfix fills', 'btree:/var/lib/postfix-out/verify', 'address_verify_map'],
    ['the cache of one service', 'btree:/var/lib/postfix-out/tls', 'smtp/unix: smtp_tls_session_cache_database'],
    ['a server', 'ldap:ldapvirtual', 'virtual_alias_maps'],
  ]
  for (const [what, table, where] of passed) {
    it(`passes over ${what}`, () => assert.deepEqual(findTables(refersTo({[table]: [where]})), []))
  }
})
