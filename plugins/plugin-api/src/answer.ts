/**
 * What is wrong with an answer, if anything is: a plugin is held to the types of the API whatever language its hooks
 * are written in, and may not touch what belongs to the change itself.
 */
import type {Event, Finding, Step} from './index.ts'

/** In one sentence without a full stop; undefined for an answer that a hook may give for the event. */
export function checkAnswer(value: unknown, event: Event): string | undefined {
  if (!Array.isArray(value)) return `the answer is ${shown(value)}, not an array of findings and steps`
  for (const [index, each] of value.entries()) {
    const fault = faultOf(each, event)
    if (fault !== undefined) return `element ${index + 1} of the answer ${fault}`
  }
  return undefined
}

interface Kind {
  /** What a value of the kind is. */
  readonly words: string
  readonly is: (value: unknown) => boolean
  readonly optional?: true
}

const path: Kind = {words: "an absolute path without '..'", is: isPath}
const mode: Kind = {words: 'a whole number from 0 to 0o7777', is: isMode, optional: true}
const owner: Kind = {words: 'an object of uid and gid, whole numbers', is: isOwner, optional: true}
const shared: Kind = {
  words: "an absolute path without '..' of a file other than main.cf, which has 'set parameter'",
  is: (value) => isPath(value) && !/\/main\.cf$/.test(String(value)),
}
const line: Kind = {words: 'text in one line', is: isLine}
const words: Kind = {
  words: 'an array of at least one word, none of them empty',
  is: (value) => isListOf(isText, value, 1),
}
const flag: Kind = {words: 'true or false', is: (value) => typeof value === 'boolean', optional: true}

type Kinds<Of> = {readonly [Name in Exclude<keyof Of, 'verdict' | 'do' | 'first'>]-?: Kind}

const finding: Kinds<Finding> = {
  message: line,
  rule: {...line, optional: true},
  suggestions: {
    words: 'an array of arrays of words, or of texts in one line each',
    is: (value) => isListOf(isCommand, value),
    optional: true,
  },
  instance: {...path, optional: true},
}

const steps: {readonly [Do in Step['do']]: Kinds<Extract<Step, {do: Do}>>} = {
  'make directory': {path, mode, owner},
  'write file': {
    path,
    text: {words: 'text', is: (value) => typeof value === 'string'},
    mode,
    owner,
  },
  'remove file': {path},
  link: {path, target: path},
  'add line': {path: shared, line},
  'remove line': {path: shared, line},
  'set parameter': {
    config_directory: path,
    name: {words: 'the name of a parameter', is: (value) => isText(value) && /^[^-\s=#$][^\s=$]*$/.test(value)},
    value: {words: 'text in one line, or null', is: (value) => value === null || value === '' || isLine(value)},
  },
  'run program': {
    words,
    directory: {...path, optional: true},
    changes: {words: 'an array of absolute paths', is: (value) => isListOf(isPath, value), optional: true},
    undo: {...words, optional: true},
  },
}

/** They are what the change itself is about. */
const reserved = [
  'multi_instance_directories',
  'multi_instance_name',
  'multi_instance_group',
  'multi_instance_enable',
  'multi_instance_wrapper',
  'queue_directory',
  'data_directory',
  'config_directory',
]

function faultOf(element: unknown, event: Event): string | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element))
    return `is ${shown(element)}, not a finding or a step`
  const members = new Map<string, unknown>(Object.entries(element).filter(([, value]) => value !== undefined))
  if (members.has('verdict')) return faultOfFinding(members, event)
  if (members.has('do')) return faultOfStep(members, event)
  return "has neither 'verdict', as a finding has, nor 'do', as a step has"
}

function faultOfFinding(members: Map<string, unknown>, event: Event): string | undefined {
  const verdict = members.get('verdict')
  if (verdict !== 'refuse' && verdict !== 'warn' && verdict !== 'note')
    return `has the verdict ${shown(verdict)}, which is not refuse, warn or note`
  if (verdict === 'refuse' && event.startsWith('post-')) return `refuses, but the change is already made`
  return faultOfMembers(members, finding, ['verdict'])
}

function faultOfStep(members: Map<string, unknown>, event: Event): string | undefined {
  const tag = members.get('do')
  const kinds = typeof tag === 'string' && Object.hasOwn(steps, tag) ? steps[tag as Step['do']] : undefined
  if (kinds === undefined) return `is an unknown step: ${shown(tag)}`
  if (event === 'pre-start') return `is a step: hooks of pre-start cannot add steps`
  const fault = faultOfMembers(members, {...kinds, first: flag}, ['do'])
  if (fault !== undefined) return fault
  const name = tag === 'set parameter' ? String(members.get('name')) : ''
  return reserved.includes(name) ? `sets ${name}, which only the change itself sets` : undefined
}

function faultOfMembers(
  members: Map<string, unknown>,
  kinds: Readonly<Record<string, Kind>>,
  tags: readonly string[],
): string | undefined {
  const strange = [...members.keys()].find((name) => !tags.includes(name) && !Object.hasOwn(kinds, name))
  if (strange !== undefined) return `has an unknown member: ${shown(strange)}`
  for (const [name, kind] of Object.entries(kinds)) {
    if (!members.has(name)) {
      if (kind.optional !== true) return `lacks '${name}'`
    } else if (!kind.is(members.get(name))) return `has ${shown(members.get(name))} as '${name}', not ${kind.words}`
  }
  return undefined
}

/** What goes to the system ends at a NUL byte. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function isLine(value: unknown): boolean {
  return isText(value) && !/[\r\n]/.test(value)
}

function isCommand(value: unknown): boolean {
  return isLine(value) || isListOf((word) => word === '' || isText(word), value, 1)
}

function isPath(value: unknown): boolean {
  return isLine(value) && /^\//.test(String(value)) && !String(value).split('/').includes('..')
}

function isMode(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0o7777
}

function isOwner(value: unknown): boolean {
  const {uid, gid, ...others} = Object(value)
  const isId = (id: unknown): boolean => Number.isInteger(id) && Number(id) >= 0 && Number(id) < 0xffff_ffff
  return isId(uid) && isId(gid) && Object.keys(others).length === 0
}

function isListOf(is: (value: unknown) => boolean, value: unknown, least = 0): boolean {
  return Array.isArray(value) && value.length >= least && value.every(is)
}

/** Short, and in one line whatever is in it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}
