/**
 * What each step is called, what it is about to change, and how it is carried out. Taking it back is the business of
 * before-images.ts, the same for all. Forgetting one of the three is a compile error.
 */

import {dirname} from 'node:path'
import {
  examine,
  examineContent,
  makeDirectory,
  ours,
  remove,
  rename,
  setPermissions,
  writeFile,
  writeLink,
} from '../files/act.ts'
import {systemError} from '../files/directory.ts'
import {isDirectory, namesBelow, readEntries, realPath, treeAt} from '../files/read.ts'
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {fromBytes, octal} from '../model/base/text.ts'
import {typed} from '../model/base/typed.ts'
import {type BeforeImage, isNothing, type Owner, pathOf} from '../model/change/before-image.ts'
import {isIn} from '../model/change/directories.ts'
import {placeWanted} from '../model/change/lines.ts'
import type {Directories, Step} from '../model/change/plan.ts'
import type {Program} from '../model/change/runner.ts'
import type {JailChange} from '../postfix/permissions/jail.ts'
import {jailScript} from '../postfix/permissions/jail-script.ts'
import {mentionedDirectories} from '../postfix/permissions/permission-rules.ts'
import {applyChange, planPermissions} from '../postfix/permissions/permissions.ts'
import {queueSubdirectories} from '../postfix/removal/made-by-postfix.ts'
import {
  captureExistence,
  captureFile,
  captureLine,
  captureRemoval,
  captureTree,
  captureWhole,
  isPresent,
  largestKept,
  restore,
  undoOf,
  writeLine,
} from './before-images.ts'
import {
  captureMainCf,
  coolDown,
  coolTime,
  editInPlace,
  needsOwnEditor,
  replaceMainCf,
  restoreMainCf,
} from './main-cf.ts'
import {checkRunner, nameRunner} from './run-program.ts'

/** What the steps need of the host. */
export interface StepTools {
  /** Runs one of Postfix's commands with the lock in hand. Returns what it printed. Throws a ToolFailure. */
  run(command: 'postconf' | 'postfix', ...words: string[]): Promise<string>
  /** What Postfix's own program prints on stdout when it does the same. */
  print(text: string): void
  /** Runs any other program, as root or as the owner of its files. Throws a ToolFailure, and a Refusal for neither. */
  runProgram(program: Program): Promise<void>
  /** For the user: what does not fail the change. */
  warn(text: string): void
  meta_directory: string
  mail_owner: string
  setgid_group: string
}

/** A step that is ready: what it is about to change, and the act itself. */
interface Prepared {
  /** For the journal: how it is now. */
  traces: BeforeImage[]
  act(): void | Promise<void>
}

interface Handler<S> {
  /** For the dry run: what is going to happen. */
  describe(step: S): string
  /** Looks, and changes nothing. What is acted on afterwards is what was looked at here. */
  prepare(step: S, tools: StepTools): Prepared
}

type Handlers = {[Tag in Step['do']]: Handler<Extract<Step, {do: Tag}>>}

const handlers: Handlers = {
  'make directory': {
    describe: ({path, mode, owner}) => `make directory ${path}, mode ${octal(mode)}${describeOwnership(owner)}`,
    prepare({path, mode, owner}) {
      const missing = missingParents(path)
      return {
        traces: missing.map(captureExistence),
        act() {
          for (const each of missing) {
            const ino = makeDirectory(each, mode)
            if (each === path && owner !== undefined) setPermissions(each, {owner, mode}, ino)
          }
        },
      }
    },
  },
  'copy file': {
    describe: ({from, to}) => `copy ${from} to ${to}`,
    prepare({from, to}) {
      const image = captureFile(to)
      return {
        traces: [image],
        act: () => copyAsIs(from, to, image.temporary),
      }
    },
  },
  'write file': {
    describe: ({path, bytes, owner}) => `write ${path} (${bytes.length} bytes)${describeOwnership(owner)}`,
    prepare({path, bytes, mode, owner = ours()}) {
      const image = captureFile(path)
      const isMainCf = path.endsWith('/main.cf')
      const wanted = {mode, ...owner, ...(isMainCf ? {seconds: coolTime()} : {})}
      const content = Buffer.from(bytes, 'latin1')
      return {
        traces: [image],
        act() {
          if (isMainCf && image.was !== 'absent') replaceMainCf(path, content, wanted)
          else writeFile(path, content, wanted, image.temporary)
        },
      }
    },
  },
  'edit main.cf': {
    describe({config_directory, set, unset = []}) {
      const settings = Object.entries(set).map(([name, value]) => `set ${name} = ${value}`.trimEnd())
      return `in ${config_directory}/main.cf ${[...settings, ...unset.map((name) => `unset ${name}`)].join('; ')}`
    },
    prepare({config_directory, set, unset = []}, tools) {
      return {
        traces: captureMainCf(config_directory, set, unset),
        async act() {
          const settings = Object.entries(set).map(([name, value]) => `${name} = ${value}`)
          // Node has no way to hand other bytes to a program.
          const isText = settings.every((each) => each.isWellFormed())
          if (unset.length > 0 || !isText || needsOwnEditor(config_directory))
            editInPlace(config_directory, {set, remove: unset})
          else {
            await tools.run('postconf', '-c', config_directory, '-e', ...settings)
            coolDown(config_directory)
          }
        },
      }
    },
  },
  'set owner and mode': {
    describe({path, owner, mode}) {
      const owned = owner === undefined ? [] : [`owner ${owner.uid}${owner.gid === -1 ? '' : `:${owner.gid}`}`]
      const allowed = mode === undefined ? [] : [`mode ${octal(mode)}`]
      return `give ${path} ${[...owned, ...allowed].join(' and ')}`
    },
    prepare({path, owner, mode}) {
      const {found} = examine(path)
      // The directory may have had another owner until a moment ago, who still owns the file.
      if (found?.kind === 'file' && found.links > 1) {
        throw new Refusal(`${path} has several names, so it may be a file of somebody else`)
      }
      return {
        traces: [captureExistence(path)],
        act: () =>
          applyChange({
            path,
            ...(owner === undefined ? {} : {owner}),
            ...(mode === undefined ? {} : {mode}),
            ino: found?.ino,
          }),
      }
    },
  },
  'set permissions': {
    describe({instance: {config_directory, queue_directory}, copies}) {
      const told = `set owner and mode of what ${config_directory} owns`
      if (copies === null) return `${told}, and let ${jailScript} fill its chroot ${queue_directory}`
      return copies === undefined || copies.length === 0
        ? told
        : `${told}, and bring the copies in its chroot ${queue_directory} up to date: ${copies.join(', ')}`
    },
    prepare({instance}, tools) {
      const planned = planPermissions(instance, tools)
      if ('unsure' in planned) {
        checkReachedByName(instance.config_directory, planned.unsure)
        return {
          traces: captureEverything(instance, tools.meta_directory),
          async act() {
            tools.print(await tools.run('postfix', '-c', instance.config_directory, 'set-permissions'))
          },
        }
      }
      const jail = planned.jail.map((each) => prepareJail(each))
      return {
        traces: [...planned.changes.map((each) => captureExistence(each.path)), ...jail.map(({image}) => image)],
        act() {
          for (const change of planned.changes) applyChange(change)
          for (const each of jail) each.act()
          for (const each of planned.jail) if (each.do === 'copy') tools.print(each.printed)
        },
      }
    },
  },
  remove: {
    describe: ({path}) => `remove ${path}`,
    prepare({path, holds, anew}) {
      const image = captureRemoval(path, anew)
      // A plugin may want to be sure that a file is gone.
      if (image === undefined) return {traces: [], act() {}}
      return {
        traces: [image],
        act() {
          rename(path, image.to.slice(image.to.lastIndexOf('/') + 1), image.ino)
          const expected = new Set(holds)
          const stranger = namesBelow(image.to).find((each) => !expected.has(each))
          if (stranger !== undefined)
            throw new Refusal(`${path}/${stranger} appeared while ${path} was being removed`, {kind: 'conflict'})
        },
      }
    },
  },
  link: {
    describe: ({path, target}) => `make ${path} a link to ${target}`,
    prepare({path, target}) {
      const image = captureFile(path)
      return {traces: [image], act: () => writeLink(path, target, ours(), image.temporary)}
    },
  },
  'add line': {
    describe: (step) => describeLine('add to', step),
    prepare: prepareLine,
  },
  'remove line': {
    describe: (step) => describeLine('remove from', step),
    prepare: prepareLine,
  },
  'run program': {
    describe: describeProgram,
    prepare: ({words, directory, changes, undo, mayFail}, tools) => ({
      traces: [
        {was: 'program', words, undo, directory, changes, ...(mayFail ? {mayFail} : {})},
        ...changes.map(captureFile),
      ],
      act: () => run({words, directory, changes}, mayFail, tools),
    }),
  },
  restore: {
    describe({trace}) {
      if (trace.was === 'program') return describeProgram({...undoOf(trace), directory: trace.directory})
      if (trace.was === 'line') return describeLine(trace.at === undefined ? 'remove from' : 'bring back in', trace)
      return isNothing(trace) ? `remove ${pathOf(trace)}` : `bring back ${pathOf(trace)}`
    },
    prepare({trace}, tools) {
      const before = captureBefore(trace)
      const temporary = before.flatMap((each) => ('temporary' in each ? (each.temporary ?? []) : []))[0]
      return {
        traces: before,
        async act() {
          if (trace.was === 'program') await run(undoOf(trace), trace.mayFail, tools)
          else if (trace.was === 'main.cf') restoreMainCf(trace)
          else restore(trace, temporary)
        },
      }
    },
  },
}

/** Empty for root, the usual owner. */
function describeOwnership({uid, gid}: Owner = {uid: 0, gid: 0}): string {
  return uid === 0 && gid === 0 ? '' : `, owner ${uid}:${gid}`
}

async function run(program: Program, mayFail: boolean | undefined, {runProgram, warn}: StepTools): Promise<void> {
  try {
    await runProgram(program)
  } catch (error) {
    if (!(mayFail && error instanceof ToolFailure)) throw error
    warn(error.message)
  }
}

function prepareJail(change: JailChange): {image: BeforeImage; act(): void} {
  const {path} = change
  if (change.do === 'make') return {image: captureExistence(path), act: () => void makeDirectory(path, 0o755)}
  const image = captureFile(path)
  if (change.do === 'remove') return {image, act: () => remove(path)}
  return {image, act: () => copyAsIs(change.from, path, image.temporary, Math.floor)}
}

/** `round` is for the time of the copy. */
function copyAsIs(from: string, to: string, temporary: string, round = (seconds: number): number => seconds): void {
  const {found, bytes} = examineContent(realPath(from), largestKept)
  if (found === undefined || bytes === undefined) throw systemError('ENOENT', from)
  writeFile(to, bytes, {...found, seconds: round(found.seconds)}, temporary)
}

function describeLine(what: string, {path, line}: {path: string; line: string}): string {
  return `${what} ${path} the line: ${fromBytes(line)}`
}

/** Nothing is kept where the file is so already. */
function prepareLine({do: what, path, line}: Extract<Step, {do: 'add line' | 'remove line'}>): Prepared {
  const image = captureLine(path, line)
  const wanted = placeWanted(what)
  const isSo = (image.at === undefined) === (wanted === undefined)
  return {traces: isSo ? [] : [image], act: () => writeLine(image, wanted)}
}

function describeProgram(program: Program): string {
  const user = nameRunner(program) ?? 'root'
  return `in ${program.directory} run ${typed(program.words)}${user === 'root' ? '' : ` as ${user}`}`
}

/** Before the first step: a program that no account may run would stop the change half-way. */
export function checkPrograms(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.do === 'run program') checkRunner(step, step.by)
    else if (step.do === 'restore' && step.trace.was === 'program') checkRunner(undoOf(step.trace))
  }
}

/** What bringing something back is about to change. */
function captureBefore(image: BeforeImage): BeforeImage[] {
  switch (image.was) {
    case 'main.cf':
      return [captureFile(`${image.config_directory}/main.cf`)]
    case 'moved':
      return image.tree.flatMap(captureBefore)
    case 'tree':
      return [captureWhole(image.path)]
    case 'file':
    case 'link':
      return [captureFile(image.path)]
    case 'line':
      return [captureLine(image.path, image.line)]
    case 'program':
      return [{...image, words: image.undo, undo: image.words}]
    case 'absent':
      return isPresent(image.path) ? captureTree(image.path).slice(0, 1) : []
    default:
      return [captureExistence(image.path)]
  }
}

export function describeStep(step: Step): string {
  const told = handlerOf(step).describe(step)
  return step.by === undefined ? told : `${told} (${step.by})`
}

export function prepare(step: Step, tools: StepTools): Prepared {
  return handlerOf(step).prepare(step, tools)
}

function handlerOf(step: Step): Handler<Step> {
  // TypeScript cannot see that the tag chooses the handler of its own step.
  return handlers[step.do] as Handler<Step>
}

/** The real set-permissions finds everything by name, so it does not run where others can replace files. */
function checkReachedByName(config_directory: string, why: string): void {
  if (!examine(`${config_directory}/main.cf`).foreign) return
  throw new Refusal(
    `Permissions cannot be set: ${why}, and others than root can write ${config_directory}, so postfix(1) may not do it either`,
    {suggestions: [['ls', '-ld', config_directory]]},
  )
}

/**
 * All that the real set-permissions may touch. It makes directories, and writes parameters into main.cf; Debian's fills
 * the jail as well, and what it makes, changes and removes there depends on its version and on /etc/default/postfix.
 */
function captureEverything(instance: Directories, meta_directory: string): BeforeImage[] {
  const {config_directory, queue_directory, data_directory} = instance
  const jail = jailDirectories(queue_directory)
  const link = jail.find((each) => examine(each).found?.kind === 'link')
  if (link !== undefined) {
    throw new Refusal(`${link} is a link: what set-permissions changes behind it could not be taken back`, {
      suggestions: [['ls', '-l', link]],
    })
  }
  const there = [config_directory, queue_directory, data_directory].flatMap(treeAt)
  const paths = new Set([...mentionedDirectories(meta_directory, instance), ...there])
  const others = [...paths].filter((path) => !jail.some((each) => isIn(path, each)))
  return [...others.map(captureExistence), ...jail.map(captureWhole), captureFile(`${config_directory}/main.cf`)]
}

/** A jail is a small copy of the host: the same names at its top, beside those of the queue. */
function jailDirectories(queue_directory: string): string[] {
  const names = new Set(['dev', 'etc', 'lib', 'usr', ...readEntries('/').map(({name}) => name)])
  for (const each of queueSubdirectories) names.delete(each)
  return [...names].map((each) => `${queue_directory}/${each}`)
}

/** The path and those of its parents that do not exist, topmost first. Throws ENOTDIR below what is not a directory. */
function missingParents(path: string): string[] {
  if (!isPresent(path)) return [...missingParents(dirname(path)), path]
  if (!isDirectory(path)) throw systemError('ENOTDIR', path, 'mkdir')
  return []
}
