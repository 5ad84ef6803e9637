import {Flags} from '@oclif/core'
import {claimAll} from '../../model/claims.ts'
import {type Damaged, damaged, describeDamage, type Instance, type Listed} from '../../model/instance.ts'
import {mayMean, type Selection, select} from '../../model/selection.ts'
import {sharedDirectories} from '../../postfix/facts.ts'
import {PostmultiCommand} from '../base.ts'

/** `postmulti instances`: what `postmulti -l` lists, for people and for programs. */
export default class InstancesList extends PostmultiCommand {
  static override summary = 'List the instances of this host in start order.'
  static override aliases = ['instances']
  static override flags = {
    group: Flags.string({char: 'g', description: 'Only the instances of this group.', exclusive: ['instance']}),
    instance: Flags.string({
      char: 'i',
      description: "Only this one: a name, a config_directory, or '-' for the primary.",
    }),
  }
  static override examples = [
    '<%= config.bin %> instances',
    '<%= config.bin %> instances list --group mta',
    '<%= config.bin %> instances --json',
  ]

  async run(): Promise<{instances: Instance[]; damaged: Damaged[]}> {
    const {flags} = await this.parse(InstancesList)
    const primary = this.readPrimary()
    const list = this.readList(primary)
    claimAll(list, sharedDirectories(primary))
    const selection = toSelection(flags)
    const instances = select(list, selection)
    const unreadable = damaged(list).filter((each) => mayMean(selection, each, instances.length > 0))
    this.log(toTable([...instances, ...unreadable]))
    if (unreadable.length > 0) process.exitCode = 1
    return {instances, damaged: unreadable}
  }
}

function toSelection({group, instance}: {group?: string | undefined; instance?: string | undefined}): Selection {
  if (group !== undefined) return {by: 'group', group}
  return instance === undefined ? {by: 'all'} : {by: 'name', name: instance}
}

function toTable(listed: Listed[]): string {
  const rows = listed.map((each) =>
    'reason' in each
      ? ['?', '?', '?', each.config_directory, describeDamage(each)]
      : [
          each.multi_instance_name || '-',
          each.multi_instance_group || '-',
          each.multi_instance_enable ? 'yes' : 'no',
          each.config_directory,
        ],
  )
  const table = [['NAME', 'GROUP', 'ENABLED', 'CONFIG_DIRECTORY'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
