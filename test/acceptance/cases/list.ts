/** -l: its columns and its selections. Source: list_instances() and match_instance_selection() in postmulti.c. */

import type {Case} from '../rows.ts'

const many = `
  instance out 'multi_instance_name = postfix-out' 'multi_instance_group = mta'
  instance out-out 'multi_instance_name = postfix-out-out' 'multi_instance_group = mta-edge'
  instance postfix-out 'multi_instance_name = postfix-postfix-out' 'multi_instance_enable = yes'
  instance plain 'multi_instance_name = plain' 'multi_instance_group = a'
  instance postfix-plain 'multi_instance_name = postfix-plain' 'multi_instance_group = mta'
  instance nameless 'multi_instance_group = mta'
  instance anonymous
  instance prefix 'multi_instance_name = postfix-'`

const wide = `
  instance fifteen 'multi_instance_name = postfix-fifteen' 'multi_instance_group = exactlyfifteen1'
  instance sixteen 'multi_instance_name = postfix-sixteen1' 'multi_instance_group = sixteenletters12' 'multi_instance_enable = yes'
  instance very-long-name-of-a-directory 'multi_instance_name = postfix-very-long-name-of-an-instance'
  instance umlaut 'multi_instance_name = postfix-größe' 'multi_instance_group = äöü'
  instance blank 'multi_instance_name = postfix with blanks' 'multi_instance_group = two  blanks'`

const among = (title: string, run: string): Case['rows'][0] => [title, run, {on: 'alone', given: many}]

export default {
  about: '-l',
  rows: [
    ['lists the primary alone', 'postmulti -l', {on: 'bare'}],
    ['lists all', 'postmulti -l'],
    ['lists all with -a', 'postmulti -l -a'],
    ['lists in reverse', 'postmulti -l -R'],
    ['lists in reverse of the reverse', 'postmulti -l -R -R'],
    ['lists a group', 'postmulti -l -g mta'],
    ['lists a group in reverse', 'postmulti -lRg mta'],
    ['lists nothing for a group nobody is in', 'postmulti -l -g nosuch'],
    ['lists nothing for an instance nobody is', 'postmulti -l -i nosuch'],
    ['minds the case of a group', 'postmulti -l -g MTA'],
    ['does not know a part of a group', 'postmulti -l -g mt'],
    ['has no group of those without', "postmulti -l -g ''; postmulti -l -g -"],
    ['finds a full name', 'postmulti -l -i postfix-out'],
    ['finds a name without its prefix', 'postmulti -l -i out'],
    ['minds the case of a name', 'postmulti -l -i OUT'],
    ['finds a directory', 'postmulti -l -i /etc/postfix-out'],
    ['does not find a directory with a slash at its end', 'postmulti -l -i /etc/postfix-out/'],
    ['does not find a directory with two slashes', 'postmulti -l -i /etc//postfix-out'],
    ['finds the primary by -', 'postmulti -l -i -'],
    ['finds the primary by its directory', 'postmulti -l -i /etc/postfix'],
    ['does not find the primary by the prefix', 'postmulti -l -i postfix; postmulti -l -i postfix-'],
    ['does not find an empty name', "postmulti -l -i ''"],
    [
      'finds a named primary by name',
      'postmulti -l -i main; postmulti -l -i postfix-main; postmulti -l -i -',
      {
        given: "postconf -e 'multi_instance_name = postfix-main' 'multi_instance_group = mta'",
      },
    ],
    [
      'finds a named primary by its directory and group',
      'postmulti -l -i /etc/postfix; postmulti -l -g mta',
      {
        given: "postconf -e 'multi_instance_name = postfix-main' 'multi_instance_group = mta'",
      },
    ],
    among('lists names that share a beginning', 'postmulti -l'),
    among('finds one of two names that share an ending', 'postmulti -l -i out'),
    among('finds one of two names that share an ending by its full name', 'postmulti -l -i postfix-out'),
    among(
      'finds the longer of two names that share an ending',
      'postmulti -l -i out-out; postmulti -l -i postfix-postfix-out',
    ),
    among('finds a name with two prefixes', 'postmulti -l -i postfix-out-out'),
    among('finds a name with and without prefix', 'postmulti -l -i plain'),
    among('finds a name with prefix only', 'postmulti -l -i postfix-plain'),
    among(
      'does not find a nameless instance by its directory without the path',
      'postmulti -l -i nameless; postmulti -l -i postfix-nameless',
    ),
    among('finds a nameless instance by its directory', 'postmulti -l -i /etc/postfix-nameless'),
    among('finds a name that is nothing but the prefix', "postmulti -l -i ''; postmulti -l -i postfix-"),
    among('finds a group of one letter', 'postmulti -l -g a'),
    among('does not find a group that begins alike', 'postmulti -l -g mta'),
    among('lists long groups in reverse', 'postmulti -lRg mta-edge; postmulti -lR'),
    ['aligns columns until they are too long', 'postmulti -l', {on: 'alone', given: wide}],
    [
      'finds names and groups that are not ASCII',
      'postmulti -l -i größe; postmulti -l -g äöü',
      {on: 'alone', given: wide},
    ],
    [
      'finds names and groups with blanks',
      "postmulti -l -i 'postfix with blanks'; postmulti -l -g 'two  blanks'",
      {on: 'alone', given: wide},
    ],
    [
      'lists a name that is not UTF-8',
      'postmulti -l',
      {
        on: 'alone',
        given: 'instance latin "multi_instance_name = $(printf \'postfix-gr\\366\\337e\')"',
      },
    ],
    [
      'finds a name that is not UTF-8',
      'postmulti -l -i "$(printf \'gr\\366\\337e\')"',
      {
        on: 'alone',
        given: 'instance latin "multi_instance_name = $(printf \'postfix-gr\\366\\337e\')"',
      },
    ],
  ],
} satisfies Case as Case
