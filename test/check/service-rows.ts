/**
 * What the rules about services of master.cf find, and what lets them pass. Each kind was tried on master(8) and the daemons of
 * Postfix 3.7; services.acceptance.ts tries it again.
 */
import type {CheckedInstance} from '../../src/model/survey/check-input.ts'
import {hostOf, view} from '../flow/hosts.ts'
import {entry, find, listener, type Row, subject, withStock} from './inputs.ts'

const plain = {
  default_process_limit: '100',
  mail_owner: 'postfix',
  daemon_directory: '/d',
  meta_directory: '/etc/postfix',
}

const instance = (lines: readonly string[], main: Record<string, string> = {}): CheckedInstance => {
  return subject('postfix-out', {main: {...plain, ...main}, services: withStock(...lines)})
}
const without =
  (...names: string[]) =>
  (main: Record<string, string>): CheckedInstance => {
    const all = instance([], main)
    return {...all, services: all.services.filter(({name}) => !names.includes(name))}
  }

const invalid =
  (line: string, main: Record<string, string> = {}) =>
  () => {
    const found = instance([line], main)
    const [name = ''] = line.split(' ')
    const known = {...listener(2525), service: `${name}/inet`, port: name.endsWith('nosuch') ? null : 2525}
    return find('service-invalid', [{...found, listeners: [known]}], {
      texts: {'/etc/nsswitch.conf': 'hosts: dns\nservices: db files\n'},
    })
  }
/** Each row a line, and what master(8) or postconf(1) has against it. */
export const invalidRows: [line: string, finding?: RegExp][] = [
  ['x unix - - n - - smtp'],
  ['- unix - - n 1000? 0 smtp'],
  ['2525 inet n n y 5 - smtpd'],
  ['[::1]:smtp inet n - n - - smtpd'],
  ['host.example.com:2525 inet n - n - - smtpd'],
  [':2525 inet n - n - - smtpd'],
  ['x unix-dgram n - n - 1 postlogd'],
  ['x pass - - n - - smtpd -o { a = b }'],
  ['x unx - - n - - smtp', /does not start because of x\/unx: its type is unx, which is none of inet, unix/],
  ['x INET n - n - - smtpd', /its type is INET/],
  ['x - - - n - - smtp', /its type is -/],
  ['x unix Y - n - - smtp', /private is Y, which is none of y, n, -/],
  ['x unix - yes n - - smtp', /unprivileged is yes/],
  ['x unix - - x - - smtp', /chroot is x/],
  ['x unix - - n -1 - smtp', /wakeup is -1, which is no number of seconds/],
  ['x unix - - n 10x - smtp', /wakeup is 10x/],
  ['x unix - - n 10?? - smtp', /wakeup is 10\?\?/],
  ['x unix - - n - abc smtp', /maxproc is abc, which is no number/],
  ['x unix - - n - 10? smtp', /maxproc is 10\?/],
  ['2525 inet y - n - - smtpd', /private is y, and must be n for the type inet/],
  ['2525 inet - - n - - smtpd', /private is -, and must be n/],
  ['x unix - - n - - -', /it has no command/],
  ['x unix - - n - - smtp -o { a = b', /missing '\}' in "\{ a = b"/],
  ['x unix - - n - - smtp -o {a=b}c', /syntax error after '\}' in "\{a=b\}c"/],
  ['nosuch inet n - n - - smtpd', /\/etc\/services has no nosuch/],
  ['127.0.0.1:nosuch inet n - n - - smtpd', /\/etc\/services has no nosuch/],
  ['25x inet n - n - - smtpd', /its port is 25x, which begins like a number/],
  ['192.0.2.256:25 inet n - n - - smtpd', /192\.0\.2\.256 is no address/],
  ['[127.0.0.1:25 inet n - n - - smtpd', /its name lacks a \]/],
  ['[127.0.0.1]25 inet n - n - - smtpd', /something other than :PORT behind the \]/],
  ['127.0.0.1: inet n - n - - smtpd', /its name has no port/],
  ['*:25 inet n - n - - smtpd', /its name has no address/],
  ['2001:db8::1:25 inet n - n - - smtpd', /an IPv6 address must stand in \[ \]/],
]

const programs = [
  'smtp',
  'smtpd',
  'pipe',
  'spawn',
  'cleanup',
  'lmtp',
  'local',
  'postlogd',
  'qmgr',
  'proxymap',
  'tlsmgr',
]
const files = Object.fromEntries(
  [...programs, 'bounce', 'error', 'virtual', 'flush', 'showq', 'anvil', 'scache', 'verify', 'discard', 'pickup']
    .concat('trivial-rewrite')
    .map((each) => [`/d/${each}`, entry({mode: 0o755})]),
)
const texts = {'/bin/run': 'x', '/etc/postfix/master.cf.proto': 'maildrop unix - n n - - pipe user=vmail argv=/x\n'}
const dies =
  (line: string, main: Record<string, string> = {}) =>
  () => {
    const flow = hostOf([view('postfix-out')])
    return find('service-dies', [subject('-', {main: plain}), instance([line], main)], {entries: files, texts, flow})
  }
export const diesRows: [line: string, finding?: RegExp][] = [
  ['x unix - - n - - smtp -o a=b -o { c = d, e } -v flags=DORX'],
  ['x unix - n n - - pipe flags=BDFORX.>hqu user=mta:mta null_sender= size=100 argv=/bin/run -o a = b'],
  ['x unix - n n - - pipe USER=mta ARGV=run ${nexthop}'],
  ['x unix - n n - - spawn user=mta argv=/bin/run'],
  ['maildrop unix - n n - - pipe user=vmail argv=/x'],
  ['qmgr fifo n - n 300 1 qmgr'],
  ['x unix - - n - - smtpx', /^error: x\/unix of postfix-out dies .*: \/d\/smtpx is not there: did you mean/],
  [
    'x unix - - n - - smtp -o smtp_bind_address = 127.0.0.2 -o a=b',
    /missing '='.*as in -o smtp_bind_address=127\.0\.0\.2$/,
  ],
  ['x unix - - n - - smtp -o smtp_bind_address =127.0.0.2', /as in -o smtp_bind_address=127\.0\.0\.2$/],
  ['x unix - - n - - smtp -o', /invalid option: o$/],
  ['x unix - - n - - smtp -x', /invalid option: x$/],
  ['x unix - - n - - smtp # why', /# is an argument of its own, and smtp\(8\) takes none$/],
  ['x unix - - n - - smtp flags=Z', /flags=Z has a flag that smtp\(8\) does not know/],
  ['x inet n - n - - smtpd -o a=b, c d', /c is an argument of its own.*: -o \{ a = b, c d \} would be one$/],
  ['x inet n - n - - smtpd -o a= b', /b is an argument of its own.*: -o \{ a = b \} would be one$/],
  ['cleanup unix n - n - - cleanup', /maxproc is -, and must be 0 for cleanup\(8\)/],
  ['qmgr unix n - n 300 2 qmgr', /maxproc is 2, and must be 1 for qmgr\(8\)/],
  ['x unix - - n - - local', /unprivileged is -, and must be n for local\(8\)/],
  ['x fifo - - n - - smtp', /its type is fifo, and smtp\(8\) must be inet or unix/],
  ['x unix n - n - 1 postlogd', /its type is unix, and postlogd\(8\) must be unix-dgram/],
  ['x unix - n n - - pipe user=nosuch argv=/bin/run', /there is no user nosuch/],
  ['x unix - n n - - pipe user=root argv=/bin/run', /may not run a program as root, who is root/],
  ['x unix - n n - - pipe user=postfix argv=/bin/run', /may not run a program as postfix, who is the mail_owner/],
  ['x unix - n n - - pipe user=mta:nosuch argv=/bin/run', /there is no group nosuch/],
  ['x unix - n n - - pipe user=mta:root argv=/bin/run', /with the group root, which is root's/],
  ['x unix - n n - - pipe argv=/bin/run user=mta', /user= is missing/],
  ['x unix - n n - - pipe user=mta', /argv= is missing/],
  ['x unix - n n - - pipe user=mta argv=', /argv= names no program/],
  ['x unix - n n - - pipe user = mta argv=/bin/run', /user is no attribute of pipe\(8\)/],
  ['x unix - n n - - pipe flags=Z user=mta argv=/bin/run', /flags=Z has a flag that pipe\(8\) does not know/],
  ['x unix - n n - - pipe user=mta size=1k argv=/bin/run', /size=1k is no size/],
  ['x unix - n n - - pipe user=mta directory=/nowhere argv=/bin/run', /defers all its mail: \/nowhere is not there/],
  ['x unix - n n - - pipe user=mta argv=/nowhere/run', /can run nothing: \/nowhere\/run is not there/],
  ['x unix - n n - - spawn flags=F user=mta argv=/bin/run', /flags=F is no attribute of spawn\(8\)/],
]

const missing =
  (subjectOf: (main: Record<string, string>) => CheckedInstance, main: Record<string, string> = {}) =>
  () =>
    find('service-missing', [subjectOf({authorized_submit_users: 'root', ...main})])
const server = 'smtp inet n - n - - smtpd'
const lacking = (name: string, line: string, main: Record<string, string> = {}) => {
  return missing((all) => {
    const found = instance([line], all)
    return {...found, services: found.services.filter((each) => each.name !== name)}
  }, main)
}

export const serviceRows: Record<string, Row[]> = {
  'service-invalid': [
    ...invalidRows.map(
      ([line, finding]): Row => [
        `${finding ? 'what' : 'nothing'} is wrong with '${line}'`,
        invalid(line),
        ...(finding ? [finding] : []),
      ],
    ),
    ['nothing of a line that is off', invalid('2525 inet - - n - - smtpd', {master_service_disable: 'inet'})],
    [
      'what postconf(1) does not take, also of a line that is off',
      invalid('x unix - - n abc - smtp', {master_service_disable: 'x/unix'}),
      /wakeup is abc/,
    ],
    [
      'nothing of a port that Postfix knows itself',
      invalid('nosuch inet n - n - - smtpd', {known_tcp_ports: 'a=nosuch=465'}),
    ],
  ],
  'service-dies': [
    ...diesRows.map(
      ([line, finding]): Row => [
        `${finding ? 'what' : 'nothing'} is wrong with '${line}'`,
        dies(line, {default_transport: 'x:[192.0.2.1]', relay_transport: 'maildropx'}),
        ...(finding ? [finding] : []),
      ],
    ),
    ['as a warning what nothing uses', dies('x unix - - n - - smtpx'), /^warning: /],
    [
      'as an error a stock line that something names',
      dies('maildrop unix - n n - - pipe user=vmail argv=/x', {a: 'maildrop:'}),
      /^error: .*there is no user vmail/,
    ],
    ['nothing of a line that is off', dies('x unix - - n - - smtpx', {master_service_disable: 'x/unix'})],
  ],
  'service-missing': [
    ['nothing of a stock master.cf', missing((main) => instance([server], main), {maillog_file: '/var/log/x'})],
    ...['cleanup', 'rewrite'].map(
      (each): Row => [
        `that no mail comes in without ${each}`,
        missing(without(each)),
        /^error: postfix-out has no \w+\/unix in its master\.cf: no mail comes in$/,
      ],
    ),
    ['that no mail goes out without qmgr', missing(without('qmgr')), /^error: .*no mail goes out$/],
    ['that mail stays without bounce', missing(without('bounce')), /^error: .*stays in the queue/],
    ['pickup where somebody may submit', missing(without('pickup')), /^error: .*stays in maildrop/],
    ['as advice pickup where nobody may', missing(without('pickup'), {authorized_submit_users: ''}), /^advice: /],
    [
      'postlog where there is a maillog_file',
      missing(without('postlog'), {maillog_file: '/var/log/x'}),
      /^error: .*does not start/,
    ],
    [
      'proxymap where smtpd(8) needs it',
      lacking('proxymap', server, {local_recipient_maps: 'proxy:unix:passwd.byname'}),
      /^error: .*wait for ever/,
    ],
    [
      'proxymap where a setting names it',
      missing(without('proxymap'), {virtual_alias_maps: 'hash:/a, proxy:mysql:/b'}),
      /^error: /,
    ],
    [
      'as advice proxymap where only a list has it',
      missing(without('proxymap'), {proxy_read_maps: 'proxy:x:/y'}),
      /^advice: /,
    ],
    [
      'tlsmgr where TLS must be',
      lacking('tlsmgr', server, {smtpd_tls_security_level: 'encrypt'}),
      /^error: .*smtpd\(8\) must use TLS \(encrypt\)/,
    ],
    [
      'tlsmgr where TLS may be',
      missing(without('tlsmgr'), {smtp_tls_security_level: 'may'}),
      /^warning: .*goes on without TLS/,
    ],
    [
      'verify where addresses are verified',
      missing(without('verify'), {smtpd_sender_restrictions: 'reject_unverified_sender'}),
      /^error: .*hang/,
    ],
    ['as a warning anvil where smtpd(8) is', lacking('anvil', server), /^warning: /],
    [
      'as a warning flush where it is used',
      missing(without('flush'), {fast_flush_domains: 'example.com'}),
      /^warning: /,
    ],
    ...['defer', 'trace', 'error', 'retry', 'showq', 'scache'].map(
      (each): Row => [`as a warning ${each}`, missing(without(each)), /^warning: /],
    ),
    [
      'as one advice what nothing uses',
      missing(without('discard', 'virtual', 'proxywrite')),
      /^advice: .*proxywrite\/unix, discard\/unix, virtual\/unix in its master\.cf: nothing uses them now$/,
    ],
    [
      'what is switched off and stops mail',
      missing((main) => instance([], main), {master_service_disable: 'bounce/unix'}),
      /^error: postfix-out has bounce\/unix switched off/,
    ],
    [
      'nothing of what is switched off and does not',
      missing((main) => instance([], main), {master_service_disable: 'showq/unix, discard/unix'}),
    ],
    [
      'one that is private and must not be',
      missing((main) => instance(['cleanup unix - - n - 0 cleanup'], main)),
      /^error: .*cleanup\/unix with private = -, where nobody looks for it/,
    ],
    [
      'nothing of one that has another name',
      missing((main) => instance(['clean unix n - n - 0 cleanup'], main), {cleanup_service_name: 'clean'}),
    ],
    [
      'one that a service names and is not there',
      missing((main) => instance([`${server} -o cleanup_service_name=pre`], main)),
      /^error: postfix-out has no pre\/unix/,
    ],
    [
      'what postscreen(8) needs',
      missing((main) => instance(['smtp inet n - n - 1 postscreen'], main), {
        postscreen_dnsbl_sites: 'dnsbl.example',
        smtpd_tls_security_level: 'may',
      }),
      /^error: .*no smtpd\/pass/,
      /^warning: .*no dnsblog\/unix/,
      /^warning: .*no tlsproxy\/unix/,
    ],
    [
      'nothing of a pickup and a qmgr that are pipes',
      missing((main) => {
        const found = instance(['pickup fifo n - n 60 1 pickup', 'qmgr fifo n - n 300 1 qmgr'], main)
        return {
          ...found,
          services: found.services.filter(({name, type}) => !/^(?:pickup|qmgr)$/.test(name) || type === 'fifo'),
        }
      }),
    ],
  ],
  'service-twice': [
    [
      'nothing of services of different types and classes',
      () => {
        const lines = [
          'x unix - - n - - smtp',
          'x unix n - n - - smtp',
          'x inet n - n - - smtpd',
          '[::1]:25 inet n - n - - smtpd',
        ]
        return find('service-twice', [
          subject('postfix-out', {services: lines.flatMap((each) => withStock(each).slice(-1))}),
        ])
      },
    ],
    [
      'the earlier one',
      () => {
        const services = withStock('x unix - - n - - smtp', 'x unix y - n - - lmtp')
        return find('service-twice', [subject('postfix-out', {services})])
      },
      /^warning: postfix-out has x\/unix again in line 2, which takes the place of this one/,
    ],
    [
      'one port in two spellings',
      () => {
        const services = withStock('smtp inet n - n - - smtpd', '25 inet n - n - - smtpd')
        const listeners = ['smtp/inet', '25/inet'].map((each) => ({...listener(25), service: each}))
        return find('service-twice', [{...subject('postfix-out', {services}), listeners}])
      },
      /^warning: postfix-out has smtp\/inet again in line 2/,
    ],
    [
      'nothing of one that is off',
      () => {
        const services = withStock('x unix - - n - - smtp', 'x unix y - n - - lmtp')
        return find('service-twice', [subject('postfix-out', {main: {master_service_disable: 'x/unix'}, services})])
      },
    ],
  ],
}
