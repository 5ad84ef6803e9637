/** Options as getopt(3) sees them. Source: main() in postmulti.c; getopt string "+ae:g:i:G:I:lpRvx" (3.11: "j", too). */

import type {Case} from '../rows.ts'

const newWords = 'sub-commands, --help and --version belong to the new interface'
const json = 'postmulti(1) has -j since Postfix 3.11, and cuts the group to a letter there'

export default {
  about: 'options',
  rows: [
    ['refuses an unknown option', 'postmulti -z'],
    ['refuses an unknown option after a known one', 'postmulti -l -z'],
    ['refuses an unknown option in a cluster', 'postmulti -lz'],
    ['refuses -h', 'postmulti -h'],
    ['refuses -?', "postmulti '-?'"],
    ['refuses -:', 'postmulti -:'],
    ['refuses the first of two unknown options', 'postmulti -yz'],
    ['takes a long option for the option -', 'postmulti --list'],
    [
      'explains itself with --help',
      'postmulti --help',
      {
        differs: {because: newWords, status: 0, stdout: /instances/, stderr: ''},
      },
    ],
    [
      'tells its version',
      'postmulti --version',
      {
        differs: {because: newWords, status: 0, stdout: /^postmulti\/\d/, stderr: ''},
      },
    ],
    ['does not know long options after a short one', 'postmulti -l --help'],
    ...[...'egiGI'].map((each): Case['rows'][0] => [`misses the argument of -${each}`, `postmulti -l -${each}`]),
    ['misses the argument of -i in a cluster', 'postmulti -li'],
    ['refuses an unknown action', 'postmulti -e start'],
    ['refuses an abbreviated action', 'postmulti -e creat'],
    ['refuses an action in capitals', 'postmulti -e Create'],
    ['refuses an empty action', "postmulti -e ''"],
    ['takes = for a part of the argument', 'postmulti -e=init'],
    ['takes the next option for an argument', 'postmulti -e -l'],
    ['refuses two -G', 'postmulti -i out -e assign -G a -G b'],
    ['refuses two equal -G', 'postmulti -i out -e assign -G a -G a'],
    ['refuses two -I', 'postmulti -i out -e assign -I postfix-a -I postfix-b'],
    ['refuses two -I that clear', 'postmulti -i out -e assign -I - -I -'],
    ['complains about an action before an unknown option that follows', 'postmulti -e bogus -z'],
    ['complains about an unknown option before an action that follows', 'postmulti -z -e bogus'],
    ['complains about two -G before a missing argument that follows', 'postmulti -G a -G b -i'],
    ['complains about two -I before an action that follows', 'postmulti -I a -I b -e bogus'],
    ['takes a cluster', 'postmulti -lRgmta'],
    ['takes a cluster whose argument follows', 'postmulti -Rlvi out'],
    ['takes a cluster with -a', 'postmulti -la'],
    ['takes an attached action', ['postmulti -einit', 'postmulti -l']],
    ['takes an argument that looks like an option', 'postmulti -l -i -l'],
    ['takes -- for an argument', 'postmulti -l -g --'],
    ['drops --', 'postmulti -l --'],
    ['takes what follows -- for operands', 'postmulti -l -- -a'],
    ['takes a lone - for an operand', 'postmulti -l -'],
    ['stops at the first operand', 'postmulti -l mta -z'],
    ['leaves the options of a command alone', 'postmulti -i - -x echo -l -z -- -i'],
    ['leaves -- of a command alone', 'postmulti -i - -x -- echo -- --'],
    ['says no more with -v', 'postmulti -v -l'],
    [
      'takes several -v',
      'postmulti -vv -v -l',
      {
        differs: {because: "the second -v asks for the debug output of Postfix's own library", stderr: ''},
      },
    ],
    ['takes -v with an error', 'postmulti -v -l operand'],
    ['complains under the name it was started by', 'ln -s "$(command -v postmulti)" /run/pm; /run/pm -z'],
    ['refuses an unknown option that is not ASCII', "postmulti -l '-é'"],
    ['shows an action with control characters', 'postmulti -e "$(printf \'a\\tb\\nc\\033\')"'],
    ['shows an action that is not UTF-8', 'postmulti -e "$(printf \'a\\377b\')"'],
    ['shows an action in UTF-8', 'postmulti -e größe'],
    [
      'lists as JSON',
      'postmulti -l -j',
      {
        differs: {
          because: json,
          status: 0,
          stderr: '',
          stdout: [
            '{"name": "-","group": "-","enabled": "y","config_directory": "/etc/postfix"}\n',
            '{"name": "postfix-out","group": "mta","enabled": "y","config_directory": "/etc/postfix-out"}\n',
            '{"name": "postfix-in","group": "mta","enabled": "n","config_directory": "/etc/postfix-in"}\n',
            '{"name": "postfix-lists","group": "-","enabled": "y","config_directory": "/etc/postfix-lists"}\n',
          ].join(''),
        },
      },
    ],
    [
      'lists a selection as JSON, in a cluster',
      'postmulti -jlRg mta',
      {
        differs: {
          because: json,
          status: 0,
          stderr: '',
          stdout: /^\{"name": "postfix-in",.*\n\{"name": "postfix-out",.*\}\n$/,
        },
      },
    ],
    [
      'has no JSON output but for -l',
      'postmulti -j -p status',
      {
        differs: {because: json, until: '3.11', stderr: "postmulti: fatal: JSON output available only with '-l'\n"},
      },
    ],
    [
      'complains about -I before -j',
      'postmulti -j -p -I postfix-a status',
      {
        differs: {
          because: json,
          until: '3.11',
          stderr: "postmulti: fatal: Cannot assign instance name or group without '-e assign'\n",
        },
      },
    ],
  ],
} satisfies Case as Case
