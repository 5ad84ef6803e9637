/** Loading and calling one hook: the same in our process and in the sandbox. */

import {pathToFileURL} from 'node:url'
import type {Hook, Question} from '@postmulti/plugin-api'
import {firstLineOf} from '../model/base/text.ts'

/** Where a hook is. */
export interface HookExport {
  /** Absolute. */
  file: string
  /** The name under which the file exports it. */
  export: string
}

/** The answer, whatever it is, or in one sentence why there is none. */
type HookAnswer = {answer: unknown} | {fault: string}

async function callHook(place: HookExport, question: Question): Promise<HookAnswer> {
  let hook: unknown
  try {
    hook = await loadExport(place, isFunction)
  } catch (error) {
    return {fault: `${place.file} cannot be loaded: ${describeThrown(error)}`}
  }
  if (!isFunction(hook)) return {fault: `${place.file} does not export a function '${place.export}'`}
  try {
    return {answer: await hook(question)}
  } catch (error) {
    return {fault: `it failed: ${describeThrown(error)}`}
  }
}

/** One answer for each; the first fault ends it. */
export async function callHooks(
  places: readonly HookExport[],
  question: Question,
): Promise<{answers: unknown[]} | {fault: string}> {
  const answers: unknown[] = []
  for (const place of places) {
    const said = await callHook(place, question)
    if ('fault' in said) return said
    answers.push(said.answer)
  }
  return {answers}
}

/** On one line. Anything can be thrown. */
export function describeThrown(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `${thrown}`
  return firstLineOf(text).trim()
}

function isFunction(value: unknown): value is Hook {
  return typeof value === 'function'
}

/** A CommonJS module's exports are those of its default, too. */
export async function loadExport(
  {file, export: name}: HookExport,
  isWanted: (value: unknown) => boolean,
): Promise<unknown> {
  const module: Record<string, unknown> = await import(pathToFileURL(file).href)
  const exported = name in module ? module[name] : undefined
  if (isWanted(exported)) return exported
  const inner = module.default
  return typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : exported
}
