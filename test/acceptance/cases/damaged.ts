/**
 * Secondaries that cannot be read. Source: load_instance() in postmulti.c, which gives up at the first one; ours goes on.
 */

import type {Case} from '../rows.ts'

const others = 'one damaged secondary does not stop the others'
const listWithoutIn = [
  '-               -               y         /etc/postfix\n',
  'postfix-out     mta             y         /etc/postfix-out\n',
  'postfix-lists   -               y         /etc/postfix-lists\n',
].join('')
const named = (file: string, reason: string) => new RegExp(`^postmulti: .*${file}.*${reason}`)
const damage = {
  missing: 'rm /etc/postfix-in/main.cf',
  line: 'echo nonsense >>/etc/postfix-in/main.cf',
  boolean:
    "sed -i 's/^multi_instance_enable.*//' /etc/postfix-in/main.cf; echo 'multi_instance_enable = maybe' >>/etc/postfix-in/main.cf",
}

export default {
  about: 'damaged secondaries',
  rows: [
    [
      'lists the others when one main.cf is missing',
      'postmulti -l',
      {
        given: damage.missing,
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/main.cf', 'No such file'),
        },
      },
    ],
    [
      'lists the others when one main.cf has a bad line',
      'postmulti -l',
      {
        given: damage.line,
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/main.cf, line \\d+', 'missing'),
        },
      },
    ],
    [
      'lists the others when one is neither enabled nor disabled',
      'postmulti -l',
      {
        given: damage.boolean,
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/main.cf', 'multi_instance_enable = maybe'),
        },
      },
    ],
    [
      'lists the others when one directory is missing',
      'postmulti -l',
      {
        given: 'rm -r /etc/postfix-in',
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/main.cf', 'No such file'),
        },
      },
    ],
    [
      'lists the others when one main.cf is a directory',
      'postmulti -l',
      {
        given: 'rm /etc/postfix-in/main.cf; mkdir /etc/postfix-in/main.cf',
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/main.cf', 'directory'),
        },
      },
    ],
    [
      'names all that are damaged',
      'postmulti -l',
      {
        given: `${damage.line}; rm /etc/postfix-lists/main.cf`,
        differs: {
          because: others,
          status: 1,
          stdout: /postfix-out +mta/,
          stderr: /\/etc\/postfix-in\/main\.cf[\s\S]*\n.*\/etc\/postfix-lists\/main\.cf/,
        },
      },
    ],
    [
      'finds a healthy instance beside a damaged one',
      'postmulti -i out -l',
      {
        given: damage.line,
        differs: {
          because: others,
          status: 0,
          stdout: /^postfix-out .*\n$/,
          stderr: /^(postmulti: .*\/etc\/postfix-in\/main\.cf.*\n)?$/,
        },
      },
    ],
    [
      'finds the primary beside a damaged secondary',
      'postmulti -i - -x echo here',
      {
        given: damage.missing,
        differs: {
          because: others,
          status: 0,
          stdout: 'here\n',
          stderr: /^(postmulti: .*\/etc\/postfix-in\/main\.cf.*\n)?$/,
        },
      },
    ],
    [
      'runs a command for the others',
      "postmulti -x sh -c 'echo $multi_instance_name'",
      {
        given: damage.line,
        differs: {
          because: others,
          status: 1,
          stdout: '\npostfix-out\npostfix-lists\n',
          stderr: named('/etc/postfix-in/main.cf', 'missing'),
        },
      },
    ],
    [
      'does not find a damaged instance',
      'postmulti -i /etc/postfix-in -x true',
      {
        given: damage.missing,
        differs: {because: others, status: 1, stdout: '', stderr: /\/etc\/postfix-in\/main\.cf/},
      },
    ],
    [
      'disables a healthy instance beside a damaged one',
      'postmulti -i out -e disable',
      {
        given: damage.missing,
        differs: {
          because: others,
          status: 0,
          stderr: named('/etc/postfix-in/main.cf', 'No such file'),
          tree: ['/etc/postfix-out/main.cf:multi_instance_enable = no'],
        },
      },
    ],
    [
      'lists the others when one master.cf has a bad line',
      'postmulti -l',
      {
        given: 'echo nonsense >>/etc/postfix-in/master.cf',
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: named('/etc/postfix-in/master.cf', 'bad field count'),
        },
      },
    ],
    [
      'lists the others when one has values that need each other',
      'postmulti -l',
      {
        given: "postconf -c /etc/postfix-in -e 'multi_instance_name = $syslog_name'",
        differs: {
          because: others,
          status: 1,
          stdout: listWithoutIn,
          stderr: /postmulti: .*\/etc\/postfix-in\/main\.cf.*(macro|nesting)/,
        },
      },
    ],
    [
      'reports the status of the others',
      'postmulti -p status',
      {
        given: damage.line,
        terminal: true,
        differs: {
          because: others,
          status: 1,
          stderr: /postfix\/postfix-script: the Postfix mail system is not running[\s\S]*postfix-out\/postfix-script/,
        },
      },
    ],
  ],
} satisfies Case as Case
