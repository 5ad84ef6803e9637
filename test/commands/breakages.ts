/** For each rule of `postmulti check`, what breaks it on the host of the README's walk-through, and what comes of it. */

export interface Broken {
  /** Shell commands; main.cf is edited by `put DIRECTORY PARAMETER=VALUE...`. */
  by: string
  instances: string
  message: RegExp
  severity?: string
  at?: RegExp
  /** What comes of it: shell commands, and what they print. */
  shows?: [script: string, output: RegExp]
}

export const [primary, out, into] = ['/etc/postfix', '/etc/postfix-out', '/etc/postfix-in']
const trial = 'postmulti -i out -p start'
const log = 'cat /var/log/mail.log'
const sendThroughOut = `${trial}; echo test | postmulti -i out -x sendmail -i -f root@mta1.example.com a@far.example.org`
const waitForDelivery = `for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do grep status= /var/log/mail.log && break; sleep 0.5; done`

export const breakages: Record<string, Broken[]> = {
  'broken-instance': [
    {
      by: `echo nonsense >>${into}/main.cf`,
      instances: into,
      message: /postfix-in cannot be read .*missing '=' after attribute name/,
      at: /postfix-in\/main.cf:\d+$/,
    },
    {by: `rm ${into}/main.cf`, instances: into, message: /No such file or directory/},
    {by: `rm ${into}/master.cf`, instances: into, message: /master.cf.* No such file or directory|No such file/},
    {by: `echo nonsense >>${primary}/main.cf`, instances: primary, message: /The primary cannot be read/},
  ],
  'wrapper-missing': [
    {
      by: `put ${primary} multi_instance_wrapper=`,
      instances: primary,
      message: /refuses to start anything/,
      shows: [`! postfix start; ${log}`, /multi_instance_wrapper is empty/],
    },
  ],
  'wrapper-unusable': [
    {
      by: `put ${primary} multi_instance_wrapper=/usr/local/sbin/nosuch`,
      instances: primary,
      message: /nosuch, which is not there/,
      shows: [`! postfix start; ${log}`, /nosuch: No such file or directory/],
    },
    {
      by: `put ${primary} multi_instance_wrapper=/etc/services`,
      instances: primary,
      message: /services, which cannot be run/,
    },
  ],
  'name-shared': [
    {
      by: `put ${into} multi_instance_name=postfix-out`,
      instances: `${out} ${into}`,
      message: /both called postfix-out/,
    },
  ],
  'directory-shared': [
    {
      by: `ln -s postfix-out /var/spool/other; put ${into} queue_directory=/var/spool/other`,
      instances: `${out} ${into}`,
      message: /the queue_directory of postfix-in is the queue_directory of postfix-out, too/,
      at: /postfix-in\/main.cf:\d+$/,
    },
    {
      by: `put ${into} data_directory=/var/lib/postfix-out`,
      instances: `${out} ${into}`,
      message: /data_directory of postfix-in is the data_directory/,
    },
  ],
  'directory-nested': [
    {
      by: `mkdir -p /var/spool/postfix-out/active/nest; put ${into} queue_directory=/var/spool/postfix-out/active/nest`,
      instances: `${out} ${into}`,
      message: /lies within the queue_directory of postfix-out/,
      shows: [`touch /var/spool/postfix-out/active/nest/x; ${trial} 2>&1 || :; ${log}`, /Directory not empty/],
    },
  ],
  'alternate-directory-unsafe': [
    {
      by: `mkdir -m 777 /run/anybody; put ${primary} 'alternate_config_directories=/run/anybody'`,
      instances: primary,
      message: /\/run\/anybody can be written by anybody \(mode 777\)/,
    },
    {
      by: `put ${primary} 'alternate_config_directories=/etc/gone'`,
      instances: primary,
      message: /\/etc\/gone, which is not there/,
    },
  ],
  'owner-or-mode': [
    {
      by: 'chown root /var/lib/postfix-out',
      instances: out,
      message: /belongs to user 0, not to postfix: postfix-out does not start/,
      shows: [`! ${trial}; ${log}`, /data_directory|\/var\/lib\/postfix-out/],
    },
    {by: `chmod 666 ${into}/master.cf`, instances: into, message: /master.cf can be written by anybody/},
    {by: 'rm -rf /var/lib/postfix-in', instances: into, message: /is not there/},
  ],
  'hop-to-self': [
    {
      by: `put ${out} relayhost=[127.0.0.1]:25`,
      instances: out,
      message: /sends to \[127.0.0.1\]:25 \(relayhost\), which is its own address/,
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /mail for 127\.0\.0\.1 loops back to myself|loops back/],
    },
  ],
  'hop-to-nowhere': [
    {
      by: `put ${out} relayhost=[127.0.0.1]:7777`,
      instances: out,
      message: /\[127.0.0.1\]:7777 \(relayhost\), where nobody listens/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /Connection refused/],
    },
    {
      by: `put ${into} default_transport=smtp:[127.0.0.1]:10026; postmulti -i out -e disable`,
      instances: `${into} ${out}`,
      message: /to postfix-out \(127.0.0.1:10026\), which is disabled/,
    },
    {
      by: `put ${into} content_filter=smtp:[127.0.0.1]:10026; put ${out} master_service_disable=inet`,
      instances: `${into} ${out}`,
      message: /switched off by master_service_disable/,
    },
    {
      by: `echo 'example.org smtp:[127.0.0.1]:7777' >${out}/transport
        postmap ${out}/transport; put ${out} "transport_maps=$(postconf -h default_database_type):${out}/transport"`,
      instances: out,
      message: /\(transport_maps\), where nobody listens/,
      at: /postfix-out\/transport:1$/,
    },
    {
      by: `put ${out} default_transport=nosuch`,
      instances: out,
      message: /sends by transport nosuch \(default_transport\), which its master.cf does not have/,
      at: /postfix-out\/main.cf:\d+$/,
      shows: [`${sendThroughOut}; ${waitForDelivery}`, /mail transport unavailable/],
    },
    {
      by: `postconf -c ${into} -P 'smtp/inet/smtpd_proxy_filter=127.0.0.1:7777'`,
      instances: into,
      message: /\(smtp\/inet: smtpd_proxy_filter\), where nobody listens/,
      at: /postfix-in\/master.cf:\d+$/,
    },
  ],
  'mail-loop': [
    {
      by: `put ${into} default_transport=smtp:[127.0.0.1]:10026 hopcount_limit=6
        put ${out} relayhost=[192.0.2.25]:25 hopcount_limit=6`,
      instances: `${out} ${into}`,
      message: /Mail for the rest of the world goes round: postfix-out, postfix-in, postfix-out/,
      at: /postfix-out\/main.cf:\d+$/,
      shows: [
        `postmulti -i in -p start; ${sendThroughOut}
          for _ in $(seq 40); do grep 'too many hops' /var/log/mail.log && break; sleep 0.5; done; ${log}`,
        /too many hops/,
      ],
    },
    {
      by: `put ${out} default_transport=smtp:[192.0.2.25]:25`,
      instances: `${out} ${into}`,
      message: /goes round: postfix-out, postfix-in, .*127.0.0.1.*, postfix-out/,
      severity: 'warning',
    },
  ],
  'table-missing': [
    {
      by: `put ${out} virtual_alias_maps=hash:${out}/none`,
      instances: out,
      message: /none \(virtual_alias_maps\), but \/etc\/postfix-out\/none is not there/,
    },
    {
      by: `echo 'a b' >${out}/other; touch ${out}/other.cdb; put ${out} virtual_alias_maps=lmdb:${out}/other`,
      instances: out,
      message: /other.lmdb was not built \(.*other.cdb was\)/,
    },
  ],
  'port-taken': [
    {
      by: `put ${into} inet_interfaces=10.1.1.25`,
      instances: into,
      message: /wants to listen on 10.1.1.25:25, which \S+ \(process \d+\) has/,
      at: /postfix-in\/master.cf:\d+$/,
      shows: [`! postmulti -i in -p start; ${log}`, /Address already in use|startup failed/],
    },
  ],
  'maillog-unwritable': [
    {by: `put ${out} maillog_file=/tmp/log`, instances: out, message: /begins with none of \/var/},
    {by: `put ${out} maillog_file=/var/nowhere/log`, instances: out, message: /\/var\/nowhere is not there/},
  ],
  'primary-disabled': [
    {by: `put ${primary} multi_instance_enable=no`, instances: primary, message: /stays in its maildrop/},
  ],
  'start-order': [
    {
      by: `put ${out} relayhost=[192.0.2.25]:25`,
      instances: `${out} ${into}`,
      message: /postfix-out sends to postfix-in .*, which starts after it/,
    },
  ],
  unreachable: [
    {
      by: `put ${into} master_service_disable=inet authorized_submit_users=`,
      instances: into,
      message: /postfix-in gets no mail: it listens nowhere/,
      severity: 'warning',
    },
    {
      by: `put ${into} inet_interfaces=127.0.0.1 authorized_submit_users=; postconf -c ${into} -MX smtp/inet
        postconf -c ${into} -M '127.0.0.1:10027/inet=127.0.0.1:10027 inet n - n - - smtpd'`,
      instances: into,
      message: /postfix-in gets no mail: it listens on this host alone/,
      severity: 'advice',
    },
  ],
  'list-format': [
    {by: `put ${primary} multi_instance_directories=${out},${into}`, instances: primary, message: /has a comma/},
    {
      by: `put ${primary} "multi_instance_directories=${out}/ ${into}"`,
      instances: primary,
      message: /postfix-out\/, which/,
    },
    {
      by: `put ${primary} 'multi_instance_directories=$config_directory-out'`,
      instances: primary,
      message: /has a '\$'/,
    },
  ],
  'name-missing': [{by: `put ${into} multi_instance_name=`, instances: into, message: /has no multi_instance_name/}],
  'table-stale': [
    {
      by: "touch -d '+1 hour' /etc/postfix/virtual",
      instances: primary,
      message: /\/etc\/postfix\/virtual was changed since it was built/,
    },
  ],
  'unknown-parameter': [
    {
      by: `echo 'alternative_config_directories = /etc/postfix-out' >>${out}/main.cf`,
      instances: out,
      message: /alternative_config_directories, .*: did it mean alternate_config_directories\?/,
      at: /postfix-out\/main.cf:\d+$/,
    },
  ],
  'stock-override': [
    {by: `put ${out} mynetworks=127.0.0.0/8`, instances: out, message: /mynetworks_style: the latter has no effect/},
  ],
  'xforward-asymmetry': [
    {by: `put ${out} smtpd_authorized_xforward_hosts=`, instances: into, message: /no other instance of mta takes it/},
    {
      by: `put ${out} smtpd_client_port_logging=yes`,
      instances: `${into} ${out}`,
      message: /smtpd_client_port_logging = no, and postfix-out/,
    },
  ],
  'chroot-incomplete': [
    {
      by: `postconf -c ${out} -F '127.0.0.1:10026/inet/chroot=y'; mkdir -p /var/spool/postfix-out/etc`,
      instances: out,
      message: /\/etc\/hosts, .* are missing or old/,
    },
  ],
  limits: [
    {
      by: `put ${out} default_process_limit=1000000`,
      instances: `${primary} ${out} ${into}`,
      message: /may come to \d+\.\d GB/,
    },
  ],
  'relay-syslog-name': [
    {
      by: `postconf -c ${out} -P 'relay/unix/syslog_name=postfix/$service_name'`,
      instances: out,
      message: /relay\/unix of postfix-out logs as postfix\/\$service_name/,
    },
  ],
  'submit-blocked': [
    {
      by: `put ${out} authorized_submit_users=`,
      instances: out,
      message: /takes mail from no program/,
      shows: ['echo | postmulti -i out -x sendmail a@example.com 2>&1 || :', /not allowed to submit mail/],
    },
  ],
  'compatibility-level': [
    {by: `put ${out} compatibility_level=2`, instances: out, message: /their defaults are not the same/},
    {by: `postconf -c ${out} -X compatibility_level`, instances: out, message: /has no compatibility_level/},
  ],
  'maillog-shared': [{by: ':', instances: `${primary} ${out} ${into}`, message: /3 instances write to/}],
  'recipient-limit': [
    {
      by: `put ${into} smtp_destination_recipient_limit=50`,
      instances: into,
      message: /they are filtered several times/,
    },
  ],
  'primary-not-null-client': [
    {by: `put ${primary} master_service_disable=`, instances: primary, message: /takes mail from the network/},
  ],
  'hostname-shared': [
    {
      by: `put ${into} myhostname=mta1-out.example.com`,
      instances: into,
      message: /have the same myhostname/,
      at: /postfix-in\/main.cf:\d+$/,
    },
  ],
  'listener-shared': [
    {
      by: `put ${into} inet_interfaces=127.0.0.1; postconf -c ${into} -MX smtp/inet
        postconf -c ${into} -M '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'`,
      instances: into,
      message: /on the same address and port, 127.0.0.1:10026/,
    },
  ],
  'listener-shadowed': [
    {
      by: `postconf -c ${into} -M '0.0.0.0:10026/inet=0.0.0.0:10026 inet n - n - - smtpd'`,
      instances: into,
      message: /would go to postfix-out alone/,
    },
  ],
  'syslog-name-shared': [
    {by: `put ${into} syslog_name=postfix-out`, instances: into, message: /nobody can tell their lines apart/},
  ],
  'plugin-unusable': [
    {
      by: 'mkdir -p /etc/postmulti; echo nonsense >/etc/postmulti/plugins.json',
      instances: '',
      message: /plugins.json cannot be asked: .*is no JSON/,
    },
  ],
}
