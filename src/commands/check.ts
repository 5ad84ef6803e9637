import {readFileSync} from 'node:fs'
import {Flags} from '@oclif/core'
import {type Acceptance, type Accepted, acceptedFile, readAcceptances} from '../hooks/accepted.ts'
import {choose} from '../model/choice.ts'
import {Refusal} from '../model/errors.ts'
import type {Finding, RuleCard} from '../model/finding.ts'
import {type Instance, type InstanceList, label, readable} from '../model/instance.ts'
import {nearest} from '../model/nearest.ts'
import {readInstanceList} from '../postfix/list.ts'
import type {Primary} from '../postfix/primary.ts'
import {readScene} from '../postfix/scene.ts'
import {describeFindings, describeRule, type Result, sortFindings, toSarif} from '../report/check.ts'
import {readPaper} from '../report/paper.ts'
import {exitStatus, PostmultiCommand} from './base.ts'
import {askAllRules} from './checking.ts'
import {namesArgument, toScope} from './scope.ts'

/** `postmulti check`: what is wrong across instances, which no program that sees one of them can find. */
export default class Check extends PostmultiCommand {
  static override alone = true
  static override summary = 'Look for mistakes within and between instances; say what will happen, and what to type.'
  static override aliases = ['lint']
  static override args = {name: namesArgument}
  static override flags = {
    group: Flags.string({char: 'g', description: 'Only what concerns the instances of this group.'}),
    strict: Flags.boolean({description: 'Exit status 1 for warnings, too.'}),
    rule: Flags.string({multiple: true, multipleNonGreedy: true, helpValue: 'RULE', description: 'Only this rule.'}),
    except: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'RULE',
      description: 'All rules but this one.',
    }),
    explain: Flags.string({helpValue: 'RULE', description: 'Say what a rule is about, and look for nothing.'}),
    sarif: Flags.boolean({description: 'Print SARIF 2.1.0, which code hosts and editors show.', exclusive: ['json']}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> postfix-out --strict',
    '<%= config.bin %> <%= command.id %> --rule listener-shared --rule hop-to-self',
    '<%= config.bin %> <%= command.id %> --explain listener-shared',
    '<%= config.bin %> <%= command.id %> --sarif',
  ]

  async run(): Promise<object> {
    const {args, flags} = await this.parse(Check)
    const {rule: only, except = [], explain} = flags
    const isWanted = (id: string): boolean => (only === undefined || only.includes(id)) && !except.includes(id)
    const primary = this.#readPrimary()
    if (!('parameter' in primary)) return this.#tell({findings: [primary], accepted: [], rules: []}, [], flags)
    // unknown-parameter says it in its own words.
    const list = readInstanceList(primary, (text) => {
      if (!/: unused parameter: /.test(text)) this.remark(text.trimEnd())
    })
    const scene = readScene(primary, list)
    const {rules, findings} = await askAllRules(scene, explain === undefined ? isWanted : () => false)
    checkKnown([...(only ?? []), ...except, ...(explain === undefined ? [] : [explain])], rules)
    if (explain !== undefined) return this.#explain(rules.find(({id}) => id === explain)!)
    const chosen = choose(list, toScope(flags, args.name))
    const about = new Set([...chosen.instances, ...chosen.damaged].map((each) => each.config_directory))
    const concerned = findings.filter(
      ({instances}) => instances.length === 0 || instances.some((each) => about.has(each)),
    )
    const acceptances = readAcceptances()
    this.#remarkStrays(acceptances, rules, list)
    const sorted = sortFindings(concerned).map((each) => withReason(each, acceptances, list))
    const result = {
      findings: sorted.filter((each) => !('reason' in each)),
      accepted: sorted.filter((each) => 'reason' in each),
      rules: rules.filter(({id}) => isWanted(id)),
    }
    if (process.geteuid!() !== 0) this.remark('some of it is only for root to see')
    return this.#tell(result, [...chosen.instances], flags)
  }

  /** What main.cf of the primary lacks is a finding, too, and the only one. */
  #readPrimary(): Primary | Finding {
    try {
      return this.readPrimary()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const message = `The primary cannot be read (${error.explained}): no Postfix program of this host starts`
      const [rule, severity, line] = ['broken-instance', 'error', null] as const
      const [config_directory, suggestions] = ['/etc/postfix', error.suggestions]
      return {
        rule,
        severity,
        instances: [config_directory],
        file: `${config_directory}/main.cf`,
        line,
        message,
        suggestions,
      }
    }
  }

  #explain(card: RuleCard): {rule: RuleCard} {
    this.log(describeRule(card))
    return {rule: card}
  }

  #remarkStrays(acceptances: readonly Acceptance[], rules: readonly RuleCard[], list: InstanceList): void {
    for (const {rule, instance} of acceptances) {
      const isKnown = rules.some(({id}) => id === rule)
      if (!isKnown) this.remark(`${acceptedFile}: there is no rule ${rule}`)
      else if (!findNamed(instance, list)) this.remark(`${acceptedFile}: there is no instance ${instance}`)
    }
  }

  #tell(result: Result, instances: readonly Instance[], {strict, sarif}: {strict: boolean; sarif: boolean}): object {
    const names = new Map(instances.map((each) => [each.config_directory, label(each)]))
    const counting = strict ? ['error', 'warning'] : ['error']
    if (result.findings.some(({severity}) => counting.includes(severity))) process.exitCode = exitStatus.failed
    if (sarif) {
      const {version} = JSON.parse(readFileSync(`${this.config.root}/package.json`, 'utf8'))
      this.log(JSON.stringify(toSarif(result, version), null, 2))
    } else this.log(describeFindings(result, instances.length, (each) => names.get(each) ?? each, readPaper()))
    return {...result, rules: result.rules.map(({id}) => id)}
  }
}

function checkKnown(ids: readonly string[], rules: readonly RuleCard[]): void {
  const known = rules.map(({id}) => id)
  const unknown = ids.find((each) => !known.includes(each))
  if (unknown === undefined) return
  throw new Refusal(`There is no rule ${unknown}`, {
    explained: `There is no rule ${unknown}\nRules are ${known.join(', ')}`,
    suggestions: ['postmulti check --help'],
    mistake: true,
    misnamed: {name: unknown, nearest: nearest(unknown, known)},
  })
}

function withReason(finding: Finding, acceptances: readonly Acceptance[], list: InstanceList): Finding | Accepted {
  const found = acceptances.find(({rule, instance}) => {
    return rule === finding.rule && finding.instances.includes(findNamed(instance, list) ?? '')
  })
  return found === undefined ? finding : {...finding, reason: found.reason}
}

/** The config_directory; also of one that cannot be read. */
function findNamed(name: string, list: InstanceList): string | undefined {
  if (name === '-') return list.primary.config_directory
  const named = readable(list).find((each) => label(each) === name || each.config_directory === name)
  return named?.config_directory ?? list.secondaries.find((each) => each.config_directory === name)?.config_directory
}
