/** What master_service_disable switches off does no harm. */
import assert from 'node:assert/strict'
import {service} from '../values.ts'
import {find, subject} from './inputs.ts'

const option = '-o syslog_name=postfix/$service_name'
const services = [
  service(`smtp inet n - y - - smtpd ${option}`),
  service(`smtp unix - - y - - smtp ${option}`, {line: 2}),
]

describe('rules about services', () => {
  const rows: [disable: string, named: string[]][] = [
    ['', ['smtp/inet']],
    ['inet', ['smtp/unix']],
    ['!smtp/inet, inet', ['smtp/inet']],
    ['inet, unix', []],
  ]
  for (const [disable, named] of rows) {
    it(`name ${named[0] ?? 'none'} where master_service_disable is '${disable}'`, () => {
      const out = subject('postfix-out', {main: {master_service_disable: disable}, services})
      const jails = find('chroot-incomplete', [out], {texts: {'/etc/hosts': 'x'}}).map(namedIn)
      assert.deepEqual(jails, named)
      assert.deepEqual(
        find('relay-syslog-name', [subject('-'), out], {})
          .map(namedIn)
          .slice(0, 1),
        named,
      )
    })
  }

  it('say nothing of a table that such a service alone would need', () => {
    const settings = new Map([['smtpd_sender_restrictions', 'check_sender_access hash:/t']])
    const needing = services.map((each) => (each.type === 'inet' ? {...each, settings} : each))
    const main = {master_service_disable: 'inet', header_checks: 'hash:/u'}
    const out = subject('postfix-out', {main, services: needing})
    assert.deepEqual(
      find('table-missing', [subject('-'), out]).map(({message}) => /hash:\S+/.exec(message)?.[0]),
      ['hash:/u'],
    )
  })
})

function namedIn({message}: {message: string}): string {
  return /smtp\/\w+/.exec(message)?.[0] ?? ''
}
