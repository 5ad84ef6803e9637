import {resolve} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import {parseDirectories} from '../../model/change/new-directories.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {withPrefix} from '../../model/instance/names.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {type ChangeJson, change, changeFlags, readableSubject} from '../shared/change.ts'
import {placeFlags, toListPlace} from '../shared/place.ts'

/** `postmulti instances import DIRECTORY`: an independent Postfix becomes a secondary instance. */
export default class InstancesImport extends PostmultiCommand {
  static override summary = 'Add a Postfix with its own configuration to the list of instances.'
  static override args = {
    directory: Args.string({
      description: 'Its config_directory, with a main.cf and a master.cf.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    name: Flags.string({description: 'Its new name; when absent it keeps its own.'}),
    group: Flags.string({char: 'g', description: 'Its new group; when absent it keeps its own.'}),
    ...placeFlags,
    ...changeFlags,
  }
  static override examples = ['<%= config.bin %> instances import /etc/postfix-old --name postfix-old --group mta']

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(InstancesImport)
    const {name, group} = flags
    const request = {
      action: 'import' as const,
      ...parseDirectories('import', [`config_directory=${resolve(args.directory)}`]),
      ...(name === undefined ? {} : {newName: withPrefix(name)}),
      ...(group === undefined ? {} : {newGroup: group}),
      ...toListPlace(flags),
    }
    return change(this, request, flags, (plan) => {
      const instance = readableSubject(plan)
      const isEnabled = instance.multi_instance_enable
      const next = typed(suggest`postmulti instances ${isEnabled ? 'start' : 'enable'} ${operandOf(instance)}`)
      return `Imported ${label(instance)}, ${isEnabled ? 'enabled' : 'disabled'}. Next: ${next}`
    })
  }
}
