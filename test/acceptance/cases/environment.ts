/** The environment of commands. Source: run_user_cmd(), export_instance_env() in postmulti.c; Postfix's mail_conf library. */

import type {Case} from '../rows.ts'

const parameters =
  'config_directory|queue_directory|data_directory|multi_instance_.*|command_directory|daemon_directory|meta_directory|shlib_directory'
const shell = 'a shell starts Node and sees to its own variables'

export default {
  about: 'the environment of commands',
  rows: [
    ['is whole in a secondary', 'postmulti -i out -x env | sort'],
    ['is whole in the primary', 'postmulti -i - -x env | sort'],
    ['is whole in a disabled secondary', 'postmulti -i in -x env | sort'],
    ['is whole in an instance without group', 'postmulti -i lists -x env | sort'],
    ['is whole in a host without postmulti', 'postmulti -x env | sort', {on: 'bare'}],
    [
      'is whole in a nameless secondary',
      'postmulti -i /etc/postfix-a -x env | sort',
      {on: 'alone', given: 'instance a'},
    ],
    ['does not carry one instance into the next', `postmulti -x env | grep -E '^(MAIL_CONFIG|${parameters})='`],
    [
      'is replaced where the caller has the same variables',
      'config_directory=/x multi_instance_group=x daemon_directory=/y meta_directory=/m postmulti -i lists -x env | sort',
    ],
    ['is not cleaned', "FOO='a b' BAR= ENV=/nowhere LD_FOO=1 postmulti -i out -x env | sort"],
    [
      'has the IFS of a shell',
      'IFS=x postmulti -i out -x printenv IFS',
      {
        differs: {because: shell, stdout: ' \t\n\n'},
      },
    ],
    ['keeps what is not UTF-8', "FOO=$(printf 'a\\377\\nb') postmulti -i out -x sh -c 'printf %s \"$FOO\"' | od -c"],
    ['has MAIL_VERBOSE with -v', `postmulti -v -i out -x sh -c 'echo "<\${MAIL_VERBOSE-unset}>"'`],
    ['has no MAIL_VERBOSE without -v', `postmulti -i out -x sh -c 'echo "<\${MAIL_VERBOSE-unset}>"'`],
    ['keeps MAIL_VERBOSE', `MAIL_VERBOSE=1 postmulti -i - -x sh -c 'echo "<\${MAIL_VERBOSE-unset}>"'`],
    ['keeps MAIL_DEBUG', 'MAIL_DEBUG= postmulti -i out -x env | sort'],
    ['replaces MAIL_CONFIG', 'MAIL_CONFIG=/etc/postfix postmulti -i out -x env | sort'],
    ['replaces MAIL_LOGTAG', 'MAIL_LOGTAG=mine postmulti -x env | grep MAIL_LOGTAG'],
    [
      'has the syslog_name of the primary',
      'postmulti -x env | grep MAIL_LOGTAG',
      {
        given: 'postconf -e syslog_name=tag-of-primary; postconf -c /etc/postfix-out -e syslog_name=tag-of-out',
      },
    ],
    [
      'has an expanded syslog_name',
      'postmulti -i out -x env | grep MAIL_LOGTAG',
      {
        given: `postconf -e 'syslog_name = \${multi_instance_name?{$multi_instance_name}:{x$mail_name}}'`,
      },
    ],
    [
      'has an expanded syslog_name of a named primary',
      'postmulti -i out -x env | grep MAIL_LOGTAG',
      {
        given: 'postconf -e multi_instance_name=postfix-main',
      },
    ],
    [
      'has no POSTLOG variables without maillog_file',
      'POSTLOG_SERVICE=a POSTLOG_HOSTNAME=b postmulti -i out -x env | sort',
    ],
    [
      'has POSTLOG variables with maillog_file',
      'postmulti -i out -x env | sort',
      {
        given: 'postconf -e maillog_file=/var/log/mail.log',
      },
    ],
    [
      'has POSTLOG variables from other parameters',
      'POSTLOG_SERVICE=a postmulti -i out -x env | grep POSTLOG',
      {
        given: "postconf -e maillog_file=/var/log/mail.log 'myhostname = x.$mydomain' mydomain=example.org",
      },
    ],
    [
      'has a PATH when there is none',
      'p=$(command -v postmulti); unset PATH; $p -i out -x /usr/bin/env | /usr/bin/sort',
    ],
    ['has a PATH when it is empty', 'p=$(command -v postmulti); PATH= ; $p -i out -x /usr/bin/env | /usr/bin/sort'],
    ['finds commands with a PATH when there is none', 'p=$(command -v postmulti); unset PATH; $p -i out -x echo found'],
    [
      'takes an empty PATH for none at all',
      'env -i PATH= /run/host/bin/postmulti -i out -x /usr/bin/env | grep -v ^PWD= | sort',
    ],
    [
      'is small when the environment was empty',
      'env -i /run/host/bin/postmulti -i out -x /usr/bin/env | grep -v ^PWD= | sort',
    ],
    [
      'has the PWD of a shell when the environment was empty',
      'env -i /run/host/bin/postmulti -i out -x /usr/bin/env | grep ^PWD=',
      {
        differs: {because: shell, status: 0, stdout: 'PWD=/\n'},
      },
    ],
    [
      'has command_directory of the primary in PATH',
      'postmulti -i out -x env | sort',
      {
        given: `
        mkdir /var/site; cp -a /usr/sbin/post* /var/site
        postconf -e command_directory=/var/site`,
      },
    ],
    [
      'has directories as the primary has them',
      `postmulti -i out -x env | grep -E '^(PATH|${parameters})='`,
      {
        given: "postconf -e 'command_directory = $where/sbin/' 'where = /usr'",
      },
    ],
    [
      'has expanded values',
      `postmulti -x env | grep -E '^(${parameters})='`,
      {
        on: 'alone',
        given:
          "instance a 'multi_instance_name = postfix-$mail_owner' 'multi_instance_group = a  b' 'multi_instance_enable = YES'",
      },
    ],
    [
      'lacks variables that a shell cannot name',
      'env a.b=c x-y=z postmulti -i out -x printenv a.b x-y',
      {differs: {because: shell, status: 1, stdout: ''}},
    ],
    ['keeps the shell level', 'SHLVL=3 OLDPWD=/x _=z PS1=! PS2=? PS4=+ LINENO=5 postmulti -i out -x env | sort'],
    [
      'has OPTIND and PPID of a shell',
      'OPTIND=7 PPID=1 postmulti -i out -x printenv OPTIND PPID',
      {differs: {because: shell, stdout: /^1\n\d+\n$/}},
    ],
    [
      'has the PWD of a shell when it was wrong',
      'PWD=/y postmulti -i out -x printenv PWD',
      {differs: {because: shell, stdout: '/\n'}},
    ],
    [
      'keeps variables of Node',
      'NODE_OPTIONS=--nonsense NODE_PATH=/x NODE_NO_WARNINGS=0 postmulti -i out -x env | sort',
    ],
  ],
} satisfies Case as Case
