/** All rules, ours and those of plugins, asked about the host. */
import {askPluginRules, type Brought} from '../hooks/rules.ts'
import type {Finding, RuleCard} from '../model/finding.ts'
import {type ReadScene, viewOf} from '../postfix/scene.ts'
import {applyRules, rules} from '../rules/index.ts'

/** For rules of plugins that cannot be asked: what they would find is not known. */
const pluginUnusable: RuleCard = {
  id: 'plugin-unusable',
  severity: 'error',
  because: 'A plugin brings rules, or may bring some, and cannot be asked: nobody knows what they would have found.',
}

export interface Answers {
  /** In the order in which they are told. */
  rules: RuleCard[]
  findings: Finding[]
}

/** `isWanted` is asked for ids of rules. */
export async function askAllRules(scene: ReadScene, isWanted: (id: string) => boolean): Promise<Answers> {
  const brought = await askPluginRules((wanted) => scene.instances.map((each) => viewOf(each, wanted)))
  const ours = rules.filter(({id}) => isWanted(id))
  const findings = [...findingsOf(brought, scene), ...applyRules(ours, scene, scene.traffic)]
  return {rules: cardsOf(brought), findings: findings.filter(({rule}) => isWanted(rule))}
}

function cardsOf(brought: Brought): RuleCard[] {
  const theirs = brought.rules.map(({name, because}) => ({id: name, severity: null, because}))
  return [pluginUnusable, ...theirs, ...rules]
}

function findingsOf({rules: answered, missing}: Brought, {instances}: ReadScene): Finding[] {
  const faults = missing.map(({plugin, fault, remedy}): Finding => {
    const message = `Rules of the plugin ${plugin} cannot be asked: ${fault}`
    const [severity, file, line] = ['error', null, null] as const
    return {rule: pluginUnusable.id, severity, instances: [], file, line, message, suggestions: remedy}
  })
  const found = answered.flatMap(({name, wants, findings}) =>
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
        suggestions: [...suggestions],
      }
    }),
  )
  return [...faults, ...found]
}

const severities = {refuse: 'error', warn: 'warning', note: 'advice'} as const
