/** Where the primary's main.cf comes from, and what may be wrong with it. Source: main() and Postfix's mail_conf library. */

import type {Case} from '../rows.ts'

const append = (...lines: string[]) => lines.map((line) => `echo '${line}' >>/etc/postfix/main.cf`).join('\n')

export default {
  about: 'the main.cf of the primary',
  rows: [
    ['takes MAIL_CONFIG when it names the primary', 'MAIL_CONFIG=/etc/postfix postmulti -l'],
    ['refuses another MAIL_CONFIG', 'MAIL_CONFIG=/etc/postfix-out postmulti -l'],
    ['refuses MAIL_CONFIG with a slash at its end', 'MAIL_CONFIG=/etc/postfix/ postmulti -l'],
    ['refuses an empty MAIL_CONFIG', 'MAIL_CONFIG= postmulti -l'],
    ['refuses a MAIL_CONFIG that is not there', 'MAIL_CONFIG=/nowhere postmulti -l'],
    ['refuses a relative MAIL_CONFIG', 'cd /etc; MAIL_CONFIG=postfix postmulti -l'],
    ['complains about MAIL_CONFIG before options', 'MAIL_CONFIG=/etc/postfix-out postmulti -z'],
    ['complains about MAIL_CONFIG before an edit', 'MAIL_CONFIG=/etc/postfix-out postmulti -i in -e enable'],
    [
      'complains about a main.cf elsewhere before MAIL_CONFIG',
      'MAIL_CONFIG=/etc/postfix-out postmulti -l',
      {
        given: 'echo nonsense >>/etc/postfix-out/main.cf',
      },
    ],
    ['misses main.cf', 'postmulti -l', {given: 'rm /etc/postfix/main.cf'}],
    ['misses main.cf before it looks at options', 'postmulti -z', {given: 'rm /etc/postfix/main.cf'}],
    ['misses main.cf before init', 'postmulti -e init', {on: 'bare', given: 'rm /etc/postfix/main.cf'}],
    ['refuses a directory named main.cf', 'postmulti -l', {given: 'cd /etc/postfix; rm main.cf; mkdir main.cf'}],
    ['takes an empty main.cf', 'postmulti -l', {on: 'bare', given: ': >/etc/postfix/main.cf'}],
    ['refuses a line without =', 'postmulti -l', {given: append('nonsense')}],
    ['refuses a line without = before it looks at options', 'postmulti -z', {given: append('nonsense in two  words')}],
    ['refuses a line without = before an edit', 'postmulti -e init', {given: append('nonsense')}],
    ['refuses a line without a name', 'postmulti -l', {given: append('= value')}],
    [
      'counts the lines of a bad main.cf',
      'postmulti -l',
      {given: append('# comment', 'a = b', '  c', '', 'bad name = x')},
    ],
    [
      'refuses a first line that continues nothing',
      'postmulti -l',
      {given: "sed -i '1i \\ \\ continued' /etc/postfix/main.cf"},
    ],
    ['refuses a boolean that is none', 'postmulti -l', {given: append('multi_instance_enable = maybe')}],
    ['refuses an empty boolean', 'postmulti -l', {given: append('multi_instance_enable =')}],
    ['refuses another boolean that is none', 'postmulti -l', {given: append('soft_bounce = perhaps')}],
    ['refuses a mail_owner that is nobody', 'postmulti -l', {given: append('mail_owner = nosuchuser')}],
    ['refuses a mail_owner of many rights', 'postmulti -l', {given: append('mail_owner = root')}],
    ['refuses a setgid_group that does not exist', 'postmulti -l', {given: append('setgid_group = nosuchgroup')}],
    ['refuses default_privs that are nobody', 'postmulti -l', {given: append('default_privs = nosuchuser')}],
    ['refuses a myhostname that is none', 'postmulti -l', {given: append('myhostname = not/a/name')}],
    ['refuses a number that is none', 'postmulti -l', {given: append('hash_queue_depth = deep')}],
    ['refuses a time that is none', 'postmulti -l', {given: append('ipc_timeout = 5 parsecs')}],
    ['refuses an unknown inet_protocols', 'postmulti -l', {given: append('inet_protocols = ipv9')}],
    [
      'warns of a repeated parameter',
      'postmulti -l',
      {given: append('mail_name = a', 'mail_name = b', 'mail_name = c')},
    ],
    [
      'warns of a repeated parameter before an error',
      'postmulti -x',
      {given: append('mail_name = a', 'mail_name = b')},
    ],
    ['does not warn of the same value twice', 'postmulti -l', {given: append('mail_name = a', 'mail_name = a')}],
    ['refuses an unclosed $', 'postmulti -l', {given: append(`multi_instance_group = \${mail_name`)}],
    ['refuses an empty $', 'postmulti -l', {given: append('multi_instance_group = a$ b')}],
    [
      'refuses values that need each other',
      'postmulti -l',
      {
        given: append('multi_instance_group = $multi_instance_name', 'multi_instance_name = $multi_instance_group'),
      },
    ],
    ['does not look into parameters it does not need', 'postmulti -l', {given: append(`always_bcc = \${mail_name`)}],
    [
      'takes a name and a group',
      'postmulti -l',
      {given: append('multi_instance_name = postfix-main', 'multi_instance_group = mta')},
    ],
    [
      'takes continuation lines and comments between them',
      'postmulti -l',
      {
        given: append('multi_instance_group =', '# why', '   edge', 'multi_instance_name', ' = postfix-main'),
      },
    ],
    [
      'expands a value',
      'postmulti -l',
      {given: append(`multi_instance_group = x\${mail_owner}y$mail_name`, 'mail_name = m')},
    ],
    [
      'does not know built-in defaults yet',
      'postmulti -l',
      {given: append('multi_instance_group = $daemon_directory')},
    ],
    [
      'does not know a syslog_name that is not set',
      'postmulti -l',
      {given: append('multi_instance_group = x$syslog_name')},
    ],
    [
      'refuses a syslog_name that comes to nothing',
      'postmulti -l',
      {given: append('multi_instance_name = $syslog_name')},
    ],
    ['knows $$', 'postmulti -l', {given: append('multi_instance_group = a$$b')}],
    [
      'knows conditions',
      'postmulti -l',
      {
        given: append(
          `multi_instance_name = \${mail_name?yes}\${mail_name:no}`,
          'mail_name = m',
          `multi_instance_group = \${{a} == {a} ? {same} : {other}}`,
        ),
      },
    ],
    ['knows $(name)', 'postmulti -l', {given: append('mail_name = m', 'multi_instance_group = $(mail_name)')}],
    ['knows its bare main.cf in upper and lower case', 'postmulti -l', {given: append('multi_instance_enable = YES')}],
    ['takes a disabled primary', 'postmulti -l', {given: append('multi_instance_enable = no')}],
    ['misses command_directory', 'postmulti -l', {given: append('command_directory = /nowhere')}],
    ['misses daemon_directory', 'postmulti -i - -x true', {given: append('daemon_directory = /nowhere/at/all')}],
    ['misses meta_directory', 'postmulti -l', {given: append('meta_directory = /nowhere')}],
    ['misses shlib_directory', 'postmulti -l', {given: append('shlib_directory = /nowhere')}],
    ['refuses a meta_directory that is a file', 'postmulti -l', {given: append('meta_directory = /etc/passwd')}],
    ['refuses a shlib_directory below a file', 'postmulti -l', {given: append('shlib_directory = /etc/passwd/lib')}],
    ['does not miss a shlib_directory named no', 'postmulti -l', {given: append('shlib_directory = no')}],
    [
      'misses the first of several directories',
      'postmulti -l',
      {
        given: append('shlib_directory = /nowhere1', 'meta_directory = /nowhere2', 'daemon_directory = /nowhere3'),
      },
    ],
    ['waits for a main.cf that was just changed', 'touch /etc/postfix/main.cf; postmulti -l'],
    ['does not wait for a main.cf of tomorrow', 'touch -d tomorrow /etc/postfix/main.cf; postmulti -l'],
  ],
} satisfies Case as Case
