/**
 * One change after the other, for commands that take several names. Each is planned before the first one is carried
 * out, on the host as those before it will leave it, so that a misspelt name changes nothing; Ctrl-C ends after the
 * change in hand.
 */
import {Errors} from '@oclif/core'
import type {PluginFinding} from '../../ask.ts'
import type {Outcome} from '../../engine.ts'
import {Refusal} from '../../model/base/errors.ts'
import type {Plan} from '../../model/change/plan.ts'
import type {Request} from '../../model/change/request.ts'
import type {PlanJson} from '../../report/plan.ts'
import {plural} from '../../report/terminal/plural.ts'
import {exitStatus, type PostmultiCommand} from './base.ts'
import {type ChangeFlags, change, type FindingJson, planOnly} from './change.ts'
import {listenForInterrupt} from './interrupt.ts'

/** What --json prints of several changes. */
export interface Changes {
  changed: boolean
  dry_run: boolean
  plans: PlanJson[]
  failures: {name: string; message: string}[]
  findings: FindingJson[]
}

export async function changeEach(
  command: PostmultiCommand,
  names: readonly string[],
  toRequest: (name: string) => Request,
  flags: ChangeFlags,
  told: (plan: Plan) => string,
): Promise<Changes> {
  /** What is found of each by one rule, in the order in which it was found. */
  const found = new Map<string, [string, ...string[]]>()
  const reportFinding = ({plugin, verdict, rule, message}: PluginFinding, text: string): void => {
    const kind = JSON.stringify([plugin, verdict, rule ?? message])
    const known = found.get(kind)
    if (known === undefined) found.set(kind, [text])
    else known.push(text)
  }
  const unique = [...new Set(names)]
  const {signal: interrupted, forget} = listenForInterrupt()
  const planned = new Map<string, Outcome>()
  if (unique.length > 1 && !flags['dry-run']) {
    for (const each of unique) {
      const before = [...planned.values()].map(({plan}) => plan)
      if (!interrupted.aborted) planned.set(each, await planOnly(command, toRequest(each), flags, before))
      await nextTurn()
    }
  }
  const changes: Changes = {changed: false, dry_run: flags['dry-run'] ?? false, plans: [], failures: [], findings: []}
  let first: unknown
  const earlier: Plan[] = []
  for (const name of unique) {
    try {
      if (interrupted.aborted)
        throw new Errors.CLIError('Interrupted: nothing was done for it', {exit: exitStatus.failed})
      const {changed, plan, findings} = await change(command, toRequest(name), flags, told, {
        ...(flags['dry-run'] ? {earlier} : {}),
        reportFinding,
        shown: planned.get(name),
      })
      changes.plans.push(plan)
      changes.findings.push(...findings)
      if (changed) changes.changed = true
    } catch (error) {
      if (unique.length === 1 || flags['dry-run']) throw error
      first ??= error
      const message = error instanceof Refusal ? error.explained : (error as Error).message
      changes.failures.push({name, message})
      command.remark(`${name}: ${message}`)
    }
    await nextTurn()
  }
  for (const [one, ...others] of found.values()) {
    command.remark(others.length === 0 ? one : `${one}; the same of ${plural(others.length, 'other')}`)
  }
  await nextTurn()
  forget()
  if (changes.plans.length === 0) throw first
  if (changes.failures.length > 0) command.status = exitStatus.partly
  return changes
}

/** A signal is delivered between two turns of the event loop, and that a reader has gone is known. */
function nextTurn(): Promise<void> {
  return process.getBuiltinModule('node:timers/promises').setImmediate()
}
