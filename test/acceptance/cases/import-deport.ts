/** -e import and -e deport. Source: edit_command() in postmulti.c; the import and deport branches of postmulti-script. */

import type {Case} from '../rows.ts'

const list = 'postmulti -l'
/** A complete instance that is not listed. */
const stranger = `
  instance a 'multi_instance_name = postfix-a' 'multi_instance_group = old'
  sed -i 's|^multi_instance_directories = /etc/postfix-a$||; s| /etc/postfix-a$||' /etc/postfix/main.cf`
const stranger_nameless = stranger.replace(/ 'multi.*/, '')

export default {
  about: '-e import and -e deport',
  rows: [
    [
      'imports a named instance by its directory',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {given: stranger},
    ],
    [
      'imports the first instance',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {on: 'alone', given: stranger},
    ],
    ['imports by name', ['postmulti -I postfix-a -e import', list], {given: stranger}],
    [
      'imports with another name',
      ['postmulti -I postfix-b -e import config_directory=/etc/postfix-a', list],
      {given: stranger},
    ],
    [
      'imports with another group',
      ['postmulti -G new -e import config_directory=/etc/postfix-a', list],
      {given: stranger},
    ],
    [
      'imports without name and group',
      ['postmulti -I - -G - -e import config_directory=/etc/postfix-a', list],
      {given: stranger},
    ],
    [
      'imports a nameless instance',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {given: stranger_nameless},
    ],
    [
      'imports a nameless instance with a name',
      ['postmulti -I postfix-a -G g -e import', list],
      {given: stranger_nameless},
    ],
    ['imports before a group', ['postmulti -g mta -e import config_directory=/etc/postfix-a', list], {given: stranger}],
    ['imports before all', ['postmulti -a -e import config_directory=/etc/postfix-a/', list], {given: stranger}],
    ['imports before no group', 'postmulti -g nosuch -e import config_directory=/etc/postfix-a', {given: stranger}],
    [
      'imports an enabled instance',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {given: `${stranger}\necho 'multi_instance_enable = yes' >>/etc/postfix-a/main.cf`},
    ],
    [
      'imports what was independent',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {given: `${stranger}\npostconf -e 'alternate_config_directories = /etc/postfix-a,/etc/postfix-b'`},
    ],
    [
      'sets permissions on import',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {
        given: `${stranger}\nchown nobody /var/lib/postfix-a; mkdir -m 777 /var/spool/postfix-a/maildrop /var/spool/postfix-a/private`,
      },
    ],
    ['misses config_directory', 'postmulti -e import'],
    ['misses config_directory with a group', 'postmulti -G g -e import'],
    [
      'refuses other parameters',
      'postmulti -I postfix-a -e import queue_directory=/var/spool/postfix-a',
      {given: stranger},
    ],
    [
      'refuses data_directory',
      'postmulti -e import config_directory=/etc/postfix-a data_directory=/var/lib/postfix-a',
      {given: stranger},
    ],
    ['refuses a relative directory', 'postmulti -e import config_directory=etc/postfix-a', {given: stranger}],
    ['refuses what is listed', 'postmulti -e import config_directory=/etc/postfix-out'],
    ['refuses the primary', 'postmulti -e import config_directory=/etc/postfix'],
    ['refuses a name in use', 'postmulti -I postfix-out -e import config_directory=/etc/postfix-a', {given: stranger}],
    [
      'refuses an old name in use',
      'postmulti -e import config_directory=/etc/postfix-a',
      {
        given: `${stranger}\nsed -i s/postfix-a$/postfix-out/ /etc/postfix-a/main.cf; sed -i 's|^queue_d.*|queue_directory = /var/spool/postfix-a|; s|^data_d.*|data_directory = /var/lib/postfix-a|' /etc/postfix-a/main.cf`,
      },
    ],
    [
      'refuses a queue in use',
      'postmulti -e import config_directory=/etc/postfix-a',
      {given: `${stranger}\nsed -i 's|^queue_d.*|queue_directory = /var/spool/postfix-out|' /etc/postfix-a/main.cf`},
    ],
    [
      'refuses an unsafe name',
      "postmulti -I 'postfix-a b' -e import config_directory=/etc/postfix-a",
      {given: stranger},
    ],
    [
      'lacks main.cf',
      'postmulti -e import config_directory=/etc/postfix-a',
      {
        given: `${stranger}\nrm /etc/postfix-a/main.cf`,
        differs: {
          because: 'native reader: one message names the file and the reason',
          status: 1,
          stderr: /\/etc\/postfix-a\/main\.cf: No such file or directory/,
          tree: 'untouched',
        },
      },
    ],
    [
      'lacks master.cf',
      ['postmulti -e import config_directory=/etc/postfix-a', list],
      {given: `${stranger}\nrm /etc/postfix-a/master.cf`},
    ],
    [
      'lacks its directory',
      'postmulti -I postfix-a -e import',
      {
        differs: {
          because: 'native reader: one message names the file and the reason',
          status: 1,
          stderr: /\/etc\/postfix-a\/main\.cf: No such file or directory/,
          tree: 'untouched',
        },
      },
    ],
    [
      'lacks its queue',
      'postmulti -e import config_directory=/etc/postfix-a',
      {
        given: `${stranger}\nrm -r /var/spool/postfix-a`,
        differs: {
          because: 'an import that fails leaves nothing registered',
          stderr: /fatal: .*\/var\/spool\/postfix-a/,
          tree: 'untouched',
        },
      },
    ],
    ['imports before init', 'postmulti -e import config_directory=/etc/postfix-a', {on: 'bare', given: stranger}],
    ['deports by name', ['postmulti -i in -e deport', list]],
    ['deports by directory', ['postmulti -i /etc/postfix-in -e deport', list]],
    [
      'deports to other independent ones',
      ['postmulti -i in -e deport', list],
      {given: "postconf -e 'alternate_config_directories = /etc/postfix-x,/etc/postfix-y'"},
    ],
    [
      'deports one that counts as independent already',
      ['postmulti -i in -e deport', list],
      {given: "postconf -e 'alternate_config_directories = /etc/postfix-x, /etc/postfix-in'"},
    ],
    ['deports the last', ['postmulti -i /etc/postfix-a -e deport', list], {on: 'alone', given: 'instance a'}],
    ['deports one and imports it again', ['postmulti -i in -e deport', 'postmulti -I postfix-in -e import', list]],
    ['requires a name to deport', 'postmulti -e deport'],
    ['does not deport a group', 'postmulti -g mta -e deport'],
    ['does not deport all', 'postmulti -a -e deport'],
    ['does not deport whom it does not know', 'postmulti -i nosuch -e deport'],
    ['does not deport the primary', 'postmulti -i - -e deport'],
    ['does not deport the enabled', 'postmulti -i out -e deport'],
    [
      'does not deport before init',
      'postmulti -i /etc/postfix-a -e deport',
      {on: 'bare', given: 'instance a; postconf -e multi_instance_enable=yes'},
    ],
    [
      'does not deport behind a disabled primary',
      'postmulti -i in -e deport',
      {given: 'postconf -e multi_instance_enable=no'},
    ],
    [
      'does not deport the running',
      ['postmulti -i in -x postfix start', 'postmulti -i in -e deport', 'postmulti -i in -x postfix stop'],
      {terminal: true, daemons: true},
    ],
  ],
} satisfies Case as Case
