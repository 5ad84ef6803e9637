/** Everything below a directory. Not by a recursive readdir: Node's goes through links, out of the tree or round and round. */
import {lstatSync, readdirSync} from 'node:fs'

/** Relative paths, each directory before what is in it. Nothing for what is no directory itself, a link to one included. */
export function listBelow(directory: string): string[] {
  return lstatSync(directory, {throwIfNoEntry: false})?.isDirectory() ? list(directory, '') : []
}

function list(directory: string, prefix: string): string[] {
  return readdirSync(directory, {withFileTypes: true}).flatMap((each) => {
    const path = `${prefix}${each.name}`
    return each.isDirectory() ? [path, ...list(`${directory}/${each.name}`, `${path}/`)] : [path]
  })
}
