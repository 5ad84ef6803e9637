/** -e init, enable and disable. Source: edit_command() in postmulti.c; the same branches of postmulti-script. */

import type {Case} from '../rows.ts'

const list = 'postmulti -l'

export default {
  about: '-e init, -e enable and -e disable',
  rows: [
    ['initialises', ['postmulti -e init', list], {on: 'bare'}],
    ['initialises twice', ['postmulti -e init', 'postmulti -e init', list], {on: 'bare'}],
    ['initialises what is initialised', ['postmulti -e init', list]],
    ['initialises with -a', ['postmulti -a -e init'], {on: 'bare'}],
    ['initialises with -g', ['postmulti -g nosuch -e init'], {on: 'bare'}],
    ['initialises with -i of nobody', ['postmulti -i nosuch -e init'], {on: 'bare'}],
    [
      'replaces another wrapper',
      ['postmulti -e init'],
      {given: "postconf -e 'multi_instance_wrapper = /usr/local/bin/mine -p' multi_instance_enable=no"},
    ],
    [
      'initialises beside damaged secondaries',
      ['postmulti -e init'],
      {given: 'rm /etc/postfix-in/main.cf; echo x >>/etc/postfix-out/main.cf'},
    ],
    [
      'initialises beside secondaries in conflict',
      ['postmulti -e init'],
      {given: 'postconf -c /etc/postfix-in -e queue_directory=/var/spool/postfix-out'},
    ],
    [
      'does not initialise without its directories',
      'postmulti -e init',
      {on: 'bare', given: 'postconf -e daemon_directory=/nowhere'},
    ],
    [
      'initialises with comments around',
      ['postmulti -e init'],
      {
        on: 'bare',
        given:
          "printf '%s\\n' '# 1' 'multi_instance_enable =' '# 2' '   no' '#multi_instance_wrapper = x' 'MULTI_instance_enable = y' >>/etc/postfix/main.cf",
      },
    ],
    ['initialises an empty main.cf', ['postmulti -e init', list], {on: 'bare', given: ': >/etc/postfix/main.cf'}],
    [
      'initialises a main.cf of other mode and owner',
      ['postmulti -e init'],
      {on: 'bare', given: 'chmod 600 /etc/postfix/main.cf; chown nobody /etc/postfix/main.cf'},
    ],
    [
      'initialises a main.cf without newline at its end',
      'postmulti -e init',
      {
        on: 'bare',
        given: "printf 'mail_name = x' >>/etc/postfix/main.cf",
        differs: {
          because: 'postconf(1) puts the next parameter on the same line',
          unless: 'postconf ends the last line',
          tree: [
            '/etc/postfix/main.cf:mail_name = x',
            '/etc/postfix/main.cf:multi_instance_enable = yes',
            '/etc/postfix/main.cf:multi_instance_wrapper =',
          ],
        },
      },
    ],
    ['enables', ['postmulti -i in -e enable', list]],
    ['enables by full name', ['postmulti -i postfix-in -e enable', list]],
    ['enables by directory', ['postmulti -i /etc/postfix-in -e enable', list]],
    [
      'enables a nameless instance',
      ['postmulti -i /etc/postfix-a -e enable', list],
      {on: 'alone', given: 'instance a'},
    ],
    ['enables what is enabled', ['postmulti -i out -e enable', list]],
    ['disables', ['postmulti -i out -e disable', list]],
    ['disables what is disabled', ['postmulti -i in -e disable', list]],
    ['disables and enables', ['postmulti -i out -e disable', 'postmulti -i out -e enable', list]],
    [
      'enables the first of two that match',
      ['postmulti -i plain -e enable', list],
      {
        on: 'alone',
        given: "instance a 'multi_instance_name = postfix-plain'; instance b 'multi_instance_name = plain'",
      },
    ],
    ['disables the primary', ['postmulti -i - -e disable', list]],
    [
      'disables the primary and enables no more',
      ['postmulti -i - -e disable', 'postmulti -i in -e enable', 'postmulti -i - -e enable', 'postmulti -e init', list],
    ],
    ['enables the primary', ['postmulti -i /etc/postfix -e enable', list]],
    [
      'enables by an expanded value',
      ['postmulti -i in -e enable', list],
      {
        given: `sed -i '/^multi_instance_enable/d' /etc/postfix-in/main.cf; printf '%s\\n' 'multi_instance_enable = \${switch}' 'switch = no' >>/etc/postfix-in/main.cf`,
      },
    ],
    [
      'enables a value of several lines',
      ['postmulti -i in -e enable', list],
      {
        given:
          "sed -i '/^multi_instance_enable/d' /etc/postfix-in/main.cf; printf '%s\\n' 'multi_instance_enable =' '# why' '  no' '# end' >>/etc/postfix-in/main.cf",
      },
    ],
    [
      'enables a repeated value',
      ['postmulti -i in -e enable', list],
      {
        given:
          "printf '%s\\n' 'multi_instance_enable = no' 'mail_name = x' 'multi_instance_enable = no' >>/etc/postfix-in/main.cf",
      },
    ],
    [
      'enables in a main.cf that is a link',
      ['postmulti -i in -e enable', list],
      {given: 'mv /etc/postfix-in/main.cf /etc/postfix-in/real; ln -s real /etc/postfix-in/main.cf'},
    ],
    [
      'enables in a main.cf of other mode and owner',
      ['postmulti -i in -e enable', list],
      {given: 'chmod 640 /etc/postfix-in/main.cf; chown nobody:postfix /etc/postfix-in/main.cf'},
    ],
    [
      'enables in a main.cf with other bytes',
      ['postmulti -i in -e enable', list],
      {given: "printf 'latin = gr\\366\\337e\\r\\n# gr\\303\\266\\303\\237e\\n' >>/etc/postfix-in/main.cf"},
    ],
    [
      'enables in a directory that is a link',
      ['postmulti -i in -e enable', list],
      {given: 'mv /etc/postfix-in /etc/postfix-real; ln -s postfix-real /etc/postfix-in'},
    ],
    ['requires a name to enable', 'postmulti -e enable'],
    ['requires a name to disable', 'postmulti -e disable'],
    ['does not enable a group', 'postmulti -g mta -e enable'],
    ['does not disable all', 'postmulti -a -e disable'],
    ['does not enable whom it does not know', 'postmulti -i nosuch -e enable'],
    ['does not enable an empty name', "postmulti -i '' -e enable"],
    ['does not know a directory with a slash at its end', 'postmulti -i /etc/postfix-in/ -e enable'],
    ['does not enable before init', 'postmulti -i /etc/postfix-a -e enable', {on: 'bare', given: 'instance a'}],
    [
      'does not enable behind a disabled primary',
      'postmulti -i in -e enable',
      {given: 'postconf -e multi_instance_enable=no'},
    ],
    [
      'does not disable without wrapper',
      'postmulti -i out -e disable',
      {given: "postconf -e 'multi_instance_wrapper ='"},
    ],
    ['does not mind a bare wrapper', 'postmulti -i out -e disable', {given: 'postconf -e multi_instance_wrapper=x'}],
    ['complains of a name before init', 'postmulti -i nosuch -e enable', {on: 'bare', given: 'instance a'}],
    [
      'does not enable as nobody',
      'setpriv --reuid=nobody --clear-groups postmulti -i in -e enable',
      {
        differs: {
          because: 'our own words, without a sleep',
          status: 1,
          stderr: /fatal: .*Permission denied|fatal: .*(superuser|root)/,
          tree: 'untouched',
        },
      },
    ],
    ['lists as nobody', 'setpriv --reuid=nobody --clear-groups postmulti -l'],
    ['runs commands as nobody', 'setpriv --reuid=nobody --clear-groups postmulti -x id -un'],
    ['does not start as nobody', 'setpriv --reuid=nobody --clear-groups postmulti -i out -p start', {terminal: true}],
  ],
} satisfies Case as Case
