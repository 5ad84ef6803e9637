/** Findings for people, for programs, and for what shows SARIF. */
import type {Accepted} from '../hooks/accepted.ts'
import type {Finding, RuleCard, Severity} from '../model/finding.ts'
import type {Paper, Style} from './table.ts'

export interface Result {
  findings: Finding[]
  /** Those that the site lives with. */
  accepted: Accepted[]
  /** Those that were asked. */
  rules: RuleCard[]
}

const styles: Record<Severity, Style> = {error: 'red', warning: 'yellow', advice: 'dim'}
const order: readonly Severity[] = ['error', 'warning', 'advice']

/** What is worst comes first; those of one severity stay in their order. */
export function sortFindings<Each extends Finding>(findings: readonly Each[]): Each[] {
  return findings.toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity))
}

/** The same for one that is found again. */
export function identityOf({rule, instances, message}: Finding): string {
  return JSON.stringify([rule, instances, message])
}

export function isFixable({fix}: Finding): boolean {
  return fix !== null
}

/** For --json; `fixable` is whether --fix would mend it. */
export function toFindingJson<Each extends Finding>({fix, ...finding}: Each): Omit<Each, 'fix'> & {fixable: boolean} {
  return {...finding, fixable: fix !== null}
}

export function toResultJson({findings, accepted, rules}: Result) {
  return {
    findings: findings.map(toFindingJson),
    accepted: accepted.map(toFindingJson),
    rules: rules.map(({id}) => id),
  }
}

/** `nameOf` makes what people call it from a config_directory; `instances` is how many there are. */
export function describeFindings(
  {findings, accepted, rules}: Result,
  instances: number,
  nameOf: (config_directory: string) => string,
  {paint}: Paper,
): string {
  const blocks = findings.map(({rule, severity, instances: about, file, line, message, suggestions}) => {
    const names = about.map(nameOf)
    const shown = names.length > 4 ? [...names.slice(0, 3), `and ${names.length - 3} others`] : names
    const head = [paint(styles[severity], severity), paint('bold', rule), shown.join(', ')].join('  ')
    const place = file === null ? [] : [`  ${file}${line === null ? '' : `:${line}`}`]
    return [head.trimEnd(), ...place, `  ${message}`, ...suggestions.map((each) => `  try: ${each}`)].join('\n')
  })
  const counts = order.flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length
    return count === 0 ? [] : [count === 1 || severity === 'advice' ? `${count} ${severity}` : `${count} ${severity}s`]
  })
  const total = counts.length === 0 ? 'Nothing found' : counts.join(', ')
  const scope = `${plural(instances, 'instance')}, ${plural(rules.length, 'rule')}`
  const silent = accepted.length === 0 ? '' : `; ${accepted.length} accepted`
  const more = findings.length === 0 ? '' : '. More: postmulti check --explain RULE'
  const fixable = findings.filter(isFixable).length
  const safe =
    fixable === 0 ? '' : `\n${fixable} of them ${fixable === 1 ? 'has' : 'have'} one safe answer: postmulti check --fix`
  return [...blocks, `${total} (${scope}${silent})${more}${safe}`].join('\n\n')
}

export function describeRule({id, severity, because}: RuleCard): string {
  return `${id}${severity === null ? '' : ` (${severity})`}\n\n${because}`
}

/** Source: Static Analysis Results Interchange Format 2.1.0, OASIS. */
export function toSarif({findings, accepted, rules}: Result, version: string): object {
  const results = [
    ...findings.map((each) => toResult(each, rules)),
    ...accepted.map((each) => ({
      ...toResult(each, rules),
      suppressions: [{kind: 'external', status: 'accepted', justification: each.reason}],
    })),
  ]
  const driver = {
    name: 'postmulti check',
    version,
    rules: rules.map(({id, severity, because}) => ({
      id,
      fullDescription: {text: because},
      ...(severity === null ? {} : {defaultConfiguration: {level: levels[severity]}}),
    })),
  }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{tool: {driver}, columnKind: 'utf16CodeUnits', results}],
  }
}

const levels: Record<Severity, string> = {error: 'error', warning: 'warning', advice: 'note'}

function toResult({rule, severity, file, line, message, suggestions, instances}: Finding, rules: readonly RuleCard[]) {
  const tries = suggestions.map((each) => `\nTry: ${each}`).join('')
  const region = line === null ? {} : {region: {startLine: line}}
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({id}) => id === rule),
    level: levels[severity],
    message: {text: `${message}.${tries}`},
    // Whoever shows it wants a file.
    locations: [file ?? `${instances[0] ?? '/etc/postfix'}/main.cf`].map((path) => ({
      physicalLocation: {artifactLocation: {uri: `file://${encodeURI(path)}`}, ...region},
    })),
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
