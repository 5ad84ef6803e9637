/**
 * create and import: put the files of an instance in place, name it, list it, set its permissions.
 * Source: the create|import branch of postmulti-script.
 */
import {checkDirectories} from '../model/directories.ts'
import {editMainCf} from '../model/editor.ts'
import {Refusal} from '../model/errors.ts'
import type {Host, NewcomerFacts} from '../model/facts.ts'
import type {Instance} from '../model/instance.ts'
import type {Plan, Step} from '../model/plan.ts'
import type {NewcomerRequest} from '../model/request.ts'
import {sharedParameters} from '../model/shared-parameters.ts'
import {checkInitialised} from './initialised.ts'
import {editList} from './list.ts'
import type {Newcomer} from './newcomer.ts'

export function planEnrol(request: NewcomerRequest, newcomer: Newcomer, host: Host, facts: NewcomerFacts): Plan {
  const {instance, names} = newcomer
  checkInitialised(host)
  checkDirectories(instance, host.list, host.canonical)
  const complete = facts.hasMainCf && facts.hasMasterCf
  const steps = complete ? [] : installFiles(request, instance, names, host.meta_directory, facts)
  if (complete && Object.keys(names).length > 0) {
    steps.push({do: 'edit main.cf', config_directory: instance.config_directory, set: names})
  }
  // Before the permissions: until it is listed, post-install takes the instance for an independent one.
  steps.push(editList(host, newcomer.list, {drop: instance.config_directory}))
  steps.push({do: 'set permissions', instance})
  return {
    request,
    config_directory: instance.config_directory,
    before: host.list,
    after: newcomer.list,
    steps,
    warnings: [],
  }
}

function installFiles(
  request: NewcomerRequest,
  instance: Instance,
  names: Record<string, string>,
  meta_directory: string,
  facts: NewcomerFacts,
): Step[] {
  const {config_directory, queue_directory, data_directory} = instance
  if (request.action === 'import') {
    throw complain(`'${config_directory}' lacks a ${facts.hasMainCf ? 'master.cf' : 'main.cf'} file`)
  }
  const {mainCfPrototype} = facts
  if (mainCfPrototype === undefined) throw complain(`Missing main.cf prototype: ${meta_directory}/main.cf.proto`)
  if (!facts.hasMasterCfPrototype) throw complain(`Missing master.cf prototype: ${meta_directory}/master.cf.proto`)

  const missing = (path: string, mode: number): Step[] =>
    facts.existing.has(path) ? [] : [{do: 'make directory', path, mode}]
  return [
    ...missing(config_directory, 0o755),
    ...missing(queue_directory, 0o755),
    ...missing(data_directory, 0o700),
    {do: 'write file', path: `${config_directory}/main.cf`, bytes: newMainCf(mainCfPrototype), mode: 0o644},
    // Last: once master.cf is there the instance counts as complete.
    {do: 'copy file', from: `${meta_directory}/master.cf.proto`, to: `${config_directory}/master.cf`},
  ]

  function newMainCf(prototype: string): string {
    const inherited = facts.sharedSettings
    const comment = sharedParameters.filter((each) => inherited[each] === undefined)
    const safe = {authorized_submit_users: '', master_service_disable: 'inet'}
    const set = {queue_directory, data_directory, ...safe, ...inherited, ...names}
    return editMainCf(editMainCf(prototype, {comment}), {set})
  }
}

function complain(message: string): Refusal {
  return new Refusal(message, {speaker: 'postmulti-script'})
}
