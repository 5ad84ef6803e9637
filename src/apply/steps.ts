/**
 * What each step is called, what it is about to change, and how it is carried out. Taking it back is the business of
 * traces.ts, the same for all. Forgetting one of the three is a compile error.
 */
import {mkdirSync, readFileSync, renameSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {Refusal} from '../model/errors.ts'
import type {Directories, Step} from '../model/plan.ts'
import {pathOf} from '../model/trace.ts'
import {typed} from '../model/typed.ts'
import {mentionedDirectories} from '../postfix/permission-rules.ts'
import {applyChange, planPermissions} from '../postfix/permissions.ts'
import {listBelow} from '../postfix/walk.ts'
import {coolDown, coolTime, editInPlace, lacksNewline, replaceMainCf, restoreMainCf, traceMainCf} from './main-cf.ts'
import {
  asideOf,
  isThere,
  replaceFile,
  replaceLink,
  restore,
  type Trace,
  traceExistence,
  traceFile,
  traceTree,
} from './traces.ts'

/** What the steps need of the host. */
export interface StepTools {
  /** Runs one of Postfix's commands with the lock in hand. Throws a ToolFailure. */
  run(command: 'postconf' | 'postfix', ...words: string[]): void
  /** Runs any other program with the lock in hand. Throws a ToolFailure. */
  runProgram(words: readonly string[], directory: string): void
  meta_directory: string
  mail_owner: string
  setgid_group: string
}

interface Handler<S> {
  /** For the dry run: what is going to happen. */
  tell(step: S): string
  /** For the journal: what the step is about to change, as it is now. Changes nothing. */
  trace(step: S, tools: StepTools): Trace[]
  carryOut(step: S, tools: StepTools): void
}

type Handlers = {[Tag in Step['do']]: Handler<Extract<Step, {do: Tag}>>}

const handlers: Handlers = {
  'make directory': {
    tell: ({path, mode}) => `make directory ${path}, mode ${mode.toString(8).padStart(4, '0')}`,
    trace: ({path}) => missingParents(path).map((each) => ({was: 'absent', path: each})),
    carryOut({path, mode}) {
      for (const each of missingParents(path)) mkdirSync(each, mode)
    },
  },
  'copy file': {
    tell: ({from, to}) => `copy ${from} to ${to}`,
    trace: ({to}) => [traceFile(to)],
    carryOut({from, to}) {
      const {uid, gid, mode, mtimeMs} = statSync(from)
      replaceFile(to, readFileSync(from), {uid, gid, mode: mode & 0o7777, seconds: mtimeMs / 1000})
    },
  },
  'write file': {
    tell: ({path, bytes}) => `write ${path} (${bytes.length} bytes)`,
    trace: ({path}) => [traceFile(path)],
    carryOut({path, bytes, mode, owner = {uid: process.geteuid!(), gid: process.getegid!()}}) {
      const isMainCf = path.endsWith('/main.cf')
      const wanted = {mode, ...owner, ...(isMainCf ? {seconds: coolTime()} : {})}
      const replace = isMainCf && isThere(path) ? replaceMainCf : replaceFile
      replace(path, Buffer.from(bytes, 'latin1'), wanted)
    },
  },
  'edit main.cf': {
    tell({config_directory, set, unset = []}) {
      const settings = Object.entries(set).map(([name, value]) => `set ${name} = ${value}`.trimEnd())
      return `in ${config_directory}/main.cf ${[...settings, ...unset.map((name) => `unset ${name}`)].join('; ')}`
    },
    trace: ({config_directory, set, unset = []}) => traceMainCf(config_directory, set, unset),
    carryOut({config_directory, set, unset = []}, tools) {
      const settings = Object.entries(set).map(([name, value]) => `${name} = ${value}`)
      // postconf(1) cannot do both in one call, and older ones glue a new setting to a last line without its newline.
      if (unset.length > 0 || lacksNewline(config_directory)) editInPlace(config_directory, {set, remove: unset})
      else {
        tools.run('postconf', '-c', config_directory, '-e', ...settings)
        coolDown(config_directory)
      }
    },
  },
  'set owner and mode': {
    tell({path, owner, mode}) {
      const owned = owner === undefined ? [] : [`owner ${owner.uid}${owner.gid === -1 ? '' : `:${owner.gid}`}`]
      const allowed = mode === undefined ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]
      return `give ${path} ${[...owned, ...allowed].join(' and ')}`
    },
    trace: ({path}) => [traceExistence(path)],
    carryOut: ({path, owner, mode}) =>
      applyChange({path, ...(owner === undefined ? {} : {owner}), ...(mode === undefined ? {} : {mode})}),
  },
  'set permissions': {
    tell: ({instance}) => `set owner and mode of what ${instance.config_directory} owns`,
    trace({instance}, tools) {
      const planned = planPermissions(instance, tools)
      return 'unsure' in planned
        ? traceEverything(instance, tools.meta_directory)
        : planned.changes.map((each) => traceExistence(each.path))
    },
    carryOut({instance}, tools) {
      const planned = planPermissions(instance, tools)
      if ('unsure' in planned) tools.run('postfix', '-c', instance.config_directory, 'set-permissions')
      else for (const change of planned.changes) applyChange(change)
    },
  },
  remove: {
    tell: ({path}) => `remove ${path}`,
    // A plugin may want to be sure that a file is gone.
    trace: ({path}) => (isThere(path) ? [{was: 'moved', path, to: asideOf(path), tree: traceTree(path)}] : []),
    carryOut({path, holds}) {
      if (!isThere(path)) return
      renameSync(path, asideOf(path))
      const expected = new Set(holds)
      const stranger = listBelow(asideOf(path)).find((each) => !expected.has(each))
      if (stranger !== undefined) throw new Refusal(`${path}/${stranger} appeared while ${path} was being removed`)
    },
  },
  link: {
    tell: ({path, target}) => `make ${path} a link to ${target}`,
    trace: ({path}) => [traceFile(path)],
    carryOut: ({path, target}) => replaceLink(path, target, {uid: process.geteuid!(), gid: process.getegid!()}),
  },
  'run program': {
    tell: ({words, directory}) => `in ${directory} run ${typed(words)}`,
    trace: ({words, directory, changes, undo}) => [{was: 'program', words, undo, directory}, ...changes.map(traceFile)],
    carryOut: ({words, directory}, tools) => tools.runProgram(words, directory),
  },
  restore: {
    tell({trace}) {
      if (trace.was === 'program') return `in ${trace.directory} run ${typed(trace.undo)}`
      return trace.was === 'absent' ? `remove ${trace.path}` : `bring back ${pathOf(trace)}`
    },
    trace: ({trace}) => traceBefore(trace),
    carryOut({trace}, tools) {
      if (trace.was === 'program') tools.runProgram(trace.undo, trace.directory)
      else if (trace.was === 'main.cf') restoreMainCf(trace)
      else restore(trace)
    },
  },
}

/** What bringing something back is about to change. */
function traceBefore(trace: Trace): Trace[] {
  switch (trace.was) {
    case 'main.cf':
      return [traceFile(`${trace.config_directory}/main.cf`)]
    case 'moved':
      return trace.tree.flatMap(traceBefore)
    case 'file':
    case 'link':
      return [traceFile(trace.path)]
    case 'program':
      return [{...trace, words: trace.undo, undo: trace.words}]
    case 'absent':
      return isThere(trace.path) ? traceTree(trace.path).slice(0, 1) : []
    default:
      return [traceExistence(trace.path)]
  }
}

export function tell(step: Step): string {
  const told = handlerOf(step).tell(step)
  return step.by === undefined ? told : `${told} (${step.by})`
}

export function trace(step: Step, tools: StepTools): Trace[] {
  return handlerOf(step).trace(step, tools)
}

export function carryOut(step: Step, tools: StepTools): void {
  handlerOf(step).carryOut(step, tools)
}

function handlerOf(step: Step): Handler<Step> {
  // TypeScript cannot see that the tag chooses the handler of its own step.
  return handlers[step.do] as Handler<Step>
}

/** All that the real set-permissions may touch. It makes directories, and writes parameters into main.cf. */
function traceEverything(instance: Directories, meta_directory: string): Trace[] {
  const {config_directory, queue_directory, data_directory} = instance
  const there = [config_directory, queue_directory, data_directory].flatMap((each) => [
    each,
    ...listBelow(each).map((path) => `${each}/${path}`),
  ])
  const paths = new Set([...mentionedDirectories(meta_directory, instance), ...there])
  return [...[...paths].map(traceExistence), traceFile(`${config_directory}/main.cf`)]
}

/** The path and those of its parents that do not exist, topmost first. */
function missingParents(path: string): string[] {
  return isThere(path) ? [] : [...missingParents(dirname(path)), path]
}
