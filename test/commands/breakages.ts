/** For each rule of `postmulti check`, what breaks it on the host of the README's walk-through, and what comes of it. */

import type {Severity} from '../../src/model/change/finding.ts'

export interface Broken {
  /** Shell commands; main.cf is edited by `put DIRECTORY PARAMETER=VALUE...`. */
  by: string
  instances: string
  message: RegExp
  severity: Severity
  /** FILE:LINE, `null` where the line is not known; null where it is about no file. */
  at: RegExp | null
  /** The first release of Postfix to which it does harm. */
  since?: `${number}.${number}`
  /** The first one to which it does no harm any more. */
  until?: `${number}.${number}`
  /** What comes of it: shell commands, and what they print. */
  shows?: [script: string, output: RegExp]
}

export const [primary, out, into] = ['/etc/postfix', '/etc/postfix-out', '/etc/postfix-in']
const trial = 'postmulti -i out -p start 2>&1'
/** Of an instance that does not run Postfix tells on stderr, and in the log before 3.10 only. */
const log = 'cat /var/log/*.log || :'
const start = (...names: string[]) => names.map((each) => `postmulti -i ${each} -p start`).join('; ')
const send = (name: string, to: string) =>
  `echo test | postmulti -i ${name} -x sendmail -i -f root@mta1.example.com ${to}`
const sendThroughOut = `${trial}; ${send('out', 'a@far.example.org')}`
const waitFor = (pattern: string) =>
  `for _ in $(seq 40); do grep -h '${pattern}' /var/log/*.log && break; sleep 0.3; done`
const connect = "bash -c 'exec 3<>/dev/tcp/192.0.2.25/25'"
const waitForDelivery = waitFor('status=')
/** Where Debian 13 does not fill it. */
const emptyJail = 'echo SYNC_CHROOT= >/etc/default/postfix; rm -rf /var/spool/postfix-out/etc'
/** Debian's, which makes a unit of systemd for each name in the list. */
const generate = `generator=/lib/systemd/system-generators/postfix-instance-generator
  if [ -x $generator ]; then $generator /run/units; ls /run/units/postfix.service.wants; else echo 'postfix@.service'; fi`

/** Debian 13's, where the units of these instances are enabled. */
const units = (...names: string[]) => `: the units of ${names.join(' and ')} are enabled
  wants=/etc/systemd/system/multi-user.target.wants
  mkdir -p /run/systemd/system $wants
  echo 'Environment=MAIL_CONFIG=/etc/postfix-%I' >/etc/systemd/system/postfix@.service
  for each in ${names.join(' ')}; do ln -s ../postfix@.service $wants/postfix@$each.service; done`

export const breakages: Record<string, Broken[]> = {
  'broken-instance': [
    {
      by: `echo nonsense >>${into}/main.cf`,
      instances: into,
      message: /postfix-in cannot be read .*missing '=' after attribute name/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: ['! postmulti -i in -p start 2>&1', /postfix-in.*missing '='/],
    },
    {
      by: `rm ${into}/main.cf`,
      instances: into,
      message: /No such file or directory/,
      severity: 'error',
      at: /postfix-in\/main.cf:null$/,
    },
    {
      by: `rm ${into}/master.cf`,
      instances: into,
      message: /master.cf.* No such file or directory|No such file/,
      severity: 'error',
      at: /postfix-in\/master.cf:null$/,
    },
    {
      by: `echo 'x unx - - n - - smtp' >>${into}/master.cf`,
      instances: into,
      message: /cannot be read \(\S+master.cf, line \d+: invalid type field "unx"/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [
        "EDITOR='sed -i /^x/d' postmulti instances edit in 2>&1",
        /Editing master.cf, which cannot be read: \/etc\/postfix-in\/master.cf, line \d+.*Changed master.cf of postfix-in/s,
      ],
    },
    {
      by: `echo nonsense >>${primary}/main.cf`,
      instances: primary,
      message: /The primary cannot be read/,
      severity: 'error',
      at: /postfix\/main.cf:null$/,
    },
  ],
  'unlisted-instance': [
    {
      by: `${start(into)}; postconf -e multi_instance_directories=${out}`,
      instances: primary,
      message: /\/etc\/postfix-in runs \(process \d+\) and is not in the list: no command starts or stops it/,
      severity: 'error',
      at: /postfix\/main.cf:\d+$/,
    },
    {
      by: `postconf -e multi_instance_directories=${out}`,
      instances: primary,
      message: /\/etc\/postfix-in is an instance with a queue of its own, and is not in the list/,
      severity: 'advice',
      at: /postfix\/main.cf:\d+$/,
    },
  ],
  'wrapper-missing': [
    {
      by: `put ${primary} multi_instance_wrapper=`,
      instances: primary,
      message: /refuses to start anything/,
      severity: 'error',
      at: /postfix\/main.cf:\d+$/,
      shows: [`! postfix start; ${log}`, /multi_instance_wrapper is empty/],
    },
  ],
  'wrapper-unusable': [
    {
      by: `put ${primary} multi_instance_wrapper=/usr/local/sbin/nosuch`,
      instances: primary,
      message: /nosuch, which is not there/,
      severity: 'error',
      at: /postfix\/main.cf:\d+$/,
      shows: [`! postfix start; ${log}`, /nosuch: No such file or directory/],
    },
    {
      by: `put ${primary} multi_instance_wrapper=/etc/services`,
      instances: primary,
      message: /services, which cannot be run/,
      severity: 'error',
      at: /postfix\/main.cf:\d+$/,
      shows: [`! postfix start; ${log}`, /services: Permission denied/],
    },
  ],
  'name-shared': [
    {
      by: `put ${into} multi_instance_name=postfix-out`,
      instances: `${out} ${into}`,
      message: /both called postfix-out/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: ['! postmulti -l 2>&1', /conflicts with instance/],
    },
  ],
  'directory-shared': [
    {
      by: `ln -s postfix-out /var/spool/other; put ${into} queue_directory=/var/spool/other`,
      instances: `${out} ${into}`,
      message: /the queue_directory of postfix-in is the queue_directory of postfix-out, too/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`${trial}; ! postmulti -i in -p start; ${log}`, /already running|unable to set exclusive lock/],
    },
    {
      by: `put ${into} data_directory=/var/lib/postfix-out`,
      instances: `${out} ${into}`,
      message: /data_directory of postfix-in is the data_directory/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: ['! postmulti -l 2>&1', /conflicts with instance/],
    },
  ],
  'directory-nested': [
    {
      by: `mkdir -p /var/spool/postfix-out/active/nest; put ${into} queue_directory=/var/spool/postfix-out/active/nest`,
      instances: `${out} ${into}`,
      message: /lies within the queue_directory of postfix-out/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`touch /var/spool/postfix-out/active/nest/x; ${trial} 2>&1 || :; ${log}`, /Directory not empty/],
    },
  ],
  'alternate-directory-unsafe': [
    {
      by: `mkdir -m 777 /run/anybody; put ${primary} 'alternate_config_directories=/run/anybody'`,
      instances: primary,
      message: /\/run\/anybody can be written by anybody \(mode 777\)/,
      severity: 'error',
      at: /postfix\/main.cf:\d+$/,
      // postfix-out takes mail from root alone.
      shows: [
        `sed '/^authorized_submit_users/d' ${out}/main.cf >/run/anybody/main.cf; touch -d '-1 hour' /run/anybody/main.cf
          echo test | setpriv --reuid=nobody --clear-groups sendmail -C /run/anybody -f x@example.com a@example.com
          ls /var/spool/postfix-out/maildrop | wc -l`,
        /^1$/m,
      ],
    },
    {
      by: `put ${primary} 'alternate_config_directories=/etc/gone'`,
      instances: primary,
      message: /\/etc\/gone, which is not there/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
    },
  ],
  'owner-or-mode': [
    {
      by: 'chown root /var/lib/postfix-out',
      instances: out,
      message: /belongs to user 0, not to postfix: postfix-out does not start/,
      severity: 'error',
      at: null,
      shows: [`! ${trial}; ${log}`, /data_directory|\/var\/lib\/postfix-out/],
    },
    {
      by: `chmod 666 ${into}/master.cf`,
      instances: into,
      message: /master.cf can be written by anybody/,
      severity: 'error',
      at: null,
    },
    {by: 'rm -rf /var/lib/postfix-in', instances: into, message: /is not there/, severity: 'error', at: null},
  ],
  'service-invalid': [
    {
      by: `postconf -c ${into} -M '10025/inet=10025 inet - - n - - smtpd'`,
      instances: into,
      message: /postfix-in does not start because of 10025\/inet: private is -, and must be n/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! postmulti -i in -p start 2>&1; ${log}`, /startup failed/],
    },
    {
      by: `echo 'x unix - - n - - smtp -o { a = b' >>${into}/master.cf`,
      instances: into,
      message: /postfix-in does not start because of x\/unix: missing '}'/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! postmulti -i in -p start 2>&1; ${log}`, /startup failed/],
    },
  ],
  'service-missing': [
    {
      by: `postconf -c ${out} -MX bounce/unix`,
      instances: out,
      message: /postfix-out has no bounce\/unix in its master.cf: mail that cannot be delivered stays in the queue/,
      severity: 'error',
      at: /postfix-out\/master.cf:null$/,
      shows: [
        `postconf -c ${out} -e default_transport=error:no; ${sendThroughOut}; ${waitForDelivery}`,
        /status=deferred \(bounce or trace service failure\)/,
      ],
    },
    {
      by: `postconf -c ${into} -MX postlog/unix-dgram`,
      instances: into,
      message: /postfix-in has no postlog\/unix-dgram in its master.cf: it does not start/,
      severity: 'error',
      at: /postfix-in\/master.cf:null$/,
      shows: ['! postmulti -i in -p start 2>&1; cat /var/log/*.log', /missing 'postlog' service/],
    },
    {
      by: `put ${into} master_service_disable=cleanup/unix`,
      instances: into,
      message: /postfix-in has cleanup\/unix switched off by master_service_disable: no mail comes in/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`${start('in')}; test -e /var/spool/postfix-in/public/cleanup || echo nobody there`, /nobody there/],
    },
  ],
  'service-dies': [
    {
      by: `put ${out} default_transport=h1: && postconf -c ${out} -M 'h1/unix=h1 unix - - n - - smtp -o smtp_bind_address = 127.0.0.1'`,
      instances: out,
      message: /h1\/unix of postfix-out dies as soon as it is started: .*missing '='/,
      severity: 'error',
      at: /postfix-out\/master.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('fatal: invalid')}`, /missing '=' after attribute name/],
    },
    {
      by: `put ${out} default_transport=h1: && postconf -c ${out} -M 'h1/unix=h1 unix - - n - - smtpx'`,
      instances: out,
      message: /h1\/unix of postfix-out dies .*smtpx is not there: did you mean/,
      severity: 'error',
      at: /postfix-out\/master.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('exit status 1')}`, /smtpx pid \d+ exit status 1/],
    },
    {
      by: `put ${out} default_transport=h1: && postconf -c ${out} -M 'h1/unix=h1 unix - n n - - pipe user=nosuch argv=/bin/true'`,
      instances: out,
      message: /h1\/unix of postfix-out dies .*there is no user nosuch/,
      severity: 'error',
      at: /postfix-out\/master.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('fatal: get_service_attr')}`, /unknown username: nosuch/],
    },
  ],
  'service-twice': [
    {
      by: `echo '10026 inet n - n - - smtpd -o syslog_name=first' >>${into}/master.cf; echo '10026 inet n - n - - smtpd -o syslog_name=second' >>${into}/master.cf`,
      instances: into,
      message: /postfix-in has 10026\/inet again in line \d+, which takes the place of this one/,
      severity: 'warning',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`${start('in')}; ${waitFor('duplicate')}`, /duplicate master.cf entry .* -- using the last entry/],
    },
  ],
  'hop-to-self': [
    {
      by: `put ${out} relayhost=[127.0.0.1]:25`,
      instances: out,
      message: /sends to \[127.0.0.1\]:25 \(relayhost\), which is its own address/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /mail for 127\.0\.0\.1 loops back to myself|loops back/],
    },
  ],
  'hop-to-nowhere': [
    {
      by: `put ${out} default_transport=smtp:[192.0.2.1] master_service_disable=smtp/unix`,
      instances: out,
      message: /sends by transport smtp .*, which master_service_disable switches off/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /status=deferred \(mail transport unavailable\)/],
    },
    {
      by: `put ${out} relayhost=[127.0.0.1]:7777`,
      instances: out,
      message: /\[127.0.0.1\]:7777 \(relayhost\), which has no listener/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /Connection refused/],
    },
    {
      by: `put ${into} default_transport=smtp:[127.0.0.1]:10026; postmulti -i out -e disable`,
      instances: `${into} ${out}`,
      message: /to postfix-out \(127.0.0.1:10026\), which is disabled/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
    {
      by: `put ${into} content_filter=smtp:[127.0.0.1]:10026; put ${out} master_service_disable=inet`,
      instances: `${into} ${out}`,
      message: /switched off by master_service_disable/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
    {
      by: `echo 'example.org smtp:[127.0.0.1]:7777' >${out}/transport
        postmap ${out}/transport; put ${out} "transport_maps=$(postconf -h default_database_type):${out}/transport"`,
      instances: out,
      message: /\(transport_maps\), which has no listener/,
      severity: 'error',
      at: /postfix-out\/transport:1$/,
    },
    {
      by: `put ${out} default_transport=nosuch`,
      instances: out,
      message: /sends by transport nosuch \(default_transport\), which its master.cf does not have/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /mail transport unavailable/],
    },
    {
      by: `postconf -c ${into} -P 'smtp/inet/smtpd_proxy_filter=127.0.0.1:7777'`,
      instances: into,
      message: /\(smtp\/inet: smtpd_proxy_filter\), which has no listener/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
    },
  ],
  'mail-loop': [
    {
      by: `put ${into} default_transport=smtp:[127.0.0.1]:10026 hopcount_limit=6
        put ${out} relayhost=[192.0.2.25]:25 hopcount_limit=6`,
      instances: `${out} ${into}`,
      message: /Mail for the rest of the world goes round: postfix-out, postfix-in, postfix-out/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `postmulti -i in -p start; ${sendThroughOut}
          ${waitFor('too many hops')}`,
        /too many hops/,
      ],
    },
    {
      by: `put ${out} default_transport=smtp:[192.0.2.25]:25`,
      instances: `${out} ${into}`,
      message: /goes round: postfix-out, postfix-in, .*127.0.0.1.*, postfix-out/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
    },
  ],
  'table-missing': [
    {
      by: `put ${out} virtual_alias_maps=hash:${out}/none`,
      instances: out,
      message: /none \(virtual_alias_maps\), but \/etc\/postfix-out\/none is not there/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('is unavailable')}`, /open database .*No such file or directory/],
    },
    {
      by: `echo 'a b' >${out}/other; touch ${out}/other.cdb; put ${out} virtual_alias_maps=btree:${out}/other`,
      instances: out,
      message: /other.db was not built \(.*other.cdb was\)/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
    },
    {
      by: `put ${out} transport_maps=hsh:${out}/none`,
      instances: out,
      message: /refers to hsh:\S+ \(transport_maps\), but this Postfix has no type hsh/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('unsupported')}`, /unsupported dictionary type: hsh/],
    },
    {
      by: `put ${out} virtual_alias_maps=${out}/none`,
      instances: out,
      message: /refers to \/etc\/postfix-out\/none \(virtual_alias_maps\), but a table has a type before its name/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `${sendThroughOut}; ${waitFor('fatal')}`,
        /expecting "type:name" form instead of "\/etc\/postfix-out\/none"/,
      ],
    },
    {
      by: `put ${out} virtual_alias_maps=memcache:${out}/none.cf`,
      instances: out,
      message: /none\.cf \(virtual_alias_maps\), but \/etc\/postfix-out\/none\.cf is not there/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `${sendThroughOut}; ${waitFor('error: open')}`,
        /open \/etc\/postfix-out\/none\.cf: No such file or directory/,
      ],
    },
    {
      by: `put ${out} 'virtual_alias_maps=texthash:etc/none'`,
      instances: out,
      message: /but Postfix looks for it in queue_directory, and \/var\/spool\/postfix-out\/etc\/none is not there/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('error: open')}`, /open database etc\/none: No such file or directory/],
    },
    {
      by: `put ${out} 'virtual_alias_maps=unionmap:{static:x, texthash:${out}/none}'`,
      instances: out,
      message: /refers to texthash:\/etc\/postfix-out\/none \(virtual_alias_maps\), but/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
    },
    {
      by: `put ${out} relay_domains=${out}/none`,
      instances: out,
      message: /refers to \/etc\/postfix-out\/none \(relay_domains\), but that file is not there/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `${sendThroughOut}; ${waitFor('open file')}`,
        /open file \/etc\/postfix-out\/none: No such file or directory/,
      ],
    },
    {
      by: `mkdir ${out}/list; put ${out} relay_domains=${out}/list`,
      instances: out,
      message: /refers to \/etc\/postfix-out\/list \(relay_domains\), but that is a directory/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('fatal')}`, /read file \/etc\/postfix-out\/list: Is a directory/],
    },
    {
      by: `postconf -c ${into} -P 'smtp/inet/smtpd_sender_restrictions=check_sender_access,texthash:${into}/none'`,
      instances: into,
      message: /refers to texthash:\S+ \(smtp\/inet: smtpd_sender_restrictions\), but/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
    },
    {
      by: `echo '  -o { smtpd_sender_restrictions = check_sender_access texthash:${into}/none }' >/run/words
        sed -i '/^smtp *inet/r /run/words' ${into}/master.cf`,
      instances: into,
      message: /refers to texthash:\S+ \(smtp\/inet: smtpd_sender_restrictions\), but/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
    },
    {
      by: `echo 'a b' >${out}/t; put ${out} smtpd_restriction_classes=own own='check_client_access proxy:texthash:${out}/t' \
        smtpd_client_restrictions=own`,
      instances: out,
      message: /but proxy_read_maps does not have proxy:texthash:\/etc\/postfix-out\/t/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
    },
    {
      by: `put ${out} 'mynetworks=2001:db8::/32'`,
      instances: out,
      message: /refers to 2001:db8::\/32 \(.*mynetworks.*\), but it is a table for Postfix/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
    },
    {
      by: `put ${out} mydestination=localhost local_transport=local authorized_submit_users=root; postconf -c ${out} -X alias_maps; rm -f /etc/aliases.*`,
      instances: out,
      message: /\(the default of alias_maps\), but \/etc\/aliases\.\w+ was not built/,
      severity: 'error',
      at: /postfix-out\/main.cf:null$/,
      shows: [`${trial}; ${send('out', 'root@localhost')}; ${waitFor('status=')}`, /status=deferred .*alias/],
    },
  ],
  'address-missing': [
    {
      by: `put ${into} mynetworks=127.0.0.0/8 inet_interfaces=198.51.100.5`,
      instances: into,
      message: /no local interface found for 198\.51\.100\.5\); the address of a NAT belongs in proxy_interfaces/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`! ${start(into)} 2>&1; ${log}`, /no local interface found for 198\.51\.100\.5|startup failed/],
    },
    {
      by: `put ${into} mynetworks=127.0.0.0/8 inet_interfaces=nosuch.example.com`,
      instances: into,
      message: /\(config variable inet_interfaces: host not found: nosuch\.example\.com\)/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`! ${start(into)} 2>&1; ${log}`, /host not found: nosuch|startup failed/],
    },
    {
      by: `echo '198.51.100.5:2525 inet n - n - - smtpd' >>${into}/master.cf`,
      instances: into,
      message: /\(bind 198\.51\.100\.5 port 2525: Cannot assign requested address\)/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! ${start(into)} 2>&1; ${log}`, /Cannot assign requested address|startup failed/],
    },
    {
      by: `echo 'nosuch.example.com:2525 inet n - n - - smtpd' >>${into}/master.cf`,
      instances: into,
      message: /\(bad hostname or network address: nosuch\.example\.com:2525\)/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! ${start(into)} 2>&1; ${log}`, /bad hostname or network address|startup failed/],
    },
  ],
  'bind-address': [
    {
      by: `put ${out} smtp_bind_address=198.51.100.5`,
      instances: out,
      message:
        /sends from 198\.51\.100\.5 \(smtp_bind_address\), which no interface of this host has: mail leaves by another/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `${sendThroughOut}; ${waitFor('Cannot assign')}`,
        /bind 198\.51\.100\.5: Cannot assign requested address/,
      ],
    },
    {
      by: `put ${out} smtp_bind_address=198.51.100.999`,
      instances: out,
      message: /which is no IPv4 address: smtp\(8\) dies/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitFor('fatal')}`, /bad smtp_bind_address parameter: 198\.51\.100\.999/],
    },
  ],
  'cache-shared': [
    {
      by: `install -d -o postfix /var/lib/one
        for each in ${out} ${into}; do put $each address_verify_map=btree:/var/lib/one/v smtpd_recipient_restrictions=reject_unverified_recipient; done`,
      instances: `${out} ${into}`,
      message:
        /address_verify_map of postfix-in is the address_verify_map of postfix-out, too \(btree:\/var\/lib\/one\/v\)/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'socket-missing': [
    {
      by: `put ${into} smtpd_milters=unix:/run/milter`,
      instances: into,
      message:
        /asks unix:\/run\/milter \(smtpd_milters\), but \S*\/run\/milter is not there: milter_default_action is tempfail/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'port-taken': [
    {
      by: `put ${into} inet_interfaces=10.1.1.25`,
      instances: into,
      message: /wants to listen on 10.1.1.25:25, which \S+ \(process \d+\) has/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! postmulti -i in -p start 2>&1; ${log}`, /Address already in use|startup failed/],
    },
  ],
  'maillog-unwritable': [
    {
      by: `put ${out} maillog_file=/run/own.log`,
      instances: out,
      message: /does not begin with one of \/var/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`! ${trial}; cat /run/own.log || :`, /fatal: maillog_file value .* does not match any prefix/],
    },
    {
      by: `put ${out} maillog_file=/var/nowhere/log`,
      instances: out,
      message: /does not start: \/var\/nowhere, the directory of its maillog_file, is not there/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`! ${trial}; ! ls /var/nowhere 2>&1`, /No such file/],
    },
    {
      by: `rm -f /var/log/own.log; touch /var/log/own.log; chmod 600 /var/log/own.log; put ${out} maillog_file=/var/log/own.log`,
      instances: out,
      message: /own.log belongs to user 0, not to postfix: a start of postfix-out that mends its queue fails/,
      severity: 'advice',
      at: /postfix-out\/main.cf:\d+$/,
      until: '3.10',
      shows: [
        `install -o postfix -m 700 /etc/services /var/spool/postfix-out/deferred/0ABCDEF
          ! ${trial}; ${trial}; cat /var/log/own.log`,
        /integrity check failed![\s\S]*starting the Postfix mail system/,
      ],
    },
  ],
  'primary-disabled': [
    {
      by: `put ${primary} multi_instance_enable=no`,
      instances: primary,
      message: /stays in its maildrop/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
      shows: ['postmulti -p start; echo test | sendmail -f root root; ls /var/spool/postfix/maildrop | wc -l', /^1$/m],
    },
  ],
  'start-order': [
    {
      by: `put ${out} relayhost=[192.0.2.25]:25`,
      instances: `${out} ${into}`,
      message: /postfix-out sends to postfix-in .*, which starts after it/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
      // What was sent before the other one was there is still waiting when it is.
      shows: [
        `${sendThroughOut}; ${waitForDelivery}; ${start('in')}; sleep 1; ls /var/spool/postfix-out/defer*/* | wc -l`,
        /status=deferred .*Connection refused[\s\S]*\n[1-9]\d*$/,
      ],
    },
  ],
  unreachable: [
    {
      by: `put ${into} master_service_disable=inet authorized_submit_users=`,
      instances: into,
      message: /postfix-in gets no mail: it listens nowhere/,
      severity: 'warning',
      at: /postfix-in\/master.cf:null$/,
    },
    {
      by: `put ${into} inet_interfaces=127.0.0.1 authorized_submit_users=; postconf -c ${into} -MX smtp/inet
        postconf -c ${into} -M '127.0.0.1:10027/inet=127.0.0.1:10027 inet n - n - - smtpd'`,
      instances: into,
      message: /postfix-in gets no mail: it listens on this host alone/,
      severity: 'advice',
      at: /postfix-in\/master.cf:null$/,
    },
  ],
  'list-format': [
    {
      by: `put ${primary} multi_instance_directories=${out},${into}`,
      instances: primary,
      message: /has a comma/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
      shows: [generate, /^postfix@\.service$/m],
    },
    {
      by: `put ${primary} "multi_instance_directories=${out}/ ${into}"`,
      instances: primary,
      message: /postfix-out\/, which/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
    },
    {
      by: `put ${primary} 'multi_instance_directories=$config_directory-out'`,
      instances: primary,
      message: /has a '\$'/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
    },
  ],
  'name-missing': [
    {
      by: `put ${into} multi_instance_name=`,
      instances: into,
      message: /has no multi_instance_name/,
      severity: 'warning',
      at: /postfix-in\/main.cf:null$/,
      shows: [
        `${start(into)}; ${waitFor('daemon started')}`,
        / postfix\/master\[\d+\]: daemon started .*configuration \/etc\/postfix-in/,
      ],
    },
  ],
  'table-stale': [
    {
      by: `sed -i 's/^root .*/root somebody-else/' /etc/postfix/virtual
        touch -d '-1 hour' /etc/postfix/virtual.*; touch -d '-10 minutes' /etc/postfix/virtual`,
      instances: primary,
      message: /\/etc\/postfix\/virtual was changed since it was built/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
      shows: [
        'postmap -q root "$(postconf -h default_database_type):/etc/postfix/virtual" 2>&1',
        /is older than source file[\s\S]*\nmtaadmin/,
      ],
    },
  ],
  'unknown-parameter': [
    {
      by: `echo 'alternative_config_directories = /etc/postfix-out' >>${out}/main.cf`,
      instances: out,
      message: /alternative_config_directories, .*: did you mean alternate_config_directories\?/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`postconf -c ${out} alternate_config_directories 2>&1`, /^alternate_config_directories =\s*$/m],
    },
    {
      by: `postconf -c ${into} -P smtp/inet/smtpd_recipent_restrictions=reject`,
      instances: into,
      message: /no parameter smtpd_recipent_restrictions, so -o .*: did you mean smtpd_recipient_restrictions\?/,
      severity: 'warning',
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`postconf -c ${into} 2>&1 >/dev/null`, /unused parameter: smtpd_recipent_restrictions/],
    },
  ],
  'deprecated-parameter': [
    {
      by: `put ${primary} smtpd_use_tls=yes`,
      instances: primary,
      message: /sets smtpd_use_tls, which Postfix is going to drop: smtpd_tls_security_level takes its place/,
      severity: 'warning',
      at: /postfix\/main.cf:\d+$/,
      since: '3.9',
      shows: ['postconf smtpd_use_tls 2>&1', /support for parameter "smtpd_use_tls" will be removed/],
    },
  ],
  'restriction-missing': [
    {
      by: `put ${into} smtpd_relay_restrictions=permit_mynetworks smtpd_recipient_restrictions=`,
      instances: into,
      message: /Neither smtpd_relay_restrictions nor smtpd_recipient_restrictions of postfix-in .*: smtpd\(8\) ends/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [
        `${start('in')}; ${connect}; ${waitFor('specify at least')}`,
        /fatal: in parameter smtpd_relay_restrictions or/,
      ],
    },
  ],
  'restriction-unknown': [
    {
      by: `put ${into} 'smtpd_client_restrictions=permit_mynetwork, reject'`,
      instances: into,
      message: /smtpd_client_restrictions of postfix-in has permit_mynetwork, .*: did you mean permit_mynetworks\?/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'size-limits': [
    {
      by: `put ${into} mydestination=in.example.com 'local_transport=local:$myhostname' message_size_limit=104857600 mailbox_size_limit=51200000`,
      instances: into,
      message: /mailbox_size_limit of postfix-in \(51200000\) is smaller than message_size_limit \(104857600\)/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
    {
      by: `put ${into} mailbox_size_limit=0 queue_minfree=9000000000000000`,
      instances: into,
      message: /queue_minfree of postfix-in is 9000000000000000, and \S+ has \d+ bytes left: smtpd\(8\) answers 452/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'bad-value': [
    {
      by: `put ${into} smtpd_tls_auth_only=true`,
      instances: into,
      message: /smtpd_tls_auth_only of postfix-in is 'true', and it must be yes or no: smtpd\(8\) ends when it starts/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [
        `${start('in')}; ${connect}; ${waitFor('bad boolean')}`,
        /smtpd\[\d+\]: fatal: bad boolean configuration: smtpd_tls_auth_only = true/,
      ],
    },
    {
      by: `put ${out} message_size_limit=50M`,
      instances: out,
      message: /message_size_limit of postfix-out is '50M', .*: no program of Postfix starts/,
      severity: 'error',
      at: /postfix-out\/main.cf:\d+$/,
      shows: ['postmulti -i out -x postqueue -p 2>&1 || :', /bad numerical configuration: message_size_limit = 50M/],
    },
    {
      by: `postconf -c ${into} -P smtp/inet/smtpd_tls_security_level=maay`,
      instances: into,
      message: /smtp\/inet of postfix-in has -o smtpd_tls_security_level=maay, and it must be one of none, may,/,
      severity: 'error',
      at: /postfix-in\/master.cf:\d+$/,
    },
  ],
  'name-undefined': [
    {
      by: `put ${into} 'myorigin=$mydomian'`,
      instances: into,
      message: /myorigin of postfix-in refers to \$mydomian, which nothing sets: .* did you mean \$mydomain\?/,
      severity: 'warning',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`postconf -c ${into} -xh myorigin 2>&1`, /undefined parameter: mydomian/],
    },
  ],
  'parameter-twice': [
    {
      by: `echo message_size_limit=20000 >>${into}/main.cf; echo message_size_limit=30000 >>${into}/main.cf`,
      instances: into,
      message: /Line \d+ of main.cf of postfix-in sets message_size_limit, and line \d+ sets it again/,
      severity: 'warning',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [`postconf -c ${into} -h message_size_limit 2>/dev/null`, /^30000$/m],
    },
  ],
  'comment-in-value': [
    {
      by: `put ${out} 'defer_transports=smtp # for now'`,
      instances: out,
      message: /defer_transports of postfix-out has '# for now' in its value/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`postconf -c ${out} -xh defer_transports 2>/dev/null`, /^smtp # for now$/m],
    },
  ],
  'stock-override': [
    {
      by: `put ${out} mynetworks=127.0.0.0/8`,
      instances: out,
      message: /mynetworks_style: the latter has no effect/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
    },
  ],
  'xforward-asymmetry': [
    {
      by: `put ${out} smtpd_authorized_xforward_hosts=`,
      instances: into,
      message: /no other instance of mta takes it/,
      severity: 'warning',
      at: /postfix-in\/main.cf:\d+$/,
    },
    {
      by: `put ${out} smtpd_client_port_logging=yes`,
      instances: `${into} ${out}`,
      message: /smtpd_client_port_logging = no, and postfix-out/,
      severity: 'warning',
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'chroot-incomplete': [
    {
      by: `postconf -c ${out} -F '127.0.0.1:10026/inet/chroot=y'; ${emptyJail}; mkdir /var/spool/postfix-out/etc`,
      instances: out,
      message: /\/etc\/hosts, .* are missing or old/,
      severity: 'warning',
      at: /postfix-out\/master.cf:\d+$/,
    },
    {
      by: `postconf -c ${out} -F smtp/unix/chroot=y; put ${out} relayhost=[mailhub.example.com]; ${emptyJail}`,
      instances: out,
      message: /runs smtp\/unix in \/var\/spool\/postfix-out/,
      severity: 'warning',
      at: /postfix-out\/master.cf:\d+$/,
      shows: [
        `${sendThroughOut}; ${waitFor('status=\\|unknown service')}`,
        // Before 3.7 smtp(8) looks up its port as well, and ends.
        /status=deferred \(unable to look up host mailhub.example.com|Host or domain name not found|unknown service: smtp/,
      ],
    },
  ],
  limits: [
    {
      by: `put ${out} default_process_limit=1000000`,
      instances: `${primary} ${out} ${into}`,
      message: /may need \d+\.\d GB/,
      severity: 'advice',
      at: null,
    },
    {
      by: `${trial}; pid=$(cat /var/spool/postfix-out/pid/master.pid)
        few=$(($(ls /proc/$pid/fd | wc -l) + 2)); prlimit --nofile=$few:$few --pid $pid`,
      instances: out,
      message: /has \d+ open files and may have \d+/,
      severity: 'warning',
      at: null,
      shows: [
        `postmulti -i out -p stop; ! (ulimit -n 90; ${trial}); ${log}`,
        /could allocate space for only \d+ open files|mail system startup failed/,
      ],
    },
  ],
  'relay-syslog-name': [
    {
      by: `postconf -c ${out} -P 'relay/unix/syslog_name=postfix/$service_name'`,
      instances: out,
      message: /relay\/unix of postfix-out logs as postfix\/\$service_name/,
      severity: 'advice',
      at: /postfix-out\/master.cf:\d+$/,
      shows: [`${trial}; ${send('out', 'a@example.com')}; ${waitForDelivery}`, / postfix\/relay\/smtp\[/],
    },
  ],
  'submit-blocked': [
    {
      by: `put ${out} authorized_submit_users=`,
      instances: out,
      message: /takes mail from no program/,
      severity: 'advice',
      at: /postfix-out\/main.cf:\d+$/,
      shows: ['echo | postmulti -i out -x sendmail a@example.com 2>&1 || :', /not allowed to submit mail/],
    },
  ],
  'compatibility-level': [
    {
      by: `put ${out} compatibility_level=1`,
      instances: out,
      message: /their defaults differ/,
      severity: 'advice',
      at: /postfix-out\/main.cf:\d+$/,
    },
    {
      by: `postconf -c ${out} -X compatibility_level`,
      instances: out,
      message: /has no compatibility_level/,
      severity: 'advice',
      at: null,
      shows: [`${trial}; ${log}`, /backwards-compatible default settings/],
    },
  ],
  'maillog-shared': [
    {
      by: `put ${out} maillog_file=/var/log/mail.log; put ${into} maillog_file=/var/log/mail.log`,
      instances: `${primary} ${out} ${into}`,
      message: /3 instances write to/,
      severity: 'warning',
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `postmulti -p start; postmulti -p logrotate || echo "status $?"
          for each in - out in; do postmulti -i $each -x postlog afterwards; done
          sleep 1; grep -c afterwards /var/log/mail.log || :`,
        /^status 1\n[\s\S]*^[0-2]$/m,
      ],
    },
  ],
  'recipient-limit': [
    {
      by: `put ${into} smtp_destination_recipient_limit=2`,
      instances: into,
      message: /they are filtered several times/,
      severity: 'advice',
      at: /postfix-in\/main.cf:\d+$/,
      // One message for three recipients comes out of the filter as two.
      shows: [
        `${start('out', 'in')}; ${send('in', 'a@far.example b@far.example c@far.example')}
          for _ in $(seq 40); do [ $(grep -c 'to=<.*relay=127.0.0.1\\[127.0.0.1\\]:10025' /var/log/postfix-in.log) = 3 ] && break; sleep 0.3; done
          grep -o 'queued as [0-9A-Za-z]*' /var/log/postfix-in.log | sort -u | wc -l`,
        /^2$/m,
      ],
    },
  ],
  'primary-not-null-client': [
    {
      by: `put ${primary} master_service_disable=`,
      instances: primary,
      message: /takes mail from the network/,
      severity: 'advice',
      at: /postfix\/main.cf:\d+$/,
      shows: [`${start('-')}; bash -c 'exec 3<>/dev/tcp/127.0.0.1/25; head -1 <&3'`, /^220 /m],
    },
  ],
  'hostname-shared': [
    {
      by: `put ${into} myhostname=mta1-out.example.com`,
      instances: into,
      message: /have the same myhostname/,
      severity: 'error',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [
        `put ${out} relayhost=[192.0.2.25]; touch -d '-1 hour' ${out}/main.cf; ${start('in')}; ${sendThroughOut}; ${waitForDelivery}`,
        /status=bounced .*loops back to myself/,
      ],
    },
  ],
  'listener-shared': [
    {
      by: `put ${into} inet_interfaces=127.0.0.1; postconf -c ${into} -MX smtp/inet
        postconf -c ${into} -M '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'`,
      instances: into,
      message: /on the same address and port, 127.0.0.1:10026/,
      severity: 'error',
      at: /postfix-in\/master.cf:null$/,
    },
  ],
  'listener-shadowed': [
    {
      by: `postconf -c ${into} -M '0.0.0.0:10026/inet=0.0.0.0:10026 inet n - n - - smtpd'`,
      instances: into,
      message: /would go to postfix-out alone/,
      severity: 'warning',
      at: /postfix-in\/master.cf:null$/,
      shows: [
        `${start('out', 'in')} || echo 'before 3.6 the other one does not start'; for _ in $(seq 20); do bash -c 'exec 3<>/dev/tcp/127.0.0.1/10026; head -1 <&3'; done | cut -d' ' -f2 | sort | uniq -c`,
        /^(?:before 3.6 the other one does not start\n)? *20 mta1-out.example.com$/,
      ],
    },
  ],
  'syslog-name-shared': [
    {
      by: `put ${into} syslog_name=postfix-out`,
      instances: into,
      message: /the log does not tell them apart/,
      severity: 'warning',
      at: /postfix-in\/main.cf:\d+$/,
      shows: [
        `${start('in')}; ${waitFor('daemon started')}`,
        / postfix-out\/master\[\d+\]: daemon started .*configuration \/etc\/postfix-in/,
      ],
    },
  ],
  'not-started-at-boot': [
    {
      by: units('out'),
      instances: into,
      message: /postfix-in is enabled, and systemd does not start it at boot/,
      severity: 'error',
      at: null,
    },
  ],
  'started-though-disabled': [
    {
      by: `${units('out', 'in')}\nput ${into} multi_instance_enable=no`,
      instances: into,
      message: /postfix-in is disabled, but systemd starts it at boot/,
      severity: 'warning',
      at: null,
    },
  ],
  'outside-its-unit': [
    {
      by: `${trial}
        ${units('out')}
        echo 0::/user.slice/session-1.scope >/run/session
        mount --bind /run/session /proc/$(tr -d ' ' </var/spool/postfix-out/pid/master.pid)/cgroup`,
      instances: out,
      message: /postfix-out runs in session-1\.scope/,
      severity: 'warning',
      at: null,
    },
  ],
  'left-stopped': [
    {
      by: `${start('-')}\n${units('out')}`,
      instances: out,
      message: /postfix-out is enabled and does not run/,
      severity: 'warning',
      at: null,
    },
  ],
  'unit-order': [
    {
      by: units('out', 'in'),
      instances: into,
      message: /50-postmulti\.conf does not say after which instance postfix-in starts/,
      severity: 'warning',
      at: null,
    },
  ],
  'plugin-unusable': [
    {
      by: 'mkdir -p /etc/postmulti; echo nonsense >/etc/postmulti/plugins.json',
      instances: '',
      message: /plugins.json cannot be asked: .*is not JSON/,
      severity: 'error',
      at: null,
    },
  ],
}
