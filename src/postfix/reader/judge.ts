/**
 * What `postconf -xc` makes of the settings of one instance: the wanted values, or the fault that makes it give up.
 * Parameters that are not asked for can make it fail, so all of main.cf and master.cf is judged.
 * Source: postconf(1); postconf_user.c for unused and undefined names, postconf_dbms.c for tables and braces.
 */

import {printable} from '../../model/base/printable.ts'
import {splitWords} from '../../model/base/text.ts'
import {collapse, ExpansionFault, mentionedNames, tryExpand} from '../../model/main-cf/expand.ts'
import type {Defaults} from './defaults.ts'
import type {MasterCf, MasterService} from './master-cf.ts'
import {shapeOf} from './plain-values.ts'
import {
  areOwnAddresses,
  areProtocols,
  defaultMydomain,
  defaultMyhostname,
  isCompatibilityLevel,
  isHostName,
} from './run-time.ts'
import {isTableQuiet} from './tables.ts'

export interface Subject {
  /** As given to -c. */
  config_directory: string
  /** Latin1 text; the last of each name, config_directory included. */
  settings: ReadonlyMap<string, string>
  masterCf: MasterCf
  defaults: Defaults
}

export type Judgement =
  /**
   * Collapsed; and the warnings of postconf, without "warning: ". Simple: a word (see `isWord`) in place of another one
   * would be the value of that setting and change nothing else, unless the setting is one of the `decisive`.
   */
  | {values: Map<string, string>; warnings: string[]; isSimple: boolean}
  /** A setting that cannot be expanded. */
  | {fault: string; name: string}
  /** Only postconf knows. */
  | 'unsure'

export function judge(subject: Subject, wanted: readonly string[]): Judgement {
  const {settings, masterCf, defaults} = subject
  const knowledge = new Knowledge(subject)
  const userParameters: string[] = []
  const comments: string[] = []
  // postconf(1) drops them, and whatever mentions them expands otherwise than here.
  if (readOnly.some((name) => settings.has(name))) return 'unsure'
  for (const [name, value] of settings) {
    const isBuiltIn = knowledge.isBuiltIn(name)
    if (!isBuiltIn) userParameters.push(name)
    if (rawParameters.has(name)) {
      if (value.includes('#') && areCommentsTold(defaults)) return 'unsure'
      continue
    }
    if (isFine(value, knowledge.lookup)) continue
    knowledge.metTrouble = true
    knowledge.metUnpredictable = false
    knowledge.metRaw = false
    const expanded = tryExpand(value, knowledge.lookup, defaults.parameters.mail_version)
    if (expanded instanceof ExpansionFault) {
      const reason = expanded.warnings[0] ?? expanded.message
      // Releases to come will have functions that would look like faults here, as those of 3.11 do.
      const isKnown = /^3\.(?:\d|1[01])\./.test(defaults.parameters.mail_version ?? '')
      const isCertain = isBuiltIn && !knowledge.metRaw && isKnown && !reason.startsWith('unknown function ')
      return isCertain ? {fault: reason, name} : 'unsure'
    }
    if (!isBuiltIn) continue
    // What is raw stands there as it is, and 3.11 looks into its braces.
    if (!isQuiet(expanded) || knowledge.metRaw) return 'unsure'
    const comment = areCommentsTold(defaults) ? findComment(expanded) : undefined
    if (comment === undefined) continue
    // What is quoted may hold what only postconf(1) knows.
    if (/[{}]/.test(expanded) || knowledge.metUnpredictable) return 'unsure'
    comments.push(
      printable(`${subject.config_directory}/main.cf: #comment after other text is not allowed: ${comment}`),
    )
  }
  for (const service of masterCf.services) {
    if (!areOptionsFine(service, knowledge)) return 'unsure'
  }
  if (!settings.has('mynetworks') && !canMakeMynetworks(subject)) return 'unsure'
  if (!settings.has('myhostname') && !isHostName(subject.defaults.host.name)) return 'unsure'
  // A dollar sign that an expansion has left would be expanded again in the default of the other.
  if (['myhostname', 'mydomain'].some((name) => evaluateOwn(name, subject)?.includes('$'))) return 'unsure'
  if (evaluatedOwn.some((name) => settings.has(name) && evaluateOwn(name, subject) === undefined)) return 'unsure'

  const strangers = findStrangers(subject, userParameters, knowledge)
  if (strangers === undefined) return 'unsure'
  const warnings = [...comments, ...strangers, ...findDeprecated(subject)]
  const values = new Map<string, string>()
  knowledge.metUnpredictable = false
  knowledge.metRaw = false
  for (const name of wanted) {
    const value = tryExpand(
      settings.get(name) ?? defaults.parameters[name] ?? knowledge.lookup(name) ?? '',
      knowledge.lookup,
      defaults.parameters.mail_version,
    )
    if (value instanceof ExpansionFault) return 'unsure'
    values.set(name, collapse(value))
  }
  if (knowledge.metUnpredictable || knowledge.metRaw) return 'unsure'
  const refers = (value: string | undefined): boolean => value?.includes('$') ?? false
  const isSimple =
    !knowledge.metTrouble &&
    warnings.length === 0 &&
    !evaluatedOwn.some((name) => refers(settings.get(name))) &&
    !wanted.some((name) => refers(settings.get(name) ?? defaults.parameters[name]))
  return {values, warnings, isSimple}
}

/** Assigned by each program for itself. */
const readOnly = ['process_name', 'process_id', 'service_name']

/** Defaults made of the host's own name when a program starts, which are known here. */
export const ofHostName = ['myhostname', 'mydomain']

/** Printed as they are. Source: postconf(5). */
export const rawParameters = new Set([
  'command_execution_directory',
  'default_rbl_reply',
  'forward_path',
  'luser_relay',
  'mailbox_command',
  'postscreen_expansion_filter',
  'postscreen_reject_footer',
  'smtpd_expansion_filter',
  'smtpd_reject_footer',
])

type ParameterLookup = (name: string) => string | undefined

/** Who knows which parameter, and whether anybody asked for one whose value cannot be told here. */
class Knowledge {
  metUnpredictable = false
  /** A value that had to be expanded to be judged. */
  metTrouble = false
  /** A raw parameter inside another: releases differ. */
  metRaw = false
  readonly lookup: ParameterLookup
  readonly defaults: Defaults
  private readonly subject: Subject

  constructor(subject: Subject) {
    this.subject = subject
    this.defaults = subject.defaults
    const {settings, defaults, masterCf} = subject
    this.lookup = (name) => {
      if (rawParameters.has(name)) this.metRaw = true
      const found = settings.get(name) ?? defaults.parameters[name]
      return found ?? this.madeAtRunTime(name) ?? masterCf.brought.get(name)
    }
  }

  /** Of Postfix, or of a service. */
  isBuiltIn(name: string): boolean {
    const {defaults, masterCf} = this.subject
    return defaults.parameters[name] !== undefined || runTime.includes(name) || masterCf.brought.has(name)
  }

  private madeAtRunTime(name: string): string | undefined {
    const byName = (): string => defaultMyhostname(evaluateOwn('mydomain', this.subject), this.subject.defaults.host)
    switch (name) {
      case 'process_name':
        return 'postconf'
      case 'service_name':
        return ''
      case 'process_id':
      case 'mynetworks':
        this.metUnpredictable = true
        return '1'
      case 'myhostname':
        return byName()
      case 'mydomain':
        return defaultMydomain(evaluateOwn('myhostname', this.subject) ?? byName())
      default:
        return undefined
    }
  }
}

const runTime = [...readOnly, 'mynetworks', 'myhostname', 'mydomain']

const evaluatedOwn = [
  'smtpd_restriction_classes',
  'myhostname',
  'mydomain',
  'mynetworks_style',
  'inet_interfaces',
  'inet_protocols',
  'compatibility_level',
]

/** What they say decides on more than their own value. */
export const decisive = evaluatedOwn.filter((name) => !ofHostName.includes(name))

/** An explicit setting expanded with explicit settings only: so see it defaults made at run time, and restriction classes. */
function evaluateOwn(name: string, {settings, defaults}: Subject): string | undefined {
  const value = settings.get(name)
  const expanded =
    value === undefined ? undefined : tryExpand(value, (each) => settings.get(each), defaults.parameters.mail_version)
  return expanded instanceof ExpansionFault ? undefined : expanded
}

/** No table in it that warns, no braces that are out of order. */
function isQuiet(expanded: string): boolean {
  if (/[{}]/.test(expanded) && !/^(?:[^{}]|(?<=^|[\s,:])\{[^{}]*\}(?=[\s,]|$))*$/.test(expanded)) return false
  return !/(?:ldap|mysql|pgsql|sqlite|memcache|mongodb):/.test(expanded) || isTableQuiet(expanded)
}

function areCommentsTold({warnings}: Defaults): boolean {
  return warnings.ofComments === 'yes'
}

/** As it is quoted: what looks like one takes the place of the rest. Source: mystrtokq_cw() in mystrtok.c. */
function findComment(expanded: string): string | undefined {
  const [, start, rest = ''] = /(?:^|[ \t\r\n,{])(#[^ \t\r\n,]*)[ \t\r\n,]?(.{0,20})/s.exec(expanded) ?? []
  return start === undefined ? undefined : `${start} ${rest}...`
}

/** Nothing to complain about, as far as can be seen at once. */
function isFine(value: string, lookup: ParameterLookup): boolean {
  const {isPlain, names} = shapeOf(value)
  return (
    isPlain &&
    names.every((name) => {
      const found = lookup(name)
      return found === undefined || (!found.includes('$') && shapeOf(found).isPlain)
    })
  )
}

/** All -o settings can be expanded without a word. */
function areOptionsFine({name: service, command, settings}: MasterService, knowledge: Knowledge): boolean {
  const lookup: ParameterLookup = (name) => {
    if (name === 'service_name') return service
    return name === 'process_name' ? command : (settings.get(name) ?? knowledge.lookup(name))
  }
  const {defaults} = knowledge
  const mentioned = new Set([...settings.values()].flatMap((value) => shapeOf(value).names))
  return [...settings].every(([name, value]) => {
    if (readOnly.includes(name) || (!knowledge.isBuiltIn(name) && !mentioned.has(name))) return false
    if (value.includes('#') && areCommentsTold(defaults)) return false
    if (rawParameters.has(name) || isFine(value, lookup)) return true
    knowledge.metTrouble = true
    knowledge.metUnpredictable = false
    knowledge.metRaw = false
    const expanded = tryExpand(value, lookup, defaults.parameters.mail_version)
    if (typeof expanded !== 'string' || !isQuiet(expanded) || knowledge.metRaw) return false
    return findComment(expanded) === undefined || !areCommentsTold(defaults)
  })
}

/** The default of mynetworks is always computed, and so are the parameters that it depends on. */
function canMakeMynetworks(subject: Subject): boolean {
  const own = (name: string): string | undefined => evaluateOwn(name, subject)
  const protocols = own('inet_protocols') ?? 'all'
  const style = own('mynetworks_style')
  return (
    areProtocols(protocols) &&
    (style === undefined ? isCompatibilityLevel(own('compatibility_level') ?? '0') : isStyle(style)) &&
    areOwnAddresses(own('inet_interfaces') ?? 'all', protocols, subject.defaults.host)
  )
}

function isStyle(mynetworks_style: string): boolean {
  return /^(?:class|subnet|host)$/.test(mynetworks_style)
}

/** Warnings of names that are set but not used, or used but not set; undefined where postconf must count them. */
function findStrangers(subject: Subject, userParameters: string[], knowledge: Knowledge): string[] | undefined {
  const {config_directory, settings, masterCf, defaults} = subject
  const warnings: string[] = []
  const mentioned = new Set(splitWords(evaluateOwn('smtpd_restriction_classes', subject) ?? ''))
  for (const [name, value] of settings) {
    if (!rawParameters.has(name)) for (const each of shapeOf(value).names) mentioned.add(each)
  }
  const isSet = (name: string): boolean => settings.has(name) || knowledge.isBuiltIn(name)
  const strangers = [...mentioned].filter((each) => !isSet(each))
  if (strangers.some((each) => !legacyNames(defaults).has(each))) return undefined

  for (const service of masterCf.services) {
    for (const value of service.settings.values()) {
      for (const name of shapeOf(value).names) {
        mentioned.add(name)
        if (service.settings.has(name) || isSet(name) || legacyNames(defaults).has(name)) continue
        if (value.split(name).length > 2) return undefined
        warnings.push(`${config_directory}/master.cf: undefined parameter: ${name}`)
      }
    }
  }
  for (const name of userParameters) {
    if (mentioned.has(name) || legacyNames(defaults).has(name)) continue
    warnings.push(`${config_directory}/main.cf: unused parameter: ${name}=${settings.get(name)}`)
  }
  return warnings.map(printable)
}

/** Parameters that will be gone one day, in the order of postconf where it has one; `-o` settings, too. */
function findDeprecated({config_directory, settings, masterCf, defaults}: Subject): string[] {
  const {deprecated, conclusion} = defaults.warnings
  const among = (names: Iterable<string>): string[] =>
    [...names].filter((name) => Object.hasOwn(deprecated, name)).sort()
  const found = [
    ...among(settings.keys()).map((name) => `${config_directory}/main.cf: ${deprecated[name]}`),
    ...masterCf.services.flatMap(({settings: options}) =>
      among(options.keys()).map((name) => `${config_directory}/master.cf: ${deprecated[name]}`),
    ),
  ]
  const all = found.length > 0 && conclusion !== '' ? [...found, conclusion] : found
  return all.map(printable)
}

const legacy = new WeakMap<Defaults['parameters'], Set<string>>()

/** Old names that defaults still mention: postconf(1) knows them, set or not. */
function legacyNames({parameters}: Defaults): Set<string> {
  let names = legacy.get(parameters)
  if (names === undefined) {
    const scanned = Object.entries(parameters).filter(
      ([name, value]) => value.includes('$') && !rawParameters.has(name),
    )
    const all = scanned.flatMap(([, value]) => mentionedNames(value))
    names = new Set(all.filter((each) => parameters[each] === undefined))
    legacy.set(parameters, names)
  }
  return names
}
