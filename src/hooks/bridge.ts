/**
 * The bridge to the site plugins. Those that have subscribed to an event are asked, each is held to an answer, and the
 * answers come back in one order. It fails closed: before a change, a plugin that cannot be asked is a refusal.
 */

import type {Answer, Event} from '@postmulti/plugin-api'
import {checkAnswer} from '@postmulti/plugin-api/host'
import type {Ask, Asked, PluginAnswers, PluginFinding} from '../ask.ts'
import {isRoot} from '../files/caller.ts'
import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {nearest} from '../model/instance/nearest.ts'
import {findDisagreements, uniqueSteps} from './agree.ts'
import {type Opinion, onTrial, toOpinion} from './answer.ts'
import {asker, askInSandbox, type SandboxAnswer} from './ask-in-sandbox.ts'
import {callHooks} from './hook.ts'
import {toQuestion, toQuestionData, toSight} from './question.ts'
import {checkPlugin, type RosterPlugin, readRoster} from './roster.ts'

export interface AskOptions {
  /** How the change was written. */
  spoken: 'classic' | 'sub-command'
  /** Plugins to skip, by name: --without-plugin. */
  without?: readonly string[]
  /** Why: --reason. */
  reason?: string | undefined
}

type Reply = {plugin: RosterPlugin; opinion: Opinion} | {plugin: RosterPlugin; fault: string}

/** Refuses to skip a plugin that is not there, and to skip any for users other than root. */
export function askPlugins({spoken, without = [], reason}: AskOptions): Ask {
  checkWithout(without, reason)
  const isAsked = ({name, mode}: RosterPlugin): boolean =>
    !without.includes(name) && mode !== 'off' && (mode !== 'advise' || spoken === 'sub-command')
  return async (asked) => {
    // Now, with the lock in hand: an installation may have been waited for.
    const subscribers = readRoster([asked.event]).filter(isAsked)
    const replies = await Promise.all(subscribers.map((each) => askPlugin(each, asked, spoken)))
    return gather(replies, asked.event)
  }
}

function checkWithout(without: readonly string[], reason = ''): void {
  if (without.length === 0) return
  if (!isRoot()) throw new Refusal('Only root can use --without-plugin', {forRoot: true})
  const plugins = readRoster()
  const names = plugins.map(({name}) => name)
  const unknown = without.find((each) => !names.includes(each))
  if (unknown !== undefined) {
    throw new Refusal(`No plugin named ${unknown}`, {
      suggestions: [suggest`postmulti plugins`],
      kind: 'not found',
      misnamed: {name: unknown, nearest: nearest(unknown, names)},
    })
  }
  const locked = plugins.find(({name, mode}) => mode === 'locked' && without.includes(name))
  if (locked !== undefined && reason.trim() === '') {
    throw new Refusal(`${locked.name} is locked: to skip it, say why with --reason TEXT; the history keeps the reason`)
  }
}

async function askPlugin(subscriber: RosterPlugin, asked: Asked, spoken: AskOptions['spoken']): Promise<Reply> {
  const plugin = checkPlugin(subscriber)
  if (plugin.fault !== undefined) return {plugin, fault: plugin.fault}
  const said = await answersOf(plugin, asked, spoken)
  if ('fault' in said) return {plugin, fault: said.fault}
  const opinion = toOpinion(said.answers.flat(), plugin.name)
  return {plugin, opinion: plugin.mode === 'advise' ? onTrial(opinion) : opinion}
}

/** One for each of its hooks at this event. */
export async function answersOf(
  plugin: RosterPlugin,
  asked: Asked,
  spoken: AskOptions['spoken'],
): Promise<{answers: Answer[]} | {fault: string}> {
  const said = await put(plugin, asked, spoken)
  if ('fault' in said) return said
  const wrong = said.answers.map((each) => checkAnswer(each, asked.event)).find((each) => each !== undefined)
  if (wrong !== undefined) return {fault: `invalid answer: ${wrong}`}
  return {answers: said.answers as Answer[]}
}

/** The plugins that come with postmulti are part of it, and save the start of a process. */
async function put(plugin: RosterPlugin, asked: Asked, spoken: AskOptions['spoken']): Promise<SandboxAnswer> {
  const places = plugin.hooks.filter(({event}) => event === asked.event)
  const data = toQuestionData(asked, spoken, plugin.settings)
  if (!plugin.bundled) return askInSandbox(asker(), {root: plugin.root, places, question: data}, asked, plugin.timeout)
  return callHooks(places, toQuestion(data, toSight(asked)))
}

function gather(replies: readonly Reply[], event: Event): PluginAnswers {
  const opinions = replies.flatMap((each) => ('opinion' in each ? [each.opinion] : []))
  const faults = replies.flatMap((each) => ('fault' in each ? [faultFinding(each, event)] : []))
  const disagreements = findDisagreements(opinions)
  const isOver = event.startsWith('post-')
  const findings = opinions.flatMap((each) => each.findings)
  const failures = [...faults, ...disagreements].filter(({verdict}) => verdict === 'refuse')
  const agreed = disagreements.length === 0 ? opinions : []
  const locked = replies.flatMap(({plugin}) => (plugin.mode === 'locked' ? [plugin.name] : []))
  const said = [...findings, ...faults.filter(({verdict}) => verdict === 'note'), ...(isOver ? [] : failures)]
  return {
    findings: said.map((each) => (locked.includes(each.plugin) ? {...each, locked: true} : each)),
    first: uniqueSteps(agreed.flatMap((each) => each.first)),
    last: uniqueSteps(agreed.flatMap((each) => each.last)),
    failures: isOver ? failures : [],
  }
}

function faultFinding({plugin, fault}: Extract<Reply, {fault: string}>, event: Event): PluginFinding {
  return {
    plugin: plugin.name,
    verdict: plugin.mode === 'advise' ? 'note' : 'refuse',
    message: `${event} could not be asked: ${fault}`,
    rule: null,
    suggestions: plugin.remedy,
    instance: null,
  }
}
