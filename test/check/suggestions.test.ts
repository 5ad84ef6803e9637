/** What rules tell somebody to type has the words that were meant, whatever the values are that they find. */
import assert from 'node:assert/strict'
import {applyRules, rules} from '../../src/check/rules/index.ts'
import {type Edge, plainEdge, type Trouble} from '../../src/flow/graph.ts'
import type {MailFlow} from '../../src/flow/mail-flow.ts'
import type {View} from '../../src/flow/view.ts'
import {toLines} from '../../src/model/base/suggestion.ts'
import type {Listener} from '../../src/model/master-cf/listeners.ts'
import type {CheckedInstance, CheckHost, CheckInput} from '../../src/model/survey/check-input.ts'
import {escapeName} from '../../src/model/units/units.ts'
import {hostile, readBack} from '../shells.ts'
import {byDirectory} from '../units.ts'
import {broken, service} from '../values.ts'
import {entry, subject} from './inputs.ts'

/** The second stands where blanks and commas are between values. */
const [plain, listed] = ['plainword', 'listedword']

describe('suggestions of rules', () => {
  const harmless = suggestionsFor(plain, listed)
  const meant = readBack(harmless.map(({line}) => line))

  it('are there for every rule that has any', () => {
    const telling = new Set(harmless.map(({rule}) => rule))
    assert.deepEqual(
      rules.map(({id}) => id).filter((id) => !telling.has(id)),
      // Nothing of the host is in what it says.
      ['mail-loop'],
    )
  })

  it('have real values: nothing stands there to be filled in', () => {
    assert.deepEqual(
      harmless.filter(({line}) => /\.\.\.|<|\b(?:NAME|FILE|ID|VALUE)\b/.test(line)),
      [],
    )
  })

  for (const value of hostile) {
    it(`have ${JSON.stringify(value)} where they have a plain word else`, () => {
      const part = value.replaceAll(/[\s,]/g, '')
      const put = (word: string): string => word.replaceAll(plain, () => value).replaceAll(listed, () => part)
      // The owner is the first word that is no flag.
      const ends = /^-./s.test(value) ? ['--'] : []
      const putAll = ([program = '', ...words]: string[]): string[] => [
        ...[program, ...(program === 'chown' && words[0] === plain ? ends : [])],
        ...words.map(put),
      ]
      const found = suggestionsFor(value, part)
      assert.deepEqual(
        readBack(found.map(({line}) => line)),
        meant.map((commands) => commands.map(putAll)),
      )
    })
  }
})

/** Of all rules on two hosts in which much is wrong. */
function suggestionsFor(value: string, part: string): {rule: string; line: string}[] {
  return ['', '/nowhere/program'].flatMap((wrapper) => {
    const {input, mailFlow} = spoilt(value, part, wrapper)
    const asked = rules.filter(({id}) => id !== 'mail-loop' && (wrapper === '' || id.startsWith('wrapper-')))
    return applyRules(asked, input, () => mailFlow).flatMap(({rule, suggestions}) => {
      return toLines(suggestions).map((line) => ({rule, line}))
    })
  })
}

function spoilt(value: string, part: string, wrapper: string): {input: CheckInput; mailFlow: MailFlow} {
  const config = `/etc/postfix-out${value}`
  const settings = new Map([['syslog_name', 'postfix/relay']])
  const smtpd = service('smtp inet n - y - - smtpd', {settings})
  const faulty = [
    service('inet inet - - n - - smtpd'),
    service('pipe unix - n n - - pipe', {words: [`user=nobody${value}`, 'argv=/x']}),
    service('cleanup unix n - n - 0 cleanup'),
  ]
  const listener: Listener = {
    ...{service: 'smtp/inet', address: '*', addresses: ['0.0.0.0'], port: 25, command: 'smtpd', enabled: true},
  }
  const unexpanded = subject('-', {
    main: {
      multi_instance_directories: '/etc/a,/etc/b',
      multi_instance_wrapper: wrapper,
      alternate_config_directories: `relative /srv/strange${part} /srv/open${part}`,
      mail_owner: value,
      mydestination: 'localhost',
      meta_directory: '/etc/postfix',
      compatibility_level: value,
      inet_protocols: 'all',
      virtual_alias_maps: `hash:/srv/table${part}`,
      transport_maps: `hash:/srv/none${part}`,
    },
  })
  // What a '$' in it stands for is the business of other tests.
  const primary: CheckedInstance = {...unexpanded, expanded: (each) => each}
  const main = {
    ...{mynetworks_style: 'x', inet_protocols: 'ipv4', smtp_send_xforward_command: 'yes'},
    ...{maillog_file: `/var/log/nowhere${value}/log`, maillog_file_prefixes: '/var', smtpd_recipient_limit: '1000'},
    ...{virtual_maps: value, mynetworks: 'x # y', myorigin: '$mydomian', smtpd_client_restrictions: 'permit_mynetwork'},
    ...{message_size_limit: '1000', queue_minfree: '0'},
    ...{
      [`unheard${value}`]: value,
      [`near${value}`]: value,
      default_process_limit: '100',
      master_service_disable: `cleanup/unix,x${value}`,
    },
  }
  const out: CheckedInstance = {
    ...subject(`postfix-out${value}`, {main, services: [smtpd, {...smtpd}, ...faulty]}),
    ...{
      multi_instance_group: 'mta',
      isUsed: (name) => !/^(?:unheard|near)/.test(name),
      overridden: [{name: 'myorigin', value: 'x', line: 1}],
    },
  }
  // The same name and directories, without a log that could be written.
  const twin: CheckedInstance = {
    ...out,
    ...{config_directory: `/etc/twin${value}`, listeners: [listener], multi_instance_group: 'two'},
    ...{parameter: (name) => (name === 'maillog_file' ? '/run/log' : out.parameter(name))},
  }
  const taker = subject(`postfix-in${value}`, {
    main: {smtpd_authorized_xforward_hosts: 'x', maillog_file: `/var/log/own${value}`, maillog_file_prefixes: '/var'},
  })
  const sender = subject(`postfix-sender${value}`, {
    main: {
      ...{smtp_send_xforward_command: 'yes', smtpd_client_port_logging: value},
      ...{smtp_bind_address: '192.0.2.9', inet_protocols: 'ipv4', smtpd_milters: 'unix:/nowhere'},
      ...{
        postscreen_cache_map: 'btree:/srv/ps',
        address_verify_map: 'btree:/srv/ps',
        smtpd_sender_restrictions: 'reject_unverified_sender',
      },
    },
    services: [
      ...[service('smtp unix - - n - - smtp'), service('25 inet n - n - - smtpd')],
      ...[service('smtp inet n - n - 1 postscreen'), service('verify unix - - n - 1 verify')],
    ],
  })
  const nameless: CheckedInstance = {
    ...subject('', {main: {maillog_file: `/var/log/own${value}`, maillog_file_prefixes: '/var'}}),
    ...{config_directory: `/etc/nameless${value}`, queue_directory: `${out.queue_directory}/active`},
    listeners: [listener],
  }
  const instances = [
    {...primary, multi_instance_enable: false},
    ...[{...primary, config_directory: `/etc/main${value}`, primary: false}, out, twin, nameless],
    ...[taker, sender].map((each) => ({...each, multi_instance_group: 'xforward'})),
    {...subject(`postfix-off${value}`), multi_instance_enable: false},
  ]
  const damaged = [broken(`/etc/broken${value}`), {...broken(`/etc/gone${value}`), reason: 'No such file or directory'}]
  const gone = damaged.map(({line: _, ...others}) => others)
  const views: View[] = instances.map((each) => ({
    ...each,
    parameters: {myhostname: 'x'},
    services: [],
    trustsXforward: false,
  }))
  const network = {own: [], addressesOf: () => [], portOf: () => null, open: null}
  const tables = {entries: () => null, find: () => null}
  const trouble = (kind: Trouble['kind']): Trouble => ({kind, place: value, message: value})
  const [to, into, by] = [nameless.config_directory, listener.service, ['relayhost']]
  const edges: Edge[] = [
    ...(['disabled', 'switched off', 'nobody', 'itself', 'no transport'] as const).map((kind) => {
      return {...plainEdge(config, to), by, into, trouble: trouble(kind)}
    }),
    {...plainEdge(config, to), by, into},
    {...plainEdge(config, 'filter'), by: ['content_filter'], program: 'smtp', transport: `smtp${value}`},
  ]
  const host = hostOf(value, part)
  const flow = {nodes: [{kind: 'program' as const, id: 'filter', label: value}], edges}
  return {
    input: {instances: instances.map(withAllNames), damaged: [...damaged, ...gone], host},
    mailFlow: {flow, host: {views, network, tables}},
  }
}

/** What is typed for a name is not what this is about: hostile words have some of their own. */
function withAllNames(each: CheckedInstance): CheckedInstance {
  return {...each, isDefined: (name) => name !== 'mydomian'}
}

/** Everything is there and somebody else's, but for what is called nowhere or none. */
function hostOf(value: string, part: string): CheckHost {
  const strange = entry({kind: 'directory', uid: 7, modified: 9000})
  const open = entry({kind: 'directory', mode: 0o777})
  return {
    look: (path) => {
      if (path === `/srv/none${part}.db` || path.includes('nowhere') || path === '/var/lib/nothing') return null
      if (path === '/pipe') return entry({mode: 0o755})
      if (path.endsWith('.db')) return entry({modified: 1000})
      if (path === '/' || path === '/srv') return entry({kind: 'directory'})
      return path.startsWith(`/srv/open${part}`) || path.startsWith('/etc/twin') ? open : strange
    },
    canonical: (path) => path,
    text: (path) => (path.startsWith('/var') ? null : 'inet_protocols = ipv4\n'),
    runner: () => ({as: 'root'}),
    userId: (name) => (name.startsWith('nobody') ? undefined : 100),
    groupId: () => undefined,
    nearestParameters: (name) => (name.startsWith('near') ? [`nearest${value}`] : []),
    defaultOf: () => undefined,
    tableTypes: () => ['hash', 'btree', 'pcre'],
    hasAddress: () => false,
    canBind: () => false,
    addressesOf: () => null,
    sockets: () => [{address: '0.0.0.0', port: 25, inode: '1'}],
    holderOf: () => ({pid: 99, name: value}),
    entries: () => [],
    masters: () => [{pid: 97, config_directory: `/etc/elsewhere${value}`}],
    masterOf: (each) => (/^\/etc\/postfix(?:$|-out)/.test(each.config_directory) ? {pid: 98} : null),
    units: () => byDirectory(['out', 'in', 'off'].map((each) => `postfix@${escapeName(`${each}${value}`)}.service`)),
    unitOf: () => 'session-1.scope',
    successorOf: (name) => (name === 'virtual_maps' ? 'virtual_alias_maps' : undefined),
    descriptorsOf: () => ({open: 100, limit: 100}),
    freeSpace: () => 10,
    memory: 0,
  }
}
