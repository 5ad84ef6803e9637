/** A host as values, as rules see it: what is named is there, and nothing else. */
import assert from 'node:assert/strict'
import {applyRules, rules} from '../../src/check/rules/index.ts'
import {drawFlow} from '../../src/flow/draw.ts'
import type {FlowHost, View} from '../../src/flow/view.ts'
import type {Finding} from '../../src/model/change/finding.ts'
import type {Runner} from '../../src/model/change/runner.ts'
import type {Damaged} from '../../src/model/instance/instance.ts'
import {tryExpand} from '../../src/model/main-cf/expand.ts'
import type {Listener} from '../../src/model/master-cf/listeners.ts'
import {readServiceLines, type ServiceLine} from '../../src/model/master-cf/services.ts'
import {stockServices} from '../../src/model/master-cf/stock-services.ts'
import type {CheckedInstance, CheckInput, FoundFile} from '../../src/model/survey/check-input.ts'
import type {Units} from '../../src/model/units/units.ts'
import {primary, secondary, service} from '../values.ts'

/** What is found, as SEVERITY: MESSAGE. */
export type Row = [title: string, look: () => Finding[], ...findings: RegExp[]]

interface Written {
  main?: Record<string, string>
  services?: ServiceLine[]
}

/** An enabled instance; '-' is the primary. */
export function subject(name: string, {main = {}, services = []}: Written = {}): CheckedInstance {
  const parameters: Record<string, string> = {command_directory: '/usr/sbin', mail_owner: 'postfix', ...main}
  return {
    ...(name === '-' ? primary : secondary(name)),
    primary: name === '-',
    settings: new Map(Object.entries(main).map(([key, value], at) => [key, {value, line: at + 1}])),
    services,
    listeners: [],
    tables: [],
    parameter(each) {
      // The one of a real host reads its files, and does not work without it either.
      assert.ok(this !== undefined, 'parameter() was taken out of its instance')
      return parameters[each]?.replaceAll('$config_directory', '/etc/postfix') ?? ''
    },
    expanded: expandIn((name) => parameters[name]),
    overridden: [],
    isDefined: (name) => name in parameters,
    isUsed: () => true,
  }
}

function expandIn(lookup: (name: string) => string | undefined): CheckedInstance['expanded'] {
  return (value, own) => {
    const expanded = tryExpand(value, (name) => own?.get(name) ?? lookup(name))
    return typeof expanded === 'string' ? expanded : undefined
  }
}

/** Master.cf as Postfix ships it, then these lines; a service of the same name and type takes its place. */
export function withStock(...lines: string[]): ServiceLine[] {
  const own = readServiceLines(lines.join('\n'))
  const stock = readServiceLines(stockServices.map(({line}) => line).join('\n'))
  return [...stock.filter((each) => !own.some(({name, type}) => name === each.name && type === each.type)), ...own]
}

/** As the flow has it; the first of its name is written in main.cf, the others are defaults. */
export function subjectOf(view: View, main: Record<string, string> = {}): CheckedInstance {
  const parameters = {...view.parameters, ...main}
  const services = view.services.map(({name, type, command: [command = '']}, at) => {
    return service(`${name} ${type} - - n - - ${command}`, {line: at + 1})
  })
  return {
    ...view,
    ...{primary: false, tables: [], services, isUsed: () => true},
    settings: new Map(Object.entries(main).map(([key, value], at) => [key, {value, line: at + 1}])),
    parameter: (name) => parameters[name] ?? '',
    expanded: expandIn((name) => parameters[name]),
    overridden: [],
    isDefined: () => true,
  }
}

/** At all addresses of the host, for smtpd. */
export function listener(port: number): Listener {
  const service = `${port}/inet`
  return {service, address: '*', addresses: ['0.0.0.0'], port, command: 'smtpd', enabled: true}
}

/** Of root and mode 0644, or 0755 for a directory, unless it says otherwise. */
export function entry(changes: Partial<FoundFile> = {}): FoundFile {
  const mode = changes.kind === 'directory' ? 0o755 : 0o644
  return {kind: 'file', uid: 0, gid: 0, mode, modified: 0, identity: '', ...changes}
}

const ids: Record<string, number> = {root: 0, postfix: 100, mta: 200}

/** What one rule of ours finds. `texts` are files, too; there are the users and groups root, postfix and mta. Programs run as `runner`. */
export function find(
  rule: string,
  instances: CheckedInstance[],
  {
    entries = {},
    texts = {},
    runner = {as: 'root'},
    successors = {},
    units,
    masters = [],
    strangers = [],
    unitOf = () => undefined,
    damaged = [],
    used,
    holder = null,
    descriptors,
    memory = 0,
    free,
    flow,
    near = [],
    defaults = {mail_version: '3.7.11'},
    addresses = ['127.0.0.1', '::1', '192.0.2.25'],
    names = {localhost: ['127.0.0.1', '::1'], slow: undefined},
    types = [
      'hash',
      'btree',
      'cidr',
      'pcre',
      'regexp',
      'texthash',
      'memcache',
      'proxy',
      'socketmap',
      'static',
      'unionmap',
      'unix',
    ],
  }: {
    entries?: Record<string, FoundFile>
    texts?: Record<string, string>
    runner?: Runner
    successors?: Record<string, string | null>
    units?: Units
    /** Those that run: the first one with the process 1. */
    masters?: CheckedInstance[]
    /** Those that run besides, in a directory that nothing lists. */
    strangers?: {config_directory: string}[]
    unitOf?(pid: number): string | undefined
    damaged?: Damaged[]
    /** Address and port that somebody listens at, who is `holder`. */
    used?: {address: string; port: number}
    holder?: {pid: number; name: string} | null
    descriptors?: {open: number; limit: number}
    memory?: number
    free?: number
    flow?: FlowHost
    near?: string[]
    defaults?: Record<string, string>
    /** Of the host's interfaces. */
    addresses?: string[]
    /** What is known of host names; undefined where that takes too long. */
    names?: Record<string, string[] | undefined>
    /** As `postconf -m`. */
    types?: string[]
  } = {},
): Finding[] {
  const input: CheckInput = {
    instances,
    damaged,
    host: {
      look: (path) => entries[path] ?? (texts[path] === undefined ? null : entry()),
      canonical: (path) => path,
      text: (path) => texts[path] ?? null,
      runner: () => runner,
      userId: (name) => ids[name],
      groupId: (name) => ids[name],
      nearestParameters: () => near,
      defaultOf: (name) => defaults[name],
      tableTypes: () => types,
      hasAddress: (address) => addresses.includes(address),
      canBind: (address) => addresses.includes(address) || address.startsWith('127.'),
      addressesOf: (name) => (name in names ? names[name]! : null),
      sockets: () => (used === undefined ? [] : [{...used, inode: '1'}]),
      holderOf: () => holder,
      entries: () => Object.keys(texts).flatMap((each) => /^\/etc\/(postfix-[^/]+)\/main\.cf$/.exec(each)?.[1] ?? []),
      masters: () =>
        [...masters, ...strangers].map((each, at) => ({pid: at + 1, config_directory: each.config_directory})),
      masterOf: (each) => {
        const at = masters.findIndex(({config_directory}) => config_directory === each.config_directory)
        return at < 0 ? null : {pid: at + 1}
      },
      units: () => units,
      unitOf,
      successorOf: (name) => successors[name],
      descriptorsOf: () => descriptors,
      freeSpace: () => free,
      memory,
    },
  }
  const wanted = rules.filter(({id}) => id === rule)
  return applyRules(wanted, input, () => {
    if (flow === undefined) throw new Error(`${rule} asks for the flow`)
    return {flow: drawFlow(flow), host: flow}
  })
}
