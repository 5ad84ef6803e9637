import {Flags} from '@oclif/core'
import {operands, suggest} from '../../model/base/suggestion.ts'
import type {Instance, InstanceList} from '../../model/instance/instance.ts'
import {type Selection, select} from '../../model/instance/selection.ts'
import {checkValuesKnown, chooseNames} from '../../plan/parameters.ts'
import {builtInParameters, ownParameters, readKnownParameters} from '../../postfix/parameters/known-parameters.ts'
import {readValues} from '../../postfix/parameters/values.ts'
import {readHostSilently} from '../../postfix/reader/list.ts'
import {readOwnSettings} from '../../postfix/reader/own-settings.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import {type DamagedJson, toDamagedJson} from '../../report/terminal/listed.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {describeValues, toValueRows, toValuesJson, toValuesTable, type ValuesJson} from '../../report/values.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'
import {chooseInstances, remarkDamaged} from '../shared/reading.ts'
import {countNames, targetFlags, wordsArgument} from '../shared/setting.ts'

/** `postmulti instances get NAME... name...`: what main.cf and the defaults come to. */
export default class InstancesGet extends PostmultiCommand {
  static override summary = 'Print the values of parameters in one instance, in several, or in all.'
  static override usage = [
    '<%= command.id %> NAME... PARAMETER...',
    '<%= command.id %> --all|--group GROUP PARAMETER...',
    '<%= command.id %> NAME --quiet',
  ]
  static override description = 'In names of parameters * stands for any characters.'
  static override args = {
    word: {
      ...wordsArgument('Names of instances (none with --group or --all), then names of parameters.'),
      required: false,
    },
  }
  static override flags = {
    ...targetFlags,
    raw: Flags.boolean({description: 'As it is written: $name is not replaced by its value.'}),
    changed: Flags.boolean({description: 'Only what main.cf of an instance sets; all of it without names.'}),
    rows: Flags.boolean({
      description: 'For scripts: always one row for each value: instance, parameter, value.',
    }),
    quiet: Flags.boolean({
      char: 'q',
      description: 'Print nothing: exit status 0 when there is such an instance, 1 when there is none.',
      exclusive: ['group', 'all', 'json'],
    }),
  }
  static override examples = [
    '<%= config.bin %> instances get postfix-out myhostname',
    '<%= config.bin %> instances get out inet_interfaces mynetworks relayhost --raw',
    '<%= config.bin %> instances get in out myhostname',
    '<%= config.bin %> instances get --all myhostname inet_interfaces',
    "<%= config.bin %> instances get out 'smtp_tls_*'",
    '<%= config.bin %> instances get out --changed',
    '<%= config.bin %> instances get postfix-out --quiet',
  ]

  async run(): Promise<{values: ValuesJson[]; damaged: DamagedJson[]}> {
    const {args, flags} = await this.parse(InstancesGet)
    const isNamed = flags.group === undefined && !flags.all
    const all = args.word ?? []
    const [first = ''] = all
    if (isNamed && first === '') this.usage('missing instance: pass a name, --group GROUP or --all')
    if (flags.quiet) return this.#isThere(first, all.slice(1))
    if (isNamed && all.length === 1 && !flags.changed) this.usage(`Nothing to get: name a parameter after ${first}`)
    const {instances, damaged, list, primary} = chooseInstances(this, [toSelection(flags, first)])
    const end = isNamed ? countNames(all, list, primary) : 0
    const words = [...new Set(all.slice(end))]
    if (words.length === 0 && !flags.changed)
      this.usage(`Nothing to get: name a parameter after ${all.at(-1) ?? first}`)
    const read = isNamed ? firstOfEach(all.slice(0, end), list) : instances
    const isByName = !flags.changed && words.every((each) => !each.includes('*'))
    const readThese = (some: readonly Instance[], what: readonly string[]) => {
      const directories = some.map((each) => each.config_directory)
      const values = readValues(directories, what, primary, {expanded: !flags.raw})
      return some.map((instance, at) => ({instance, names: what, values: values[at]!}))
    }
    const chosen = isByName ? [] : chooseEach(words, read, primary, flags.changed)
    const found = isByName ? readThese(read, words) : chosen.flatMap(([each, names]) => readThese([each], names))
    const values = found.map((each) => each.values)
    if (isByName && read.length > 0) checkValuesKnown(words, values, readKnownParameters(primary))
    const areRows = flags.rows || (end !== 1 && !isByName)
    if (areRows) remarkDamaged(this, damaged)
    const text = areRows
      ? toValueRows(read, values, readTerminal())
      : end === 1 && found[0] !== undefined
        ? describeValues(found[0].names, found[0].values, isByName)
        : toValuesTable(words, read, values, damaged, readTerminal())
    // A value that was asked for may be empty, and is a line.
    if (text !== '' || isByName) this.log(text)
    return {
      values: found.map((each) => toValuesJson(each.instance, each.names, each.values)),
      damaged: damaged.map(toDamagedJson),
    }
  }

  /** For guards of scripts. */
  #isThere(name: string, words: readonly string[]) {
    if (words.length > 0)
      this.usage('--quiet takes an instance and no parameter', [
        suggest`postmulti instances get ${operands(name)} --quiet`,
      ])
    if (select(readHostSilently().list, {by: 'name', name}).length === 0) this.status = exitStatus.failed
    return {values: [], damaged: []}
  }
}

function firstOfEach(names: readonly string[], list: InstanceList): Instance[] {
  return [...new Set(names.flatMap((name) => select(list, {by: 'name', name}).slice(0, 1)))]
}

function toSelection({group, all}: {group?: string | undefined; all: boolean}, name: string): Selection {
  if (all) return {by: 'all'}
  return group === undefined ? {by: 'name', name} : {by: 'group', group}
}

/** For each instance the names that match; with `changed` of those that its main.cf sets. */
function chooseEach(
  words: readonly string[],
  instances: readonly Instance[],
  primary: Primary,
  changed: boolean,
): [instance: Instance, names: string[]][] {
  const own = instances.map((each) => [each, [...readOwnSettings(each.config_directory).keys()]] as const)
  const others = instances.flatMap((each) => ownParameters(primary, each))
  const all = [...builtInParameters(primary), ...others, ...own.flatMap(([, names]) => names)]
  const chosen = chooseNames(words.length === 0 ? ['*'] : words, all)
  return own.map(([each, names]) => [each, changed ? chosen.filter((name) => names.includes(name)) : chosen])
}
