/**
 * What each rule finds, and what lets it pass: a host as values goes in, findings come out. That a real host breaks that
 * way, and what comes of it, test/commands/breakages.ts shows.
 */
import type {View} from '../../src/flow/view.ts'
import type {ServiceLine} from '../../src/model/master-cf/services.ts'
import type {CheckedInstance} from '../../src/model/survey/check-input.ts'
import {hostOf, readmeHost, view} from '../flow/hosts.ts'
import {broken, service} from '../values.ts'
import {entry, find, listener, type Row, subject, subjectOf} from './inputs.ts'
import {serviceRows} from './service-rows.ts'
import {unitRows} from './unit-rows.ts'

const first = subject('-')
const [out, into] = [subject('postfix-out'), subject('postfix-in')]
const off = {...out, multi_instance_enable: false}
const grouped = (name: string, main: Record<string, string>): CheckedInstance => {
  return {...subject(name, {main}), multi_instance_group: 'mta'}
}
const listening = (instance: CheckedInstance, port: number): CheckedInstance => {
  return {...instance, listeners: [listener(port)]}
}
const smtpd = (changes: Partial<ServiceLine>) => service('25 inet n - n - - smtpd', {line: 7, ...changes})
const directory = (changes: Parameters<typeof entry>[0] = {}) => entry({kind: 'directory', ...changes})
const onPrimary = (rule: string, main: Record<string, string>, host: Parameters<typeof find>[2] = {}) => {
  return () => find(rule, [subject('-', {main}), out], host)
}
const onOut = (rule: string, main: Record<string, string>, host: Parameters<typeof find>[2] = {}) => {
  return () => find(rule, [first, subject('postfix-out', {main})], host)
}
/** The first is no primary unless it is called postfix. */
const onFlow = (rule: string, views: View[], main: Record<string, string> = {}, open?: string[]) => {
  const all = views.map((each) => ({...subjectOf(each, main), primary: each.multi_instance_name === 'postfix'}))
  return () => find(rule, all, {flow: hostOf(views, open === undefined ? {} : {open})})
}
const receiver = (name: string, port: number, main: Record<string, string> = {}): View => {
  return view(name, {main, master: [`127.0.0.1:${port} inet n - n - - smtpd`]})
}
const sender = (next: string): View => view('postfix-a', {main: {default_transport: `smtp:${next}`}})

const onReadmeHost = (rule: string) => () => {
  const flow = readmeHost()
  return find(
    rule,
    flow.views.map((each) => subjectOf(each)),
    {flow},
  )
}
const onFilter = (limit: string) => {
  const main = {smtp_destination_recipient_limit: limit, smtpd_recipient_limit: '1000'}
  return onFlow('recipient-limit', [view('postfix-a', {main: {content_filter: 'smtp:[127.0.0.1]:10025'}})], main, [
    '127.0.0.1 10025',
  ])
}
const tabled = (table: string) => subject('postfix-out', {main: {virtual_alias_maps: table}})
const proxied = () => {
  const main = {virtual_alias_maps: 'proxy:texthash:/t'}
  return subject('postfix-out', {main, services: [service('proxymap unix - - n - - proxymap')]})
}
const interfaces = (inet_interfaces: string, main: Record<string, string> = {}, ...lines: string[]) => {
  const services = lines.map((each) => service(each))
  const defaults = {inet_protocols: 'all', proxy_interfaces: ''}
  return () =>
    find('address-missing', [subject('postfix-out', {main: {...defaults, inet_interfaces, ...main}, services})])
}
/** Two clients; `option` is of the first one. IPv6 reaches the host unless `inet6` is empty. */
const sending = (
  main: Record<string, string>,
  option = '',
  inet6 = '20010db8000000000000000000000005 02 40 00 80 eth0',
) => {
  const defaults = {inet_protocols: 'all', inet_interfaces: 'all', smtp_bind_address: '', smtp_bind_address6: ''}
  const services = [
    service(`smtp unix - - n - - smtp ${option && `-o ${option}`}`),
    service('relay unix - - n - - smtp', {line: 2}),
  ]
  const out = subject('postfix-out', {main: {...defaults, smtp_bind_address_enforce: 'no', ...main}, services})
  return () => find('bind-address', [out], {texts: {'/proc/net/if_inet6': `${inet6}\n`}})
}
const cached = (name: string, table: string) => {
  const services = [service('smtp inet n - n - 1 postscreen')]
  return subject(name, {main: {postscreen_cache_map: table}, services})
}
const policies = {smtpd_policy_service_default_action: '451 4.3.5 Server configuration problem'}
const asking = (main: Record<string, string>, entries: Record<string, ReturnType<typeof entry>> = {}, chroot = 'n') => {
  const services = [service(`25 inet n - ${chroot} - - smtpd`), service('spf unix - n n - 0 spawn user=nobody argv=/x')]
  return () => find('socket-missing', [subject('postfix-out', {main, services})], {entries})
}
const wrapped = (multi_instance_wrapper: string) => {
  const program = entry({mode: 0o755})
  return onPrimary(
    'wrapper-unusable',
    {multi_instance_wrapper},
    {entries: {'/x': program, '/usr/sbin/postmulti': program}},
  )
}
const left = (mainCf: string) => () => {
  const texts = {'/etc/postfix-old/main.cf': mainCf, '/etc/postfix-old/master.cf': ''}
  return find('unlisted-instance', [first], {texts, entries: {'/var/spool/postfix-old': directory()}})
}
/** The default of alias_maps, and who takes mail. */
const local = (...entries: string[]) => {
  const services = [
    service('local unix - n n - - local'),
    ...entries.map((command) => service(`25 inet n - n - - ${command}`)),
  ]
  const out = subject('postfix-out', {services})
  const defaults: Record<string, string> = {
    ...{alias_maps: 'hash:/etc/aliases', mydestination: 'localhost', local_transport: 'local:$myhostname'},
  }
  return {...out, parameter: (name: string) => defaults[name] ?? ''}
}
const log = (maillog_file: string) => ({maillog_file, maillog_file_prefixes: '/var'})
const serving = (changes: Partial<ServiceLine>) => {
  const main = {default_process_limit: '100'}
  return listening(subject('postfix-out', {main, services: [smtpd(changes)]}), 25)
}
const usualLists = {smtpd_relay_restrictions: 'permit_mynetworks, defer_unauth_destination'}
const onSmtpd = (rule: string, main: Record<string, string>) => {
  return () => find(rule, [first, subject('postfix-out', {main, services: [smtpd({})]})])
}
const onSizes = (main: Record<string, string>, free = 10_000) => {
  const names = {local_transport: 'local:$myhostname', virtual_transport: 'virtual', queue_minfree: '0'}
  const all = {...names, mydestination: 'a.example', virtual_mailbox_domains: 'b.example', ...main}
  const services = [smtpd({}), ...['local', 'virtual'].map((each) => service(`${each} unix - n n - - ${each}`))]
  return () => find('size-limits', [first, subject('postfix-out', {main: all, services})], {free})
}
const named = (name: string) => serving({settings: new Map([['syslog_name', name]])})
const misspelt = (name: string) => ({...subject(name, {main: {rleayhost: 'x'}}), isUsed: () => false})
const levelled = (name: string, level: string) => subject(name, {main: {compatibility_level: level}})
const disabled = {multi_instance_enable: false}
const holder = {pid: 99, name: 'exim'}
const taken = (port: number) => ({address: '0.0.0.0', port})
const tells = {smtp_send_xforward_command: 'yes'}
const believes = {smtpd_authorized_xforward_hosts: '127.0.0.1'}
const soundEntries = () => ({
  '/etc/postfix-out': directory(),
  '/etc/postfix-out/main.cf': entry(),
  '/etc/postfix-out/master.cf': entry(),
  '/var/spool/postfix-out': directory(),
  '/var/lib/postfix-out': directory({uid: 100, mode: 0o700}),
})

export const ruleRows: Record<string, Row[]> = {
  ...serviceRows,
  'broken-instance': [
    ['nothing where all can be read', () => find('broken-instance', [first, out])],
    [
      'one that cannot be read, with the reason',
      () => find('broken-instance', [first], {damaged: [broken('/etc/postfix-bad')]}),
      /^error: \/etc\/postfix-bad cannot be read \(.*missing '='/,
    ],
  ],
  'unlisted-instance': [
    ['nothing of what is listed', () => find('unlisted-instance', [first, out], {masters: [out]})],
    [
      'nothing of one that is listed and cannot be read',
      () =>
        find('unlisted-instance', [first], {
          damaged: [broken('/etc/postfix-bad')],
          strangers: [broken('/etc/postfix-bad')],
        }),
    ],
    ['nothing of a copy of a directory', left('queue_directory = /var/spool/postfix-old\n')],
    ['nothing of one whose queue is gone', left('multi_instance_name = postfix-old\nqueue_directory = /gone\n')],
    [
      'a master that nothing lists',
      () => find('unlisted-instance', [first], {strangers: [out]}),
      /^error: \/etc\/postfix-out runs \(process 1\) and is not in the list: no command starts or stops it$/,
    ],
    [
      'an instance that was left out of the list',
      left('multi_instance_name = postfix-old\nqueue_directory = /var/spool/postfix-old\n'),
      /^advice: \/etc\/postfix-old is an instance with a queue of its own, and is not in the list: it is never started$/,
    ],
  ],
  'wrapper-missing': [
    ['nothing on a host of one instance', onPrimary('wrapper-missing', {})],
    [
      'nothing where there is one',
      onPrimary('wrapper-missing', {multi_instance_directories: '/etc/a', multi_instance_wrapper: '/x'}),
    ],
    ['none', onPrimary('wrapper-missing', {multi_instance_directories: '/etc/a'}), /^error: .* refuses to start/],
  ],
  'wrapper-unusable': [
    ['nothing where there is none', onPrimary('wrapper-unusable', {})],
    [
      'nothing of one that can be run',
      onPrimary('wrapper-unusable', {multi_instance_wrapper: '/x -p --'}, {entries: {'/x': entry({mode: 0o755})}}),
    ],
    [
      'one that is not there',
      onPrimary('wrapper-unusable', {multi_instance_wrapper: '/x -p --'}),
      /^error: .* has \/x, which is not there/,
    ],
    [
      'one that nobody may run',
      onPrimary('wrapper-unusable', {multi_instance_wrapper: '/x'}, {entries: {'/x': entry()}}),
      /^error: .* has \/x, which cannot be run/,
    ],
    ...[
      '/x -p --',
      '/usr/sbin/postmulti -p --',
      'postmulti -p --',
      '/usr/sbin/postmulti -p',
      '/usr/sbin/postmulti -x postfix',
      '/usr/sbin/postmulti -ap --',
    ].map((value): Row => [`nothing of ${value}`, wrapped(value)]),
    ...(
      [
        ['/usr/sbin/postmulti', /lacks -p --/],
        ['/usr/sbin/postmulti -l', /lacks -p --/],
        ['/usr/sbin/postmulti -g mta -p --', /has -g mta, so that postfix start starts a part/],
        ['/usr/sbin/postmulti -ipostfix-in -p --', /has -i postfix-in, so/],
        ['/usr/sbin/postmulti -p -- # default', /has '# default' behind it, which is taken for the command/],
        ['"/usr/sbin/postmulti" -p --', /has "\/usr\/sbin\/postmulti", which is not there/],
        ['nosuch -p', /has nosuch, which is not there/],
      ] as const
    ).map(([value, message]): Row => [`what is wrong with ${value}`, wrapped(value), message]),
    [
      'a directory',
      onPrimary('wrapper-unusable', {multi_instance_wrapper: '/x'}, {entries: {'/x': directory()}}),
      /^error: .* has \/x, which cannot be run/,
    ],
  ],
  'name-shared': [
    ['nothing of different names, and of those without one', () => find('name-shared', [first, out, into])],
    [
      'each later owner of a name',
      () => find('name-shared', [out, {...out, config_directory: '/etc/b'}, {...out, config_directory: '/etc/c'}]),
      /^error: \/etc\/postfix-out and \/etc\/b are both called postfix-out/,
      /^error: \/etc\/postfix-out and \/etc\/c are both called postfix-out/,
    ],
  ],
  'directory-shared': [
    ['nothing of directories of their own', () => find('directory-shared', [first, out, into])],
    [
      'a directory with two owners',
      () => find('directory-shared', [out, {...into, data_directory: out.data_directory}]),
      /^error: the data_directory of postfix-in is the data_directory of postfix-out, too/,
    ],
    [
      'one directory under two names',
      () => {
        const one = directory({identity: '1 2'})
        return find('directory-shared', [out, into], {
          entries: {[out.queue_directory]: one, [into.data_directory]: one},
        })
      },
      /^error: the data_directory of postfix-in is the queue_directory of postfix-out, too .*which is/,
    ],
  ],
  'directory-nested': [
    ['nothing of directories side by side', () => find('directory-nested', [first, out, into])],
    [
      'nothing of a name that only begins alike',
      () => find('directory-nested', [out, {...into, data_directory: `${out.queue_directory}-data`}]),
    ],
    [
      'nothing of an instance within its own queue',
      () => find('directory-nested', [{...out, data_directory: `${out.queue_directory}/data`}]),
    ],
    [
      'a directory within the queue of another',
      () => find('directory-nested', [out, {...into, data_directory: `${out.queue_directory}/a/b`}]),
      /^error: the data_directory of postfix-in, .*\/a\/b, lies within the queue_directory of postfix-out/,
    ],
  ],
  'alternate-directory-unsafe': [
    ['nothing where there is none', onPrimary('alternate-directory-unsafe', {})],
    [
      "nothing of one that is root's alone",
      onPrimary(
        'alternate-directory-unsafe',
        {alternate_config_directories: '/etc/a'},
        {entries: {'/etc/a': directory()}},
      ),
    ],
    [
      'one that is not there, as a warning',
      onPrimary('alternate-directory-unsafe', {alternate_config_directories: '/etc/a'}),
      /^warning: .* \/etc\/a, which is not there/,
    ],
    [
      'what depends on where one stands',
      onPrimary('alternate-directory-unsafe', {alternate_config_directories: 'etc/a'}),
      /^error: .* etc\/a, which is not an absolute path/,
    ],
    [
      'what others can write on the way to it',
      onPrimary(
        'alternate-directory-unsafe',
        {alternate_config_directories: '/srv/a'},
        {entries: {'/srv': directory({mode: 0o777}), '/srv/a': directory()}},
      ),
      /^error: .* \/srv can be written by anybody/,
    ],
    [
      "a main.cf in it that is somebody else's",
      onPrimary(
        'alternate-directory-unsafe',
        {alternate_config_directories: '/etc/a'},
        {entries: {'/etc/a': directory(), '/etc/a/main.cf': entry({uid: 7})}},
      ),
      /^error: .* \/etc\/a\/main\.cf belongs to user 7/,
    ],
  ],
  'owner-or-mode': [
    ['nothing where all is as Postfix wants it', () => find('owner-or-mode', [out], {entries: soundEntries()})],
    [
      'nothing of a sticky directory of root',
      () => find('owner-or-mode', [out], {entries: {...soundEntries(), '/etc/postfix-out': directory({mode: 0o1777})}}),
    ],
    [
      'a main.cf that anybody can write',
      () =>
        find('owner-or-mode', [out], {entries: {...soundEntries(), '/etc/postfix-out/main.cf': entry({mode: 0o666})}}),
      /^error: \/etc\/postfix-out\/main\.cf can be written by anybody/,
    ],
    [
      "a data_directory that is not mail_owner's",
      () => find('owner-or-mode', [out], {entries: {...soundEntries(), '/var/lib/postfix-out': directory()}}),
      /^error: \/var\/lib\/postfix-out belongs to user 0, not to postfix/,
    ],
    [
      'a data_directory that a group can write, as a warning',
      () => {
        const open = directory({uid: 100, mode: 0o770})
        return find('owner-or-mode', [out], {entries: {...soundEntries(), '/var/lib/postfix-out': open}})
      },
      /^warning: \/var\/lib\/postfix-out can be written by others than postfix/,
    ],
    [
      'what is missing',
      () => {
        const {'/var/lib/postfix-out': _, ...others} = soundEntries()
        return find('owner-or-mode', [out], {entries: others})
      },
      /^error: \/var\/lib\/postfix-out is not there/,
    ],
  ],
  'hop-to-self': [
    ['nothing of another port', onFlow('hop-to-self', [sender('[127.0.0.1]:10026')])],
    ['nothing of another host', onFlow('hop-to-self', [sender('[198.51.100.1]')])],
    [
      'its own address with port 25',
      onFlow('hop-to-self', [sender('[127.0.0.1]')]),
      /^error: postfix-a sends to \[127\.0\.0\.1\]:25 \(default_transport\), which is its own address/,
    ],
  ],
  'hop-to-nowhere': [
    [
      'nothing where somebody listens',
      onFlow('hop-to-nowhere', [sender('[127.0.0.1]:10026'), receiver('postfix-b', 10026)], {}, []),
    ],
    ['nothing where that cannot be seen', onFlow('hop-to-nowhere', [sender('[127.0.0.1]:7777')])],
    [
      'a port where nobody listens',
      onFlow('hop-to-nowhere', [sender('[127.0.0.1]:7777')], {}, []),
      /^error: postfix-a sends to \[127\.0\.0\.1\]:7777 \(default_transport\), which has no listener/,
    ],
    [
      'an instance that is disabled',
      onFlow('hop-to-nowhere', [
        sender('[127.0.0.1]:10026'),
        {...receiver('postfix-b', 10026), multi_instance_enable: false},
      ]),
      /^error: postfix-a sends .* to postfix-b .*, which is disabled/,
    ],
    [
      'a service that is switched off',
      onFlow('hop-to-nowhere', [
        sender('[127.0.0.1]:10026'),
        receiver('postfix-b', 10026, {master_service_disable: 'inet'}),
      ]),
      /^error: postfix-a sends .* to postfix-b .* switched off by master_service_disable/,
    ],
    [
      'a transport that master.cf does not have',
      onFlow('hop-to-nowhere', [view('postfix-a', {main: {default_transport: 'nosuch'}})]),
      /^error: postfix-a sends by transport nosuch/,
    ],
    [
      'a transport that is switched off',
      onFlow('hop-to-nowhere', [
        view('postfix-a', {
          main: {default_transport: 'hub:[192.0.2.1]', master_service_disable: 'hub/unix'},
          master: ['hub unix - - n - - smtp'],
        }),
      ]),
      /^error: postfix-a sends by transport hub .*, which master_service_disable switches off/,
    ],
  ],
  'mail-loop': [
    ['nothing of mail that goes one way', onReadmeHost('mail-loop')],
    [
      'two instances that hand each other all mail',
      onFlow('mail-loop', [
        receiver('postfix-a', 10025, {default_transport: 'smtp:[127.0.0.1]:10026'}),
        receiver('postfix-b', 10026, {default_transport: 'smtp:[127.0.0.1]:10025'}),
      ]),
      /^error: Mail for the rest of the world goes round: postfix-a, postfix-b, postfix-a/,
    ],
  ],
  'table-missing': [
    [
      'nothing of one that is there',
      () => find('table-missing', [tabled('hash:/t')], {entries: {'/t': entry(), '/t.db': entry()}}),
    ],
    [
      'nothing of a database without its source',
      () => find('table-missing', [tabled('hash:/t')], {entries: {'/t.db': entry()}}),
    ],
    ['nothing of a disabled instance', () => find('table-missing', [{...tabled('hash:/t'), ...disabled}])],
    [
      'nothing of what has no file',
      () => find('table-missing', [tabled('static:{a b} unix:passwd.byname memcache:own')]),
    ],
    ['nothing where it cannot be expanded', () => find('table-missing', [tabled('hash:${oops')])],
    ['nothing of what is not switched on', onOut('table-missing', {smtp_sasl_password_maps: 'hash:/t'})],
    ['nothing of files that Postfix fills itself', onOut('table-missing', {postscreen_cache_map: 'btree:/t'})],
    ['nothing of a database that only newaliases(1) opens', onOut('table-missing', {alias_database: 'hash:/t'})],
    ['nothing of the default of alias_maps where no mail comes in', () => find('table-missing', [local()])],
    [
      'nothing of it where aliases are there',
      () => find('table-missing', [local('smtpd')], {entries: {'/etc/aliases.db': entry()}}),
    ],
    [
      'the default of alias_maps, where mail for local accounts comes in',
      () => find('table-missing', [local('smtpd')]),
      /^error: postfix-out refers to hash:\/etc\/aliases \(the default of alias_maps\), but \/etc\/aliases is not there: mail is deferred/,
    ],
    [
      'one that is not there',
      () => find('table-missing', [tabled('hash:/t')]),
      /^error: postfix-out refers to hash:\/t \(virtual_alias_maps\), but \/t is not there/,
    ],
    [
      'one of a parameter that has been switched on',
      onOut('table-missing', {smtp_sasl_password_maps: 'hash:/t', smtp_sasl_auth_enable: 'yes'}),
      /^error: .* \/t is not there/,
    ],
    [
      'one that was not built',
      () => find('table-missing', [tabled('hash:/t')], {entries: {'/t': entry()}}),
      /^error: .* \/t\.db was not built/,
    ],
    [
      'a type that this Postfix does not have',
      onOut('table-missing', {transport_maps: 'hsh:/t'}),
      /^error: postfix-out refers to hsh:\/t \(transport_maps\), but this Postfix has no type hsh: mail is deferred/,
    ],
    [
      'one without a type',
      () => find('table-missing', [tabled('/t')]),
      /^error: postfix-out refers to \/t \(virtual_alias_maps\), but a table has a type before its name: what reads it dies/,
    ],
    [
      'a restriction that has no table behind it',
      onOut('table-missing', {smtpd_client_restrictions: 'check_client_access /t'}),
      /^error: .*but check_client_access wants a table, with a type before its name: clients get 451/,
    ],
    [
      'the file of a client that asks a server',
      () => find('table-missing', [tabled('memcache:/t.cf')]),
      /^error: .* but \/t\.cf is not there: mail is deferred/,
    ],
    [
      'a path that is not absolute',
      () => find('table-missing', [tabled('hash:t')]),
      /^error: .* but Postfix looks for it in queue_directory, and \/var\/spool\/postfix-out\/t\.db is not there/,
    ],
    ['members of another table', () => find('table-missing', [tabled('unionmap:{hash:/t, static:x}')]), /hash:\/t/],
    [
      'a directory',
      () => find('table-missing', [tabled('texthash:/t')], {entries: {'/t': directory()}}),
      /^error: .* but \/t is a directory: what reads it dies/,
    ],
    [
      'files of lists, and what is in them',
      () => {
        const texts = {'/d': '# a\nexample.org\n/e hash:/t\n'}
        return find('table-missing', [subject('postfix-out', {main: {relay_domains: '/c, !/d'}})], {texts})
      },
      /refers to \/c \(relay_domains\), but that file is not there: mail is deferred/,
      /refers to \/e \(relay_domains\), but that file is not there/,
      /refers to hash:\/t \(relay_domains\), but \/t is not there/,
    ],
    [
      'IPv6 without brackets',
      onOut('table-missing', {mynetworks: '127.0.0.0/8, 2001:db8::/32'}),
      /but it is a table for Postfix: an IPv6 address needs brackets here/,
    ],
    [
      'what proxymap(8) does not open for it',
      onOut('table-missing', {virtual_alias_maps: 'proxy:hash:/t', proxy_read_maps: 'x', proxy_write_maps: 'y'}),
      /but proxy_read_maps does not have proxy:hash:\/t: what reads it dies/,
    ],
    [
      'what mail_owner, and so proxymap(8), cannot read',
      () => find('table-missing', [proxied()], {entries: {'/t': entry({mode: 0o600})}}),
      /but proxymap\(8\) runs as postfix, which cannot read \/t: mail is deferred/,
    ],
    [
      'nothing of what its group may read, or it owns itself',
      () => [
        ...find('table-missing', [proxied()], {entries: {'/t': entry({mode: 0o640})}}),
        ...find('table-missing', [proxied()], {entries: {'/t': entry({mode: 0o600, uid: 100})}}),
      ],
    ],
    [
      'one that a service names',
      () => {
        const smtpd = service('25 inet n - n - - smtpd -o smtpd_sender_restrictions=check_sender_access,hash:/t')
        return find('table-missing', [subject('postfix-out', {services: [smtpd]})])
      },
      /^error: postfix-out refers to hash:\/t \(25\/inet: smtpd_sender_restrictions\), but/,
    ],
    [
      'a socketmap without a server',
      () => find('table-missing', [tabled('socketmap:x')]),
      /neither inet:HOST:PORT:NAME/,
    ],
    [
      'a table of accounts that there is not',
      () => find('table-missing', [tabled('unix:x')]),
      /only unix:passwd\.byname/,
    ],
  ],
  'address-missing': [
    ['nothing of what the host has', interfaces('127.0.0.1, [::1] 192.0.2.25 localhost')],
    ['nothing of all and of loopback-only', () => [...interfaces('all')(), ...interfaces('loopback-only')()]],
    ['nothing of a name that nobody answers for in time', interfaces('slow')],
    [
      'nothing of a disabled instance',
      () => find('address-missing', [{...subject('a', {main: {inet_interfaces: '10.9.9.9'}}), ...disabled}]),
    ],
    ['nothing of no address at all where no service needs one', interfaces('')],
    [
      'an address that no interface has',
      interfaces('10.9.9.9'),
      /^error: postfix-out has inet_interfaces = 10\.9\.9\.9: it does not start \(parameter inet_interfaces: no local interface found for 10\.9\.9\.9\)$/,
    ],
    [
      'what belongs elsewhere where a NAT is',
      interfaces('203.0.113.5'),
      /; the address of a NAT belongs in proxy_interfaces$/,
    ],
    ...['eth0', '192.0.2.256', 'all,127.0.0.1', '127.0.0.1 nosuch.example'].map(
      (value): Row => [
        `what cannot be found, in ${value}`,
        interfaces(value),
        /config variable inet_interfaces: host not found: (?:eth0|192\.0\.2\.256|all|nosuch\.example)\)$/,
      ],
    ),
    [
      'IPv6 where the instance speaks IPv4 alone',
      interfaces('::1', {inet_protocols: 'ipv4'}),
      /host not found: ::1\)$/,
    ],
    [
      'no address where a service needs one',
      interfaces('', {}, 'smtp inet n - n - - smtpd'),
      /has inet_interfaces = : it does not start \(no valid IP address found: smtp\)$/,
    ],
    [
      'a name that nothing resolves, of a NAT',
      interfaces('all', {proxy_interfaces: 'nosuch.example'}),
      /its daemons die of it/,
    ],
    ['nothing of the address of a NAT', interfaces('all', {proxy_interfaces: '203.0.113.5'})],
    ...['127.0.0.9:25', '[::1]:25', 'localhost:25', ':25', '25', 'slow:25', '0:25', '[::x]:25'].map(
      (name): Row => [`nothing of ${name} in master.cf`, interfaces('all', {}, `${name} inet n - n - - smtpd`)],
    ),
    [
      'an address in master.cf that nobody can bind to',
      interfaces('all', {}, '203.0.113.5:25 inet n - n - - smtpd'),
      /^error: postfix-out has 203\.0\.113\.5:25\/inet: it does not start \(bind 203\.0\.113\.5 port 25: Cannot assign requested address\)$/,
    ],
    [
      'a name in master.cf that nothing resolves',
      interfaces('all', {}, 'nosuch.example:25 inet n - n - - smtpd'),
      /\(bad hostname or network address: nosuch\.example:25\)$/,
    ],
    [
      'nothing of one that is switched off',
      interfaces('all', {master_service_disable: 'inet'}, 'nosuch.example:25 inet n - n - - smtpd'),
    ],
  ],
  'bind-address': [
    ['nothing of what the host has', sending({smtp_bind_address: '192.0.2.25', smtp_bind_address6: '[::1]'})],
    ['nothing where none is set', sending({})],
    ['nothing of a protocol that is off', sending({smtp_bind_address: '10.9.9.9', inet_protocols: 'ipv6'})],
    [
      'nothing of what no client uses',
      () => find('bind-address', [subject('a', {main: {smtp_bind_address: '10.9.9.9'}})]),
    ],
    [
      'one that no interface has, once for all clients',
      sending({smtp_bind_address: '10.9.9.9'}),
      /^error: postfix-out sends from 10\.9\.9\.9 \(smtp_bind_address\), which no interface of this host has: mail leaves by another address$/,
    ],
    [
      'mail that waits for it',
      sending({smtp_bind_address: '10.9.9.9', smtp_bind_address_enforce: 'yes'}),
      /: mail is deferred$/,
    ],
    ['what is no address', sending({smtp_bind_address: 'localhost'}), /which is no IPv4 address: smtp\(8\) dies/],
    [
      'what is an address of the other protocol',
      sending({smtp_bind_address6: '192.0.2.25'}),
      /which is no IPv6 address/,
    ],
    [
      'one of a service alone',
      sending({}, 'smtp_bind_address=10.9.9.9'),
      /sends from 10\.9\.9\.9 \(smtp\/unix: smtp_bind_address\)/,
    ],
    ['nothing of IPv6 where the host has none', sending({smtp_bind_address: '192.0.2.25'}, '', '')],
    [
      'nothing of IPv6 where inet_interfaces has one address of it',
      sending({smtp_bind_address: '192.0.2.25', inet_interfaces: '192.0.2.25 2001:db8::5'}),
    ],
    [
      'IPv6 that leaves by any address',
      sending({smtp_bind_address: '192.0.2.25'}),
      /^warning: postfix-out sends from 192\.0\.2\.25 \(smtp_bind_address\), but smtp_bind_address6 is empty: to hosts with IPv6 mail leaves by another/,
    ],
  ],
  'cache-shared': [
    [
      'nothing of caches of their own',
      () => find('cache-shared', [cached('a', 'btree:/a/ps'), cached('b', 'btree:/b/ps')]),
    ],
    [
      'nothing of types that can be shared',
      () =>
        find('cache-shared', [
          cached('a', 'proxy:btree:/ps'),
          cached('b', 'proxy:btree:/ps'),
          cached('c', 'lmdb:/ps'),
          cached('d', 'lmdb:/ps'),
        ]),
    ],
    [
      'nothing where no postscreen(8) runs',
      () =>
        find(
          'cache-shared',
          ['a', 'b'].map((each) => ({...cached(each, 'btree:/ps'), services: []})),
        ),
    ],
    [
      'a cache of two instances',
      () => find('cache-shared', [cached('a', 'btree:/ps'), cached('b', 'btree:/ps')]),
      /^error: postscreen_cache_map of b is the postscreen_cache_map of a, too \(btree:\/ps\): the postscreen\(8\) that comes second dies$/,
    ],
    [
      'sessions of TLS of servers and clients in one file',
      () => {
        const table = 'btree:/tls'
        const main = {
          ...{smtpd_tls_session_cache_database: table, smtp_tls_session_cache_database: table},
          ...{smtpd_tls_security_level: 'may', smtp_tls_security_level: 'may'},
        }
        return find('cache-shared', [
          subject('postfix-out', {main, services: [service('tlsmgr unix - - n 1000? 1 tlsmgr')]}),
        ])
      },
      /is smtpd_tls_session_cache_database, too \(btree:\/tls\): tlsmgr\(8\) dies of it$/,
    ],
    [
      'what verify(8) fills',
      () => {
        const main = {address_verify_map: 'btree:/v', smtpd_recipient_restrictions: 'reject_unverified_recipient'}
        const services = [service('verify unix - - n - 1 verify')]
        return find(
          'cache-shared',
          ['a', 'b'].map((each) => subject(each, {main, services})),
        )
      },
      /address_verify_map of b is the address_verify_map of a/,
    ],
  ],
  'socket-missing': [
    [
      'nothing of what is there',
      asking({smtpd_milters: 'unix:/run/m, inet:localhost:1'}, {'/run/m': entry({kind: 'other'})}),
    ],
    [
      'nothing where no smtpd(8) asks',
      () => find('socket-missing', [subject('a', {main: {smtpd_milters: 'unix:/run/m'}})]),
    ],
    [
      'nothing of what master(8) makes',
      asking({smtpd_client_restrictions: 'check_policy_service unix:private/spf', ...policies}),
    ],
    ['nothing of Cyrus', asking({smtpd_sasl_auth_enable: 'yes', smtpd_sasl_type: 'cyrus', smtpd_sasl_path: 'smtpd'})],
    [
      'nothing of SASL over TCP',
      asking({smtpd_sasl_auth_enable: 'yes', smtpd_sasl_type: 'dovecot', smtpd_sasl_path: 'inet:[::1]:1'}),
    ],
    [
      'a milter that is not there',
      asking({smtpd_milters: 'unix:/run/m', milter_default_action: 'tempfail'}),
      /^error: postfix-out asks unix:\/run\/m \(smtpd_milters\), but \/run\/m is not there: milter_default_action is tempfail, and clients get that$/,
    ],
    [
      'one without which mail passes',
      asking({smtpd_milters: 'unix:/run/m', milter_default_action: 'accept'}),
      /^warning: .*: mail passes without it$/,
    ],
    [
      'one outside of the jail',
      asking({smtpd_milters: 'unix:/run/m'}, {'/run/m': entry({kind: 'other'})}, 'y'),
      /but \/var\/spool\/postfix-out\/run\/m is not there/,
    ],
    [
      'nothing of it where the jail is not certain',
      asking({smtpd_milters: 'unix:/run/m'}, {'/run/m': entry({kind: 'other'})}, '-'),
    ],
    [
      'a server of SASL that is not there',
      asking({smtpd_sasl_auth_enable: 'yes', smtpd_sasl_type: 'dovecot', smtpd_sasl_path: 'private/auth'}),
      /asks unix:private\/auth \(smtpd_sasl_path\), but \/var\/spool\/postfix-out\/private\/auth is not there: smtpd\(8\) dies/,
    ],
    [
      'a policy server that is not there',
      asking({smtpd_client_restrictions: 'permit_mynetworks, check_policy_service unix:private/pol', ...policies}),
      /asks unix:private\/pol \(smtpd_client_restrictions\), .*: clients get 451$/,
    ],
  ],
  'port-taken': [
    ['nothing of a free port', () => find('port-taken', [listening(out, 25)], {used: taken(587), holder})],
    ['nothing of what runs', () => find('port-taken', [listening(out, 25)], {used: taken(25), holder, masters: [out]})],
    [
      'nothing of another instance: that is no other program',
      () =>
        find('port-taken', [listening(out, 25), into], {used: taken(25), holder: {...holder, pid: 1}, masters: [into]}),
    ],
    ['nothing of a disabled instance', () => find('port-taken', [listening(off, 25)], {used: taken(25), holder})],
    [
      'a port that another program has',
      () => find('port-taken', [listening(out, 25)], {used: taken(25), holder}),
      /^error: postfix-out wants to listen on .*25, which exim \(process 99\) has/,
    ],
  ],
  'maillog-unwritable': [
    ['nothing without one', onOut('maillog-unwritable', {})],
    [
      'nothing of one that is to be made',
      onOut('maillog-unwritable', log('/var/log/a'), {entries: {'/var/log': directory()}}),
    ],
    [
      'one outside of maillog_file_prefixes',
      onOut('maillog-unwritable', log('/run/a')),
      /^error: postfix-out does not start: .* does not begin with one of \/var/,
    ],
    [
      'one in a directory that is not there',
      onOut('maillog-unwritable', log('/var/log/a')),
      /^error: postfix-out does not start: \/var\/log, the directory of its maillog_file, is not there/,
    ],
    [
      'one that mail_owner cannot write, as advice',
      onOut('maillog-unwritable', log('/var/log/a'), {entries: {'/var/log': directory(), '/var/log/a': entry()}}),
      /^advice: \/var\/log\/a belongs to user 0, not to postfix/,
    ],
  ],
  'primary-disabled': [
    ['nothing of an enabled one', () => find('primary-disabled', [first, out])],
    ['nothing of one alone', () => find('primary-disabled', [{...first, ...disabled}])],
    [
      'one that is disabled beside others',
      () => find('primary-disabled', [{...first, ...disabled}, out]),
      /^warning: The primary is not enabled/,
    ],
  ],
  'start-order': [
    [
      'nothing of a sender that starts last',
      onFlow('start-order', [receiver('postfix-b', 10026), sender('[127.0.0.1]:10026')]),
    ],
    [
      'nothing of the primary, which is always the first',
      onFlow('start-order', [
        view('postfix', {main: {default_transport: 'smtp:[127.0.0.1]:10026'}}),
        receiver('postfix-b', 10026),
      ]),
    ],
    [
      'a sender that starts first',
      onFlow('start-order', [sender('[127.0.0.1]:10026'), receiver('postfix-b', 10026)]),
      /^warning: postfix-a sends to postfix-b .*, which starts after it/,
    ],
  ],
  unreachable: [
    ['nothing of those that get mail', onReadmeHost('unreachable')],
    ['nothing of a disabled one', onFlow('unreachable', [{...view('postfix-a'), ...disabled}])],
    [
      'one that listens nowhere',
      onFlow('unreachable', [view('postfix-a')]),
      /^warning: postfix-a gets no mail: it listens nowhere/,
    ],
    [
      'one that listens on this host alone, as advice',
      onFlow('unreachable', [receiver('postfix-a', 10026)]),
      /^advice: postfix-a gets no mail: it listens on this host alone/,
    ],
  ],
  'list-format': [
    ['nothing of plain paths', onPrimary('list-format', {multi_instance_directories: '/etc/a /etc/b'})],
    ['commas', onPrimary('list-format', {multi_instance_directories: '/etc/a, /etc/b'}), /^warning: .* has a comma/],
    [
      'what is not plain',
      onPrimary('list-format', {multi_instance_directories: '/etc/a/ b'}),
      /^warning: .*\/etc\/a\//,
    ],
    [
      'what is there twice',
      onPrimary('list-format', {multi_instance_directories: '/etc/a /etc/a'}),
      /^warning: .*\/etc\/a more than once/,
    ],
  ],
  'name-missing': [
    ['nothing of names, and of the primary, which needs none', () => find('name-missing', [first, out])],
    [
      'an instance without a name',
      () => find('name-missing', [first, {...out, multi_instance_name: ''}]),
      /^warning: \/etc\/postfix-out has no multi_instance_name/,
    ],
  ],
  'maillog-shared': [
    [
      'nothing of a file for each',
      () => find('maillog-shared', [subject('a', {main: log('/var/log/a')}), subject('b', {main: log('/var/log/b')})]),
    ],
    [
      'nothing of what is no file of this host',
      () =>
        find('maillog-shared', [subject('a', {main: log('/dev/stdout')}), subject('b', {main: log('/dev/stdout')})]),
    ],
    [
      'one file for two',
      () => find('maillog-shared', [subject('a', {main: log('/var/log/a')}), subject('b', {main: log('/var/log/a')})]),
      /^warning: 2 instances write to \/var\/log\/a/,
    ],
  ],
  'table-stale': [
    [
      'nothing of one that was built afterwards',
      () => find('table-stale', [tabled('hash:/t')], {entries: {'/t': entry(), '/t.db': entry({modified: 9})}}),
    ],
    ['nothing of one that was not built', () => find('table-stale', [tabled('hash:/t')], {entries: {'/t': entry()}})],
    [
      'one whose source is newer',
      () => find('table-stale', [tabled('hash:/t')], {entries: {'/t': entry({modified: 9}), '/t.db': entry()}}),
      /^warning: postfix-out uses hash:\/t, and \/t was changed since it was built/,
    ],
  ],
  'unknown-parameter': [
    ['nothing of what somebody uses', onOut('unknown-parameter', {relayhost: 'x'})],
    [
      'a name that nobody uses, once for all that set it',
      () => find('unknown-parameter', [misspelt('postfix-out'), misspelt('postfix-in')], {near: ['relayhost']}),
      /^warning: There is no parameter rleayhost, .*: did you mean relayhost\?$/,
    ],
    [
      'a name like no other',
      () => find('unknown-parameter', [misspelt('postfix-out')]),
      /^warning: There is no parameter rleayhost, so it has no effect$/,
    ],
    [
      'one that a service sets, by its line',
      () => {
        const services = [service('smtp inet n - n - - smtpd -o smtpd_recipent_restrictions=permit')]
        return find('unknown-parameter', [{...out, services, isUsed: () => false}], {near: ['smtpd_x']})
      },
      /^warning: There is no parameter smtpd_recipent_restrictions, so -o .* of smtp\/inet has no effect: did you mean/,
    ],
    [
      'nothing of a service that is off',
      () => {
        const services = [service('smtp inet n - n - - smtpd -o smtpd_recipent_restrictions=permit')]
        const switchedOff = subject('postfix-out', {main: {master_service_disable: 'inet'}, services})
        return find('unknown-parameter', [{...switchedOff, settings: new Map(), isUsed: () => false}])
      },
    ],
  ],
  'deprecated-parameter': [
    ['nothing of what stays', onOut('deprecated-parameter', {smtpd_use_tls: 'yes'})],
    [
      'what Postfix is going to drop',
      onOut('deprecated-parameter', {smtpd_use_tls: 'yes'}, {successors: {smtpd_use_tls: 'smtpd_tls_security_level'}}),
      /^warning: postfix-out sets smtpd_use_tls, .*: smtpd_tls_security_level takes its place/,
    ],
  ],
  'restriction-missing': [
    ['nothing of the usual list', onSmtpd('restriction-missing', usualLists)],
    [
      'neither list with a word that rejects, and offers one',
      onSmtpd('restriction-missing', {smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destnation'}),
      /^error: Neither smtpd_relay_restrictions nor .* of postfix-out .*, for 25\/inet: smtpd\(8\) ends at each connection$/,
    ],
    [
      'one behind permit',
      onSmtpd('restriction-missing', {smtpd_relay_restrictions: 'permit, reject'}),
      /^error: Neither/,
    ],
    [
      'one behind warn_if_reject',
      onSmtpd('restriction-missing', {smtpd_relay_restrictions: 'warn_if_reject reject'}),
      /^error: Neither/,
    ],
    [
      'nothing where the other list rejects, or a class does',
      onSmtpd('restriction-missing', {
        smtpd_recipient_restrictions: 'mine',
        smtpd_restriction_classes: 'mine',
        mine: 'reject',
      }),
    ],
    [
      'nothing where a name stands for what is not known',
      onSmtpd('restriction-missing', {smtpd_relay_restrictions: '${x', smtpd_recipient_restrictions: 'permit'}),
    ],
    [
      'a service that has emptied them for itself',
      () => {
        const own = {smtpd_relay_restrictions: '', smtpd_recipient_restrictions: 'permit_sasl_authenticated'}
        const services = [smtpd({name: 'submission', settings: new Map(Object.entries(own))})]
        return find('restriction-missing', [first, subject('postfix-out', {main: usualLists, services})])
      },
      /^error: Neither .*, for submission\/inet/,
    ],
  ],
  'restriction-unknown': [
    [
      'nothing of words, tables and classes of Postfix',
      onSmtpd('restriction-unknown', {
        smtpd_client_restrictions:
          'Permit_mynetworks check_client_access hash:/x, sleep 1, mine, cidr:/y, reject_rbl_client zen',
        smtpd_recipient_restrictions: 'check_policy_service { inet:host:10040, timeout = 5s }, reject, rejct',
        smtpd_restriction_classes: 'mine',
        mine: 'permit_mynetworks',
      }),
    ],
    [
      'a misspelt word, and what was meant',
      onSmtpd('restriction-unknown', {smtpd_client_restrictions: 'permit_mynetwork, reject'}),
      /^error: smtpd_client_restrictions of postfix-out has permit_mynetwork, which is no restriction: did you mean permit_mynetworks\?/,
    ],
    [
      'one in a class that a list names',
      onSmtpd('restriction-unknown', {
        smtpd_sender_restrictions: 'mine',
        smtpd_restriction_classes: 'mine',
        mine: 'rejct',
      }),
      /^error: mine of postfix-out has rejct, which is no restriction: did you mean reject\?/,
    ],
    [
      'one that no service reads as a warning',
      onOut('restriction-unknown', {smtpd_client_restrictions: 'nonsense'}),
      /^warning: smtpd_client_restrictions of postfix-out has nonsense, which is no restriction$/,
    ],
    [
      'one of a service',
      () => {
        const services = [smtpd({settings: new Map([['smtpd_helo_restrictions', 'reject_rbl, x, nonsense']])})]
        return find('restriction-unknown', [first, subject('postfix-out', {services})])
      },
      /^error: -o smtpd_helo_restrictions of 25\/inet of postfix-out has nonsense/,
    ],
  ],
  'size-limits': [
    ['nothing of limits that agree', onSizes({message_size_limit: '1000', mailbox_size_limit: '1000'})],
    [
      'a mailbox smaller than a message, for both who deliver',
      onSizes({message_size_limit: '1000', mailbox_size_limit: '999', virtual_mailbox_limit: '1'}),
      /^error: mailbox_size_limit of postfix-out \(999\) is smaller than message_size_limit \(1000\): local\(8\) ends/,
      /^error: virtual_mailbox_limit of postfix-out \(1\) is smaller than message_size_limit/,
    ],
    [
      'a limited mailbox where messages are not',
      onSizes({message_size_limit: '0', mailbox_size_limit: '999'}),
      /is limited, and message_size_limit is not: local\(8\) ends/,
    ],
    ['nothing of mailboxes without a limit', onSizes({message_size_limit: '1000', mailbox_size_limit: '0'})],
    [
      'nothing where no mail is delivered',
      onSizes({message_size_limit: '1000', mailbox_size_limit: '1', mydestination: ''}),
    ],
    [
      'a disk that is too full',
      onSizes({message_size_limit: '1000', mailbox_size_limit: '0'}, 1500),
      /^error: message_size_limit of postfix-out is 1000, and \S+ has 1500 bytes left: smtpd\(8\) answers 452 to all mail$/,
    ],
    [
      'queue_minfree above what is left',
      onSizes({queue_minfree: '5000', mailbox_size_limit: '0', message_size_limit: '1000'}, 1501),
      /^error: queue_minfree of postfix-out is 5000/,
    ],
  ],
  'bad-value': [
    [
      'nothing of values of the right kind',
      onOut('bad-value', {
        smtpd_tls_auth_only: 'Yes',
        smtpd_timeout: '5min',
        message_size_limit: '5',
        relayhost: 'maybe',
      }),
    ],
    [
      'what a program that runs cannot read, with what was meant',
      () => {
        const main = {smtpd_tls_auth_only: 'true', smtpd_timeout: '5 m'}
        return find('bad-value', [first, subject('postfix-out', {main, services: [smtpd({})]})])
      },
      /^error: smtpd_tls_auth_only of postfix-out is 'true', and it must be yes or no: smtpd\(8\) ends when it starts$/,
      /^error: smtpd_timeout of postfix-out is '5 m', .* units s, m, h, d, w, or none, 1s at least: smtpd\(8\) ends/,
    ],
    [
      'what no program can start with',
      onOut('bad-value', {message_size_limit: '50M'}),
      /^error: message_size_limit .*'50M', .*a number of bytes, without a unit: no program of Postfix starts$/,
    ],
    [
      'what no service of this instance reads as a warning',
      onOut('bad-value', {smtpd_tls_auth_only: ''}),
      /^warning: smtpd_tls_auth_only of postfix-out is empty, and it must be yes or no$/,
    ],
    [
      'nothing where each service that reads it has its own',
      () => {
        const services = [smtpd({settings: new Map([['smtpd_tls_auth_only', 'no']])})]
        return find('bad-value', [first, subject('postfix-out', {main: {smtpd_tls_auth_only: 'x'}, services})]).filter(
          ({severity}) => severity === 'error',
        )
      },
    ],
    [
      'what a service has with -o, and nothing of what its program does not read',
      () => {
        const own = {smtpd_tls_security_level: 'maay', smtp_tls_security_level: 'x'}
        const services = [smtpd({name: 'smtps', settings: new Map(Object.entries(own))})]
        return find('bad-value', [first, subject('postfix-out', {services})])
      },
      /^error: smtps\/inet of postfix-out has -o smtpd_tls_security_level=maay, and it must be one of none, may, .*: smtpd\(8\) ends/,
    ],
    [
      'nothing of a level that smtpd_tls_wrappermode overrides',
      () => {
        const own = {smtpd_tls_security_level: 'x', smtpd_tls_wrappermode: 'yes'}
        return find('bad-value', [
          first,
          subject('postfix-out', {services: [smtpd({settings: new Map(Object.entries(own))})]}),
        ])
      },
    ],
    [
      'a guess from the default as a warning, and nothing where the default is no hint',
      onOut(
        'bad-value',
        {new_switch: 'x', new_limit: '5', new_text: 'x', lmtp_tcp_port: 'lmtp'},
        {defaults: {new_switch: 'no', new_limit: '100', new_text: 'y', lmtp_tcp_port: '24'}},
      ),
      /^warning: new_switch of postfix-out is 'x', and it should be yes or no$/,
    ],
    [
      'a time that Postfix reads as another one',
      onOut('bad-value', {smtpd_timeout: '5months'}),
      /^warning: smtpd_timeout of postfix-out is '5months', and it should be/,
    ],
  ],
  'name-undefined': [
    [
      'nothing of names that are there, of conditions, and of what Postfix does not expand',
      onOut('name-undefined', {
        ...{
          myorigin: '$mydomain',
          mydomain: 'x',
          a: '${nobody?x}',
          b: '${nobody:x}',
          luser_relay: '$user',
          c: '$$nobody $1',
        },
        d: 'pcre:{ {/$nobody/ OK} }',
      }),
    ],
    [
      'what nothing sets, once, and what was meant',
      onOut('name-undefined', {myorigin: '$mydomian ${mydomian}'}, {near: ['mydomain']}),
      /^warning: myorigin of postfix-out refers to \$mydomian, which nothing sets: it stands for nothing: did you mean \$mydomain\?$/,
    ],
    [
      'what a service refers to, but not what stock ones leave open',
      () => {
        const own = {smtpd_banner: '$mine $x', mine: 'y', smtpd_client_restrictions: '$mua_client_restrictions'}
        const services = [smtpd({settings: new Map(Object.entries(own))})]
        return find('name-undefined', [first, subject('postfix-out', {services})])
      },
      /^warning: -o smtpd_banner of 25\/inet of postfix-out refers to \$x/,
    ],
  ],
  'parameter-twice': [
    ['nothing of what stands once', onOut('parameter-twice', {relayhost: 'x'})],
    [
      'the line that has no effect',
      () => {
        const overridden = [
          {name: 'relayhost', value: 'y', line: 7},
          {name: 'relayhost', value: 'x', line: 8},
        ]
        return find('parameter-twice', [first, {...subject('postfix-out', {main: {relayhost: 'x'}}), overridden}])
      },
      /^warning: Line 7 of main.cf of postfix-out sets relayhost, and line 1 sets it again: line 7 has no effect \(another value\)$/,
      /^advice: Line 8 .*\(the same value\)$/,
    ],
  ],
  'comment-in-value': [
    ['nothing of a value', onOut('comment-in-value', {defer_transports: 'smtp'})],
    [
      'what was meant to be a comment',
      onOut('comment-in-value', {defer_transports: 'smtp # now'}),
      /^warning: defer_transports of postfix-out has '# now' in its value/,
    ],
    [
      'a comment behind a name, a group and nothing, but not in what people read',
      onOut('comment-in-value', {
        ...{
          multi_instance_name: 'postfix-out # x',
          multi_instance_group: 'mta # x',
          syslog_name: 'a # x',
          relayhost: '# none',
        },
        ...{
          smtpd_banner: 'Hello # 1',
          mail_name: 'Post # 1',
          body_checks: 'pcre:{ {/ # / OK} }',
          local_transport: 'a#b',
        },
      }),
      /multi_instance_name of postfix-out has '# x' in its value/,
      /multi_instance_group/,
      /syslog_name/,
      /relayhost of postfix-out has '# none'/,
    ],
  ],
  'stock-override': [
    ['nothing of one of the two', onOut('stock-override', {mynetworks_style: 'host'})],
    [
      'mynetworks beside mynetworks_style',
      onOut('stock-override', {mynetworks: '127.0.0.0/8', mynetworks_style: 'host'}),
      /^warning: postfix-out sets mynetworks and mynetworks_style/,
    ],
    [
      'inet_protocols of the prototype where the primary has others, as advice',
      () => {
        const primary = subject('-', {main: {meta_directory: '/m', inet_protocols: 'ipv4'}})
        const instances = [primary, subject('postfix-out', {main: {inet_protocols: 'all'}})]
        return find('stock-override', instances, {texts: {'/m/main.cf.proto': 'inet_protocols = all\n'}})
      },
      /^advice: postfix-out has inet_protocols = all from the prototype/,
    ],
  ],
  'xforward-asymmetry': [
    [
      'nothing of one that tells and one that believes',
      () => find('xforward-asymmetry', [grouped('a', tells), grouped('b', believes)]),
    ],
    ['nothing of one alone', () => find('xforward-asymmetry', [grouped('a', tells)])],
    ['nothing of another group', () => find('xforward-asymmetry', [subject('a', {main: tells}), subject('b')])],
    [
      'one that tells what nobody believes',
      () => find('xforward-asymmetry', [grouped('a', tells), grouped('b', {})]),
      /^warning: a sends XFORWARD, and no other instance of mta takes it/,
    ],
    [
      'ports that one of them alone logs',
      () =>
        find('xforward-asymmetry', [
          grouped('a', {...tells, smtpd_client_port_logging: 'yes'}),
          grouped('b', {...believes, smtpd_client_port_logging: 'no'}),
        ]),
      /^warning: a has smtpd_client_port_logging = yes, and b/,
    ],
  ],
  'chroot-incomplete': [
    ['nothing without a jail', () => find('chroot-incomplete', [serving({})], {texts: {'/etc/hosts': 'x'}})],
    [
      'nothing of a jail that has the same',
      () =>
        find('chroot-incomplete', [serving({chroot: 'y'})], {
          texts: {'/etc/hosts': 'x', '/var/spool/postfix-out/etc/hosts': 'x'},
        }),
    ],
    [
      'a jail in which a file is old',
      () =>
        find('chroot-incomplete', [serving({chroot: 'y'})], {
          texts: {'/etc/hosts': 'x', '/var/spool/postfix-out/etc/hosts': 'y'},
        }),
      /^warning: postfix-out runs 25\/inet in .*, where \/etc\/hosts is missing or old/,
    ],
  ],
  limits: [
    [
      'nothing where there is enough of both',
      () =>
        find('limits', [serving({limit: '10'})], {memory: 2 ** 30, masters: [out], descriptors: {open: 1, limit: 9}}),
    ],
    [
      'more servers than memory, as advice',
      () => find('limits', [serving({limit: '1000'})], {memory: 2 ** 30}),
      /^advice: SMTP servers of 1 instances may need 1\.3 GB, and this host has 1\.0 GB/,
    ],
    [
      'a master(8) that has nearly as many open files as it may',
      () => find('limits', [out], {memory: 2 ** 30, masters: [out], descriptors: {open: 9, limit: 10}}),
      /^warning: master\(8\) of postfix-out has 9 open files and may have 10/,
    ],
  ],
  'relay-syslog-name': [
    [
      'nothing of a name with the instance in it',
      () => find('relay-syslog-name', [first, named('$multi_instance_name/x')]),
    ],
    [
      'a name without the instance',
      () => find('relay-syslog-name', [first, named('postfix/x')]),
      /^advice: 25\/inet of postfix-out logs as postfix\/x/,
    ],
  ],
  'submit-blocked': [
    [
      'nothing where somebody may',
      () => find('submit-blocked', [subject('-', {main: {authorized_submit_users: 'root'}})]),
    ],
    ['nothing of a disabled instance', () => find('submit-blocked', [off])],
    [
      'where nobody may: of the primary a warning, of others advice',
      () => find('submit-blocked', [first, out]),
      /^warning: .* takes mail from no program/,
      /^advice: postfix-out takes mail from no program/,
    ],
  ],
  'compatibility-level': [
    ['nothing of one level', () => find('compatibility-level', [levelled('-', '3'), levelled('postfix-out', '3')])],
    [
      'another level than that of the primary',
      () => find('compatibility-level', [levelled('-', '3'), levelled('postfix-out', '2')]),
      /^advice: postfix-out has compatibility_level 2, and the primary 3/,
    ],
    [
      'none',
      () => find('compatibility-level', [levelled('-', '3'), out]),
      /^advice: postfix-out has no compatibility_level/,
    ],
  ],
  'recipient-limit': [
    ['nothing of a filter that gets all recipients at once', onFilter('1000')],
    [
      'a filter that gets them in pieces',
      onFilter('50'),
      /^advice: postfix-a hands messages to the filter .* 1000 rec/,
    ],
  ],
  'primary-not-null-client': [
    ['nothing of one alone', () => find('primary-not-null-client', [listening(first, 25)])],
    ['nothing of one that only sends', () => find('primary-not-null-client', [first, out])],
    [
      'one that takes mail from the network',
      () => find('primary-not-null-client', [listening(first, 25), out]),
      /^advice: The primary takes mail from the network at .*25/,
    ],
    [
      'one that delivers to mailboxes',
      onPrimary('primary-not-null-client', {mydestination: 'localhost', local_transport: 'local'}),
      /^advice: The primary delivers mail to mailboxes/,
    ],
  ],
  ...unitRows,
}
