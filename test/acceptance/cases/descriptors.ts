/** Closed, full and broken descriptors. Source: safe_open/"sane descriptors" at the top of main() in postmulti.c. */

import type {Case} from '../rows.ts'

const toPipe = 'stderr in a pipe: Postfix before 3.8 and postmulti(1) before 3.11 say nothing at all'

export default {
  about: 'descriptors',
  rows: [
    ['lists without stdin', 'postmulti -l 0<&-'],
    ['lists without stdout', 'postmulti -l 1>&-; echo status $?'],
    ['lists without stderr', 'postmulti -l 2>&-'],
    ['lists without any', 'postmulti -l 0<&- 1>&- 2>&-; echo status $?'],
    ['fails without stderr', 'postmulti -z 2>&-'],
    ['runs a command without stdin', "postmulti -i out -x sh -c 'readlink /proc/self/fd/0; cat; echo status $?' 0<&-"],
    [
      'runs a command without stdout',
      "postmulti -i out -x sh -c '(readlink /proc/$$/fd/1; echo text >&4; echo status $?) 4>&1 >/run/links' 1>&-; cat /run/links",
    ],
    [
      'runs a command without stderr',
      "postmulti -i out -x sh -c 'readlink /proc/self/fd/2; echo text >&2; echo status $?' 2>&-",
    ],
    [
      'runs a command without any',
      "postmulti -i out -x sh -c 'for n in 0 1 2; do readlink /proc/$$/fd/$n; done >/run/links' 0<&- 1>&- 2>&-; cat /run/links",
    ],
    ['enables without any', ['postmulti -i in -e enable 0<&- 1>&- 2>&-', 'postmulti -i in -l']],
    ['leaves no descriptor open for a command', 'postmulti -i out -x ls /proc/self/fd'],
    ['lists to a full disk', 'postmulti -l >/dev/full'],
    ['lists nothing to a full disk', 'postmulti -l -i nosuch >/dev/full'],
    ['lists to one who reads a line', 'postmulti -l | head -1'],
    ['lists to one who reads nothing', '(postmulti -l; echo status $? >&2) | true'],
    ['lists to one who is gone', '(sleep 0.3; postmulti -l; echo status $? >&2) | true'],
    [
      'lists to one who is gone, while SIGPIPE is ignored',
      "(trap '' PIPE; sleep 0.3; postmulti -l; echo status $? >&2) | true",
    ],
    ['lists to a file that cannot be written', 'postmulti -l 1</etc/passwd'],
    ['runs commands for one who is gone', '(sleep 0.3; postmulti -x echo text; echo status $? >&2) | true'],
    ['fails to a full disk', 'postmulti -l operand 2>/dev/full'],
    [
      'says what is wrong in a pipe',
      'postmulti -l operand 2>&1 | cat',
      {
        differs: {because: toPipe, until: '3.11', stdout: "postmulti: fatal: Command not allowed with '-l'\n"},
      },
    ],
    [
      'says what is wrong in a file',
      'postmulti -i nosuch -e enable 2>/run/said; status=$?; cat /run/said; exit $status',
      {
        differs: {because: toPipe, until: '3.11', stdout: 'postmulti: fatal: No instance named nosuch\n'},
      },
    ],
    [
      'shows what getopt says, and the usage, in a pipe',
      'postmulti -z 2>&1 | cat',
      {
        differs: {
          because: toPipe,
          until: '3.11',
          stdout: /^postmulti: invalid option -- 'z'\npostmulti: fatal: Usage:postmulti -l .*\n$/,
        },
      },
    ],
  ],
} satisfies Case as Case
