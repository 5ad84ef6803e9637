/** The lookup tables that settings name. */
import assert from 'node:assert/strict'
import {findTables, tableTypesIn, tableWordsOf} from '../../../src/model/master-cf/lookup-tables.ts'

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

const opened: [parameter: string, value: string, words: string[] | undefined][] = [
  ['virtual_alias_maps', 'hash:/a, proxy:proxy:mysql:/b.cf', ['hash:/a', 'proxy mysql:/b.cf']],
  ['virtual_alias_maps', '/a hash:b', ['untyped /a', 'hash:b']],
  ['header_checks', 'pcre:{ {/a: b/ OK}, {/c/ DUNNO} }', ['pcre:{ {/a: b/ OK}, {/c/ DUNNO} }']],
  [
    'transport_maps',
    'unionmap:{hash:/a,pipemap:{ cidr:/b, x }}',
    ['unionmap:', 'hash:/a', 'pipemap:', 'cidr:/b', 'untyped x'],
  ],
  [
    'transport_maps',
    'randmap:{smtp:[a], smtp:[b]} static:{a b:c} inline:{{k = v:w}}',
    ['randmap:', 'static:', 'inline:'],
  ],
  ['alias_database', 'hash:/a', ['hash:/a']],
  ['smtp_tls_session_cache_database', 'btree:$x', ['btree:$x']],
  ['smtp_dns_reply_filter', 'regexp:/a', ['regexp:/a']],
  ['lmtp_delivery_status_filter', 'regexp:/a', ['regexp:/a']],
  ['smtpd_command_filter', 'regexp:/a', ['regexp:/a']],
  ['relay_clientcerts', 'hash:/a', ['hash:/a']],
  ['mydestination', 'a.example /b !/c, hash:/d', ['file /b', 'file /c', 'hash:/d']],
  ['mynetworks', '127.0.0.0/8 [::1]/128 2001:db8::/32 # :c', ['2001:db8::/32']],
  ['authorized_submit_users', '!root, static:anyone', ['static:']],
  [
    'smtpd_sender_restrictions',
    'check_sender_access,hash:/a hash:/b, check_client_access /c, CHECK_HELO_ACCESS /d reject',
    ['hash:/a', 'hash:/b', 'check_client_access untyped /c', 'check_helo_access untyped /d'],
  ],
  [
    'smtpd_recipient_restrictions',
    'check_policy_service unix:private/p, check_policy_service {inet:h:1, timeout=1}, check_ccert_access {hash:/a}',
    [],
  ],
  ['own_class', 'check_sender_access cidr:/a', ['cidr:/a']],
  ['postscreen_access_list', 'permit_mynetworks cidr:/a', ['cidr:/a']],
  ['local_header_rewrite_clients', 'check_address_map cidr:/a', ['cidr:/a']],
  ['proxy_read_maps', 'proxy:hash:/a', undefined],
  ['relayhost', 'smtp:[a]:25', undefined],
  ['other_class', 'check_sender_access cidr:/a', undefined],
]

describe('what Postfix opens for', () => {
  for (const [parameter, value, words] of opened) {
    it(`${parameter} = ${value} is ${words?.join(' and ') || 'nothing'}`, () => {
      const found = tableWordsOf(parameter, value, ['own_class'])
      assert.deepEqual(
        found?.map((each) => {
          if (each.kind === 'file') return `file ${each.text}`
          if (each.kind === 'untyped') return `${each.after ?? ''} untyped ${each.text}`.trim()
          const name = /map$|^(?:static|inline)$/.test(each.type) ? '' : each.name
          return `${each.isProxied ? 'proxy ' : ''}${each.type}:${name}`
        }),
        words,
      )
    })
  }
})
