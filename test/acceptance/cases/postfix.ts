/**
 * -p with real daemons, and postmulti as the wrapper of postfix(1).
 * Source: iterate_postfix_command() in postmulti.c; postfix-wrapper(5).
 */

import type {Case, RowDetails} from '../rows.ts'

const real: RowDetails = {terminal: true, daemons: true}
const status = 'postmulti -p status'
/** Waits until the masters that were told to go are gone. */
const gone = 'while pgrep -x master >/dev/null; do sleep 0.1; done'
const recorded = `
  mkdir /var/site; cp -a /usr/sbin/post* /var/site
  rm /var/site/postfix
  printf '%s\\n' '#!/bin/sh' 'echo "$MAIL_CONFIG" "$#" "$@"' 'test "$2" != fail' >/var/site/postfix
  chmod 755 /var/site/postfix
  postconf -e command_directory=/var/site`
const spoken = (title: string, ...run: string[]): Case['rows'][0] => [title, run, {given: recorded}]
const spokenWith = (title: string, settings: string, ...run: string[]): Case['rows'][0] => [
  title,
  run,
  {given: `${recorded} ${settings}`},
]

export default {
  about: '-p',
  rows: [
    spoken('starts all and checks the disabled', 'postmulti -p start'),
    [
      'says that it starts nothing',
      'postmulti -p start',
      {
        given: `${recorded}\nfor each in '' -out -lists; do postconf -c /etc/postfix$each -e multi_instance_enable=no; done`,
        differs: {
          because: 'a host that comes up without mail should say so',
          stderr: 'postmulti: warning: nothing is started: no instance is enabled (multi_instance_enable)\n',
        },
      },
    ],
    spoken('starts a group', 'postmulti -g mta -p start'),
    spoken('checks a disabled instance with arguments', 'postmulti -i in -p start extra words'),
    spoken('stops in reverse', 'postmulti -p stop'),
    spoken('stops a group in reverse', 'postmulti -g mta -p stop'),
    spoken(
      'aborts, drains and stops quickly in reverse',
      'postmulti -p abort',
      'postmulti -p drain',
      'postmulti -p quick-stop',
    ),
    spoken('reloads and flushes the enabled in order', 'postmulti -p reload', 'postmulti -p flush'),
    spoken(
      'does everything else everywhere in order',
      'postmulti -p status',
      'postmulti -p check',
      'postmulti -p logrotate',
    ),
    spoken(
      'hands over words it does not know',
      'postmulti -p restart',
      "postmulti -p ''",
      'postmulti -p /bin/ls x',
      'postmulti -p -- -v',
    ),
    spoken('hands over all arguments', "postmulti -i out -p status 'a b' '' -x"),
    spoken('minds the case of words', 'postmulti -p Stop', 'postmulti -p START'),
    spoken('does not take a part of a word', 'postmulti -p sto', 'postmulti -p starts'),
    spoken('finds no one to stop', 'postmulti -i in -p stop'),
    spoken('finds no one to reload', 'postmulti -i in -p reload'),
    spoken('finds no one in no group', 'postmulti -g nosuch -p start'),
    spoken('finds no one by no name', 'postmulti -i nosuch -p status'),
    spoken('finds the disabled for status', 'postmulti -i in -p status'),
    spoken('goes on after a failure', 'postmulti -p fail'),
    spoken(
      'changes MAIL_CONFIG and nothing else',
      'postmulti -i out -x env >/run/x; cp /usr/bin/env /var/site/; printf "#!/bin/sh\\nenv | sort" >/var/site/postfix; PATH=$PATH:/x MAIL_CONFIG=/etc/postfix postmulti -i out -p status',
    ),
    spoken('starts no one when postfix is missing', 'rm /var/site/postfix; postmulti -g mta -p start'),
    spoken(
      'sets umask 022 and shares stdin',
      "printf '#!/bin/sh\\numask; read line; echo $line' >/var/site/postfix; umask 077; printf '1\\n2\\n3\\n4\\n' | postmulti -p status",
    ),
    spokenWith(
      'starts by other words',
      "'postmulti_start_commands = begin, launch'",
      'postmulti -p begin',
      'postmulti -p launch',
      'postmulti -p start',
    ),
    spokenWith(
      'stops by other words',
      "'postmulti_stop_commands = halt $more' 'more = end'",
      'postmulti -p halt',
      'postmulti -p end',
      'postmulti -p stop',
    ),
    spokenWith(
      'controls by other words',
      "'postmulti_control_commands = tickle'",
      'postmulti -p tickle',
      'postmulti -p reload',
    ),
    spokenWith(
      'starts by a word in all lists',
      "'postmulti_start_commands = x' 'postmulti_stop_commands = x' 'postmulti_control_commands = x'",
      'postmulti -p x',
    ),
    spokenWith(
      'stops by a word in two lists',
      "'postmulti_stop_commands = x' 'postmulti_control_commands = x'",
      'postmulti -p x',
    ),
    spokenWith(
      'knows no words',
      "'postmulti_start_commands =' 'postmulti_stop_commands ='",
      'postmulti -p start',
      'postmulti -p stop',
    ),
    [
      'starts, reports, reloads, flushes and stops',
      ['postmulti -p start', status, 'postmulti -p reload', 'postmulti -p flush', `postmulti -p stop; ${gone}`, status],
      real,
    ],
    [
      'starts and aborts a group',
      [
        'postmulti -g mta -p start',
        'postmulti -g mta -p status',
        `postmulti -g mta -p abort; ${gone}`,
        'postmulti -i out -p status',
      ],
      real,
    ],
    [
      'starts and drains one',
      ['postmulti -i lists -p start', `postmulti -i lists -p drain; ${gone}`, 'postmulti -i lists -p status'],
      real,
    ],
    [
      'starts and stops one quickly',
      ['postmulti -i - -p start', `postmulti -i - -p quick-stop; ${gone}`, 'postmulti -i - -p status'],
      real,
    ],
    [
      'starts one twice',
      ['postmulti -i out -p start', 'postmulti -i out -p start', `postmulti -i out -p stop; ${gone}`],
      real,
    ],
    ['stops what does not run', 'postmulti -g mta -p stop', real],
    ['checks all', 'postmulti -p check', real],
    [
      'does not stop a running instance that was disabled',
      [
        'postmulti -i out -p start',
        'postmulti -i out -e disable',
        'postmulti -i out -p stop',
        'postmulti -i out -x postfix status',
        `postmulti -i out -x postfix stop; ${gone}`,
      ],
      real,
    ],
    ['does not start in the foreground', 'postmulti -i - -p start-fg', real],
    ['tells postfix what it does not know', 'postmulti -i out -p restart', real],
    ['tells postfix a word that is no word', 'postmulti -i out -p rehash', real],
    ['tells postfix nothing', "postmulti -i out -p ''", real],
    [
      'goes on when one cannot start',
      ['postmulti -p start', status, `postmulti -p stop; ${gone}`],
      {...real, given: 'rm -r /var/spool/postfix-out'},
    ],
    ['reports as a wrapper', 'postfix status', real],
    [
      'starts and stops as a wrapper',
      ['postfix start', 'postfix status', 'postfix reload', `postfix stop; ${gone}`, 'postfix status'],
      real,
    ],
    ['wraps a command of no word', 'postfix', real],
    ['wraps an unknown word', 'postfix restart', real],
    [
      'does not wrap one instance',
      ['postfix -c /etc/postfix-out status', 'MAIL_CONFIG=/etc/postfix-in postfix status'],
      real,
    ],
    ['wraps a command with arguments', 'postfix /bin/echo a b', real],
    ['is no wrapper without init', 'postfix status', {...real, on: 'bare', given: 'instance a'}],
    ['wraps for a host that has nothing but the primary', 'postfix status', {...real, on: 'alone'}],
  ],
} satisfies Case as Case
