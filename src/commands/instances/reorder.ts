import {type InstanceList, labelOf} from '../../model/instance/instance.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {type ChangeJson, change, changeFlags, nameArgument} from '../shared/change.ts'
import {placeFlags, toListPlace, wishes} from '../shared/place.ts'

/** `postmulti instances reorder NAME`: another place in the start order. */
export default class InstancesReorder extends PostmultiCommand {
  static override summary = 'Move an instance to another place in the start order; stopping goes backwards.'
  static override args = {name: nameArgument}
  static override flags = {...placeFlags, ...changeFlags}
  static override examples = [
    '<%= config.bin %> instances reorder postfix-in --after postfix-out',
    '<%= config.bin %> instances reorder postfix-in --first',
  ]

  async run(): Promise<ChangeJson> {
    const {args, flags} = await this.parse(InstancesReorder)
    if (wishes.every((each) => !flags[each]))
      this.usage('missing position: pass --before NAME, --after NAME, --first or --last')
    const request = {action: 'reorder' as const, target: {by: 'name' as const, name: args.name}, ...toListPlace(flags)}
    return change(
      this,
      request,
      flags,
      ({before, after}) => `Before: ${describeOrder(before)}\nNow:    ${describeOrder(after)}`,
    )
  }
}

function describeOrder({primary, secondaries}: InstanceList): string {
  return [primary, ...secondaries].map(labelOf).join(' ')
}
