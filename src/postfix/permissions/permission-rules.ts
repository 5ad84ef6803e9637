/**
 * What postfix-files demands of the files that an instance has for itself.
 * Source: postfix-files, "File format"; the loop at the end of post-install, which reads it with the shell's `read`.
 */
import {lookAt, namesBelow, readText} from '../../files/read.ts'
import type {Directories} from '../../model/change/plan.ts'
import {Unsure} from './unsure.ts'

export interface PermissionRule {
  /** Below one of the three directories, or one of them. */
  path: string
  type: 'directory' | 'file'
  /** A name, or $mail_owner. */
  owner: string
  /** A name, or $setgid_group; empty leaves the group alone. */
  group: string
  mode: number
  create: boolean
  recursive: boolean
  /** Passed over when it does not exist. */
  optional: boolean
}

/** In the order in which they apply. Throws Unsure. */
export function readPermissionRules(meta_directory: string, instance: Directories): PermissionRule[] {
  return filesOf(meta_directory).flatMap((file) => {
    const text = readText(file, 'latin1')
    // `read` has no line where there is no newline, and would take a backslash for an escape.
    const lines = text.split('\n').slice(0, -1)
    return lines.flatMap((line) => parseRule(line, instance) ?? [])
  })
}

/** Which directories the real command may make, also where its rules are not understood here; outer ones first. */
export function mentionedDirectories(meta_directory: string, instance: Directories): string[] {
  let files: string[]
  try {
    files = filesOf(meta_directory)
  } catch (error) {
    if (error instanceof Unsure) return []
    throw error
  }
  const lines = files.flatMap((each) => readText(each, 'latin1').split('\n'))
  const paths = lines.flatMap((line) => {
    const [, place, below] = /^\$((?:config|queue|data)_directory)(\/[^:]*)?:d:/.exec(line) ?? []
    return place === undefined ? [] : [instance[place as keyof Directories] + (below ?? '')]
  })
  return [...new Set(paths)].sort()
}

function filesOf(meta_directory: string): string[] {
  const main = `${meta_directory}/postfix-files`
  if (!lookAt(main)?.isFile()) throw new Unsure(`${main} is not a file`)
  const more = `${main}.d`
  if (!lookAt(more)?.isDirectory()) return [main]
  const found = namesBelow(more).map((each) => `${more}/${each}`)
  const paths = found.filter((each) => lookAt(each)?.isFile()).sort()
  const odd = paths.find((each) => !isPlainPath(each))
  if (odd !== undefined) throw new Unsure(`unusual characters in '${odd}'`)
  return [main, ...paths]
}

/** The characters that mean nothing to a shell. */
export function isPlainPath(path: string): boolean {
  return /^\/[\w./+@%:,=-]+$/.test(path)
}

/** Undefined when the line is about something that set-permissions leaves alone in a secondary instance. */
function parseRule(line: string, instance: Directories): PermissionRule | undefined {
  const place = /^\$(config|queue|data)_directory/.exec(line)
  if (place === null) return undefined
  if (line.includes('\\')) throw new Unsure(`backslash in postfix-files: ${line}`)
  const [name = '', type, owner = '', group = '', mode = '', flags = ''] = line.split(':')
  if (type === 'h' || type === 'l') return undefined
  if (type !== 'd' && type !== 'f') throw new Unsure(`unknown type in postfix-files: ${line}`)
  if (!/^(?:[ucrop1i]*|-)$/.test(flags)) throw new Unsure(`unknown flag in postfix-files: ${line}`)
  if (flags.includes('o')) return undefined
  if (!/^[0-7]{3,4}$/.test(mode)) throw new Unsure(`unusual mode in postfix-files: ${line}`)
  if (!/^(?:\$mail_owner|[\w-]*[A-Za-z][\w-]*)$/.test(owner))
    throw new Unsure(`unusual owner in postfix-files: ${line}`)
  if (!/^(?:\$setgid_group|[\w-]*[A-Za-z][\w-]*|-?)$/.test(group))
    throw new Unsure(`unusual group in postfix-files: ${line}`)
  const below = name.slice(place[0].length)
  const path = `${instance[`${place[1]}_directory` as keyof Directories]}${below}`
  if ((below !== '' && !below.startsWith('/')) || !isPlainPath(path))
    throw new Unsure(`unusual path in postfix-files: ${line}`)
  return {
    path,
    type: type === 'd' ? 'directory' : 'file',
    owner,
    group: group === '-' ? '' : group,
    mode: Number.parseInt(mode, 8),
    create: flags.includes('c'),
    recursive: flags.includes('r'),
    optional: /[1i]/.test(flags),
  }
}
