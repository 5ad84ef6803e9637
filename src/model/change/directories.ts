/**
 * Directories that would break the host although postmulti(1) takes them: another spelling of a directory that has an
 * owner, a directory inside another instance's queue, and characters that the instance list or Postfix's own shell scripts
 * cannot carry.
 * Source: none in Postfix; postmulti.c admits "no checks for /. or other silliness", and what then happens was measured:
 * two masters on one queue, a destroy that empties the neighbour's queue, a list that no command can read any more.
 */
import {Refusal} from '../base/errors.ts'
import {type Instance, privateParameters, readable} from '../instance/instance.ts'
import type {DirectoryFacts, Host} from './facts.ts'

/** Refuses an unusable directory of a new instance. */
export function checkDirectories(newInstance: Instance, {list}: Host, directories: DirectoryFacts): void {
  const canonical = (path: string): string => directories.canonical.get(path) ?? path
  for (const parameter of privateParameters) checkCharacters(parameter, newInstance[parameter])
  for (const parameter of privateParameters) {
    const path = newInstance[parameter]
    const other = directories.alike.get(path)
    if (other !== undefined) {
      throw new Refusal(`${parameter}='${path}' is a pattern, which Postfix's own scripts take for ${other} as well`)
    }
  }
  const others = readable(list)
  for (const parameter of privateParameters) {
    const path = newInstance[parameter]
    const real = canonical(path)
    for (const other of others) {
      const alias = privateParameters.find((each) => canonical(other[each]) === real)
      if (alias !== undefined) {
        throw new Refusal(
          `${parameter}=${path} is the same directory as instance ${other.config_directory}, ${alias}=${other[alias]}`,
        )
      }
      if (liesInside(real, canonical(other.queue_directory))) {
        throw new Refusal(
          `${parameter}=${path} lies inside instance ${other.config_directory}, queue_directory=${other.queue_directory}`,
        )
      }
    }
  }
  const queue = canonical(newInstance.queue_directory)
  for (const other of others) {
    const inside = privateParameters.find((each) => liesInside(canonical(other[each]), queue))
    if (inside !== undefined) {
      throw new Refusal(
        `queue_directory=${newInstance.queue_directory} contains instance ${other.config_directory}, ${inside}=${other[inside]}`,
      )
    }
  }
}

function checkCharacters(parameter: string, path: string): void {
  // Source: "eval" in post-install.
  if (parameter === 'config_directory' && /['"`]/.test(path)) {
    throw new Refusal(
      `${parameter}=${path} contains a quotation mark, which Postfix's own scripts take for one of theirs`,
    )
  }
  const bad = /[\s,$]/.exec(path)?.[0]
  if (bad === undefined) return
  const name = bad === ',' ? 'a comma' : bad === '$' ? "a '$'" : 'white space'
  throw new Refusal(`${parameter}='${path}' contains ${name}, which multi_instance_directories cannot hold`)
}

/** The directory itself, or what is below it. */
export function isIn(path: string, directory: string): boolean {
  return path === directory || liesInside(path, directory)
}

function liesInside(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith('/') ? directory : `${directory}/`)
}
