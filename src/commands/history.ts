import {Args, Flags} from '@oclif/core'
import {readChange, readChanges} from '../engine.ts'
import {tryText} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {fromBytes} from '../model/base/text.ts'
import type {WholeChange} from '../model/change/past.ts'
import {findTakenBack} from '../plan/undo.ts'
import {
  describeChange,
  keptFiles,
  type PastJson,
  pastFileChanges,
  toHistoryTable,
  toPastJson,
  toPathsJson,
  type WholeJson,
} from '../report/history.ts'
import {toDiffs} from '../report/terminal/diff.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {PostmultiCommand} from './shared/base.ts'

type HistoryJson = {changes: PastJson[]} | {change: WholeJson} | {path: string; base64: string}

/** `postmulti history [ID]`: who changed what, and when. */
export default class History extends PostmultiCommand {
  static override summary =
    'Show the changes of this host, newest first; or one of them, path by path and with its diffs.'
  static override args = {
    id: Args.string({description: 'Show this change with its paths, before and after.', ignoreStdin: true}),
  }
  static override flags = {
    file: Flags.string({
      description: 'Print the bytes of this file before the change.',
      helpValue: 'PATH',
    }),
  }
  static override examples = ['<%= config.bin %> history', '<%= config.bin %> history --json']

  async run(): Promise<HistoryJson> {
    const {args, flags} = await this.parse(History)
    if (flags.file !== undefined && args.id === undefined) {
      this.usage('--file needs the ID of a change', [suggest`postmulti history`])
    }
    const {changes: past, unreadable} = readChanges()
    const takenBack = findTakenBack(past)
    if (args.id === undefined) {
      for (const {why} of unreadable) this.remark(`${why}: skipped`)
      const changes = past.toReversed().map((each) => toPastJson(each, takenBack))
      this.log(toHistoryTable(changes, readTerminal()))
      return {changes}
    }
    const found = past.find((each) => each.id === args.id)
    const fault = unreadable.find((each) => each.id === args.id)
    if (fault !== undefined) throw new Refusal(fault.why)
    if (found === undefined) {
      throw new Refusal(`No change ${args.id} in the history`, {
        suggestions: [suggest`postmulti history`],
        kind: 'not found',
      })
    }
    const whole = readChange(found)
    if (flags.file !== undefined) return this.printFile(whole, flags.file)
    const diffs = await toDiffs(pastFileChanges(whole, tryText))
    const change = {...toPastJson(found, takenBack), paths: toPathsJson(whole), left: whole.left, diffs}
    this.log(describeChange(change))
    return {change}
  }

  private printFile(change: WholeChange, path: string): HistoryJson {
    const kept = keptFiles(change)
    const bytes = kept.get(path)
    if (bytes === undefined) {
      const suggestions = [...kept.keys()].map((each) => suggest`postmulti history ${change.id} --file ${each}`)
      throw new Refusal(`The change ${change.id} keeps no ${path}`, {
        suggestions: suggestions.length > 0 ? suggestions.slice(0, 5) : [suggest`postmulti history ${change.id}`],
        kind: 'not found',
      })
    }
    this.log(fromBytes(bytes), '')
    return {path, base64: bytes.toString('base64')}
  }
}
