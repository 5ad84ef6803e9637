/** What is asked about a plan, before and after it is carried out, and whether what was answered still holds. */
import {actions} from './actions.ts'
import {describeStep} from './apply/steps.ts'
import {type Ask, type Asked, describeFinding, type PluginAnswers, type PluginFinding} from './ask.ts'
import {Refusal} from './model/base/errors.ts'
import type {Plan, Step} from './model/change/plan.ts'
import type {Primary} from './postfix/reader/primary.ts'
import {preview} from './postfix/survey/preview.ts'

export type Question = Omit<Asked, 'event' | 'subjects'>

/** One question for all plugins. Looks at the host only when one of them does. */
export function questionAbout(plan: Plan, primary: Primary, dryRun: boolean, earlier: readonly Step[]): Question {
  const {request, steps, before, after} = plan
  return {
    request,
    plan: steps.map((each) => ({do: each.do, tell: describeStep(each)})),
    before,
    after,
    dryRun,
    ...preview(plan, primary, earlier),
  }
}

/** A plan, what plugins have seen of the host when they were asked about it, and what they have answered. */
export interface AskedBefore {
  plan: Plan
  seen: {look: (question: Question) => unknown; found: unknown}[]
  answers: PluginAnswers
}

export async function askBefore(plan: Plan, question: Question, ask: Ask): Promise<AskedBefore> {
  const seen: AskedBefore['seen'] = []
  const remember = <Found>(look: (question: Question) => Found): Found => {
    const found = look(question)
    seen.push({look, found})
    return found
  }
  const watched: Question = {
    ...question,
    read: (when, wanted) => remember((on) => on.read(when, wanted)),
    text: (when, path) => remember((on) => on.text(when, path)),
  }
  return {plan, seen, answers: await askAll('pre', plan, watched, ask)}
}

/** Whether a question about the same plan would show plugins the same. */
export function isAsShown({plan, seen}: AskedBefore, now: Plan, question: Question): boolean {
  const {isDeepStrictEqual} = process.getBuiltinModule('node:util')
  return isDeepStrictEqual(plan, now) && seen.every(({look, found}) => isDeepStrictEqual(look(question), found))
}

/** About everything that the change comes to, one event after the other. */
export async function askAll(when: 'pre' | 'post', plan: Plan, question: Question, ask: Ask): Promise<PluginAnswers> {
  const {subjects = ({config_directory}: Plan) => [config_directory]} = actions[plan.request.action]
  const main = {word: actions[plan.effect ?? plan.request.action].event, subjects: subjects(plan)}
  const also = (plan.also ?? []).map((each) => ({word: actions[each.action].event, subjects: each.subjects}))
  const all: PluginAnswers[] = []
  for (const {word, subjects} of [main, ...also]) {
    all.push(await ask({...question, subjects, event: `${when}-${word}`}))
  }
  // A plugin that has subscribed to several of them says the same several times.
  return {
    findings: uniqueValues(all.flatMap(({findings}) => findings)),
    first: uniqueValues(all.flatMap(({first}) => first)),
    last: uniqueValues(all.flatMap(({last}) => last)),
    failures: uniqueValues(all.flatMap(({failures}) => failures)),
  }
}

function uniqueValues<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((each) => [JSON.stringify(each), each])).values()]
}

/** The first refusal speaks; the others are told before it. */
export function checkRefusals(findings: readonly PluginFinding[], warn: (text: string) => void): void {
  const [first, ...others] = findings.filter(({verdict}) => verdict === 'refuse')
  if (first === undefined) return
  for (const each of others) warn(describeFinding(each))
  const {suggestions, plugin, locked} = first
  throw new Refusal(describeFinding(first), {suggestions, ...(locked ? {} : {plugin})})
}
