import {Args, Flags} from '@oclif/core'
import {readChanges} from '../engine.ts'
import {toLines} from '../model/base/suggestion.ts'
import type {PastChange} from '../model/change/past.ts'
import type {Plan} from '../model/change/plan.ts'
import {commandsAgainst, type PluginsRequest} from '../model/change/plugin-change.ts'
import {findLastStanding, findPassedOver} from '../plan/undo.ts'
import {describeRequest} from '../report/request.ts'
import {PostmultiCommand} from './shared/base.ts'
import {type ChangeJson, changeAfterQuestion, planFlags, yesFlag} from './shared/change.ts'
import {nextAfterUndo} from './shared/next-step.ts'

/** `postmulti undo [ID]`: a change is taken back, if what it touched has not changed since. */
export default class Undo extends PostmultiCommand {
  static override summary = 'Take back the last change, or another one by its id.'
  static override description =
    'Restores bytes, owner and mode of every file. Refuses when one of them has changed since, unless --force is given.'
  static override args = {
    id: Args.string({
      description: "An id of 'postmulti history'; when absent, the last change that is not undone.",
      ignoreStdin: true,
    }),
  }
  static override flags = {
    ...yesFlag,
    force: Flags.boolean({
      description: 'Even when files have changed since; an undo of this undo restores them.',
    }),
    ...planFlags,
  }
  static override examples = ['<%= config.bin %> undo --dry-run', '<%= config.bin %> undo --yes']

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(Undo)
    if (args.id === undefined) for (const each of findPassedOver(readChanges().changes)) this.remark(passOver(each))
    const request = {
      action: 'undo' as const,
      ...(args.id === undefined ? {} : {id: args.id}),
      ...(flags.force ? {force: true as const} : {}),
    }
    return changeAfterQuestion(this, request, flags, {
      told: (plan) => `Undone: ${describeUndone(plan)}.${nextAfterUndo(plan, readChanges().changes)}${next()}`,
      needsYes: true,
      question: (plan) => `Undo ${describeUndone(plan)}?`,
    })
  }
}

function passOver(request: PluginsRequest): string {
  const commands = toLines(commandsAgainst(request)).join(' and ')
  return `skipped:  ${describeRequest(request, '')}; take it back with ${commands}`
}

/** What was taken back, or is going to be. */
function describeUndone({request, config_directory}: Plan): string {
  const id = request.action === 'undo' ? request.id : undefined
  const past = readChanges().changes.find((each) => each.id === id)
  return past === undefined ? config_directory : describePast(past)
}

/** Several names at once are several changes, and only one of them was taken back. */
function next(): string {
  const past = findLastStanding(readChanges().changes)
  return past === undefined ? '' : ` To take back '${describePast(past)}' as well: postmulti undo`
}

function describePast({begin}: PastChange): string {
  return describeRequest(begin.request, begin.config_directory)
}
