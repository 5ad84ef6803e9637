/** Command lines found in packages, configuration management and scripts of others. */

import type {Case} from '../rows.ts'

const toPipe = 'stderr in a pipe: postmulti(1) before 3.11 says nothing at all'
const real = {terminal: true, daemons: true}

export default {
  about: 'callers',
  rows: [
    ["Debian's init script: which are enabled", `postmulti -l -a | awk '($3=="y") { print $1}'`],
    [
      "Debian's init script: does it run",
      [
        'postmulti -i - -x $(postconf -h daemon_directory)/master -t 2>/dev/null; echo $?',
        'postmulti -i - -p start',
        'postmulti -i - -x $(postconf -h daemon_directory)/master -t 2>/dev/null; echo $?',
        'postmulti -i - -p stop',
      ],
      real,
    ],
    ["Debian's init script: with --", '/usr/sbin/postmulti -- -i - -x true'],
    [
      "Debian's unit",
      [
        '/usr/sbin/postmulti -i - -p start',
        '/usr/sbin/postmulti -i postfix-out -p start',
        '/usr/sbin/postmulti -i postfix-out -p reload',
        '/usr/sbin/postmulti -i postfix-out -p stop',
        '/usr/sbin/postmulti -i - -p stop',
      ],
      real,
    ],
    [
      "Debian's generator",
      'for DIR in $(postconf -h multi_instance_directories); do postconf -c $DIR -h multi_instance_name; done',
    ],
    ['Puppet: is it there', "postmulti -l | /bin/grep '^postfix-out '"],
    [
      'Puppet: create unless it is there',
      [
        "postmulti -l | grep '^postfix-a ' || /usr/sbin/postmulti -I postfix-a -e create",
        "postmulti -l | grep '^postfix-a ' || /usr/sbin/postmulti -I postfix-a -e create",
      ],
    ],
    ['Puppet: four fields', `postmulti -l | sed -E 's/ +/|/g'`],
    [
      'Puppet: init with a guard file',
      ['/usr/sbin/postmulti -e init && touch /etc/postfix/multi.enabled'],
      {on: 'bare'},
    ],
    ['Puppet: options after the command', 'postmulti -x echo stop -i NAME'],
    ['Puppet: destroy', ['postmulti -e disable -i postfix-out', 'postmulti -e destroy -i postfix-out', 'postmulti -l']],
    [
      'Chef: postconf -M',
      [
        "postmulti -i 'postfix-out' -x postconf -M 'smtp/inet=smtp inet n - n - - smtpd -o a=b'",
        "postmulti -i 'postfix-out' -x postconf -P 'smtp/inet/a=c'",
        "postmulti -i 'postfix-out' -x postconf -M smtp/inet",
        "postmulti -i 'postfix-out' -x postconf -MX smtp/inet",
        'postmulti -i postfix-out -x postconf -X relayhost',
      ],
    ],
    ['AWS: the one secondary', "postmulti -l | grep -v '^-' | awk '{print $1}'"],
    ['AWS: is the queue empty', 'postmulti -i postfix-out -x postqueue -p', {terminal: true}],
    [
      'Ansible: create',
      [
        'postmulti -I postfix-a -e create -G mta config_directory=/etc/postfix-a; echo rc=$?',
        'postmulti -I postfix-a -e create -G mta config_directory=/etc/postfix-a; echo rc=$?',
      ],
    ],
    ['a count of instances', 'postmulti -l | wc -l'],
    ['a silent init', 'postmulti -e init >/dev/null 2>&1'],
    ['a silent mistake', 'postmulti -I postfix-in -e enable >/dev/null 2>&1; echo $?'],
    [
      'a cluster with a directory',
      `for d in $(postmulti -l | awk '{print $4}'); do postmulti -xi \${d} sh -c 'echo "$MAIL_CONFIG"'; done`,
    ],
    ['the last field', "DIRS=$(postmulti -l 2>/dev/null | awk 'NF {print $NF}'); echo $DIRS"],
    ['a check of one', 'postmulti -i out -x postfix check', {terminal: true, daemons: true}],
    ['JSON of all queues', 'postmulti -x postqueue -j', {terminal: true}],
    ['a script for all', 'postmulti -x sh -c \'echo "-- $MAIL_CONFIG"; ls $queue_directory | head -3\''],
    [
      'a loop of creates',
      'for number in 1 2; do postmulti -I postfix-out$number -G mta -e create || exit; done; postmulti -l',
      {on: 'alone'},
    ],
    [
      'a sendmail with a message',
      ["printf 'To: root\\n\\ntext\\n' | postmulti -i - -x /usr/sbin/sendmail -G -i -bv root; echo $?"],
      real,
    ],
    [
      'settings with nothing in them',
      ['postmulti -i "out" -x postconf -e "master_service_disable =" "authorized_submit_users = root"'],
    ],
    [
      'a grep for fatal',
      'postmulti -l 2>&1 | grep -q fatal; echo $?',
      {
        given: 'rm /etc/postfix/main.cf',
        differs: {because: toPipe, until: '3.11', stdout: '0\n'},
      },
    ],
    [
      'an instance without group by name',
      'test -n "$(postmulti -l -g mta)" && postmulti -g mta -x sh -c \'echo $multi_instance_name\'',
    ],
    [
      'a health check of what should run',
      "postmulti -x sh -c 'test $multi_instance_enable = no || postfix status'",
      {terminal: true, daemons: true},
    ],
    [
      'the walk-through of the README',
      [
        'postmulti -e init',
        'postmulti -I postfix-out -G mta -e create',
        'postmulti -i postfix-out -x postconf -e "master_service_disable =" "authorized_submit_users = root" myhostname=mta1-out.example.com inet_interfaces=127.0.0.1',
        "postmulti -i postfix-out -x postconf -M# smtp/inet; postmulti -i postfix-out -x postconf -M '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'",
        'postmulti -i postfix-out -e enable',
        'postmulti -i postfix-out -p start',
        'postmulti -g mta -p status',
        'postmulti -i postfix-out -p stop; while pgrep -x master >/dev/null; do sleep 0.1; done',
        'postmulti -i postfix-out -e disable',
        'postmulti -l',
      ],
      {on: 'bare', terminal: true, daemons: true},
    ],
  ],
} satisfies Case as Case
