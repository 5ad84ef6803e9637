/** Files as they will be when the steps of a plan are carried out, before one of them is. Nothing here is changed. */

import {errorCode} from '../../model/base/system-error.ts'
import {allToLatin1} from '../../model/base/text.ts'
import {type BeforeImage, pathOf} from '../../model/change/before-image.ts'
import {editLine, placeWanted} from '../../model/change/lines.ts'
import type {Step} from '../../model/change/plan.ts'
import {editMainCf} from '../../model/main-cf/editor.ts'
import type {ReadText} from '../reader/read-file.ts'

export interface Overlay {
  /** Throws as open(2) does for a file that will not be there. */
  read: ReadText
  /** False for a file that stays as it is. */
  touches(path: string): boolean
}

export function overlay(steps: readonly Step[], read: ReadText): Overlay {
  const texts = new Map<string, string>()
  const gone = new Set<string>()
  for (const step of steps) take(step)
  return {read: current, touches: (path) => texts.has(path) || isGone(path)}

  function current(path: string): string {
    const text = texts.get(path)
    if (text !== undefined) return text
    if (isGone(path)) throw Object.assign(new Error(`ENOENT: ${path}`), {code: 'ENOENT', errno: -2})
    return read(path)
  }

  function isGone(path: string): boolean {
    return gone.has(path) || [...gone].some((each) => path.startsWith(`${each}/`))
  }

  function take(step: Step): void {
    switch (step.do) {
      case 'write file':
        texts.set(step.path, step.bytes)
        break
      case 'add line':
      case 'remove line':
        edit(step.path, step.line, placeWanted(step.do))
        break
      case 'copy file':
        texts.set(step.to, current(step.from))
        break
      case 'edit main.cf': {
        const path = `${step.config_directory}/main.cf`
        texts.set(path, editMainCf(current(path), {set: allToLatin1(step.set), remove: step.unset ?? []}))
        break
      }
      case 'remove':
        remove(step.path)
        break
      case 'restore':
        restore(step.trace)
    }
  }

  function edit(path: string, line: string, at: number | undefined): void {
    const before = currentOrEmpty(path)
    const after = editLine(before, line, at)
    if (after !== before) texts.set(path, after)
  }

  function currentOrEmpty(path: string): string {
    try {
      return current(path)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return ''
      throw error
    }
  }

  function restore(trace: BeforeImage): void {
    if (trace.was === 'line') edit(trace.path, trace.line, trace.at)
    else if (trace.was === 'moved') for (const each of trace.tree) restore(each)
    else if (trace.was === 'tree') {
      remove(trace.path)
      for (const each of trace.tree) restore(each)
    } else if (trace.was === 'absent') remove(trace.path)
    else if ('base64' in trace) texts.set(pathOf(trace), Buffer.from(trace.base64, 'base64').toString('latin1'))
  }

  function remove(path: string): void {
    gone.add(path)
    for (const each of texts.keys()) if (each === path || each.startsWith(`${path}/`)) texts.delete(each)
  }
}
