import {Flags} from '@oclif/core'
import {rules} from '../check/rules/index.ts'
import {askAllRules, checkKnownRules, findStrays, readCards, withSuppression} from '../checking.ts'
import {isRoot} from '../files/caller.ts'
import {readOwn} from '../files/read.ts'
import {readSuppressions} from '../hooks/suppressions.ts'
import {Refusal} from '../model/base/errors.ts'
import {toJsonText} from '../model/base/json.ts'
import {suggest} from '../model/base/suggestion.ts'
import type {Finding, RuleCard, Severity} from '../model/change/finding.ts'
import {choose} from '../model/instance/choice.ts'
import {type Instance, label} from '../model/instance/instance.ts'
import {primaryDirectory} from '../postfix/reader/defaults.ts'
import {readInstanceList} from '../postfix/reader/list.ts'
import type {Primary} from '../postfix/reader/primary.ts'
import {readCheckInput} from '../postfix/survey/check-input.ts'
import {
  describeFindings,
  describeRule,
  isAsBad,
  isFixable,
  listRules,
  partialFingerprint,
  type Result,
  severityOrder,
  sortFindings,
  toCheckJson,
  toFindingJson,
  toSarif,
} from '../report/check.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {exitStatus, PostmultiCommand} from './shared/base.ts'
import {type ChangeFlags, changeAfterQuestion, planFlags, yesFlag} from './shared/change.ts'
import {needsRoot} from './shared/reading.ts'
import {optionalNames, toScope} from './shared/scope.ts'

interface CheckFlags {
  severity: Severity
  rule?: string[] | undefined
  except?: string[] | undefined
  group?: string | undefined
}

interface ReportFlags {
  strict: boolean
  sarif: boolean
  fix: boolean
  'dry-run': boolean
}

/** `postmulti check`: what is wrong across instances, which no program that sees one of them can find. */
export default class Check extends PostmultiCommand {
  static override summary = 'Find mistakes within and between instances, with what will happen and what to type.'
  static override aliases = ['lint']
  static override args = {name: optionalNames}
  static override flags = {
    group: Flags.string({char: 'g', description: 'Only what concerns the instances of this group.'}),
    strict: Flags.boolean({description: 'Exit status 1 for warnings, too.'}),
    rule: Flags.string({multiple: true, multipleNonGreedy: true, helpValue: 'RULE', description: 'Only this rule.'}),
    except: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'RULE',
      description: 'All rules except this one.',
    }),
    severity: Flags.option({
      options: severityOrder,
      default: 'advice' as const,
      description: 'Only what is at least as bad.',
    })(),
    explain: Flags.string({helpValue: 'RULE', description: 'Say what a rule is about; check nothing.'}),
    'list-rules': Flags.boolean({
      description: 'Say of every rule what it is about, in a line; check nothing.',
      exclusive: ['explain', 'fix'],
    }),
    sarif: Flags.boolean({description: 'Print SARIF 2.1.0, which code hosts and editors show.', exclusive: ['json']}),
    fix: Flags.boolean({
      description: 'Fix what can be fixed automatically, after a question, and say what remains.',
      exclusive: ['explain', 'sarif'],
    }),
    ...yesFlag,
    ...planFlags,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> postfix-out --strict',
    '<%= config.bin %> <%= command.id %> --rule listener-shared --rule hop-to-self',
    '<%= config.bin %> <%= command.id %> --explain listener-shared',
    '<%= config.bin %> <%= command.id %> --sarif',
    '<%= config.bin %> <%= command.id %> --fix --dry-run',
  ]

  readonly #said = new Set<string>()

  async run(): Promise<object> {
    const {args, flags} = await this.parse(Check)
    if (!flags.fix && (flags.yes || flags['dry-run'] || flags['without-plugin'] !== undefined)) {
      this.usage('--yes, --dry-run and --without-plugin need --fix', this.lineWith(['--fix']))
    }
    if (flags.explain !== undefined || flags['list-rules']) {
      const isMore = [args.name, flags.group, flags.rule, flags.except].some((each) => each !== undefined)
      if (isMore || flags.strict || flags.sarif || flags.severity !== 'advice') {
        const words = flags.explain === undefined ? ['--list-rules'] : ['--explain', flags.explain]
        const isKnown = flags.explain === undefined || rules.some(({id}) => id === flags.explain)
        this.usage(
          `${words[0]} checks nothing: it takes no names and no other flags`,
          isKnown ? [suggest`postmulti check ${words}`] : [],
        )
      }
      return flags.explain === undefined ? this.#listRules() : this.#explain(flags.explain)
    }
    const primary = this.#readPrimary()
    if (!('parameter' in primary)) {
      const broken = rules.filter(({id}) => id === primary.rule)
      const told = this.#report({findings: [primary], accepted: [], rules: broken}, [], {...flags, 'dry-run': false})
      return flags.fix ? {...told, fix: {...noFix(flags), fixed: []}} : told
    }
    const looked = await this.#look(primary, flags, args.name)
    if (!isRoot()) this.remark(needsRoot)
    if (!flags.fix) return this.#report(looked.result, looked.instances, flags)
    const {findings} = looked.result
    const fix = await this.#fix(findings, flags)
    const now = fix.changed ? await this.#look(this.readPrimary(), flags, args.name) : looked
    const remaining = new Set(now.result.findings.map(partialFingerprint))
    const fixed = findings.filter((each) => isFixable(each) && !remaining.has(partialFingerprint(each)))
    return {...this.#report(now.result, now.instances, flags), fix: {...fix, fixed: fixed.map(toFindingJson)}}
  }

  /** What is read before a fix, for it and after it is said once. */
  override remark(text: string): void {
    if (!this.#said.has(text)) super.remark(text)
    this.#said.add(text)
  }

  async #look(primary: Primary, wish: CheckFlags, names: string[] | undefined) {
    const {rule: only, except = []} = wish
    const isWanted = (id: string): boolean => (only === undefined || only.includes(id)) && !except.includes(id)
    // unknown-parameter says it in its own words.
    const odd: {text: string; about: string}[] = []
    const list = readInstanceList(primary, (text, config_directory) => {
      if (!/: unused parameter: /.test(text)) odd.push({text: text.trimEnd(), about: config_directory})
    })
    const answers = await askAllRules(readCheckInput(primary, list), isWanted)
    const {rules: asked, findings} = answers
    checkKnownRules([...(only ?? []), ...except], answers)
    const chosen = choose(list, toScope(wish, names))
    const about = new Set([...chosen.instances, ...chosen.damaged].map((each) => each.config_directory))
    for (const {text, about: place} of odd) if (about.has(place) && !isFound(text, findings)) this.remark(text)
    const concerned = findings.filter(
      ({instances, severity}) =>
        isAsBad(severity, wish.severity) && (instances.length === 0 || instances.some((each) => about.has(each))),
    )
    const acceptances = readSuppressions()
    for (const each of findStrays(acceptances, answers, list)) this.remark(each)
    const sorted = sortFindings(concerned).map((each) => withSuppression(each, acceptances, list))
    const result = {
      findings: sorted.filter((each) => !('reason' in each)),
      accepted: sorted.filter((each) => 'reason' in each),
      rules: asked.filter(({id}) => isWanted(id)),
    }
    return {result, instances: [...chosen.instances]}
  }

  /** A change as any other. */
  async #fix(findings: readonly Finding[], flags: ChangeFlags) {
    const fixable = findings.filter(isFixable)
    if (fixable.length === 0) {
      this.log('Nothing to fix automatically.')
      return noFix(flags)
    }
    const asTold = fixable.map(({rule, instances, message}) => ({rule, instances, message}))
    const rules = [...new Set(fixable.map(({rule}) => rule))].join(', ')
    return changeAfterQuestion(this, {action: 'fix', findings: asTold}, flags, {
      told: () => `Fixed what was found by ${rules}. To take it back: postmulti undo`,
      needsYes: true,
      question: () => 'Do it?',
    })
  }

  /** What main.cf of the primary lacks is a finding, too, and the only one. */
  #readPrimary(): Primary | Finding {
    try {
      return this.readPrimary()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const message = `The primary cannot be read (${error.explained}): no Postfix program of this host starts`
      const [rule, severity, line] = ['broken-instance', 'error', null] as const
      const [config_directory, suggestions] = [primaryDirectory(), error.suggestions]
      return {
        rule,
        severity,
        instances: [config_directory],
        file: `${config_directory}/main.cf`,
        line,
        message,
        suggestions,
        fix: null,
      }
    }
  }

  async #listRules(): Promise<{rules: RuleCard[]}> {
    const {rules: cards, unusable} = await readCards()
    for (const {message} of unusable) this.remark(message)
    this.log(listRules(cards, readTerminal()))
    return {rules: cards}
  }

  async #explain(id: string): Promise<{rule: RuleCard}> {
    const cards = await readCards()
    checkKnownRules([id], cards)
    const rule = cards.rules.find((each) => each.id === id)!
    this.log(describeRule(rule))
    return {rule}
  }

  #report(result: Result, instances: readonly Instance[], flags: ReportFlags): object {
    const {strict, sarif, fix, 'dry-run': isPlan} = flags
    const names = new Map(instances.map((each) => [each.config_directory, label(each)]))
    const counting = strict ? ['error', 'warning'] : ['error']
    if (result.findings.some(({severity}) => counting.includes(severity))) this.status = exitStatus.failed
    if (sarif) {
      const {version} = JSON.parse(readOwn(`${this.config.root}/package.json`))
      this.log(toJsonText(toSarif(result, version, {directory: process.cwd(), primary: primaryDirectory()})))
    } else if (!isPlan) {
      const text = describeFindings(result, instances.length, (each) => names.get(each) ?? each, readTerminal())
      this.log(fix ? `\n${text}` : text)
    }
    return toCheckJson(result)
  }
}

/** What postconf(1) says of the file of a table is a finding by then. */
function isFound(text: string, findings: readonly Finding[]): boolean {
  const [, file] = /: warning: open "\w+" configuration "(.+)": /.exec(text) ?? []
  return file !== undefined && findings.some(({rule, message}) => rule === 'table-missing' && message.includes(file))
}

/** A fix without a plan. */
function noFix(flags: ChangeFlags) {
  return {changed: false, dry_run: flags['dry-run'] ?? false, plan: null, findings: []}
}
