/** -e assign. Source: edit_command() and do_name_assignments() in postmulti.c; the assign branch of postmulti-script. */

import type {Case} from '../rows.ts'

const list = 'postmulti -l'

export default {
  about: '-e assign',
  rows: [
    ['assigns a name', ['postmulti -i out -I postfix-new -e assign', list]],
    ['assigns a group', ['postmulti -i out -G edge -e assign', list]],
    ['assigns both', ['postmulti -i out -I postfix-new -G edge -e assign', list]],
    ['clears the name', ['postmulti -i out -I - -e assign', list]],
    ['clears the name by nothing', ["postmulti -i out -I '' -e assign", list]],
    ['clears the group', ['postmulti -i out -G - -e assign', list]],
    ['clears both', ['postmulti -i out -I - -G - -e assign', list]],
    ['clears what is clear', ['postmulti -i lists -G - -e assign', list]],
    ['assigns the same name', ['postmulti -i out -I postfix-out -e assign', list]],
    ['assigns the same name and group', ['postmulti -i out -I postfix-out -G mta -e assign', list]],
    ['assigns the same name and another group', ['postmulti -i out -I postfix-out -G edge -e assign', list]],
    ['assigns to the primary', ['postmulti -i - -I postfix-main -G mta -e assign', list]],
    [
      'clears the primary',
      ['postmulti -i - -I - -e assign', list],
      {given: 'postconf -e multi_instance_name=postfix-main'},
    ],
    [
      'assigns to a nameless instance',
      ['postmulti -i /etc/postfix-a -I postfix-x -e assign', list],
      {on: 'alone', given: 'instance a'},
    ],
    [
      'assigns the same values after expansion',
      ['postmulti -i /etc/postfix-a -I postfix-x -e assign', list],
      {
        on: 'alone',
        given: "instance a 'multi_instance_name = postfix-$mail_name' 'mail_name = x'",
      },
    ],
    [
      'assigns the same values before init',
      ['postmulti -i /etc/postfix-a -G - -e assign'],
      {on: 'bare', given: 'instance a'},
    ],
    ['does not assign before init', 'postmulti -i /etc/postfix-a -G g -e assign', {on: 'bare', given: 'instance a'}],
    [
      'does not assign behind a disabled primary',
      'postmulti -i out -G g -e assign',
      {given: 'postconf -e multi_instance_enable=no'},
    ],
    ['refuses a name in use', 'postmulti -i out -I postfix-in -e assign'],
    [
      'refuses the name of the primary',
      'postmulti -i out -I postfix-main -e assign',
      {given: 'postconf -e multi_instance_name=postfix-main'},
    ],
    ['refuses a name without prefix', 'postmulti -i out -I new -e assign'],
    ['refuses an unsafe name', "postmulti -i out -I 'postfix-a b' -e assign"],
    ['refuses a name with a slash', 'postmulti -i out -I postfix-a/b -e assign'],
    ['refuses an unsafe group', "postmulti -i out -G 'a b' -e assign"],
    ['refuses a group with a dollar', "postmulti -i out -G '$mail_name' -e assign"],
    ['complains of a missing instance before a name', 'postmulti -i nosuch -I new -e assign'],
    ['complains of a name before a group', "postmulti -i out -I new -G 'a b' -e assign"],
    ['complains of a group before a name in use', "postmulti -i out -I postfix-in -G 'a b' -e assign"],
    ['requires a name', 'postmulti -G mta -e assign'],
    ['does not assign to a group', 'postmulti -g mta -G edge -e assign'],
    ['does not assign to all', 'postmulti -a -G edge -e assign'],
    ['does not assign whom it does not know', 'postmulti -i nosuch -G edge -e assign'],
    [
      'changes names round about',
      [
        'postmulti -i out -I postfix-tmp -e assign',
        'postmulti -i in -I postfix-out -e assign',
        'postmulti -i tmp -I postfix-in -e assign',
        list,
      ],
    ],
    [
      'moves a name after it was cleared',
      ['postmulti -i out -I - -e assign', 'postmulti -i in -I postfix-out -e assign', list],
    ],
  ],
} satisfies Case as Case
