import {Flags} from '@oclif/core'
import {suggest} from '../../model/base/suggestion.ts'
import {type Instance, type InstanceList, operandOf} from '../../model/instance/instance.ts'
import {nearest} from '../../model/instance/nearest.ts'
import {readMessageCounts, readStates} from '../../postfix/state/state.ts'
import {readStarts} from '../../postfix/systemd/units.ts'
import {
  type ColumnName,
  columnNames,
  type InstanceRow,
  type ObservedJson,
  sortRows,
  toInstanceTable,
  toObservedJson,
} from '../../report/instances.ts'
import {type DamagedJson, toDamagedJson} from '../../report/terminal/listed.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {chooseInstances, needsRoot, remarkDamaged} from '../shared/reading.ts'
import {scopeFlags, toScope} from '../shared/scope.ts'

/** `postmulti instances`: what `postmulti -l` lists, and how each of them is, for people and for programs. */
export default class InstancesList extends PostmultiCommand {
  static override summary = 'List the instances of this host in start order, with their state and mail.'
  static override aliases = ['instances']
  static override flags = {
    ...scopeFlags,
    enabled: Flags.boolean({
      description: 'Only enabled ones; with --no-enabled only disabled ones.',
      allowNo: true,
    }),
    running: Flags.boolean({description: 'Only running ones; with --no-running only stopped ones.', allowNo: true}),
    sort: Flags.option({
      description: 'By this column: text from A to Z, numbers and times from the largest down.',
      options: columnNames,
    })(),
    columns: Flags.string({description: `Only these, in this order, with commas: ${columnNames.join(',')}.`}),
    'no-headers': Flags.boolean({description: 'Without the line of column names.'}),
    names: Flags.boolean({
      description: 'Only what other commands take, one on each line: a name, or a config_directory.',
      exclusive: ['columns'],
    }),
  }
  static override examples = [
    '<%= config.bin %> instances',
    '<%= config.bin %> instances --group mta --sort queued',
    '<%= config.bin %> instances --enabled --no-running --columns name,config_directory',
    '<%= config.bin %> instances --group mta --names',
    '<%= config.bin %> instances --json',
  ]

  async run(): Promise<{instances: ObservedJson[]; damaged: DamagedJson[]}> {
    const {flags} = await this.parse(InstancesList)
    const columns = flags.columns === undefined ? columnNames : this.#parseColumns(flags.columns)
    const {instances, damaged, list} = chooseInstances(this, toScope(flags))
    const needsQueues = this.jsonEnabled() || (columns.includes('queued') && !flags.names) || flags.sort === 'queued'
    const isWanted = (each: InstanceRow): boolean =>
      (flags.enabled ?? each.instance.multi_instance_enable) === each.instance.multi_instance_enable &&
      (flags.running === undefined || each.state === 'unknown' || flags.running === (each.state !== null))
    const rows = observe(instances, list).filter(isWanted)
    if (needsQueues) for (const each of rows) each.queued = readMessageCounts(each.instance) ?? null
    const isUnseen = ({state, queued}: InstanceRow): boolean => state === 'unknown' || (needsQueues && queued === null)
    if (rows.some(isUnseen)) this.remark(needsRoot)
    const sorted = flags.sort === undefined ? rows : sortRows(rows, flags.sort)
    if (flags.names) {
      remarkDamaged(this, damaged)
      for (const {instance} of sorted) this.log(operandOf(instance))
    } else if (!this.jsonEnabled()) {
      this.log(toInstanceTable(columns, sorted, damaged, readTerminal(), {hasHeader: !flags['no-headers']}))
    }
    return {instances: sorted.map(toObservedJson), damaged: damaged.map(toDamagedJson)}
  }

  #parseColumns(words: string): ColumnName[] {
    return words.split(',').map((word) => {
      const found = columnNames.find((each) => each === word.trim().toLowerCase())
      if (found !== undefined) return found
      const [meant] = nearest(word, columnNames)
      const instead = this.typedLine().argv.map((each) => {
        return each === words || each === `--columns=${words}` ? each.replace(word, meant ?? '') : each
      })
      return this.usage(
        `No column named '${word}': there are ${columnNames.join(', ')}`,
        meant === undefined ? [] : [suggest`postmulti instances list ${instead}`],
      )
    })
  }
}

/** Without their mail. */
function observe(instances: readonly Instance[], list: InstanceList): InstanceRow[] {
  const states = readStates(instances)
  const starts = readStarts(list)
  return instances.map((instance) => ({
    instance,
    primary: instance === list.primary,
    atBoot: starts.get(instance.config_directory) ?? null,
    state: states.get(instance.config_directory) ?? null,
    queued: null,
  }))
}
