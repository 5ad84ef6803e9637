/** A plan for people, step by step, and for programs. */

import {undoOf} from '../apply/before-images.ts'
import {nameRunner} from '../apply/run-program.ts'
import {describeStep} from '../apply/steps.ts'
import {tryText} from '../files/read.ts'
import {linesWithoutControls} from '../model/base/controls.ts'
import {fromBytes, octal} from '../model/base/text.ts'
import {isNothing, pathOf} from '../model/change/before-image.ts'
import type {Plan, Step} from '../model/change/plan.ts'
import type {InstanceList} from '../model/instance/instance.ts'
import {colourDiff, fileChanges, toDiffs} from './terminal/diff.ts'
import {type ListedJson, toListedJson} from './terminal/listed.ts'

/** A plan in JSON; docs/json.md describes it. */
export interface PlanJson {
  action: string
  config_directory: string | null
  steps: StepJson[]
  diffs: {path: string; diff: string}[]
  before: ListedJson[]
  after: ListedJson[]
}

/** The tag, what it is about, and no contents of files; `by` is the site plugin that wants it. */
export type StepJson = {do: Step['do']; path: string; by: string | null} & Record<string, unknown>

/** Latin1 text of a file that there is, or will be by then. */
export type TryText = (path: string) => string | undefined

/** What is about to happen: the steps, then the differences. */
export async function describePlan({steps}: Plan, read: TryText = tryText): Promise<string> {
  const width = String(steps.length).length
  const told = steps.map(
    (step, at) => `  ${String(at + 1).padStart(width)}. ${linesWithoutControls(describeStep(step))}`,
  )
  const diffs = await diffsOf(steps, read)
  return [...told, ...diffs.flatMap(({diff}) => ['', colourDiff(diff)])].join('\n')
}

/** `withDiffs` only before the change: afterwards there are none. */
export async function toPlanJson(plan: Plan, withDiffs: boolean, read: TryText): Promise<PlanJson> {
  const {request, config_directory, steps, before, after} = plan
  return {
    action: request.action,
    config_directory: config_directory === '' ? null : config_directory,
    steps: steps.map((each): StepJson => ({...toDetails(each), by: each.by ?? null})),
    diffs: withDiffs ? await diffsOf(steps, read) : [],
    before: toListJson(before),
    after: toListJson(after),
  }
}

function diffsOf(steps: readonly Step[], read: TryText): Promise<PlanJson['diffs']> {
  return toDiffs(fileChanges(steps, read))
}

function toDetails(step: Step): {do: Step['do']; path: string} & Record<string, unknown> {
  switch (step.do) {
    case 'make directory':
      return {do: step.do, path: step.path, mode: octal(step.mode), owner: step.owner ?? null}
    case 'copy file':
      return {do: step.do, path: step.to, from: step.from}
    case 'write file':
      return {do: step.do, path: step.path, mode: octal(step.mode), owner: step.owner ?? null, size: step.bytes.length}
    case 'edit main.cf':
      return {do: step.do, path: `${step.config_directory}/main.cf`, set: step.set, unset: step.unset ?? []}
    case 'set owner and mode': {
      const {path, owner = null, mode} = step
      return {do: step.do, path, owner, mode: mode === undefined ? null : octal(mode)}
    }
    case 'set permissions':
      return {do: step.do, path: step.instance.config_directory, copies: step.copies === undefined ? [] : step.copies}
    case 'remove':
      return {do: step.do, path: step.path}
    case 'add line':
    case 'remove line':
      return {do: step.do, path: step.path, line: fromBytes(step.line)}
    case 'link':
      return {do: step.do, path: step.path, target: step.target}
    case 'run program':
      return {do: step.do, path: step.directory, words: step.words, as: nameRunner(step)}
    case 'restore': {
      const {trace} = step
      if (trace.was === 'program') {
        return {do: 'run program', path: trace.directory, words: trace.undo, as: nameRunner(undoOf(trace))}
      }
      if (trace.was === 'line') {
        const {path, line, at} = trace
        return {do: at === undefined ? 'remove line' : 'add line', path, line: fromBytes(line)}
      }
      return {
        do: step.do,
        path: pathOf(trace),
        was: isNothing(trace) ? 'absent' : 'there',
      }
    }
  }
}

function toListJson({primary, secondaries}: InstanceList): ListedJson[] {
  return [primary, ...secondaries].map(toListedJson)
}
