/** -x: which commands run, in what order, and what becomes of their status. Source: iterate_command(), run_user_cmd(). */

import type {Case} from '../rows.ts'

const each = `sh -c 'echo "-- $MAIL_CONFIG"'`

export default {
  about: '-x',
  rows: [
    ['runs a command for each instance', `postmulti -x ${each}`],
    ['runs a command for each instance in reverse', `postmulti -R -x ${each}`],
    ['runs a command in a group', `postmulti -g mta -x ${each}`],
    ['runs a command in a group in reverse', `postmulti -xRg mta ${each}`],
    ['runs a command in one instance', `postmulti -i out -x ${each}`],
    ['runs a command in a disabled instance', `postmulti -xi in ${each}`],
    ['runs a command in the primary', `postmulti -i - -x ${each}`],
    ['runs a command in an instance by its directory', `postmulti -xi /etc/postfix-lists ${each}`],
    ['runs a command in a host without postmulti', `postmulti -x ${each}`, {on: 'bare'}],
    ['refuses a group nobody is in', 'postmulti -g nosuch -x true'],
    ['refuses an instance nobody is', 'postmulti -i nosuch -x true'],
    ['refuses an instance nobody is, in reverse', 'postmulti -R -i nosuch -x true'],
    ['is happy with status 0', 'postmulti -x true'],
    ['makes 1 of status 1', 'postmulti -x false'],
    ['makes 1 of status 3', "postmulti -i out -x sh -c 'exit 3'"],
    ['makes 1 of status 255', "postmulti -i out -x sh -c 'exit 255'"],
    ['makes 1 of a signal', "postmulti -i out -x sh -c 'kill -TERM $$'"],
    ['makes 1 of SIGKILL', "postmulti -i out -x sh -c 'kill -KILL $$'"],
    ['makes 1 of a core dump', "cd /run; ulimit -c 0; postmulti -i out -x sh -c 'kill -SEGV $$'"],
    ['goes on after a failure', 'postmulti -x sh -c \'echo "$MAIL_CONFIG"; test "$multi_instance_group" = mta\''],
    ['goes on after a signal', "postmulti -x sh -c 'echo $MAIL_CONFIG; kill -HUP $$'"],
    ['remembers the failure of the last one', "postmulti -x sh -c 'test $MAIL_CONFIG != /etc/postfix-lists'"],
    ['remembers the failure of the first one', "postmulti -x sh -c 'test $MAIL_CONFIG != /etc/postfix'"],
    ['does not find a command', 'postmulti -i out -x nosuchcommand'],
    ['does not find a command anywhere', 'postmulti -g mta -x nosuchcommand with arguments'],
    ['does not find a command by its path', 'postmulti -i out -x /usr/bin/nosuchcommand'],
    ['does not find an empty command', "postmulti -i out -x ''"],
    ['may not execute a file', 'postmulti -i out -x /etc/passwd'],
    ['may not execute a directory', 'postmulti -i out -x /etc'],
    ['may not execute below a file', 'postmulti -i out -x /etc/passwd/true'],
    [
      'passes over a file it may not execute',
      'mkdir /run/p; : >/run/p/echo; PATH=/run/p:$PATH postmulti -i out -x echo found',
    ],
    [
      'may not execute the only file in PATH',
      'mkdir /run/p; : >/run/p/mine; PATH=/run/p:$PATH postmulti -i out -x mine',
    ],
    [
      'gives a script without #! to sh',
      "echo 'echo $0 $#: $1, $2' >/run/mine; chmod +x /run/mine; postmulti -i out -x /run/mine 'a b' ''",
    ],
    [
      'finds a script without #! in PATH',
      "echo 'echo $# $1' >/run/mine; chmod +x /run/mine; PATH=/run:$PATH postmulti -i out -x mine a b",
    ],
    ['gives an empty script to sh', ': >/run/mine; chmod +x /run/mine; postmulti -i out -x /run/mine'],
    ['does not find an interpreter', "echo '#!/nowhere' >/run/mine; chmod +x /run/mine; postmulti -i out -x /run/mine"],
    ['finds a command where it stands', 'cd /usr/bin; postmulti -i out -x ./echo here'],
    [
      'finds a command of Postfix though PATH does not',
      'PATH=/usr/bin:/bin /run/host/bin/postmulti -i out -x postconf -h mail_name',
    ],
    [
      'passes arguments with blanks and without anything',
      "postmulti -i out -x printf '<%s>' 'a b' '' '  ' '$x' '*' \"'\"",
    ],
    ['passes arguments that are not UTF-8', "postmulti -i out -x printf '<%s>' \"$(printf 'a\\377b')\" grün | od -c"],
    ['passes many arguments', "postmulti -i out -x sh -c 'echo $# $*' $(seq 3000)"],
    ['passes stdin to one command', 'echo text | postmulti -i out -x cat'],
    ['shares stdin among all commands', "printf '1\\n2\\n3\\n4\\n5\\n' | postmulti -x head -c 2"],
    [
      'shares stdin among shells',
      "printf '1\\n2\\n3\\n4\\n5\\n' | (postmulti -x sh -c 'read line; echo got $line'; cat)",
    ],
    ['leaves stdin to others', "printf '1\\n2\\n' | (postmulti -x true; cat)"],
    ['shares stdin from a file', "seq 5 >/run/lines; postmulti -x sh -c 'read line; echo $line' </run/lines"],
    ['hands stdout over in order', "(echo before; postmulti -x sh -c 'echo $MAIL_CONFIG'; echo after) | cat"],
    ['appends to a file', "echo 1 >/run/o; postmulti -x sh -c 'echo $MAIL_CONFIG' >>/run/o; cat /run/o"],
    ['keeps stderr of commands apart', "postmulti -i out -x sh -c 'echo out; echo err >&2'"],
    ['keeps the working directory', 'cd /usr/share; postmulti -x pwd'],
    [
      'keeps a working directory that is gone',
      'mkdir /run/gone; cd /run/gone; rmdir /run/gone; postmulti -i out -x echo here',
      {
        differs: {
          because: 'a shell that starts Node complains',
          stderr: /^sh: 0: getcwd\(\) failed: No such file or directory\n$/,
        },
      },
    ],
    ['sets umask 022', 'umask 077; postmulti -i out -x sh -c umask'],
    ['sets umask 022 where it was 0', 'umask 0; postmulti -i out -x sh -c umask'],
    ['keeps limits', "ulimit -n 99; postmulti -i out -x sh -c 'ulimit -n'"],
    ['keeps niceness', 'nice -n 5 postmulti -i out -x nice'],
    ['keeps ignored signals', "trap '' INT HUP; postmulti -i out -x sh -c 'kill -INT $$; kill -HUP $$; echo alive'"],
    ['keeps other descriptors', 'echo text >/run/f; exec 7</run/f; postmulti -i out -x sh -c "cat <&7"'],
    [
      'starts no one when it was killed',
      "postmulti -x sh -c 'echo $MAIL_CONFIG; kill -TERM $PPID; sleep 0.2; echo on'; sleep 0.5; echo status $?",
    ],
    ['ends with the signal that killed it', "postmulti -i out -x sh -c 'kill -TERM $PPID; sleep 0.3'"],
    ['ends with SIGINT', "postmulti -i out -x sh -c 'kill -INT $PPID; sleep 0.3'"],
    ['ends with SIGHUP', "postmulti -i out -x sh -c 'kill -HUP $PPID; sleep 0.3'"],
    ['leaves background jobs alone', "postmulti -i out -x sh -c '(sleep 0.3; echo late) & echo early'; sleep 0.6"],
    [
      'has one process between the shell and the command',
      "postmulti -i out -x sh -c 'test $(ps -o ppid= -p $PPID) = '$$' && echo close'",
    ],
    [
      'edits every instance',
      ["postmulti -x postconf -e 'mail_name = X Y' always_bcc=", 'postmulti -x postconf -h mail_name'],
    ],
    [
      'edits master.cf of one',
      [
        "postmulti -i out -x postconf -M 'a/unix=a unix - - n - - pipe argv=/bin/x y'",
        'postmulti -i out -x postconf -M a/unix',
      ],
    ],
    ['runs itself', `postmulti -i out -x env -u MAIL_CONFIG postmulti -i in -x ${each}`],
    ['runs itself in a secondary', 'postmulti -i out -x postmulti -l'],
    ['runs itself in the primary', 'postmulti -i - -x postmulti -l'],
  ],
} satisfies Case as Case
