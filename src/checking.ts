/** The one path of every check: all rules, ours and those of plugins, asked about the host. */
import {applyRules, rules} from './check/rules/index.ts'
import {askPluginRules, type Brought} from './hooks/rules.ts'
import {type SuppressedFinding, type Suppression, suppressionsFile} from './hooks/suppressions.ts'
import {Refusal} from './model/base/errors.ts'
import {fromPlugin, suggest} from './model/base/suggestion.ts'
import type {Finding, RuleCard} from './model/change/finding.ts'
import {type InstanceList, label, readable} from './model/instance/instance.ts'
import {nearest} from './model/instance/nearest.ts'
import type {Primary} from './postfix/reader/primary.ts'
import {type ReadCheckInput, readCheckInput, viewOf} from './postfix/survey/check-input.ts'
import {textOrNull} from './postfix/survey/preview.ts'

/** For rules of plugins that cannot be asked: what they would find is not known. */
const pluginUnusable: RuleCard = {
  id: 'plugin-unusable',
  severity: 'error',
  because: 'A plugin that has rules, or may have some, cannot be asked: what they would find is not known.',
}

export interface CheckAnswers {
  /** In the order in which they are told. */
  rules: RuleCard[]
  findings: Finding[]
  /** For each plugin that cannot be asked, whether it is wanted or not. */
  unusable: Finding[]
}

/** Only the built-in rules, for a fix. */
export function askRules(ids: readonly string[], primary: Primary, list: InstanceList): Finding[] {
  const input = readCheckInput(primary, list)
  const wanted = rules.filter(({id}) => ids.includes(id))
  return applyRules(wanted, input, input.mailFlow)
}

/** `isWanted` is asked for ids of rules. */
export async function askAllRules(input: ReadCheckInput, isWanted: (id: string) => boolean): Promise<CheckAnswers> {
  const brought = await askPluginRules({
    read: (_when, wanted) => input.instances.map((each) => viewOf(each, wanted)),
    text: (_when, path) => textOrNull(path),
  })
  const ours = rules.filter(({id}) => isWanted(id))
  const unusable = faultsOf(brought)
  const findings = [...unusable, ...findingsOf(brought, input), ...applyRules(ours, input, input.mailFlow)]
  return {rules: cardsOf(brought), findings: findings.filter(({rule}) => isWanted(rule)), unusable}
}

/** What all rules are about, without a look at the host: plugins tell it with what they find among no instances. */
export async function readCards(): Promise<Pick<CheckAnswers, 'rules' | 'unusable'>> {
  const brought = await askPluginRules({read: () => [], text: () => null})
  return {rules: cardsOf(brought), unusable: faultsOf(brought)}
}

function cardsOf(brought: Brought): RuleCard[] {
  const theirs = brought.rules.map(({name, because}) => ({id: name, severity: null, because}))
  return [pluginUnusable, ...theirs, ...rules]
}

function faultsOf({missing}: Brought): Finding[] {
  return missing.map(({plugin, fault, remedy}): Finding => {
    const message = `Rules of the plugin ${plugin} cannot be asked: ${fault}`
    const [severity, file, line] = ['error', null, null] as const
    return {rule: pluginUnusable.id, severity, instances: [], file, line, message, suggestions: remedy, fix: null}
  })
}

function findingsOf({rules: answered}: Brought, {instances}: ReadCheckInput): Finding[] {
  return answered.flatMap(({name, wants, findings}) =>
    findings.map(({verdict, message, instance, suggestions = []}): Finding => {
      const subject = instances.find((each) => each.config_directory === instance)
      const lines = (wants.parameters ?? []).flatMap((each) => subject?.settings.get(each)?.line ?? [])
      const file = `${instance}/${wants.parameters === undefined ? 'master.cf' : 'main.cf'}`
      return {
        rule: name,
        severity: severities[verdict],
        instances: instance === undefined ? [] : [instance],
        file: instance === undefined ? null : file,
        line: lines[0] ?? null,
        message,
        suggestions: suggestions.map(fromPlugin),
        fix: null,
      }
    }),
  )
}

const severities = {refuse: 'error', warn: 'warning', note: 'advice'} as const

/** Refuses an id that no rule has: it is misspelt, unless a plugin that may bring it cannot be asked. */
export function checkKnownRules(
  ids: readonly string[],
  {rules, unusable: [fault]}: Pick<CheckAnswers, 'rules' | 'unusable'>,
): void {
  const known = rules.map(({id}) => id)
  const unknown = ids.find((each) => !known.includes(each))
  if (unknown === undefined) return
  if (fault !== undefined) {
    throw new Refusal(`Whether there is a rule ${unknown} is not known. ${fault.message}`, {
      suggestions: fault.suggestions,
    })
  }
  throw new Refusal(`There is no rule ${unknown}`, {
    explained: `There is no rule ${unknown}\nRules are ${known.join(', ')}`,
    suggestions: [suggest`postmulti check --help`],
    kind: 'not found',
    misnamed: {name: unknown, nearest: nearest(unknown, known)},
  })
}

export function withSuppression(
  finding: Finding,
  acceptances: readonly Suppression[],
  list: InstanceList,
): Finding | SuppressedFinding {
  const found = acceptances.find(({rule, instance}) => {
    return rule === finding.rule && finding.instances.includes(findNamed(instance, list) ?? '')
  })
  return found === undefined ? finding : {...finding, reason: found.reason}
}

/** Entries of check.json that can match no finding. */
export function findStrays(
  acceptances: readonly Suppression[],
  {rules, unusable}: Pick<CheckAnswers, 'rules' | 'unusable'>,
  list: InstanceList,
): string[] {
  return acceptances.flatMap(({rule, instance}) => {
    if (!rules.some(({id}) => id === rule)) {
      return unusable.length > 0 ? [] : [`${suppressionsFile}: there is no rule ${rule}`]
    }
    return findNamed(instance, list) === undefined ? [`${suppressionsFile}: there is no instance ${instance}`] : []
  })
}

/** The config_directory; also of one that cannot be read. */
function findNamed(name: string, list: InstanceList): string | undefined {
  if (name === '-') return list.primary.config_directory
  const named = readable(list).find((each) => label(each) === name || each.config_directory === name)
  return named?.config_directory ?? list.secondaries.find((each) => each.config_directory === name)?.config_directory
}
