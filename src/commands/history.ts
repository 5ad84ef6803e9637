import {Args} from '@oclif/core'
import {readChanges} from '../engine.ts'
import {Refusal} from '../model/errors.ts'
import {suggest} from '../model/suggestion.ts'
import {findTakenBack} from '../plan/undo.ts'
import {
  describeChange,
  type PastJson,
  type PathJson,
  toHistoryTable,
  toPastJson,
  toPathsJson,
} from '../report/history.ts'
import {readPaper} from '../report/paper.ts'
import {PostmultiCommand} from './base.ts'

type Answer = {changes: PastJson[]} | {change: PastJson & {paths: PathJson[]}}

/** `postmulti history [ID]`: who changed what, and when. */
export default class History extends PostmultiCommand {
  static override alone = true
  static override summary = 'Show the changes of this host, newest first; or one of them, path by path.'
  static override args = {
    id: Args.string({description: 'Show this change with its paths, before and after.', ignoreStdin: true}),
  }
  static override examples = ['<%= config.bin %> history', '<%= config.bin %> history --json']

  async run(): Promise<Answer> {
    const {args} = await this.parse(History)
    const history = readChanges()
    const takenBack = findTakenBack(history)
    if (args.id === undefined) {
      const changes = history.toReversed().map((each) => toPastJson(each, takenBack))
      this.log(toHistoryTable(changes, readPaper()))
      return {changes}
    }
    const found = history.find((each) => each.id === args.id)
    if (found === undefined) {
      throw new Refusal(`No change ${args.id} in the history`, {
        suggestions: [suggest`postmulti history`],
        mistake: true,
      })
    }
    const change = {...toPastJson(found, takenBack), paths: toPathsJson(found)}
    this.log(describeChange(change))
    return {change}
  }
}
