/**
 * -e create in directories that would break the host. Source: none in Postfix, which takes them; see model/directories.ts.
 */

import type {Case} from '../rows.ts'

const unusable = 'create refuses directories that would break the host'

export default {
  about: '-e create and unusable directories',
  rows: [
    [
      'refuses a directory with a comma',
      'postmulti -I postfix-a -e create config_directory=/etc/postfix-a,b',
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: config_directory='\/etc\/postfix-a,b' .*comma/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a directory with a dollar',
      "postmulti -I postfix-a -e create 'config_directory=/etc/postfix-$a'",
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: config_directory='\/etc\/postfix-\$a'/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a directory with a quotation mark',
      `postmulti -I postfix-a -e create "config_directory=/etc/postfix-it's"`,
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: config_directory=\/etc\/postfix-it's .*quotation mark/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a pattern that others are like',
      "postmulti -I postfix-a -e create 'data_directory=/var/lib/postfix-*'",
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: data_directory='\/var\/lib\/postfix-\*' .*as well/,
          tree: 'untouched',
        },
      },
    ],
    [
      'takes a pattern that nothing else is like',
      [
        "postmulti -I postfix-a -e create 'config_directory=/etc/postfix-a*' 'queue_directory=/var/spool/postfix-q?' 'data_directory=/var/lib/postfix-d[x]'",
        'postmulti -l',
      ],
    ],
    [
      'refuses a directory with a blank',
      "postmulti -I postfix-a -e create 'config_directory=/etc/postfix a'",
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: config_directory='\/etc\/postfix a' .*white space/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a queue with a blank',
      "postmulti -I postfix-a -e create 'queue_directory=/var/spool/postfix a'",
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: queue_directory='\/var\/spool\/postfix a' .*white space/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a queue by another spelling',
      'postmulti -I postfix-a -e create queue_directory=/var/spool//postfix-out',
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: queue_directory=\/var\/spool\/\/postfix-out .*\/etc\/postfix-out/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a queue by way of another',
      'postmulti -I postfix-a -e create queue_directory=/var/spool/postfix-in/../postfix-out',
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: queue_directory=.* \/etc\/postfix-out/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a queue by a link',
      'postmulti -I postfix-a -e create queue_directory=/var/spool/postfix-link',
      {
        given: 'ln -s postfix-out /var/spool/postfix-link',
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: queue_directory=.* \/etc\/postfix-out/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses data by a link',
      'postmulti -I postfix-a -e create data_directory=/var/site/postfix-out',
      {
        given: 'ln -s /var/lib /var/site',
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: data_directory=.* \/etc\/postfix-out/,
          tree: 'untouched',
        },
      },
    ],
    [
      'refuses a queue within a queue',
      'postmulti -I postfix-a -e create queue_directory=/var/spool/postfix-out/active/a',
      {
        differs: {
          because: unusable,
          status: 1,
          stderr: /fatal: queue_directory=.* \/etc\/postfix-out/,
          tree: 'untouched',
        },
      },
    ],
  ],
} satisfies Case as Case
