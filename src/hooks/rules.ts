/**
 * The rules that plugins bring for `postmulti check`. Bundled plugins are a part of postmulti, so theirs are always
 * asked; installed ones are asked apart, and looked at before, as their hooks are.
 */
import {checkAnswer, type Finding, type InstanceView, type Rule, type Wanted} from '@postmulti/plugin-api'
import type {Suggestion} from '../model/suggestion.ts'
import {askApart, asker} from './apart.ts'
import {isRecord} from './faulty.ts'
import {describeThrown, load} from './hook.ts'
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

type Read = (wanted: Wanted) => readonly InstanceView[]

export async function askPluginRules(read: Read): Promise<Brought> {
  const asked = readRoster().filter(({bundled, mode, rules, fault}) => {
    return (bundled || mode !== 'off') && (rules !== undefined || fault !== undefined)
  })
  const answers = await Promise.all(asked.map((each) => askOne(checkPlugin(each), read)))
  return {
    rules: answers.flatMap((each) => ('rules' in each ? each.rules : [])),
    missing: answers.flatMap((each) => ('fault' in each ? [each] : [])),
  }
}

async function askOne(plugin: RosterPlugin, read: Read): Promise<{rules: AnsweredRule[]} | Missing> {
  const {name, root, bundled, rules: file = '', fault, remedy, timeout} = plugin
  const missing = (why: string): Missing => ({plugin: name, fault: why, remedy})
  if (fault !== undefined) return missing(fault)
  const sight = {read: (_when: 'before' | 'after', wanted: Wanted) => [...read(wanted)], text: () => null}
  const said = bundled
    ? await callRules(file, async (wanted) => read(wanted))
    : await askApart(asker(), {root, rules: file}, sight, timeout)
  if ('fault' in said) return missing(said.fault)
  const answers = 'answer' in said ? said.answer : said.answers
  const wrong = answers.map(faultOf).find((each) => each !== undefined)
  return wrong === undefined ? {rules: answers as AnsweredRule[]} : missing(`its rules make no sense: ${wrong}`)
}

/** In whichever process it is. */
export async function callRules(
  file: string,
  read: (wanted: Wanted) => Promise<readonly InstanceView[]>,
): Promise<{answer: unknown[]} | {fault: string}> {
  try {
    const rules = (await load({file, export: 'default'}, Array.isArray)) as Rule[] | undefined
    if (!Array.isArray(rules)) return {fault: `${file} exports no array of rules as its default`}
    const answer: unknown[] = []
    for (const each of rules) {
      const {name, because, wants} = each
      answer.push({name, because, wants, findings: each.check(await read(wants))})
    }
    return {answer}
  } catch (error) {
    return {fault: `its rules failed: ${describeThrown(error)}`}
  }
}

function faultOf(rule: unknown): string | undefined {
  const {name, because, wants, findings} = Object(rule)
  if (typeof name !== 'string' || !/^[a-z0-9-]+$/.test(name)) return 'one has no name of small letters, digits and -'
  if (typeof because !== 'string' || !isRecord(wants)) return `${name} has no because or no wants`
  const fault = checkAnswer(findings, 'pre-set')
  if (fault !== undefined) return `${name}: ${fault}`
  return (findings as object[]).some((each) => 'do' in each) ? `${name} answers with steps` : undefined
}
