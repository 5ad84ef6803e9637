/**
 * What enabled instances ask Postfix to open as a table or a list: by main.cf, by -o settings of services that run, and by
 * the default of alias_maps where mail for local accounts comes in. Source: DATABASE_README; postconf(5).
 */
import {fromBytes} from '../model/base/text.ts'
import {patternsIn, type TableWord, tableWordsOf} from '../model/master-cf/lookup-tables.ts'
import type {ServiceLine} from '../model/master-cf/services.ts'
import type {CheckedInstance, CheckHost, CheckInput} from '../model/survey/check-input.ts'
import {enabled, type FileLine, placeOfSetting, runningServices, words} from './rule.ts'

export interface TableUse {
  subject: CheckedInstance
  word: TableWord
  /** Where it is named: PARAMETER, or SERVICE/TYPE: PARAMETER. */
  parameters: string[]
  /** The first of them, with its value as it is written; undefined where it is a default, or stands in a file. */
  written: {parameter: string; value: string; service: ServiceLine | undefined} | undefined
  at: FileLine | undefined
}

/** What several parameters of an instance name, with proxy: or without, is there once. Two rules ask for it. */
export function findTableUses(input: CheckInput): readonly TableUse[] {
  const known = knownUses.get(input)
  if (known !== undefined) return known
  const readPatterns = patternReader(input.host)
  const found = enabled(input).flatMap((each) => [...usesOf(each, readPatterns).values()])
  knownUses.set(input, found)
  return found
}

const knownUses = new WeakMap<CheckInput, readonly TableUse[]>()

interface Setting {
  parameter: string
  value: string
  service: ServiceLine | undefined
  isDefault?: true
}

type PatternReader = (file: string) => {word: TableWord; line: number}[]

function usesOf(subject: CheckedInstance, readPatterns: PatternReader): Map<string, TableUse> {
  const found = new Map<string, TableUse>()
  const classes = words(subject.parameter('smtpd_restriction_classes'))
  for (const setting of tableSettings(subject)) {
    const {parameter, service, isDefault} = setting
    // Most parameters name no tables.
    if (tableWordsOf(parameter, '', classes) === undefined || !isRead(subject, setting)) continue
    const value = subject.expanded(setting.value, service?.settings)
    const named = isDefault
      ? {named: `the default of ${parameter}`, at: {file: `${subject.config_directory}/main.cf`, line: null}}
      : placeOfSetting(subject, parameter, service)
    const use = {...named, written: isDefault ? undefined : setting}
    for (const word of (value && tableWordsOf(parameter, value, classes)) || []) add(word, use)
  }
  return found

  function add(word: TableWord, {named, ...place}: Pick<TableUse, 'written' | 'at'> & {named: string}): void {
    const key = `${word.kind} ${word.text}`
    const known = found.get(key)
    if (known !== undefined) {
      if (!known.parameters.includes(named)) known.parameters.push(named)
      if (word.kind === 'table' && word.isProxied) known.word = word
      // Where it stands as it is, and not by way of a $name, it can be changed.
      if (!standsIn(known.written, word) && standsIn(place.written, word)) Object.assign(known, place)
      return
    }
    found.set(key, {subject, word, parameters: [named], ...place})
    if (word.kind !== 'file') return
    for (const {word: inner, line} of readPatterns(word.text))
      add(inner, {named, written: undefined, at: {file: word.text, line}})
  }
}

function standsIn(written: TableUse['written'], {text}: TableWord): boolean {
  return written?.value.includes(text) ?? false
}

/** What a list names in a file, which several instances may share. Source: match_list_parse() in match_list.c. */
function patternReader({look, text}: CheckHost): PatternReader {
  const known = new Map<string, ReturnType<PatternReader>>()
  return (file) => {
    let found = known.get(file)
    if (found === undefined) {
      const lines = look(file)?.kind === 'file' ? (text(file) ?? '').split('\n') : []
      found = lines.flatMap((each, at) =>
        each.startsWith('#') ? [] : patternsIn(fromBytes(each)).map((word) => ({word, line: at + 1})),
      )
      known.set(file, found)
    }
    return found
  }
}

function tableSettings(subject: CheckedInstance): Setting[] {
  const running = runningServices(subject)
  const ofMainCf = [...subject.settings].map(([parameter, {value}]) => ({parameter, value, service: undefined}))
  const ofServices = running.flatMap((service) =>
    [...service.settings].map(([parameter, value]) => ({parameter, value, service})),
  )
  const written: Setting[] = [...ofMainCf, ...ofServices]
  const isDefault = written.every(({parameter}) => parameter !== 'alias_maps')
  const aliases: Setting = {
    ...{parameter: 'alias_maps', value: subject.parameter('alias_maps'), service: undefined},
    isDefault: true,
  }
  return isDefault && takesLocalMail(subject, running) ? [...written, aliases] : written
}

/** Which local(8) delivers, and which can come in. */
function takesLocalMail(subject: CheckedInstance, running: readonly ServiceLine[]): boolean {
  const [transport] = subject.parameter('local_transport').split(':')
  const isEntry = ({type, command}: ServiceLine): boolean =>
    (type === 'inet' && /^(?:smtpd|postscreen|qmqpd)$/.test(command)) ||
    (command === 'pickup' && subject.parameter('authorized_submit_users') !== '')
  return (
    subject.parameter('mydestination') !== '' &&
    running.some(({name, type, command}) => name === transport && type === 'unix' && command === 'local') &&
    running.some(isEntry)
  )
}

/** What a parameter of another one says has to be read, first. */
const switches: ReadonlyMap<string, string> = new Map([
  ['smtp_sasl_password_maps', 'smtp_sasl_auth_enable'],
  ['smtp_sasl_auth_cache_name', 'smtp_sasl_auth_enable'],
  ['lmtp_sasl_password_maps', 'lmtp_sasl_auth_enable'],
  ['lmtp_sasl_auth_cache_name', 'lmtp_sasl_auth_enable'],
])

/** Postfix knows the parameter, and what would switch it on does. */
function isRead(subject: CheckedInstance, {parameter, service}: Setting): boolean {
  const by = switches.get(parameter)
  const isOn = (value: string | undefined): boolean => value?.toLowerCase() === 'yes'
  if (by === undefined) return subject.isUsed(parameter)
  if (service?.settings.has(by)) return isOn(service.settings.get(by))
  return isOn(subject.parameter(by)) || subject.services.some(({settings}) => isOn(settings.get(by)))
}
