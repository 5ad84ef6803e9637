/** What a plugin's package.json says of it. Source: plugins/plugin-api; oclif's documentation, "Hooks". */

import {resolve} from 'node:path'
import {apiVersion} from '@postmulti/plugin-api'
import {isFile} from '../files/read.ts'
import {isRecord} from '../model/base/json.ts'
import {nearest} from '../model/instance/nearest.ts'
import {type Event, events, isEvent} from './events.ts'
import {Faulty, readJson} from './faulty.ts'
import {checkSettings, type Mode} from './settings.ts'

export interface Subscription {
  event: Event
  /** Absolute. */
  file: string
  /** The name that the file exports it under. */
  export: string
}

export interface Manifest {
  name: string
  version: string
  hooks: Subscription[]
  /** The file whose default export is its rules; absolute. */
  rules: string | undefined
  /** It has commands, for the command line. */
  bringsCommands: boolean
  /** What the plugin proposes; the site decides. */
  mode: Mode | undefined
  priority: number | undefined
  timeout: number | undefined
}

/** As oclif completes a path without one. */
const extensions = ['', '.js', '.mjs', '.cjs']

/** Throws a Faulty, also when there is none. */
export function readManifest(root: string): Manifest {
  const path = `${root}/package.json`
  const json = readJson(path)
  if (json === undefined) throw new Faulty(`${path} is not there`)
  const {name, version, oclif, postmulti = {}} = json
  if (typeof name !== 'string' || typeof version !== 'string') throw new Faulty(`${path} has no name and version`)
  if (!isRecord(oclif)) throw new Faulty(`not a plugin: ${path} has no "oclif" key`)
  if (!isRecord(postmulti)) throw new Faulty(`${path}: "postmulti" is not an object`)
  const {api = apiVersion, rules, ...proposed} = postmulti
  if (api !== apiVersion) {
    throw new Faulty(
      `it is made for version ${JSON.stringify(api)} of the plugin API, and this is version ${apiVersion}`,
    )
  }
  const {mode, priority, timeout} = checkSettings(`${path}: "postmulti"`, proposed, ['mode', 'priority', 'timeout'])
  return {
    name,
    version,
    hooks: readHooks(path, root, oclif.hooks),
    rules: rules === undefined ? undefined : findRules(path, root, rules),
    bringsCommands: oclif.commands !== undefined,
    mode,
    priority,
    timeout,
  }
}

function findRules(path: string, root: string, rules: unknown): string {
  if (typeof rules !== 'string') throw new Faulty(`${path}: "postmulti.rules" is not a path`)
  return findModule(root, rules, 'its rules')
}

/** In the order of our events. */
function readHooks(path: string, root: string, hooks: unknown = {}): Subscription[] {
  if (!isRecord(hooks)) throw new Faulty(`${path}: "oclif.hooks" is not an object`)
  const unknown = Object.keys(hooks).find((each) => !isEvent(each))
  if (unknown !== undefined) throw explainUnknownEvent(path, unknown)
  return events.flatMap((event) => {
    if (hooks[event] === undefined) return []
    return [hooks[event]].flat().map((each) => toSubscription(path, root, event, each))
  })
}

function explainUnknownEvent(path: string, word: string): Faulty {
  const [meant] = nearest(word, events)
  const known = meant === undefined ? `events are ${events.join(', ')}` : `did you mean ${meant}?`
  return new Faulty(`${path} subscribes to ${word}, which is not an event of postmulti: ${known}`)
}

function toSubscription(path: string, root: string, event: Event, value: unknown): Subscription {
  const {target, identifier = 'default'} = isRecord(value) ? value : {target: value}
  if (typeof target !== 'string' || typeof identifier !== 'string') {
    throw new Faulty(`${path}: "${event}" is neither a path nor {"target": PATH, "identifier": NAME}`)
  }
  return {event, file: findModule(root, target, event), export: identifier}
}

/** `purpose` is for the complaint. */
function findModule(root: string, target: string, purpose: string): string {
  const wanted = resolve(root, target)
  if (!wanted.startsWith(`${resolve(root)}/`)) throw new Faulty(`${wanted}, for ${purpose}, is outside of the plugin`)
  const file = extensions.map((each) => wanted + each).find(isFile)
  if (file === undefined) throw new Faulty(`${wanted}, for ${purpose}, is not there`)
  return file
}
