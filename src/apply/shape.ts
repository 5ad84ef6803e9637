/**
 * What a line of the journal looks like: one that was damaged must not be half understood. Members that are not known
 * here are left alone; what cannot be taken back without them raises the schema.
 */
import {own} from '../model/base/own.ts'
import type {BeforeImage} from '../model/change/before-image.ts'
import type {Beginning, Mark} from '../model/change/past.ts'

type ShapeCheck = (value: unknown) => boolean
type Members = Record<string, ShapeCheck>

export function isBeginning(value: unknown): value is Beginning {
  return beginning(value)
}

export function areBeforeImages(value: unknown): value is BeforeImage[] {
  return listOf(image)(value)
}

export function areMarks(value: unknown): value is Mark[] {
  return listOf(record({path, mark: text}))(value)
}

export function areTexts(value: unknown): value is string[] {
  return texts(value)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const text: ShapeCheck = (value) => typeof value === 'string'
const yesOrNo: ShapeCheck = (value) => typeof value === 'boolean'
const count: ShapeCheck = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const path: ShapeCheck = (value) => typeof value === 'string' && /^\/[^\0]*$/.test(value)
const base64: ShapeCheck = (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
const texts = listOf(text)
const settings: ShapeCheck = (value) => isRecord(value) && Object.values(value).every(text)
const selection = tagged('by', {all: {}, group: {group: text}, name: {name: text}})

const permissions = {mode: count, uid: count, gid: count}
const identity = {ino: optional(text), inside: optional(text)}
/** One component: what it is called is removed. */
const temporary = optional((value) => typeof value === 'string' && /^[^/\0]+$/.test(value) && !/^\.\.?$/.test(value))
const file = {base64, seconds: Number.isFinite, ...permissions}
const traces: {[Was in BeforeImage['was']]: Members} = {
  absent: {path, ...identity, temporary},
  file: {path, ...file, ...identity, temporary},
  directory: {path, ...permissions},
  there: {path, ...permissions, ...identity},
  link: {path, target: text, uid: count, gid: count, ...identity, temporary},
  program: {words: texts, undo: texts, directory: path, changes: optional(listOf(path)), mayFail: optional(yesOrNo)},
  tree: {path, tree: (value) => areBeforeImages(value), ...identity},
  line: {path, line: text, at: optional(count), made: optional(yesOrNo), ...permissions, ...identity, temporary},
  moved: {path, to: path, tree: (value) => areBeforeImages(value), ...identity},
  'main.cf': {config_directory: path, set: settings, unset: texts, ...file},
}
const image = tagged('was', traces)

const target = {target: optional(selection)}
const names = {newName: optional(text), newGroup: optional(text)}
const place = {place: optional(selection), after: optional(selection)}
const birth = record({
  settings,
  services: texts,
  uncomment: texts,
  like: optional(selection),
  enabled: optional(yesOrNo),
})
const newInstance = {...names, ...place, parameters: texts, birth: optional(birth)}
const state: ShapeCheck = (value) => value === null || isRecord(value)
const requests: {[Action in Beginning['request']['action']]: Members} = {
  init: {wrapper: text},
  create: newInstance,
  import: newInstance,
  destroy: target,
  deport: target,
  enable: target,
  disable: target,
  assign: {...target, ...names},
  set: {targets: listOf(selection), set: settings, unset: texts},
  reorder: {target: selection, ...place},
  edit: {target: selection, file: text, was: text, becomes: text},
  undo: {id: optional(text)},
  plugins: {how: text, plugins: listOf(record({name: text, before: state, after: state}))},
  fix: {findings: listOf(record({rule: text, instances: texts, message: text}))},
}

const beginning = record({
  request: tagged('action', requests),
  config_directory: text,
  began: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  pid: count,
  uid: count,
  sudoUser: (value) => value === null || text(value),
  effect: optional((value) => typeof value === 'string' && Object.hasOwn(requests, value)),
  without: optional(texts),
  reason: optional(text),
  afterwards: optional(record({failures: texts})),
})

/** One of several kinds; `tag` is the member that says which. */
function tagged(tag: string, kinds: Record<string, Members>): ShapeCheck {
  return (value) => {
    if (!isRecord(value)) return false
    const kind = value[tag]
    const members = typeof kind === 'string' ? own(kinds, kind) : undefined
    return members !== undefined && record(members)(value)
  }
}

function record(members: Members): ShapeCheck {
  return (value) => isRecord(value) && Object.entries(members).every(([name, isRight]) => isRight(value[name]))
}

function listOf(isRight: ShapeCheck): ShapeCheck {
  return (value) => Array.isArray(value) && value.every(isRight)
}

function optional(isRight: ShapeCheck): ShapeCheck {
  return (value) => value === undefined || isRight(value)
}
