/** multi_instance_directories as people write it. Source: load_all_instances() in postmulti.c. */

import type {Case, Difference} from '../rows.ts'

const two = 'instance a; instance b'
const listed = (value: string) => `${two}
  sed -i /^multi_instance_directories/d /etc/postfix/main.cf
  printf '%s\\n' '${value}' >>/etc/postfix/main.cf`
const given = (
  title: string,
  value: string,
  run: string | string[] = 'postmulti -l',
  differs?: Difference,
): Case['rows'][0] => [title, run, {on: 'alone', given: listed(value), ...(differs === undefined ? {} : {differs})}]
/** Postfix's program does nothing for any instance then. */
const skips = (directory: string, stdout: string): Difference => ({
  because: 'whoever claims what is of another is skipped, and the others go on',
  stdout,
  stderr: new RegExp(`skipping instance ${directory}: fatal: .* conflicts with instance`),
})
const primary = '-               -               y         /etc/postfix\n'

export default {
  about: 'multi_instance_directories',
  rows: [
    given('may have commas', 'multi_instance_directories = /etc/postfix-b,/etc/postfix-a'),
    given('may have commas and blanks and tabs', 'multi_instance_directories = , /etc/postfix-b ,	,/etc/postfix-a,'),
    given(
      'may have line breaks',
      'multi_instance_directories =\n  /etc/postfix-b\n# not /etc/postfix-c\n\n  /etc/postfix-a',
    ),
    given('may have CRs', 'multi_instance_directories = /etc/postfix-b\r\n  /etc/postfix-a'),
    given('may be expanded', `multi_instance_directories = \${config_directory}-b $where-a\nwhere = /etc/postfix`),
    given(
      'may hold all names in one value',
      'multi_instance_directories = $them\nthem = /etc/postfix-a, /etc/postfix-b',
    ),
    given('may refer to nothing', 'multi_instance_directories = $nosuch /etc/postfix-a'),
    given('may hold nothing but separators', 'multi_instance_directories = , ,,'),
    given('may be empty', 'multi_instance_directories ='),
    given('may repeat a directory', 'multi_instance_directories = /etc/postfix-a /etc/postfix-b /etc/postfix-a'),
    given(
      'may repeat a directory for a command',
      'multi_instance_directories = /etc/postfix-a /etc/postfix-a',
      "postmulti -x sh -c 'echo $MAIL_CONFIG'",
    ),
    given('may hold the primary', 'multi_instance_directories = /etc/postfix-a /etc/postfix'),
    given(
      'skips the primary with a slash at its end',
      'multi_instance_directories = /etc/postfix/',
      'postmulti -l',
      skips('/etc/postfix/', primary),
    ),
    given('keeps slashes at the end', 'multi_instance_directories = /etc/postfix-a/ /etc/postfix-b', [
      'postmulti -l',
      'postmulti -l -i /etc/postfix-a; postmulti -l -i /etc/postfix-a/',
      "postmulti -x sh -c 'echo $MAIL_CONFIG $config_directory'",
    ]),
    given(
      'skips the same directory with a slash',
      'multi_instance_directories = /etc/postfix-a /etc/postfix-a/',
      'postmulti -l',
      skips('/etc/postfix-a/', `${primary}-               -               n         /etc/postfix-a\n`),
    ),
    given('keeps slashes and dots within', 'multi_instance_directories = /etc//postfix-a /etc/./postfix-b'),
    given('takes relative directories from where it stands', 'multi_instance_directories = postfix-a', [
      'cd /etc; postmulti -l',
      'cd /etc; postmulti -l -i postfix-a',
      "cd /etc; postmulti -R -x sh -c 'echo $MAIL_CONFIG'",
    ]),
    given('keeps its order when enabled ones are first', 'multi_instance_directories = /etc/postfix-b /etc/postfix-a', [
      'postmulti -i /etc/postfix-a -e enable',
      'postmulti -l; postmulti -lR',
    ]),
    given(
      'is rewritten with single blanks',
      `multi_instance_directories =\n  \${config_directory}-b,\n  /etc/postfix-a`,
      ['postmulti -I postfix-c -e create', 'postmulti -l'],
    ),
    given('is rewritten without the one that leaves', 'multi_instance_directories = /etc/postfix-b,/etc/postfix-a', [
      'postmulti -i /etc/postfix-b -e deport',
      'postmulti -l',
    ]),
    given(
      'loses both entries of one that leaves',
      'multi_instance_directories = /etc/postfix-b /etc/postfix-a /etc/postfix-b',
      ['postmulti -i /etc/postfix-b -e deport', 'postmulti -l'],
    ),
    [
      'a disabled primary counts as enabled while it is alone',
      ['postmulti -l', 'postmulti -I postfix-a -e create'],
      {
        on: 'alone',
        given: "postconf -e 'multi_instance_enable = no'",
      },
    ],
    ['a primary without postmulti is disabled as soon as it is not alone', 'postmulti -l', {on: 'bare', given: two}],
  ],
} satisfies Case as Case
