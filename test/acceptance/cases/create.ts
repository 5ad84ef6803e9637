/** -e create: names, groups, parameters and place. Source: the create branch of edit_command() in postmulti.c. */

import type {Case} from '../rows.ts'

const list = 'postmulti -l'
const directories = (name: string) =>
  `config_directory=/etc/${name} queue_directory=/var/spool/${name} data_directory=/var/lib/${name}`
const nothingLeft = 'a create that fails leaves nothing behind'

export default {
  about: '-e create',
  rows: [
    ['creates the first secondary', ['postmulti -I postfix-a -e create', list], {on: 'alone'}],
    ['creates one in a group', ['postmulti -I postfix-a -G mta -e create', list]],
    ['creates one with the options in another order', ['postmulti -e create -G edge -I postfix-a', list]],
    ['creates one with attached arguments', ['postmulti -Ipostfix-a -Gedge -ecreate --', list]],
    ['creates one without group by -', ['postmulti -I postfix-a -G - -e create', list]],
    ['creates one without group by nothing', ["postmulti -I postfix-a -G '' -e create", list]],
    ['creates two', ['postmulti -I postfix-a -e create', 'postmulti -I postfix-b -e create', list], {on: 'alone'}],
    ['creates a nameless one', [`postmulti -e create ${directories('postfix-a')}`, list]],
    ['creates a nameless one by -', [`postmulti -I - -G g -e create ${directories('postfix-a')}`, list]],
    [
      'creates one with other directories',
      [`postmulti -I postfix-a -e create ${directories('postfix-elsewhere')}`, list],
    ],
    [
      'creates one with another config_directory',
      ['postmulti -I postfix-a -e create config_directory=/etc/postfix-other', list],
    ],
    [
      'creates one with another queue_directory',
      ['postmulti -I postfix-a -e create queue_directory=/var/site/queue', list],
      {given: 'mkdir /var/site'},
    ],
    [
      'creates one with another data_directory',
      ['postmulti -I postfix-a -e create data_directory=/var/site/data', list],
      {given: 'mkdir /var/site'},
    ],
    [
      'creates parents of directories',
      [
        'postmulti -I postfix-a -e create queue_directory=/var/site/1/2/queue data_directory=/var/site/3/4/data config_directory=/var/site/5/6',
        list,
      ],
    ],
    [
      'takes blanks round a parameter',
      ["postmulti -I postfix-a -e create '  data_directory =  /var/lib/postfix-x  '", list],
    ],
    [
      'cuts slashes at the end',
      [
        'postmulti -I postfix-a -e create config_directory=/etc/postfix-x/ queue_directory=/var/spool/postfix-y///',
        list,
      ],
    ],
    [
      'takes the last of repeated parameters',
      ['postmulti -I postfix-a -e create data_directory=/var/lib/postfix-x data_directory=/var/lib/postfix-y', list],
    ],
    [
      'creates a name with all that is allowed',
      [
        "postmulti -I 'postfix-a!@%_=+:.Z9' -e create config_directory=/etc/postfix-a queue_directory=/var/spool/postfix-a data_directory=/var/lib/postfix-a",
        list,
      ],
    ],
    ['creates a name that is the prefix', ['postmulti -I postfix- -e create', list]],
    ['creates a group with a slash', ['postmulti -I postfix-a -G a/b -e create', list]],
    ['refuses a name with a blank', "postmulti -I 'postfix-a b' -e create"],
    ['refuses a name with a dollar', "postmulti -I 'postfix-$a' -e create"],
    ['refuses a name that is not ASCII', 'postmulti -I postfix-größe -e create'],
    ['refuses a name with a comma', 'postmulti -I postfix-a,b -e create'],
    ['refuses a name with a slash', 'postmulti -I postfix-a/b -e create'],
    ['refuses a name without prefix', 'postmulti -I a -e create'],
    ['refuses a name with half a prefix', 'postmulti -I postfix -e create'],
    ['refuses a prefix in capitals', 'postmulti -I Postfix-a -e create'],
    ['complains of characters before slash and prefix', "postmulti -I 'a /b' -e create"],
    ['complains of a slash before the prefix', 'postmulti -I a/b -e create'],
    ['refuses a group with a blank', "postmulti -I postfix-a -G 'a b' -e create"],
    ['refuses a group that is not ASCII', 'postmulti -I postfix-a -G größe -e create'],
    ['complains of a name before a group', "postmulti -I a -G 'a b' -e create"],
    ['complains of a group before a parameter', "postmulti -I postfix-a -G 'a b' -e create nonsense"],
    ['refuses a parameter without =', 'postmulti -I postfix-a -e create nonsense'],
    ['refuses a parameter without a name', 'postmulti -I postfix-a -e create =/x'],
    ['refuses an empty parameter', "postmulti -I postfix-a -e create ''"],
    ['refuses another parameter', 'postmulti -I postfix-a -e create myhostname=a.example.com'],
    ['refuses a parameter of two words', "postmulti -I postfix-a -e create 'data directory=/x'"],
    ['refuses a relative directory', 'postmulti -I postfix-a -e create data_directory=lib/a'],
    ['refuses an empty directory', 'postmulti -I postfix-a -e create queue_directory='],
    ['refuses the root directory', 'postmulti -I postfix-a -e create config_directory=/'],
    ['refuses the root directory with slashes', 'postmulti -I postfix-a -e create config_directory=///'],
    [
      'complains of the first of two parameters',
      'postmulti -I postfix-a -e create queue_directory=x config_directory=/',
    ],
    ['misses all directories', 'postmulti -e create'],
    [
      'misses config_directory',
      'postmulti -G g -e create queue_directory=/var/spool/postfix-a data_directory=/var/lib/postfix-a',
    ],
    [
      'misses queue_directory',
      'postmulti -I - -e create config_directory=/etc/postfix-a data_directory=/var/lib/postfix-a',
    ],
    [
      'misses data_directory',
      'postmulti -e create config_directory=/etc/postfix-a queue_directory=/var/spool/postfix-a',
    ],
    [
      'complains of a config_directory in use before a missing queue_directory',
      'postmulti -e create config_directory=/etc/postfix-out',
    ],
    ['appends', ['postmulti -I postfix-a -e create', list]],
    ['goes before all with -a', ['postmulti -a -I postfix-a -e create', list]],
    ['goes before nobody with -a', ['postmulti -a -I postfix-a -e create', list], {on: 'alone'}],
    ['goes before a group', ['postmulti -g mta -I postfix-a -e create', list]],
    ['goes before an instance', ['postmulti -i lists -I postfix-a -e create', list]],
    ['goes before an instance by its directory', ['postmulti -i /etc/postfix-in -I postfix-a -e create', list]],
    ['finds no group to go before', 'postmulti -g nosuch -I postfix-a -e create'],
    ['finds no instance to go before', 'postmulti -i nosuch -I postfix-a -e create'],
    ['does not go before the primary', 'postmulti -i - -I postfix-a -e create'],
    ['finds nobody to go before', 'postmulti -g mta -I postfix-a -e create', {on: 'alone'}],
    ['does not go before itself', 'postmulti -i a -I postfix-a -e create'],
    ['refuses to go before init', 'postmulti -I postfix-a -e create', {on: 'bare'}],
    [
      'refuses to go after a disabled primary',
      'postmulti -I postfix-a -e create',
      {given: "postconf -e 'multi_instance_enable = no'"},
    ],
    ['refuses without wrapper', 'postmulti -I postfix-a -e create', {given: "postconf -e 'multi_instance_wrapper ='"}],
    [
      'complains of a missing wrapper before a disabled primary',
      'postmulti -I postfix-a -e create',
      {
        given: "postconf -e 'multi_instance_wrapper =' 'multi_instance_enable = no'",
      },
    ],
    [
      'keeps the tag of the primary',
      'postmulti -I postfix-a -e create',
      {on: 'bare', given: 'postconf -e syslog_name=tagged'},
    ],
    [
      'leaves nothing when it cannot finish',
      'postmulti -I postfix-a -e create',
      {
        on: 'alone',
        given: 'echo foreign >/var/spool/postfix-a',
        differs: {
          because: nothingLeft,
          stderr: /^postmulti: fatal: .*\/var\/spool\/postfix-a/,
          tree: [
            '!/etc/postfix-a',
            '/var/spool/postfix-a: file',
            '!/var/lib/postfix-a',
            '!/etc/postfix/main.cf:multi_instance_directories',
          ],
        },
      },
    ],
  ],
} satisfies Case as Case
