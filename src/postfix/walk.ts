/** Everything below a directory. Not by a recursive readdir: Node's goes through links, out of the tree or round and round. */
import {type Dirent, lstatSync, readdirSync} from 'node:fs'
import {ToolFailure} from '../model/errors.ts'
import {explainError} from '../model/system-error.ts'

/** Relative paths, each directory before what is in it. Nothing for what is no directory itself, a link to one included. */
export function listBelow(directory: string): string[] {
  return lstatSync(directory, {throwIfNoEntry: false})?.isDirectory() ? list(directory, '') : []
}

function list(directory: string, prefix: string): string[] {
  return readDirectory(directory).flatMap((each) => {
    const path = `${prefix}${each.name}`
    return each.isDirectory() ? [path, ...list(`${directory}/${each.name}`, `${path}/`)] : [path]
  })
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, {withFileTypes: true})
  } catch (error) {
    throw new ToolFailure(`list ${directory}`, null, explainError(error))
  }
}
