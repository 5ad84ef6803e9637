import {Flags} from '@oclif/core'
import type {Selection} from '../../model/selection.ts'
import {suggest} from '../../model/suggestion.ts'
import {checkValuesKnown} from '../../plan/parameters.ts'
import {knownParameters} from '../../postfix/known-parameters.ts'
import {readValues} from '../../postfix/values.ts'
import {type DamagedJson, toDamagedJson} from '../../report/listed.ts'
import {readPaper} from '../../report/paper.ts'
import {describeValues, toValuesJson, toValuesTable, type ValuesJson} from '../../report/values.ts'
import {ReadingCommand} from '../reading.ts'
import {targetFlags, wordsArgument} from '../setting.ts'

/** `postmulti instances get NAME name...`: what main.cf and the defaults come to. */
export default class InstancesGet extends ReadingCommand {
  static override summary = 'Print values of parameters as they hold in an instance, in several, or in all.'
  static override usage = ['<%= command.id %> NAME PARAMETER...', '<%= command.id %> --all|--group GROUP PARAMETER...']
  static override args = {
    word: wordsArgument('The name of an instance (none with --group or --all), then names of parameters.'),
  }
  static override flags = {
    ...targetFlags,
    raw: Flags.boolean({description: 'As it is written: $name is not replaced by its value.'}),
  }
  static override examples = [
    '<%= config.bin %> instances get postfix-out myhostname',
    '<%= config.bin %> instances get out inet_interfaces mynetworks relayhost --raw',
    '<%= config.bin %> instances get --all myhostname inet_interfaces',
  ]

  async run(): Promise<{values: ValuesJson[]; damaged: DamagedJson[]}> {
    const {args, flags} = await this.parse(InstancesGet)
    const isNamed = flags.group === undefined && !flags.all
    const [first = '', ...others] = args.word
    const names = [...new Set(isNamed ? others : args.word)]
    if (names.length === 0)
      this.usage(`Nothing to get: name a parameter behind ${first}`, suggest`postmulti instances get --help`)
    const {instances, damaged, primary} = this.choose([toSelection(flags, first)])
    const read = instances.slice(0, isNamed ? 1 : undefined)
    const directories = read.map((each) => each.config_directory)
    const values = readValues(directories, names, primary, {expanded: !flags.raw})
    if (read.length > 0) checkValuesKnown(names, values, knownParameters(primary))
    if (isNamed && values[0] !== undefined) this.log(describeValues(names, values[0]))
    else if (!this.jsonEnabled()) this.log(toValuesTable(names, read, values, damaged, readPaper()))
    return {values: read.map((each, at) => toValuesJson(each, names, values[at]!)), damaged: damaged.map(toDamagedJson)}
  }
}

function toSelection({group, all}: {group?: string | undefined; all: boolean}, name: string): Selection {
  if (all) return {by: 'all'}
  return group === undefined ? {by: 'name', name} : {by: 'group', group}
}
