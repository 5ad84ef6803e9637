/**
 * The one place that decides under whom a program runs. It finds its files by their names, so it may only be one who can
 * replace them anyway: root where no one else can, else the owner of the foreign directories, and of the
 * program itself.
 */
import {basename} from 'node:path'
import {type Foreign, foreignOnWay, isForeign} from '../../files/directory.ts'
import {isFile, lookThrough} from '../../files/read.ts'
import {sitePath} from '../../model/base/places.ts'
import {errorCode, explainError} from '../../model/base/system-error.ts'
import type {Program, Runner} from '../../model/change/runner.ts'
import {findAccount} from './account-ids.ts'

/** Looks at the program itself, at `directory`, at what may be changed, and at what a table program is told to read. */
export function findRunner({words, directory, changes}: Program): Runner {
  const foreign = new Map<string, Foreign>()
  const program = findProgram(words, directory)
  const others = program === undefined ? [] : [program]
  for (const path of [directory, ...changes, ...readByTableProgram(words, directory), ...others]) {
    try {
      for (const each of foreignOnWay(path)) foreign.set(each.path, each)
      const stats = path === program ? lookThrough(path) : undefined
      if (stats !== undefined && isForeign(stats)) foreign.set(path, {path, uid: stats.uid, mode: stats.mode})
    } catch (error) {
      // Whose it is cannot be seen.
      if (errorCode(error) === undefined) throw error
      return {as: 'none', why: `${path}: ${explainError(error)}`, remedy: [['ls', '-ld', path]]}
    }
  }
  return chooseRunner([...foreign.values()])
}

function chooseRunner(foreign: readonly Foreign[]): Runner {
  const [first] = foreign
  if (first === undefined) return {as: 'root'}
  const open = foreign.find(({uid}) => uid === 0)
  if (open !== undefined) {
    const who = (open.mode & 0o002) === 0 ? 'its group' : 'anybody'
    const isSticky = (open.mode & 0o1000) !== 0
    const remedy = isSticky ? [] : [['chmod', 'go-w', open.path]]
    return {as: 'none', why: `${open.path} is root's, and ${who} may write it`, remedy}
  }
  const other = foreign.find(({uid}) => uid !== first.uid)
  if (other !== undefined) {
    const why = `${first.path} belongs to ${userName(first.uid)}, and ${other.path} to ${userName(other.uid)}`
    return {as: 'none', why, remedy: [['ls', '-ld', first.path, other.path]]}
  }
  const account = findAccount(first.uid)
  if (account !== undefined) return {as: 'owner', ...account}
  const why = `${first.path} belongs to user ${first.uid}, which has no account`
  return {as: 'none', why, remedy: [['ls', '-ld', first.path]]}
}

/** Where execvp(3) finds it; undefined where it finds nothing. */
function findProgram([program = '']: readonly string[], directory: string): string | undefined {
  if (program.startsWith('/')) return program
  if (program.includes('/')) return `${directory}/${program}`
  return sitePath
    .split(':')
    .map((each) => `${each}/${program}`)
    .find(isFile)
}

function userName(uid: number): string {
  return findAccount(uid)?.user ?? `user ${uid}`
}

/** Tables as TYPE:PATH or PATH, and the directory after -c: what main.cf says decides what is loaded. */
function readByTableProgram([program = '', ...words]: readonly string[], directory: string): string[] {
  if (!['postmap', 'postalias'].includes(basename(program))) return []
  const paths = words.filter((each) => !each.startsWith('-')).map((each) => each.replace(/^\w+:/, ''))
  return paths.map((each) => (each.startsWith('/') ? each : `${directory}/${each}`))
}
