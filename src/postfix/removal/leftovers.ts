/**
 * What destroy may remove of an instance: whatever Postfix itself made, and nothing that is mail or somebody else's.
 * What stays is named as postmulti-script would name it. Reads, never changes; follows no link; a mount point stays.
 * Source: the destroy branch of postmulti-script, which removes empty directories only: an instance that has run once
 * keeps most of its own.
 */

import {dirname} from 'node:path'
import {lookAt, lookThrough, readEntries, readText, realPath, treeAt} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import type {RemovalFacts} from '../../model/change/facts.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {findJudges, type Judge, queueSubdirectories} from './made-by-postfix.ts'

type Differing = RemovalFacts['differing'][number]

interface Survey {
  /** Topmost paths that hold nothing but what Postfix made: of the queue, then data, then config directory. */
  remove: string[]
  /** Directories that stay, in the order of postmulti-script, then the foreign objects, topmost only. Mail is not named. */
  keep: string[]
  /** What goes although it is not as the host's file is, of which it is a copy. */
  differing: Differing[]
}

/** `gone` goes with what Postfix made. */
export function surveyRemoval(instance: Instance, meta_directory: string, gone: readonly string[] = []): Survey {
  const {config_directory, queue_directory, data_directory} = instance
  const judges = findJudges(instance, meta_directory)
  const privateDirectories = new Map([
    [queue_directory, judges.queue],
    [data_directory, judges.data],
    [config_directory, judges.config],
  ])
  const mountPoints = readMountPoints()
  const staying = new Set<string>()
  const foreign: string[] = []
  const differing: Differing[] = []
  const named = queueSubdirectories.map((each) => `${queue_directory}/${each}`)
  const remove = [...privateDirectories]
    // One inside another is met on the way.
    .filter(([path]) => !privateDirectories.has(dirname(path)) && exists(path))
    .flatMap(([path, judge]) => surveyDirectory(path, judge))
  const keep = [...named, data_directory, queue_directory, config_directory].filter((each) => staying.has(each))
  return {remove, keep: [...keep, ...foreign], differing}

  /** The topmost removable paths: the directory itself, or some of what is below it. */
  function surveyDirectory(path: string, judge: Judge): string[] {
    let mustStay = !lookAt(path)?.isDirectory() || isMountPoint(path, mountPoints)
    const removable: string[] = []
    for (const entry of listDirectory(path)) {
      const below = `${path}/${entry.name}`
      const own = entry.isDirectory() ? (privateDirectories.get(below) ?? judge(entry)) : judge(entry)
      const verdict = own === 'foreign' && isGone(below) ? 'made' : own
      if (typeof verdict === 'function') {
        const found = surveyDirectory(below, verdict)
        if (found[0] !== below) mustStay = true
        removable.push(...found)
      } else if ((verdict === 'made' || typeof verdict === 'object') && !isMountPoint(below, mountPoints)) {
        removable.push(below)
        if (typeof verdict === 'object') differing.push({path: below, from: verdict.copyOf})
      } else {
        mustStay = true
        if (verdict !== 'mail') noteForeign(below)
      }
    }
    if (!mustStay) return [path]
    staying.add(path)
    return removable
  }

  function isGone(path: string): boolean {
    return treeAt(path).every((each) => gone.includes(each))
  }

  function noteForeign(path: string): void {
    const hasItsPlace = privateDirectories.has(path) || named.includes(path)
    if (hasItsPlace) staying.add(path)
    else foreign.push(path)
  }
}

/** Sorted. Empty when it is not a directory. */
function listDirectory(path: string) {
  if (!lookThrough(path)?.isDirectory()) return []
  return readEntries(path).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Device numbers tell of other file systems everywhere, the kernel's table of a bind mount, too. */
function isMountPoint(path: string, mountPoints: ReadonlySet<string>): boolean {
  const stats = lookAt(path)
  if (stats === undefined || stats.isSymbolicLink()) return false
  const real = realPath(path)
  // Overlay file systems give files, unlike directories, a device of their own.
  return mountPoints.has(real) || (stats.isDirectory() && stats.dev !== lookAt(dirname(real))?.dev)
}

function readMountPoints(): Set<string> {
  try {
    const lines = readText('/proc/self/mountinfo').split('\n')
    return new Set(lines.map((each) => unescapeOctal(each.split(' ')[4] ?? '')))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return new Set()
  }
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
}

function exists(path: string): boolean {
  return lookAt(path) !== undefined
}
