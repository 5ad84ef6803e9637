/** Values that Postfix reads otherwise than whoever wrote them, or will not read any more. */
import assert from 'node:assert/strict'
import {service} from '../values.ts'
import {find, subject} from './inputs.ts'

describe('a parameter that Postfix is going to drop', () => {
  const rows: [name: string, value: string, more: Record<string, string>, successor: string | null, next: string[]][] =
    [
      ['smtpd_use_tls', 'yes', {}, 'smtpd_tls_security_level', ['smtpd_tls_security_level=may']],
      ['smtpd_enforce_tls', 'yes', {}, 'smtpd_tls_security_level', ['smtpd_tls_security_level=encrypt']],
      [
        'smtp_enforce_tls',
        'yes',
        {smtp_tls_enforce_peername: 'yes'},
        'smtp_tls_security_level',
        ['smtp_tls_security_level=verify'],
      ],
      [
        'smtp_enforce_tls',
        'yes',
        {smtp_tls_enforce_peername: 'no'},
        'smtp_tls_security_level',
        ['smtp_tls_security_level=encrypt'],
      ],
      ['smtp_use_tls', 'no', {}, 'smtp_tls_security_level', []],
      ['smtp_use_tls', 'yes', {smtp_tls_security_level: 'dane'}, 'smtp_tls_security_level', []],
      ['virtual_maps', 'hash:/etc/v', {}, 'virtual_alias_maps', ['virtual_alias_maps=hash:/etc/v']],
      ['smtp_tls_per_site', 'hash:/etc/t', {}, 'smtp_tls_policy_maps', []],
      ['smtpd_tls_eecdh_grade', 'strong', {}, null, []],
    ]
  for (const [name, value, more, successor, next] of rows) {
    it(`${name} = ${value} is ${next.length === 0 ? 'only unset' : `replaced by ${next[0]}`}${successor !== null && successor in more ? `, as ${successor} is set` : ''}`, () => {
      const out = subject('postfix-out', {main: {[name]: value, ...more}})
      const [found, ...others] = find('deprecated-parameter', [out], {successors: {[name]: successor}})
      assert.deepEqual(others, [])
      assert.deepEqual(found?.suggestions, [
        ...next.map((each) => ['postmulti', 'instances', 'set', 'postfix-out', each]),
        ['postmulti', 'instances', 'unset', 'postfix-out', name],
      ])
    })
  }

  it('is found in master.cf, too', () => {
    const smtpd = service('smtp inet n - n - - smtpd -o smtpd_use_tls=yes', {line: 7})
    const out = subject('postfix-out', {services: [smtpd]})
    const [found] = find('deprecated-parameter', [out], {successors: {smtpd_use_tls: 'smtpd_tls_security_level'}})
    assert.deepEqual([found?.file, found?.line], ['/etc/postfix-out/master.cf', 7])
  })

  it('is none where Postfix says nothing of it', () => {
    assert.deepEqual(find('deprecated-parameter', [subject('postfix-out', {main: {smtpd_use_tls: 'yes'}})]), [])
  })
})

describe("a '#' in a value", () => {
  const rows: [name: string, value: string, without: string | undefined][] = [
    ['relayhost', '[hub.example.com] # the hub', 'relayhost=[hub.example.com]'],
    ['mynetworks', '127.0.0.0/8,# 10.0.0.0/8', 'mynetworks=127.0.0.0/8,'],
    ['mydestination', 'a#b', undefined],
    ['transport_maps', 'inline:{{a = smtp: # x}}', undefined],
    ['smtpd_banner', '$myhostname ESMTP # hello', undefined],
  ]
  for (const [name, value, without] of rows) {
    it(`is ${without === undefined ? 'right' : 'no comment'} in ${name} = ${value}`, () => {
      const found = find('comment-in-value', [subject('postfix-out', {main: {[name]: value}})])
      const wanted = without === undefined ? [] : [['postmulti', 'instances', 'set', 'postfix-out', without]]
      assert.deepEqual(
        found.flatMap(({suggestions}) => suggestions),
        wanted,
      )
    })
  }
})
