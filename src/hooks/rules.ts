/**
 * The rules that plugins bring for `postmulti check`. Bundled plugins are a part of postmulti, so theirs are always
 * asked; installed ones are asked in the sandbox, and looked at before, as their hooks are.
 */

import type {Finding, Rule} from '@postmulti/plugin-api'
import {checkAnswer} from '@postmulti/plugin-api/host'
import type {Asked} from '../ask.ts'
import {isRecord} from '../model/base/json.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {asker, askInSandbox} from './ask-in-sandbox.ts'
import {describeThrown, loadExport} from './hook.ts'
import {type HostView, toSight} from './question.ts'
import {checkPlugin, type RosterPlugin, readRoster} from './roster.ts'

/** A rule of a plugin, and what it has found. */
export interface AnsweredRule extends Pick<Rule, 'name' | 'because' | 'wants'> {
  findings: readonly Finding[]
}

/** Why the rules that a plugin brings, or may bring, are missing. */
export interface Missing {
  plugin: string
  fault: string
  /** Commands that mend it. */
  remedy: readonly Suggestion[]
}

export interface Brought {
  rules: AnsweredRule[]
  missing: Missing[]
}

type HostSight = Pick<Asked, 'read' | 'text'>

export async function askPluginRules(sight: HostSight): Promise<Brought> {
  const asked = readRoster().filter(({bundled, mode, rules, fault}) => {
    return (bundled || mode !== 'off') && (rules !== undefined || fault !== undefined)
  })
  const answers = await Promise.all(asked.map((each) => askRulesOf(checkPlugin(each), sight)))
  return {
    rules: answers.flatMap((each) => ('rules' in each ? each.rules : [])),
    missing: answers.flatMap((each) => ('fault' in each ? [each] : [])),
  }
}

/** Of one that has been looked at. */
export async function askRulesOf(plugin: RosterPlugin, sight: HostSight): Promise<{rules: AnsweredRule[]} | Missing> {
  const {name, root, bundled, rules = '', settings, fault, remedy, timeout} = plugin
  const missing = (why: string): Missing => ({plugin: name, fault: why, remedy})
  if (fault !== undefined) return missing(fault)
  const said = bundled
    ? await callRules(rules, settings, toSight(sight))
    : await askInSandbox(asker(), {root, rules, settings}, sight, timeout)
  if ('fault' in said) return missing(said.fault)
  const answers = 'answer' in said ? said.answer : said.answers
  const wrong = answers.map(unaskable).find((each) => each !== undefined)
  return wrong === undefined ? {rules: answers as AnsweredRule[]} : missing(`invalid rules: ${wrong}`)
}

/** In whichever process it is. */
export async function callRules(
  file: string,
  settings: RosterPlugin['settings'],
  {read, text}: HostView,
): Promise<{answer: unknown[]} | {fault: string}> {
  try {
    const rules = (await loadExport({file, export: 'default'}, Array.isArray)) as Rule[] | undefined
    if (!Array.isArray(rules)) return {fault: `${file} does not export an array of rules as its default`}
    const beside = {settings, text: (path: string) => text('before', path)}
    const answer: unknown[] = []
    for (const each of rules) {
      const {name, because, wants} = each
      answer.push({name, because, wants, findings: await each.check(await read('before', wants), beside)})
    }
    return {answer}
  } catch (error) {
    return {fault: `its rules failed: ${describeThrown(error)}`}
  }
}

function unaskable(rule: unknown): string | undefined {
  const {name, because, wants, findings} = Object(rule)
  if (typeof name !== 'string' || !/^[a-z0-9-]+$/.test(name)) return 'a rule has no name of small letters, digits and -'
  if (typeof because !== 'string' || !isRecord(wants)) return `${name} has no "because" or no "wants"`
  const {parameters = []} = wants
  const areNames = Array.isArray(parameters) && parameters.every((each) => typeof each === 'string')
  if (!areNames) return `${name} has "wants.parameters" that are not an array of names`
  const fault = checkAnswer(findings, 'pre-set')
  if (fault !== undefined) return `${name}: ${fault}`
  return (findings as object[]).some((each) => 'do' in each) ? `${name} answers with steps` : undefined
}
