/**
 * What a line of the journal looks like: one that was damaged must not be half understood. Members that are not known
 * here are left alone; what cannot be taken back without them raises the schema.
 */
import {isRecord} from '../model/base/json.ts'
import {own} from '../model/base/own.ts'
import type {BeforeImage} from '../model/change/before-image.ts'
import type {Beginning, Mark} from '../model/change/past.ts'

type ShapeCheck = (value: unknown) => boolean
type Members = Record<string, ShapeCheck>

export function isBeginning(value: unknown): value is Beginning {
  return beginning(value)
}

export function areBeforeImages(value: unknown): value is BeforeImage[] {
  return arrayOf(image)(value)
}

export function areMarks(value: unknown): value is Mark[] {
  return arrayOf(record({path, mark: isText}))(value)
}

export function areTexts(value: unknown): value is string[] {
  return isTexts(value)
}

const isText: ShapeCheck = (value) => typeof value === 'string'
const isBoolean: ShapeCheck = (value) => typeof value === 'boolean'
const count: ShapeCheck = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const path: ShapeCheck = (value) => typeof value === 'string' && /^\/[^\0]*$/.test(value)
const base64: ShapeCheck = (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
const isTexts = arrayOf(isText)
const settingsShape: ShapeCheck = (value) => isRecord(value) && Object.values(value).every(isText)
const selection = tagged('by', {all: {}, group: {group: isText}, name: {name: isText}})

const permissions = {mode: count, uid: count, gid: count}
const identity = {ino: optionalOf(isText), inside: optionalOf(isText)}
/** One component: what it is called is removed. */
const temporary = optionalOf((value) => typeof value === 'string' && /^[^/\0]+$/.test(value) && !/^\.\.?$/.test(value))
const file = {base64, seconds: Number.isFinite, ...permissions}
const traces: {[Was in BeforeImage['was']]: Members} = {
  absent: {path, ...identity, temporary},
  file: {path, ...file, ...identity, temporary},
  directory: {path, ...permissions},
  there: {path, ...permissions, ...identity},
  link: {path, target: isText, uid: count, gid: count, ...identity, temporary},
  program: {
    words: isTexts,
    undo: isTexts,
    directory: path,
    changes: optionalOf(arrayOf(path)),
    mayFail: optionalOf(isBoolean),
  },
  tree: {path, tree: (value) => areBeforeImages(value), ...identity},
  line: {
    path,
    line: isText,
    at: optionalOf(count),
    made: optionalOf(isBoolean),
    ...permissions,
    ...identity,
    temporary,
  },
  moved: {path, to: path, tree: (value) => areBeforeImages(value), ...identity},
  'main.cf': {config_directory: path, set: settingsShape, unset: isTexts, ...file},
}
const image = tagged('was', traces)

const target = {target: optionalOf(selection)}
const nameShapes = {newName: optionalOf(isText), newGroup: optionalOf(isText)}
const place = {place: optionalOf(selection), after: optionalOf(selection)}
const birth = record({
  settings: settingsShape,
  services: isTexts,
  uncomment: isTexts,
  like: optionalOf(selection),
  enabled: optionalOf(isBoolean),
})
// Older programs wrote the words for the directories.
const newInstance = {
  ...nameShapes,
  ...place,
  parameters: optionalOf(isTexts),
  directories: optionalOf(settingsShape),
  birth: optionalOf(birth),
}
const state: ShapeCheck = (value) => value === null || isRecord(value)
const requests: {[Action in Beginning['request']['action']]: Members} = {
  init: {wrapper: isText},
  create: newInstance,
  import: newInstance,
  destroy: target,
  deport: target,
  enable: target,
  disable: target,
  assign: {...target, ...nameShapes},
  set: {targets: arrayOf(selection), set: settingsShape, unset: isTexts},
  reorder: {target: selection, ...place},
  edit: {target: selection, file: isText, was: isText, becomes: isText},
  undo: {id: optionalOf(isText)},
  plugins: {how: isText, plugins: arrayOf(record({name: isText, before: state, after: state}))},
  fix: {findings: arrayOf(record({rule: isText, instances: isTexts, message: isText}))},
}

const beginning = record({
  request: tagged('action', requests),
  config_directory: isText,
  began: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  pid: count,
  uid: count,
  sudoUser: (value) => value === null || isText(value),
  effect: optionalOf((value) => typeof value === 'string' && Object.hasOwn(requests, value)),
  without: optionalOf(isTexts),
  reason: optionalOf(isText),
  afterwards: optionalOf(record({failures: isTexts})),
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

function arrayOf(isRight: ShapeCheck): ShapeCheck {
  return (value) => Array.isArray(value) && value.every(isRight)
}

function optionalOf(isRight: ShapeCheck): ShapeCheck {
  return (value) => value === undefined || isRight(value)
}
