/** -e destroy. Source: the destroy branch of postmulti-script; postmulti(1), "destroy". */

import type {Case, RowDetails} from '../rows.ts'

const list = 'postmulti -l'
const destroy = 'postmulti -i in -e destroy'
const leavesNothing = 'destroy removes what Postfix itself made'
const keepsMail = 'destroy with mail in the queue is refused, as postmulti(1) says'
const missing = 'what is already gone is not missed'
const remarks = 'postfix(1) is not run, which makes remarks on an old compatibility_level'

/** Something that is not Postfix's stays, and is named. */
const foreign = (given: string, path: string): RowDetails => ({
  given,
  differs: {
    because: 'the thing itself is named, not what rmdir(1) says about its directory',
    stderr: new RegExp(
      `(^|\\n)postfix/postmulti-script: warning: ${path}: please verify contents and remove by hand\\n`,
    ),
  },
})

export default {
  about: '-e destroy',
  rows: [
    ['destroys a fresh instance', [destroy, list]],
    ['destroys by directory', ['postmulti -i /etc/postfix-in -e destroy', list]],
    [
      'destroys one of an older compatibility level',
      destroy,
      {
        given: 'postconf -c /etc/postfix-in -e compatibility_level=2',
        differs: {because: remarks, since: '3.6', stderr: ''},
      },
    ],
    [
      'destroys the only one',
      ['postmulti -i /etc/postfix-a -e destroy', list],
      {
        on: 'alone',
        given: 'instance a; postfix -c /etc/postfix-a set-permissions',
      },
    ],
    [
      'destroys one that never had queues',
      'postmulti -i /etc/postfix-a -e destroy',
      {
        on: 'alone',
        given: 'instance a',
        differs: {because: missing, stderr: ''},
      },
    ],
    [
      'destroys one that was just created',
      ['postmulti -I postfix-a -e create', 'postmulti -i a -e destroy', list],
      {on: 'alone'},
    ],
    [
      'destroys one that counts as independent, too',
      [destroy, list],
      {given: "postconf -e 'alternate_config_directories = /etc/postfix-in /etc/postfix-x'"},
    ],
    ['requires a name', 'postmulti -e destroy'],
    ['does not destroy a group', 'postmulti -g mta -e destroy'],
    ['does not destroy all', 'postmulti -a -e destroy'],
    ['does not destroy whom it does not know', 'postmulti -i nosuch -e destroy'],
    ['does not destroy the primary', 'postmulti -i - -e destroy'],
    ['does not destroy the primary by its directory', 'postmulti -i /etc/postfix -e destroy'],
    [
      'does not destroy a disabled primary',
      'postmulti -i - -e destroy',
      {given: 'postconf -e multi_instance_enable=no'},
    ],
    ['does not destroy the enabled', 'postmulti -i out -e destroy'],
    [
      'does not destroy before init',
      'postmulti -i /etc/postfix-a -e destroy',
      {on: 'bare', given: 'instance a; postconf -e multi_instance_enable=yes'},
    ],
    ['does not destroy without wrapper', destroy, {given: "postconf -e 'multi_instance_wrapper ='"}],
    [
      'does not destroy the running',
      ['postmulti -i in -x postfix start', destroy, 'postmulti -i in -x postfix stop'],
      {terminal: true, daemons: true},
    ],
    [
      'leaves a foreign file beside main.cf',
      destroy,
      foreign('echo x >/etc/postfix-in/transport', '/etc/postfix-in/transport'),
    ],
    [
      'leaves a foreign file among the data',
      destroy,
      foreign('echo x >/var/lib/postfix-in/foreign', '/var/lib/postfix-in/foreign'),
    ],
    [
      'leaves a foreign file in the queue',
      destroy,
      foreign('echo x >/var/spool/postfix-in/foreign', '/var/spool/postfix-in/foreign'),
    ],
    [
      'leaves a foreign directory in the queue',
      destroy,
      foreign('mkdir /var/spool/postfix-in/srv; echo x >/var/spool/postfix-in/srv/hosts', '/var/spool/postfix-in/srv'),
    ],
    [
      'leaves foreign files everywhere',
      destroy,
      foreign(
        'for each in /etc /var/lib /var/spool; do echo x >$each/postfix-in/foreign; done',
        '/etc/postfix-in/foreign',
      ),
    ],
    [
      'does not list one that left foreign files',
      [destroy, list].join('; '),
      foreign('echo x >/etc/postfix-in/transport', '/etc/postfix-in/transport'),
    ],
    [
      'destroys one whose queue is gone',
      destroy,
      {
        given: 'rm -r /var/spool/postfix-in',
        differs: {because: missing, stderr: '', tree: ['!/etc/postfix-in', '!/var/lib/postfix-in']},
      },
    ],
    [
      'destroys one whose data are gone',
      destroy,
      {
        given: 'rm -r /var/lib/postfix-in',
        differs: {because: missing, stderr: ''},
      },
    ],
    [
      'destroys one whose master.cf is gone',
      destroy,
      {
        given: 'rm /etc/postfix-in/master.cf',
        differs: {because: missing, stderr: /^(\/usr\/sbin\/postconf: warning: .*\n)?$/},
      },
    ],
    [
      'does not destroy one whose main.cf is gone',
      'postmulti -i /etc/postfix-in -e destroy',
      {
        given: 'rm /etc/postfix-in/main.cf',
        differs: {
          because: 'one message names the file and the reason',
          status: 1,
          stderr: /fatal: .*\/etc\/postfix-in\/main\.cf/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses to strand a deferred message',
      [destroy],
      {
        given:
          'mkdir /var/spool/postfix-in/deferred/A; echo x >/var/spool/postfix-in/deferred/A/A123; chmod 700 /var/spool/postfix-in/deferred/A/A123',
        differs: {because: keepsMail, status: 1, stderr: /fatal: .*\/etc\/postfix-in.*1 message/, tree: 'untouched'},
      },
    ],
    [
      'refuses to strand a held message',
      [destroy],
      {
        given: 'echo x >/var/spool/postfix-in/hold/A123; chmod 700 /var/spool/postfix-in/hold/A123',
        differs: {
          because: keepsMail,
          status: 1,
          stderr: /fatal: .*\/etc\/postfix-in.*1 message.*hold/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses to strand a submitted message',
      [destroy],
      {
        given: 'echo x >/var/spool/postfix-in/maildrop/A123; chmod 700 /var/spool/postfix-in/maildrop/A123',
        differs: {
          because: keepsMail,
          status: 1,
          stderr: /fatal: .*\/etc\/postfix-in.*1 message.*maildrop/,
          tree: 'untouched',
        },
      },
    ],
    [
      'leaves nothing of an instance that ran',
      [
        'postmulti -i in -x postfix start',
        'postmulti -i in -x postfix stop; while pgrep -x master >/dev/null; do sleep 0.1; done',
        destroy,
      ],
      {
        terminal: true,
        differs: {
          because: leavesNothing,
          stderr: '',
          tree: ['!/etc/postfix-in', '!/var/spool/postfix-in', '!/var/lib/postfix-in'],
        },
      },
    ],
  ],
} satisfies Case as Case
