/** What root does on the attacked host. */
import {sh} from '../acceptance/inside.ts'
import {installPlugin} from '../plugins/site-plugin.ts'
import {scratch} from './victim.ts'

export interface Scenario {
  title: string
  /** Shell commands, and more, before. */
  given?: () => unknown
  words: string[]
  /** It changes no instance, so that there is nothing to recover or to undo. */
  aside?: true
  /** A server, which is ended when this socket is there. */
  socket?: string
}

const row = (title: string, words: string, given?: string | (() => unknown)): Scenario => ({
  title,
  words: words.split(' '),
  ...(given === undefined ? {} : {given: typeof given === 'string' ? () => sh(given) : given}),
})

const aside = (...given: Parameters<typeof row>): Scenario => ({...row(...given), aside: true})

const deported = `postmulti -i postfix-out -e deport`
const leftBehind = `postmulti -I postfix-new -e create; postmulti -i postfix-new -e deport
  cp -a /var/spool/postfix-out/active/A /var/spool/postfix-new/active; rm -r /etc/postfix-new`
/** All that `check --fix` can mend in directories of others. */
const broken = `
  postconf -c /etc/postfix-out -e myhostname=out.example.com inet_interfaces=127.0.0.1 \
    'virtual_alias_maps=hash:/etc/postfix-out/maps/virtual' 'transport_maps=hash:/etc/postfix-out/maps/transport'
  postmulti -i postfix-out -e enable
  rm /etc/postfix-out/maps/transport.db
  chown root /var/lib/postfix-out /var/spool/postfix-out/active
  chmod 666 /etc/postfix-web/master.cf`

export const scenarios: Scenario[] = [
  row('create where an instance was', '-I postfix-new -G mta -e create', leftBehind),
  row(
    'create below directories of nobody',
    '-I postfix-new -e create config_directory=/etc/of-nobody/c queue_directory=/var/spool/of-nobody/q data_directory=/var/lib/of-nobody/d',
  ),
  row('create --like', 'instances create postfix-new --like postfix-web'),
  row('import', '-I postfix-out -e import config_directory=/etc/postfix-out', deported),
  row(
    'import of a configuration of nobody',
    '-I postfix-web -e import config_directory=/etc/postfix-web',
    'postmulti -i postfix-web -e deport',
  ),
  row('destroy', '-i postfix-out -e destroy', 'rm -r /var/spool/postfix-out/active/A'),
  row("destroy where all is Postfix's", '-i postfix-out -e destroy', 'rm -r /var/spool/postfix-out/*/A'),
  row('destroy of a configuration of nobody', '-i postfix-web -e destroy'),
  row('deport', '-i postfix-web -e deport'),
  row('assign', '-i postfix-web -G other -e assign'),
  row('enable', '-i postfix-web -e enable'),
  row('disable', '-i postfix-web -e disable', 'postmulti -i postfix-web -e enable'),
  row('set', 'instances set postfix-web mail_name=x'),
  row('unset', 'instances unset postfix-web mail_name', 'postconf -c /etc/postfix-web -e mail_name=x'),
  row('edit', 'instances edit postfix-web', makeEditor),
  row('check --fix', 'check --fix --yes', broken),
  row('steps of a plugin', '-i postfix-out -e enable', needPlugin),
  aside('metrics --output', 'metrics --output /var/lib/of-nobody/m.prom', 'touch /var/lib/of-nobody/m.prom'),
  {...aside('metrics --listen', 'metrics --listen /var/lib/of-nobody/m.sock'), socket: '/var/lib/of-nobody/m.sock'},
  aside('queue, with a cache of nobody', 'queue', 'postmulti queue; chown -R nobody /var/cache/postmulti'),
  aside(
    'trace --log',
    'trace ABCDEF12 --log /var/lib/of-nobody/log',
    `echo "$(date '+%b %e %T') mta1 postfix-out/qmgr[1]: ABCDEF12: from=<a@example.com>, size=1, nrcpt=1 (queue active)" >/var/lib/of-nobody/log`,
  ),
  aside('plugins install', 'plugins install /var/lib/of-nobody/site', givePlugin),
  aside('plugins new', 'plugins new rule --directory /var/lib/of-nobody/rule'),
]

function makeEditor(): void {
  sh(`printf '#!/bin/sh\\necho mail_name = edited >>"$1"\\n' >${scratch}/editor; chmod 755 ${scratch}/editor`)
}

/** It asks no registry. */
function givePlugin(): void {
  sh(`
    mkdir -p /var/lib/of-nobody/site/lib /etc/postmulti
    printf 'fetch-retries=0\nregistry=http://127.0.0.1:9\n' >/etc/postmulti/npmrc
    cd /var/lib/of-nobody/site
    echo '{"name": "site", "version": "1.0.0", "type": "module", "oclif": {"hooks": {"pre-enable": "./lib/index.js"}}}' >package.json
    echo 'export default () => []' >lib/index.js
    chown -R nobody .`)
}

/** Steps of every kind in a directory of nobody's. */
function needPlugin(): Promise<void> {
  const hook = `export default () => [
    {do: 'write file', path: '/etc/postfix-out/maps/virtual', text: 'b@example.com root'},
    {do: 'write file', path: '/etc/postfix-out/maps/fresh', text: 'x'},
    {do: 'make directory', path: '/etc/postfix-out/maps/made/deep', owner: {uid: 1, gid: 1}},
    {do: 'add line', path: '/etc/postfix-out/maps/virtual', line: 'c@example.com root'},
    {do: 'add line', path: '/etc/postfix-out/maps/new', line: 'a'},
    {do: 'remove file', path: '/etc/postfix-out/maps/transport'},
    {do: 'link', path: '/etc/postfix-out/maps/alias', target: '/etc/postfix-out/maps/fresh'},
    {do: 'set parameter', config_directory: '/etc/postfix-web', name: 'mail_name', value: 'In'},
    {do: 'run program', words: ['postmap', 'hash:/etc/postfix-out/maps/virtual'], directory: '/etc/postfix-out/maps', changes: ['/etc/postfix-out/maps/virtual.db'], undo: ['true']},
  ]`
  return installPlugin(hook, {events: ['pre-enable']})
}
