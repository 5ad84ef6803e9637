/**
 * create and import: put the files of an instance in place, name it, list it, set its permissions.
 * Source: the create|import branch of postmulti-script.
 */

import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {allToLatin1, toLatin1} from '../model/base/text.ts'
import type {Owner} from '../model/change/before-image.ts'
import {checkDirectories} from '../model/change/directories.ts'
import type {Host, NewInstanceFacts} from '../model/change/facts.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import type {CreateOptions, NewInstanceRequest} from '../model/change/request.ts'
import {cannotBeRead} from '../model/instance/cannot-be-read.ts'
import {type Instance, isDamaged, type Listed, privateParameters} from '../model/instance/instance.ts'
import {editMainCf} from '../model/main-cf/editor.ts'
import {sharedParameters} from '../model/main-cf/shared-parameters.ts'
import {checkService, editMasterCf, serviceOf} from '../model/master-cf/master-cf.ts'
import {checkInitialised, scriptRefusal} from './initialised.ts'
import {
  checkKinds,
  findUnreadableOptions,
  findUnreadableValues,
  settingsIn,
  type Unreadable,
} from './kinds-of-values.ts'
import {editList} from './list.ts'
import {type NewInstance, settleNewInstance} from './new-instance.ts'
import {checkKnownParameters, checkOwnCommand, checkTableTypes, checkValues} from './parameters.ts'

export function planCreateOrImport(request: NewInstanceRequest, host: Host, facts: NewInstanceFacts): Plan {
  const newInstance = settleNewInstance(request, host, facts)
  const {names} = newInstance
  checkInitialised(host)
  const complete = facts.hasMainCf && facts.hasMasterCf
  const instance = complete ? withFound(newInstance, facts) : readPlanned(newInstance, request.birth, facts)
  checkDirectories(instance, host, facts)
  if (complete && request.action === 'import') checkQueue(instance, facts)
  const warnings = request.birth === undefined ? [] : checkCreateOptions(request.birth, complete, instance, facts)
  const steps = complete ? [] : installFiles(request, instance, names, host.meta_directory, facts)
  if (complete && Object.keys(names).length > 0) {
    steps.push({do: 'edit main.cf', config_directory: instance.config_directory, set: names})
  }
  // Before the permissions: until it is listed, post-install takes the instance for an independent one.
  steps.push(editList(host, newInstance.list, {drop: instance.config_directory}))
  steps.push({do: 'set permissions', instance, ...(facts.copies === undefined ? {} : {copies: facts.copies})})
  return {
    request,
    config_directory: instance.config_directory,
    before: host.list,
    after: {...newInstance.list, secondaries: newInstance.list.secondaries.map(asItIs)},
    steps,
    warnings,
  }

  function asItIs(each: Listed): Listed {
    return each === newInstance.instance ? instance : each
  }
}

/** Files that are there already stay, and it is their directories that count, whatever create was told. */
function withFound({instance, names}: NewInstance, {found = instance}: NewInstanceFacts): Instance {
  if (isDamaged(found)) throw cannotBeRead(found)
  return {...found, ...names}
}

/** As it will be: enabled when that is asked for, and in its source's group when none is. */
function readPlanned(
  {instance, names}: NewInstance,
  birth: CreateOptions | undefined,
  {source}: NewInstanceFacts,
): Instance {
  const {multi_instance_group = source?.instance.multi_instance_group ?? ''} = names
  return {...instance, multi_instance_group, multi_instance_enable: birth?.enabled ?? false}
}

/** postfix(1) would not get into it, and say so to a terminal only. */
function checkQueue({config_directory, queue_directory}: Instance, facts: NewInstanceFacts): void {
  if (facts.existing.has(queue_directory)) return
  throw new Refusal(`queue_directory=${queue_directory} of instance ${config_directory} does not exist`, {
    suggestions: [suggest`mkdir ${queue_directory}`],
  })
}

function checkCreateOptions(
  birth: CreateOptions,
  complete: boolean,
  instance: Instance,
  facts: NewInstanceFacts,
): string[] {
  const {settings, services, uncomment, like, enabled} = birth
  const {known, daemons = [], source} = facts
  checkOwnCommand(settings, instance, true)
  checkValues(settings)
  if (known !== undefined) checkTableTypes(settings, known)
  for (const each of services) checkService(each, daemons, instance.multi_instance_name)
  if (known !== undefined) checkKnownParameters(settings, source?.instance ?? instance, known, services)
  const warnings = checkKinds(findInOptions(birth, facts), birth.force)
  const wishes = Object.keys(settings).length + services.length + uncomment.length
  if (!complete || (wishes === 0 && like === undefined && !enabled)) return warnings
  const {config_directory} = instance
  throw new Refusal(`${config_directory} has a main.cf and a master.cf already, which create does not change`, {
    kind: 'conflict',
    suggestions: [suggest`postmulti instances import ${config_directory}`],
  })
}

/** What of its own settings and services a program of Postfix ends at. */
function findInOptions(
  {settings, services}: CreateOptions,
  {known, source, mainCfPrototype = '', sharedSettings}: NewInstanceFacts,
): Unreadable[] {
  if (known === undefined) return []
  const set = new Map(Object.entries(settings))
  const others = [settingsIn(source?.mainCf ?? mainCfPrototype), new Map(Object.entries(sharedSettings))]
  const besides = new Map(others.flatMap((each) => [...each]))
  return [
    ...findUnreadableValues(set, besides, known),
    ...findUnreadableOptions(toLatin1(services.join('\n')), '', new Map([...besides, ...set]), known),
  ]
}

function hasOwnServices({like, services, uncomment}: CreateOptions): boolean {
  return like !== undefined || services.length > 0 || uncomment.length > 0
}

function installFiles(
  request: NewInstanceRequest,
  instance: Instance,
  names: Record<string, string>,
  meta_directory: string,
  facts: NewInstanceFacts,
): Step[] {
  const {config_directory, queue_directory, data_directory} = instance
  if (request.action === 'import') {
    throw scriptRefusal(`'${config_directory}' lacks a ${facts.hasMainCf ? 'master.cf' : 'main.cf'} file`)
  }
  if (facts.mainCfPrototype === undefined) {
    throw scriptRefusal(`Missing main.cf prototype: ${meta_directory}/main.cf.proto`)
  }
  if (!facts.hasMasterCfPrototype) throw scriptRefusal(`Missing master.cf prototype: ${meta_directory}/master.cf.proto`)

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
      ...permissionsOf('main.cf', facts),
      from:
        facts.source === undefined
          ? `${meta_directory}/main.cf.proto`
          : `${facts.source.instance.config_directory}/main.cf`,
    },
    // Last: once master.cf is there the instance counts as complete.
    birth === undefined || facts.masterCfPrototype === undefined || !hasOwnServices(birth)
      ? {do: 'copy file', from: `${meta_directory}/master.cf.proto`, to: `${config_directory}/master.cf`}
      : {
          do: 'write file',
          path: `${config_directory}/master.cf`,
          bytes: editMasterCf(facts.source?.masterCf ?? facts.masterCfPrototype, birth.services, birth.uncomment),
          ...permissionsOf('master.cf', facts),
          from:
            facts.source === undefined
              ? `${meta_directory}/master.cf.proto`
              : `${facts.source.instance.config_directory}/master.cf`,
        },
  ]
}

/** A copy is closed to those to whom its source is closed. */
function permissionsOf(file: 'main.cf' | 'master.cf', {source}: NewInstanceFacts): {mode: number; owner?: Owner} {
  if (source === undefined) return {mode: 0o644}
  const {mode, ...owner} = source.permissions[file]
  return {mode, owner}
}

function newMainCf(
  instance: Instance,
  names: Record<string, string>,
  prototype: string,
  {sharedSettings, source}: NewInstanceFacts,
  birth: CreateOptions | undefined,
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
  if (source === undefined) {
    const comment = sharedParameters.filter((each) => sharedSettings[each] === undefined)
    const set = {queue_directory, data_directory, ...safe, ...sharedSettings, ...given}
    return editMainCf(editMainCf(prototype, {comment}), {set: allToLatin1(set)})
  }
  const {multi_instance_name} = instance
  const own = {queue_directory, data_directory, multi_instance_name, multi_instance_enable: 'no'}
  // A source that is the primary has what only a primary may have.
  const text = editMainCf(moveHouse(source.mainCf, source.instance, instance), {remove: primaryOnly})
  const {master_service_disable} = safe
  return editMainCf(text, {set: allToLatin1({...own, master_service_disable, ...sharedSettings, ...given})})
}

const primaryOnly = ['multi_instance_directories', 'multi_instance_wrapper', 'alternate_config_directories']

/** Every mention of the source's own directories becomes one of the new instance's. */
function moveHouse(text: string, from: Instance, to: Instance): string {
  const houses = new Map(privateParameters.map((each) => [toLatin1(from[each]), toLatin1(to[each])]))
  // So that /etc/postfix-a is found neither in /etc/postfix-ab nor in /srv/etc/postfix-a.
  const paths = new RegExp(`(?<![\\w./-])(?:${[...houses.keys()].map(quote).join('|')})(?![\\w.-])`, 'g')
  return text.replace(paths, (path) => houses.get(path) ?? path)

  function quote(path: string): string {
    return path.replace(/[^\w/]/g, '\\$&')
  }
}

/** What is there already stays. */
function copyTables({config_directory}: Instance, {source, existing}: NewInstanceFacts): Step[] {
  if (source === undefined) return []
  const from = source.instance.config_directory
  return source.files
    .filter((each) => !existing.has(`${config_directory}/${each}`))
    .map((each) => ({do: 'copy file', from: `${from}/${each}`, to: `${config_directory}/${each}`}))
}
