/** Names in the log. */
import assert from 'node:assert/strict'
import type {InstanceView} from '@postmulti/plugin-api'
import {nameServices, syslogNameShared} from '../src/names.ts'

const stock = `#submission inet n - y - - smtpd
#  -o syslog_name=postfix/$service_name
smtp      unix  -       -       y       -       -       smtp
relay     unix  -       -       y       -       -       smtp
        -o syslog_name=postfix/$service_name
`

describe('syslog-name: master.cf', () => {
  it('gets the name of the instance in the place of postfix, whatever the name will be, and stays as it is else', () => {
    const wanted = stock.replace(
      '        -o syslog_name=postfix',
      '        -o syslog_name=$${multi_instance_name?{$$multi_instance_name}:{postfix}}',
    )
    assert.equal(nameServices(stock, instance('postfix-out')), wanted)
    assert.equal(nameServices(wanted, instance('postfix-out')), wanted)
  })

  it('gets the syslog_name that main.cf sets', () => {
    const named = nameServices(stock, instance('postfix-out', {syslog_name: 'mx-$1'}))
    assert.match(named, /^ +-o syslog_name=mx-\$1\/\$service_name$/m)
  })

  it('gets it where Postfix itself has written the name of the instance, from 3.10 on', () => {
    const since310 = stock.replaceAll('=postfix', () => '=${multi_instance_name?{$multi_instance_name}:{postfix}}')
    const named = nameServices(since310, instance('postfix-out', {syslog_name: 'mx-out'}))
    assert.match(named, /^ +-o syslog_name=mx-out\/\$service_name$/m)
    assert.equal(nameServices(since310, instance('postfix-out')), since310)
  })

  const rows: [written: string, named: string][] = [
    ['a/inet -o syslog_name=postfix/a smtpd', 'a/inet -o syslog_name=NAME/a smtpd'],
    ['-o syslog_name=postfix', '-o syslog_name=postfix'],
    ['-o syslog_name=postfix-in/a', '-o syslog_name=postfix-in/a'],
    ['  # -o syslog_name=postfix/a', '  # -o syslog_name=postfix/a'],
    ['-o smtp_helo_name=postfix/a', '-o smtp_helo_name=postfix/a'],
  ]
  for (const [written, named] of rows) {
    it(`turns '${written}' into '${named}'`, () => {
      assert.equal(nameServices(written, instance('postfix-out', {syslog_name: 'NAME'})), named)
    })
  }
})

describe('syslog-name: two instances', () => {
  it('says that they log as one, and which of them should get a name', () => {
    const [finding] = syslogNameShared.check([instance('', {}, '/etc/postfix'), instance('', {}, '/etc/postfix-out')])
    assert.match(finding?.message ?? '', /^\/etc\/postfix-out logs as postfix, as \/etc\/postfix does/)
    assert.deepEqual(finding?.suggestions, [
      ['postmulti', 'instances', 'assign', '/etc/postfix-out', '--name', 'postfix-out'],
    ])
  })

  it('leads back to the name of the instance where main.cf sets another', () => {
    const [finding] = syslogNameShared.check([instance('', {}), instance('postfix-in', {syslog_name: 'postfix'})])
    assert.deepEqual(finding?.suggestions, [['postmulti', 'instances', 'unset', 'postfix-in', 'syslog_name']])
  })

  it('lets pass names that differ, and an instance that is not enabled', () => {
    const disabled = {...instance('', {}), multi_instance_enable: false}
    assert.deepEqual(syslogNameShared.check([instance('', {}), instance('postfix-in'), disabled]), [])
  })
})

function instance(name: string, set: Record<string, string> = {}, config_directory = `/etc/${name}`): InstanceView {
  return {
    config_directory,
    queue_directory: `/var/spool/${name}`,
    data_directory: `/var/lib/${name}`,
    multi_instance_name: name,
    multi_instance_group: '',
    multi_instance_enable: true,
    primary: false,
    parameters: {syslog_name: name || 'postfix', ...set},
    services: [],
    listeners: [],
    tables: [],
  }
}
