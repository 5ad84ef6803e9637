import {Args} from '@oclif/core'
import {readChange, readChanges} from '../engine.ts'
import {tryText} from '../files/read.ts'
import {Refusal} from '../model/errors.ts'
import {suggest} from '../model/suggestion.ts'
import {findTakenBack} from '../plan/undo.ts'
import {toDiffs} from '../report/diff.ts'
import {
  describeChange,
  type PastJson,
  pastFileChanges,
  toHistoryTable,
  toPastJson,
  toPathsJson,
  type WholeJson,
} from '../report/history.ts'
import {readPaper} from '../report/paper.ts'
import {PostmultiCommand} from './base.ts'

type Answer = {changes: PastJson[]} | {change: WholeJson}

/** `postmulti history [ID]`: who changed what, and when. */
export default class History extends PostmultiCommand {
  static override alone = true
  static override summary =
    'Show the changes of this host, newest first; or one of them, path by path and with its diffs.'
  static override args = {
    id: Args.string({description: 'Show this change with its paths, before and after.', ignoreStdin: true}),
  }
  static override examples = ['<%= config.bin %> history', '<%= config.bin %> history --json']

  async run(): Promise<Answer> {
    const {args} = await this.parse(History)
    const {changes: past, unreadable} = readChanges()
    const takenBack = findTakenBack(past)
    if (args.id === undefined) {
      for (const {why} of unreadable) this.remark(`${why}: left out`)
      const changes = past.toReversed().map((each) => toPastJson(each, takenBack))
      this.log(toHistoryTable(changes, readPaper()))
      return {changes}
    }
    const found = past.find((each) => each.id === args.id)
    const fault = unreadable.find((each) => each.id === args.id)
    if (fault !== undefined) throw new Refusal(fault.why)
    if (found === undefined) {
      throw new Refusal(`No change ${args.id} in the history`, {
        suggestions: [suggest`postmulti history`],
        mistake: true,
      })
    }
    const whole = readChange(found)
    const diffs = await toDiffs(pastFileChanges(whole, tryText))
    const change = {...toPastJson(found, takenBack), paths: toPathsJson(whole), left: whole.left, diffs}
    this.log(describeChange(change))
    return {change}
  }
}
