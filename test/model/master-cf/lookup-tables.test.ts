/** The lookup tables that settings name. */
import assert from 'node:assert/strict'
import {findTables, tableTypesIn} from '../../../src/model/master-cf/lookup-tables.ts'

const rows: [value: string, tables: string[]][] = [
  ['hash:/etc/postfix/transport', ['hash:/etc/postfix/transport']],
  ['hash:$config_directory/a, regexp:/etc/b', ['hash:/etc/postfix-out/a', 'regexp:/etc/b']],
  ['permit_mynetworks,check_client_access,cidr:/etc/c,reject', ['cidr:/etc/c']],
  ['{check_sender_access pcre:/etc/p, defer}', ['pcre:/etc/p']],
  ['proxy:mysql:/etc/m.cf', ['proxy:mysql:/etc/m.cf']],
  ['static:all inline:{a=b} unix:passwd.byname smtp:[mail.example.com]:25', []],
  ['hash:/etc/${oops', ['hash:/etc/$']],
  // MULTI_INSTANCE_README: indexed = ${default_database_type}:${config_directory}/
  ['cdb:$config_directory/', []],
]

describe('tables', () => {
  for (const [value, tables] of rows) {
    it(`${value} names ${tables.join(' and ') || 'none'}`, () => {
      assert.deepEqual(
        findTables([{service: null, name: 'x_maps', value}], lookup).map(({table}) => table),
        tables,
      )
    })
  }

  it('are told once, with all parameters that name them', () => {
    const value = 'hash:/etc/a'
    const found = findTables(
      [
        {service: null, name: 'transport_maps', value},
        {service: 'smtp/inet', name: 'relay_domains', value},
      ],
      lookup,
    )
    assert.deepEqual(found, [{table: value, parameters: ['transport_maps', 'smtp/inet: relay_domains']}])
  })
})

function lookup(name: string): string | undefined {
  return name === 'config_directory' ? '/etc/postfix-out' : undefined
}

const typed: [name: string, value: string, types: string[]][] = [
  ['transport_maps', 'hsh:/etc/x, proxy:mysql:/etc/m.cf', ['hsh', 'mysql']],
  ['transport_maps', '$relay_maps ${x?y:z} inline:{a=b, c:d} pipemap:{hash:a,static:b}', ['inline', 'pipemap']],
  [
    'smtpd_recipient_restrictions',
    'check_client_access ciddr:/etc/c, check_policy_service inet:127.0.0.1:1',
    ['ciddr'],
  ],
  ['default_transport', 'smtp:[mail.example.com]', []],
  ['mynetworks', 'fe80::/10 abcd::/16', []],
]

describe('types of tables', () => {
  for (const [name, value, types] of typed) {
    it(`in ${name} = ${value} are ${types.join(', ') || 'none'}`, () =>
      assert.deepEqual(tableTypesIn(name, value), types))
  }
})
