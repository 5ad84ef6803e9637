/**
 * Whether a plugin answers: it is loaded, and asked once at each of its events about an instance as it is now. Its
 * answers do not count.
 */
import type {Asked} from '../ask.ts'
import {type Action, type Request, stockWrapper} from '../model/change/request.ts'
import {type Instance, readable} from '../model/instance/instance.ts'
import {answersOf} from './bridge.ts'
import {checkPlugin, type RosterPlugin, withLaterFault} from './roster.ts'
import {askRulesOf} from './rules.ts'

/** The host, as it is. */
export type TrialView = Pick<Asked, 'before' | 'after' | 'read' | 'text'>

/** As checkPlugin(), with a fault where an installed one does not answer. */
export async function tryPlugin(plugin: RosterPlugin, sight: TrialView): Promise<RosterPlugin> {
  const checked = checkPlugin(plugin)
  if (checked.bundled || checked.fault !== undefined) return checked
  const fault = (await findHookFault(checked, sight)) ?? (await findRuleFault(checked, sight))
  return fault === undefined ? checked : withLaterFault(checked, fault.replaceAll(`${checked.root}/`, ''))
}

async function findHookFault(plugin: RosterPlugin, sight: TrialView): Promise<string | undefined> {
  const instance = readable(sight.before).at(-1)!
  for (const event of new Set(plugin.hooks.map((each) => each.event))) {
    const request = {...trialRequest(event.replace(/^(?:pre|post)-/, '') as Action | 'start', instance)}
    const asked = {...sight, event, request, plan: [], subjects: [instance.config_directory], dryRun: true}
    const said = await answersOf(plugin, asked, 'sub-command')
    if ('fault' in said) return `${event} could not be asked: ${said.fault}`
  }
  return undefined
}

async function findRuleFault(plugin: RosterPlugin, sight: TrialView): Promise<string | undefined> {
  if (plugin.rules === undefined) return undefined
  const said = await askRulesOf(plugin, sight)
  return 'fault' in said ? said.fault : undefined
}

/** A change to the present state. */
function trialRequest(action: Action | 'start', instance: Instance): Request | {action: 'start'} {
  const {config_directory, multi_instance_name: newName, multi_instance_group: newGroup} = instance
  const target = {by: 'name', name: config_directory} as const
  switch (action) {
    case 'init':
      return {action, wrapper: stockWrapper}
    case 'create':
    case 'import':
      return {action, newName, newGroup, directories: {}}
    case 'assign':
      return {action, target, newName, newGroup}
    case 'set':
      return {action, targets: [target], set: {}, unset: []}
    case 'start':
      return {action}
    default:
      return {action: action as 'enable', target}
  }
}
