/** How secondaries are read, and what two instances may not share. Source: load_instance() and register_claim(). */

import type {Case} from '../rows.ts'

/** Postfix's program does nothing for any instance then. */
const othersGoOn = 'whoever claims what is of another is skipped, and the others go on'

export default {
  about: 'secondaries',
  rows: [
    [
      'reads main.cf of a secondary as postconf does',
      'postmulti -l',
      {
        on: 'alone',
        given: `
        instance a 'multi_instance_name = postfix-a' ' ' 'multi_instance_group =' '# comment' '  edge' 'multi_instance_enable = YES'
        instance b 'multi_instance_name = postfix-\${mail_name}' 'mail_name = b' 'multi_instance_group = $$x'
        instance c 'multi_instance_name = postfix-\${mail_owner}' 'multi_instance_group = $setgid_group' 'multi_instance_enable = Yes'
        instance d 'multi_instance_name=postfix-d' 'multi_instance_group	=	tab	' 'multi_instance_enable=no'`,
      },
    ],
    [
      'knows built-in defaults in a secondary',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a 'multi_instance_group = $daemon_directory' 'multi_instance_name = $mail_name'",
      },
    ],
    [
      'knows conditions in a secondary',
      'postmulti -l',
      {
        on: 'alone',
        given: `instance a 'multi_instance_group = \${mail_name?{yes}:{no}}' 'multi_instance_name = \${{1} < {2} ? {less} : {more}}'`,
      },
    ],
    [
      'warns of repeated parameters in a secondary',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a 'multi_instance_name = postfix-a' 'multi_instance_name = postfix-b'",
      },
    ],
    ['takes a nameless secondary', 'postmulti -l', {on: 'alone', given: 'instance a'}],
    [
      'skips the second owner of a queue_directory',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; instance b; sed -i 's|spool/postfix-b|spool/postfix-a|' /etc/postfix-b/main.cf",
        differs: {
          because: othersGoOn,
          stdout:
            '-               -               y         /etc/postfix\n-               -               n         /etc/postfix-a\n',
          stderr: /skipping instance \/etc\/postfix-b: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips the second owner of a data_directory',
      'postmulti -i a -x true',
      {
        on: 'alone',
        given: "instance a; instance b; sed -i 's|lib/postfix-b|lib/postfix-a|' /etc/postfix-b/main.cf",
        differs: {because: othersGoOn, stderr: /skipping instance \/etc\/postfix-b: fatal: .* conflicts with instance/},
      },
    ],
    [
      'skips the second owner of a name',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a 'multi_instance_name = postfix-x'; instance b 'multi_instance_name = postfix-x'",
        differs: {
          because: othersGoOn,
          stdout:
            '-               -               y         /etc/postfix\npostfix-x       -               n         /etc/postfix-a\n',
          stderr: /skipping instance \/etc\/postfix-b: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips a secondary with the queue of the primary',
      'postmulti -l',
      {
        on: 'alone',
        given: 'instance a; sed -i /^queue_directory/d /etc/postfix-a/main.cf',
        differs: {
          because: othersGoOn,
          stdout: '-               -               y         /etc/postfix\n',
          stderr: /skipping instance \/etc\/postfix-a: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips a secondary with the data of the primary',
      'postmulti -i - -e disable',
      {
        on: 'alone',
        given: 'instance a; sed -i /^data_directory/d /etc/postfix-a/main.cf',
        differs: {
          because: othersGoOn,
          status: 0,
          stderr: /skipping instance \/etc\/postfix-a: .* conflicts with instance/,
          tree: [
            '/etc/postfix/main.cf:multi_instance_enable = no',
            '!/etc/postfix/main.cf:multi_instance_enable = yes',
          ],
        },
      },
    ],
    [
      'skips a secondary with the name of the primary',
      'postmulti -l',
      {
        on: 'alone',
        given: "postconf -e multi_instance_name=postfix-a; instance a 'multi_instance_name = postfix-a'",
        differs: {
          because: othersGoOn,
          stdout: 'postfix-a       -               y         /etc/postfix\n',
          stderr: /skipping instance \/etc\/postfix-a: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips a queue that is data',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; sed -i 's|/var/lib/postfix-a|/var/spool/postfix-a|' /etc/postfix-a/main.cf",
        differs: {
          because: othersGoOn,
          stdout: '-               -               y         /etc/postfix\n',
          stderr: /skipping instance \/etc\/postfix-a: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips a queue that is the configuration of another',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; instance b; sed -i 's|/var/spool/postfix-b|/etc/postfix-a|' /etc/postfix-b/main.cf",
        differs: {
          because: othersGoOn,
          stdout:
            '-               -               y         /etc/postfix\n-               -               n         /etc/postfix-a\n',
          stderr: /skipping instance \/etc\/postfix-b: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips data among the commands',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; sed -i 's|/var/lib/postfix-a|/usr/sbin|' /etc/postfix-a/main.cf",
        differs: {
          because: othersGoOn,
          stdout: '-               -               y         /etc/postfix\n',
          stderr: /skipping instance \/etc\/postfix-a: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'skips a queue among the daemons',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; sed -i 's|/var/spool/postfix-a|/usr/lib/postfix/sbin|' /etc/postfix-a/main.cf",
        differs: {
          because: othersGoOn,
          stdout: '-               -               y         /etc/postfix\n',
          stderr: /skipping instance \/etc\/postfix-a: fatal: .* conflicts with instance/,
        },
      },
    ],
    [
      'does not take a group for a name',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a 'multi_instance_name = postfix-x'; instance b 'multi_instance_group = postfix-x'",
      },
    ],
    [
      'takes another spelling for another directory',
      'postmulti -l',
      {
        on: 'alone',
        given: "instance a; instance b; sed -i 's|spool/postfix-b|spool//postfix-a|' /etc/postfix-b/main.cf",
      },
    ],
    [
      'says of a selection without a match who is skipped',
      'postmulti -i nosuch -e enable',
      {
        on: 'alone',
        given: "instance a; instance b; sed -i 's|spool/postfix-b|spool/postfix-a|' /etc/postfix-b/main.cf",
        differs: {
          because: othersGoOn,
          stderr: /skipping instance \/etc\/postfix-b: .* conflicts with instance .*\n.*No instance named nosuch/,
        },
      },
    ],
  ],
} satisfies Case as Case
