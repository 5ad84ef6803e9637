/** -e create: what is already there, and what the new files hold. Source: the create branch of postmulti-script. */

import type {Case} from '../rows.ts'

const list = 'postmulti -l'
const create = 'postmulti -I postfix-a -e create'
const slash = "a slash at the end of the primary's directory is not a part of it"

export default {
  about: '-e create and directories',
  rows: [
    ['refuses the directory of an instance', 'postmulti -I postfix-a -e create config_directory=/etc/postfix-out'],
    ['refuses the directory of the primary', 'postmulti -I postfix-a -e create config_directory=/etc/postfix'],
    [
      'refuses the queue of an instance for configuration',
      'postmulti -I postfix-a -e create config_directory=/var/spool/postfix-out',
    ],
    ['refuses the commands for configuration', 'postmulti -I postfix-a -e create config_directory=/usr/sbin'],
    ['refuses the queue of an instance', 'postmulti -I postfix-a -e create queue_directory=/var/spool/postfix-out'],
    ['refuses the queue of the primary', 'postmulti -I postfix-a -e create queue_directory=/var/spool/postfix'],
    ['refuses the data of an instance', 'postmulti -I postfix-a -e create data_directory=/var/lib/postfix-in'],
    ['refuses the daemons for data', 'postmulti -I postfix-a -e create data_directory=/usr/lib/postfix/sbin'],
    [
      'refuses one directory for two purposes',
      'postmulti -I postfix-a -e create data_directory=/var/lib/postfix-a queue_directory=/var/lib/postfix-a',
    ],
    [
      'refuses one directory for all purposes',
      'postmulti -I postfix-a -e create data_directory=/etc/postfix-a queue_directory=/etc/postfix-a',
    ],
    ['refuses a name in use', 'postmulti -I postfix-out -e create'],
    [
      'refuses a name in use with other directories',
      'postmulti -I postfix-out -e create config_directory=/etc/postfix-a queue_directory=/var/spool/postfix-a data_directory=/var/lib/postfix-a',
    ],
    [
      'refuses the name of the primary',
      'postmulti -I postfix-main -e create',
      {given: 'postconf -e multi_instance_name=postfix-main'},
    ],
    [
      'complains of a name in use before the place',
      'postmulti -i nosuch -I postfix-out -e create config_directory=/etc/postfix-a queue_directory=/var/spool/postfix-a data_directory=/var/lib/postfix-a',
    ],
    [
      'uses empty directories that are there',
      [create, list],
      {
        given: 'mkdir -m 700 /etc/postfix-a; mkdir -m 711 /var/spool/postfix-a; mkdir -m 755 /var/lib/postfix-a',
      },
    ],
    [
      'keeps foreign files in its directories',
      [create, list],
      {
        given: 'for each in /etc /var/spool /var/lib; do mkdir $each/postfix-a; echo x >$each/postfix-a/foreign; done',
      },
    ],
    [
      'overwrites a lone main.cf',
      [create, list],
      {given: 'mkdir /etc/postfix-a; echo "mail_name = mine" >/etc/postfix-a/main.cf'},
    ],
    [
      'overwrites a lone master.cf',
      [create, list],
      {given: 'mkdir /etc/postfix-a; echo "# mine" >/etc/postfix-a/master.cf'},
    ],
    [
      'keeps main.cf and master.cf that are both there',
      [create, list],
      {
        given: `
        mkdir /etc/postfix-a /var/spool/postfix-a; install -d -o postfix -m 700 /var/lib/postfix-a
        printf '%s\\n' "$level" '# mine' 'queue_directory = /var/spool/postfix-a' 'data_directory = /var/lib/postfix-a' 'mail_name = mine' >/etc/postfix-a/main.cf
        cp /etc/postfix/master.cf.proto /etc/postfix-a/master.cf; echo '# mine' >>/etc/postfix-a/master.cf`,
      },
    ],
    [
      'names an instance whose files are both there',
      ['postmulti -I postfix-a -G g -e create', list],
      {
        given: `
        mkdir /etc/postfix-a /var/spool/postfix-a; install -d -o postfix -m 700 /var/lib/postfix-a
        printf '%s\\n' "$level" '# mine' 'queue_directory = /var/spool/postfix-a' 'data_directory = /var/lib/postfix-a' 'multi_instance_name = postfix-old' 'multi_instance_enable = yes' >/etc/postfix-a/main.cf
        cp /etc/postfix/master.cf.proto /etc/postfix-a/master.cf`,
      },
    ],
    ['misses main.cf.proto', [create, list], {given: 'prototypes; rm /etc/postfix/main.cf.proto'}],
    ['misses master.cf.proto', [create, list], {given: 'prototypes; rm /etc/postfix/master.cf.proto'}],
    ['misses both prototypes', create, {given: 'prototypes; rm /etc/postfix/ma*.cf.proto'}],
    [
      'misses no prototype when both files are there',
      [create, list],
      {
        given: `
        mkdir /etc/postfix-a /var/spool/postfix-a; install -d -o postfix -m 700 /var/lib/postfix-a
        printf '%s\\n' "$level" 'queue_directory = /var/spool/postfix-a' 'data_directory = /var/lib/postfix-a' >/etc/postfix-a/main.cf
        prototypes; mv /etc/postfix/master.cf.proto /etc/postfix-a/master.cf; rm /etc/postfix/main.cf.proto`,
      },
    ],
    [
      'looks for prototypes in meta_directory',
      [create, list],
      {
        given: `
        prototypes; mkdir /var/site; cp -a /etc/postfix/* /var/site
        printf '%s\\n' '# site prototype' "$level" 'mail_name = Site' >/var/site/main.cf.proto
        postconf -e meta_directory=/var/site`,
      },
    ],
    [
      'hands down what the primary sets',
      [create, list],
      {
        given:
          "postconf -e html_directory=/usr/share/doc/postfix/html readme_directory=no mail_owner=postfix 'manpage_directory = /usr/share/man' setgid_group=postdrop",
      },
    ],
    [
      'hands down what the primary sets in its own words',
      [create, list],
      {
        given: `postconf -e 'html_directory = /usr/share/$mail_name' sample_directory= 'daemon_directory = \${daemon_directory?/usr}/lib/\${mail_owner}/sbin'`,
      },
    ],
    [
      'hands down sendmail_path and its friends',
      [create, list],
      {
        given:
          'postconf -e sendmail_path=/usr/sbin/sendmail mailq_path=/usr/bin/mailq newaliases_path=/usr/bin/newaliases',
      },
    ],
    [
      'does not hand down the rest',
      [create, list],
      {given: 'postconf -e mail_name=Mine relayhost=[127.0.0.1]:2525 syslog_name=tag'},
    ],
    [
      'replaces what the prototype sets',
      create,
      {
        given:
          "prototypes; printf '%s\\n' 'readme_directory = /c' 'queue_directory = /x' 'readme_directory =' '  /a' '  /b' 'authorized_submit_users = x' >>/etc/postfix/main.cf.proto",
        differs: {because: "of postconf's remarks on the file in the making", stderr: ''},
      },
    ],
    [
      'keeps what a prototype holds beside',
      [create, list],
      {
        given:
          "prototypes; printf '%s\\n' '#  größe' 'mail_name = größe' >>/etc/postfix/main.cf.proto; printf '# gr\\366\\337e\\r\\n' >>/etc/postfix/main.cf.proto",
      },
    ],
    [
      'minds a prototype without newline at its end',
      create,
      {
        given: "prototypes; printf '#no newline' >>/etc/postfix/main.cf.proto",
        differs: {
          because: 'postconf(1) puts the next parameter on the same line',
          unless: 'postconf ends the last line',
          tree: ['/etc/postfix-a/main.cf:#no newline', '/etc/postfix-a/main.cf:queue_directory = /var/spool/postfix-a'],
        },
      },
    ],
    [
      'keeps the mode of a master.cf prototype',
      [create, list],
      {given: 'prototypes; chmod 600 /etc/postfix/master.cf.proto; chmod 640 /etc/postfix/main.cf.proto'},
    ],
    ['is masked by nobody', [`umask 077; ${create}`, list]],
    [
      'makes independent instances listed ones',
      [create, list],
      {
        given: "postconf -e 'alternate_config_directories = /etc/postfix-x, /etc/postfix-a /etc/postfix-y'",
      },
    ],
    [
      'forgets the last independent instance',
      [create, list],
      {given: "postconf -e 'alternate_config_directories = /etc/postfix-a'"},
    ],
    [
      'keeps the comments of the primary',
      [create, list],
      {
        given:
          "printf '%s\\n' '# before' 'multi_instance_directories = /etc/postfix-out' '# between' '  /etc/postfix-in' '# after' >/run/l; sed -i /^multi_instance_directories/d /etc/postfix/main.cf; cat /run/l >>/etc/postfix/main.cf",
      },
    ],
    [
      'makes a file of a link',
      [create, list],
      {given: 'mv /etc/postfix/main.cf /etc/postfix/real.cf; ln -s real.cf /etc/postfix/main.cf'},
    ],
    [
      'creates one beside a primary elsewhere',
      [create, list],
      {
        on: 'alone',
        given:
          'mkdir -p /var/site/spool/main /var/site/lib/main; chown postfix /var/site/lib/main; postconf -e queue_directory=/var/site/spool/main data_directory=/var/site/lib/main; postfix set-permissions',
      },
    ],
    [
      'creates one beside a queue with a slash at its end',
      create,
      {
        on: 'alone',
        given: 'postconf -e queue_directory=/var/spool/postfix/',
        differs: {
          because: slash,
          // Where a create fills the chroot, that is told.
          stdout: /^(?:updating \/.* => \/var\/spool\/postfix-a\/\/.*\n)*$/,
          tree: [
            '/var/spool/postfix-a/active: directory 700 postfix:root',
            '/etc/postfix-a/main.cf:queue_directory = /var/spool/postfix-a',
            '!/var/spool/postfix/postfix-a',
          ],
        },
      },
    ],
  ],
} satisfies Case as Case
