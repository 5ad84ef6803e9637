/** Findings for people, for programs, and for what shows SARIF. */

import type {SuppressedFinding} from '../hooks/suppressions.ts'
import {linesWithoutControls, withoutControls} from '../model/base/controls.ts'
import {groupBy} from '../model/base/group-by.ts'
import {toLines} from '../model/base/suggestion.ts'
import {toLatin1} from '../model/base/text.ts'
import type {Finding, RuleCard, Severity} from '../model/change/finding.ts'
import {plural} from './terminal/plural.ts'
import {type Style, type Terminal, toTable} from './terminal/table.ts'

export interface Result {
  findings: Finding[]
  /** Those that the site has accepted. */
  accepted: SuppressedFinding[]
  /** Those that were used. */
  rules: RuleCard[]
}

const styles: Record<Severity, Style> = {error: 'red', warning: 'yellow', advice: 'dim'}
/** The worst first. */
export const severityOrder = ['error', 'warning', 'advice'] as const satisfies Severity[]

export function isAsBad(severity: Severity, least: Severity): boolean {
  return severityOrder.indexOf(severity) <= severityOrder.indexOf(least)
}

/** What is worst comes first; those of one severity stay in their order. */
export function sortFindings<Each extends Finding>(findings: readonly Each[]): Each[] {
  return findings.toSorted((one, other) => severityOrder.indexOf(one.severity) - severityOrder.indexOf(other.severity))
}

/** The same for one that is found again. */
export function partialFingerprint({rule, instances, message}: Finding): string {
  return JSON.stringify([rule, instances, message])
}

export function isFixable({fix}: Finding): boolean {
  return fix !== null
}

/** For --json; `fixable` is whether --fix would mend it. */
export function toFindingJson<Each extends Finding>({fix, suggestions, ...finding}: Each) {
  return {...finding, suggestions: toLines(suggestions), fixable: fix !== null}
}

export function toCheckJson({findings, accepted, rules}: Result) {
  return {
    verdict: severityOrder.find((each) => countSeverity(each, findings) > 0) ?? 'ok',
    counts: {
      errors: countSeverity('error', findings),
      warnings: countSeverity('warning', findings),
      advice: countSeverity('advice', findings),
    },
    findings: findings.map(toFindingJson),
    accepted: accepted.map(toFindingJson),
    rules: rules.map(({id}) => id),
  }
}

function countSeverity(severity: Severity, findings: readonly Finding[]): number {
  return findings.filter((each) => each.severity === severity).length
}

/** `nameOf` makes what people call it from a config_directory; `instances` is how many there are. */
export function describeFindings(
  {findings, accepted, rules}: Result,
  instances: number,
  nameOf: (config_directory: string) => string,
  {paint}: Terminal,
): string {
  const blocks = foldAlike(findings, nameOf).map(([finding, others]) => {
    const {rule, severity, instances: about, file, line, message, suggestions} = finding
    const names = about.map(nameOf)
    const head = [paint(styles[severity], severity), paint('bold', rule), withoutControls(shortList(names))].join('  ')
    const place = file === null ? [] : [`  ${file}${line === null ? '' : `:${line}`}`]
    const also = others.length === 0 ? [] : [`  the same in ${plural(others.length, 'other')}: ${shortList(others)}`]
    const lines = [...place, `  ${message}`, ...toLines(suggestions).map((each) => `  try: ${each}`), ...also]
    return [head.trimEnd(), ...lines.map(linesWithoutControls)].join('\n')
  })
  const counts = severityOrder.flatMap((severity) => {
    const count = countSeverity(severity, findings)
    return count === 0 ? [] : [count === 1 || severity === 'advice' ? `${count} ${severity}` : `${count} ${severity}s`]
  })
  const total = counts.length === 0 ? 'Nothing found' : counts.join(', ')
  const scope = `${plural(instances, 'instance')}, ${plural(rules.length, 'rule')}`
  const silent = accepted.length === 0 ? '' : `; ${accepted.length} accepted`
  const more = findings.length === 0 ? '' : '. More: postmulti check --explain RULE'
  const fixable = findings.filter(isFixable).length
  const safe = fixable === 0 ? '' : `\n${fixable} of them can be fixed automatically: postmulti check --fix`
  return [...blocks, `${total} (${scope}${silent})${more}${safe}`].join('\n\n')
}

function shortList(names: readonly string[]): string {
  return (names.length > 4 ? [...names.slice(0, 3), `and ${names.length - 3} others`] : names).join(', ')
}

/** Findings that differ only in the name of the instance are printed once, with the names of the others. */
function foldAlike(
  findings: readonly Finding[],
  nameOf: (config_directory: string) => string,
): [finding: Finding, others: string[]][] {
  const kinds = groupBy(findings, (each): Finding | string => {
    const [only, ...others] = each.instances
    if (only === undefined || others.length > 0) return each
    const nameless = each.message.replaceAll(only, '\0').replaceAll(nameOf(only), '\0')
    return JSON.stringify([each.rule, each.severity, nameless])
  })
  return [...kinds.values()].flatMap((alike): [Finding, string[]][] => {
    if (alike.length < fewest) return alike.map((each) => [each, []])
    const [first, ...others] = alike
    return [[first, others.flatMap(({instances}) => instances.map(nameOf))]]
  })
}

/** Of findings that are printed as one. */
const fewest = 4

export function describeRule({id, severity, because}: RuleCard): string {
  return `${id}${severity === null ? '' : ` (${severity})`}\n\n${because}`
}

/** Each in a line; whoever wants more asks for it. */
export function listRules(rules: readonly RuleCard[], terminal: Terminal): string {
  const columns = [{heading: 'RULE'}, {heading: 'SEVERITY'}, {heading: 'ABOUT', prose: true}]
  const rows = rules.map(({id, severity, because}) => ({
    cells: [{text: id}, {text: severity ?? '-'}, {text: firstSentenceOf(because)}],
  }))
  return toTable(columns, rows, terminal)
}

/**
 * What SARIF wants, and beyond it what GitHub's code scanning does: a short text and a help for each rule, a line for
 * each result, and by what it is known again. `directory` is where the run was started: GitHub takes it for the root
 * of the repository. What is about the whole host is shown in the main.cf of the `primary`. Source: Static Analysis Results Interchange Format 2.1.0, OASIS; GitHub, "SARIF support".
 */
export function toSarif(
  {findings, accepted, rules}: Result,
  version: string,
  {directory, primary}: {directory: string; primary: string},
): object {
  const seen = new Map<string, number>()
  const results = [...findings, ...accepted].map((each) => ({
    ...toResult(each, rules, primary),
    partialFingerprints: {primaryLocationLineHash: fingerprintOf(each, seen, primary)},
    ...('reason' in each ? {suppressions: [{kind: 'external', status: 'accepted', justification: each.reason}]} : {}),
  }))
  const driver = {
    name: 'postmulti check',
    version,
    rules: rules.map(({id, severity, because}) => ({
      id,
      shortDescription: {text: firstSentenceOf(because)},
      fullDescription: {text: because},
      help: {text: `${because}\n\nMore: postmulti check --explain ${id}`},
      ...(severity === null ? {} : {defaultConfiguration: {level: levels[severity]}}),
    })),
  }
  const invocations = [{executionSuccessful: true, workingDirectory: {uri: uriOf(`${directory}/`)}}]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{tool: {driver}, invocations, columnKind: 'utf16CodeUnits', results}],
  }
}

const levels: Record<Severity, string> = {error: 'error', warning: 'warning', advice: 'note'}

function toResult(finding: Finding, rules: readonly RuleCard[], primary: string) {
  const {rule, severity, line, message, suggestions} = finding
  const tries = toLines(suggestions)
    .map((each) => `\nTry: ${each}`)
    .join('')
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({id}) => id === rule),
    level: levels[severity],
    message: {text: `${message}.${tries}`},
    locations: [
      {physicalLocation: {artifactLocation: {uri: uriOf(fileOf(finding, primary))}, region: {startLine: line ?? 1}}},
    ],
  }
}

/** Viewers want a file. */
function fileOf({file, instances}: Finding, primary: string): string {
  return file ?? `${instances[0] ?? primary}/main.cf`
}

/** The same after a change elsewhere in the file, or of a figure: a process id, a size. Counts those that are alike. */
function fingerprintOf(finding: Finding, seen: Map<string, number>, primary: string): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const {rule, message} = finding
  const text = JSON.stringify([rule, fileOf(finding, primary), message.replace(/\d+/g, '0')])
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const count = (seen.get(hash) ?? 0) + 1
  seen.set(hash, count)
  return `${hash}:${count}`
}

function firstSentenceOf(text: string): string {
  return /^.*?[.](?= [A-Z]|$)/s.exec(text)?.[0] ?? text
}

/** Of any bytes. */
function uriOf(path: string): string {
  return `file://${toLatin1(path).replace(/[^\w./~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)}`
}
