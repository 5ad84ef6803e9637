/**
 * create and import: put the files of an instance in place, name it, list it, set its permissions.
 * Source: the create|import branch of postmulti-script.
 */
import {checkDirectories} from '../model/directories.ts'
import {editMainCf} from '../model/editor.ts'
import {Refusal} from '../model/errors.ts'
import type {Host, KnownParameters, NewcomerFacts} from '../model/facts.ts'
import {type Instance, isDamaged, type Listed} from '../model/instance.ts'
import {editMasterCf, serviceOf} from '../model/master-cf.ts'
import type {Plan, Step} from '../model/plan.ts'
import type {Birth, NewcomerRequest} from '../model/request.ts'
import {sharedParameters} from '../model/shared-parameters.ts'
import {cannotBeRead} from './existing.ts'
import {checkInitialised} from './initialised.ts'
import {editList} from './list.ts'
import type {Newcomer} from './newcomer.ts'
import {checkKnown, checkOwnCommand} from './parameters.ts'

/** `known` judges the parameters that a newcomer is born with. */
export function planEnrol(
  request: NewcomerRequest,
  newcomer: Newcomer,
  host: Host,
  facts: NewcomerFacts,
  known: KnownParameters,
): Plan {
  const {names} = newcomer
  checkInitialised(host)
  const complete = facts.hasMainCf && facts.hasMasterCf
  const instance = complete ? readComplete(newcomer, host) : newcomer.instance
  checkDirectories(instance, host.list, host.canonical)
  checkBirth(request.birth, host, known)
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
    after: {...newcomer.list, secondaries: newcomer.list.secondaries.map(asItIs)},
    steps,
    warnings: [],
  }

  function asItIs(each: Listed): Listed {
    return each === newcomer.instance ? instance : each
  }
}

/** Files that are there already stay, and it is their directories that count, whatever create was told. */
function readComplete({instance, names}: Newcomer, host: Host): Instance {
  const found = host.readInstance(instance.config_directory)
  if (isDamaged(found)) throw cannotBeRead(found)
  return {...found, ...names}
}

function checkBirth(birth: Birth | undefined, host: Host, known: KnownParameters): void {
  if (birth === undefined) return
  checkOwnCommand(Object.keys(birth.settings))
  checkKnown(birth.settings, host.list.primary, known)
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
  if (facts.mainCfPrototype === undefined) {
    throw complain(`Missing main.cf prototype: ${meta_directory}/main.cf.proto`)
  }
  if (!facts.hasMasterCfPrototype) throw complain(`Missing master.cf prototype: ${meta_directory}/master.cf.proto`)

  const missing = (path: string, mode: number): Step[] =>
    facts.existing.has(path) ? [] : [{do: 'make directory', path, mode}]
  const {birth} = request
  return [
    ...missing(config_directory, 0o755),
    ...missing(queue_directory, 0o755),
    ...missing(data_directory, 0o700),
    ...copyTables(instance, facts),
    {
      do: 'write file',
      path: `${config_directory}/main.cf`,
      bytes: newMainCf(instance, names, facts.mainCfPrototype, facts, birth),
      mode: 0o644,
    },
    // Last: once master.cf is there the instance counts as complete.
    birth === undefined || facts.masterCfPrototype === undefined
      ? {do: 'copy file', from: `${meta_directory}/master.cf.proto`, to: `${config_directory}/master.cf`}
      : {
          do: 'write file',
          path: `${config_directory}/master.cf`,
          bytes: editMasterCf(facts.model?.masterCf ?? facts.masterCfPrototype, birth.services, birth.uncomment),
          mode: 0o644,
        },
  ]
}

function newMainCf(
  instance: Instance,
  names: Record<string, string>,
  prototype: string,
  {sharedSettings, model}: NewcomerFacts,
  birth: Birth | undefined,
): string {
  const {queue_directory, data_directory} = instance
  const opened = [...(birth?.services.map(serviceOf) ?? []), ...(birth?.uncomment ?? [])].filter((each) =>
    each.endsWith('/inet'),
  )
  const safe = {
    authorized_submit_users: '',
    // All listeners stay shut but those that were asked for.
    master_service_disable: [...opened.map((each) => `!${each}`), 'inet'].join(', '),
  }
  const given = {...names, ...(birth?.enabled ? {multi_instance_enable: 'yes'} : {}), ...birth?.settings}
  if (model === undefined) {
    const comment = sharedParameters.filter((each) => sharedSettings[each] === undefined)
    const set = {queue_directory, data_directory, ...safe, ...sharedSettings, ...given}
    return editMainCf(editMainCf(prototype, {comment}), {set})
  }
  const {multi_instance_name} = instance
  const own = {queue_directory, data_directory, multi_instance_name, multi_instance_enable: 'no'}
  return editMainCf(moveHouse(model.mainCf, model.instance, instance), {
    set: {...own, master_service_disable: safe.master_service_disable, ...given},
  })
}

/** Every mention of the model's own directories becomes one of the newcomer's. */
function moveHouse(text: string, from: Instance, to: Instance): string {
  const parameters = ['config_directory', 'queue_directory', 'data_directory'] as const
  return parameters.reduce(
    (moved, each) => pathEnds.reduce((text, end) => text.replaceAll(from[each] + end, to[each] + end), moved),
    text,
  )
}

/** What may follow a path, so that /etc/postfix-a is not found in /etc/postfix-ab. */
const pathEnds = ['/', ' ', '\t', ',', ':', '\n']

function copyTables({config_directory}: Instance, {model}: NewcomerFacts): Step[] {
  if (model === undefined) return []
  const from = model.instance.config_directory
  return model.files.map((each) => ({do: 'copy file', from: `${from}/${each}`, to: `${config_directory}/${each}`}))
}

function complain(message: string): Refusal {
  return new Refusal(message, {speaker: 'postmulti-script'})
}
