/** Every enabled instance greets with a name of its own. Source: postconf(5), myhostname. */
import {type InstanceView, label, operandOf, type Rule, refuse} from '@postmulti/plugin-api'

export const hostnameShared = {
  name: 'hostname-shared',
  because: 'Mail from one instance to another that has the same myhostname bounces: it looks as if it came back.',
  wants: {parameters: ['myhostname']},
  anyOrder: true,
  check(instances) {
    const owners = new Map<string, InstanceView>()
    return instances.flatMap((each) => {
      const myhostname = each.parameters.myhostname?.toLowerCase() ?? ''
      if (!each.multi_instance_enable || myhostname === '') return []
      const owner = owners.get(myhostname)
      if (owner === undefined) {
        owners.set(myhostname, each)
        return []
      }
      const both = `${label(owner)} and ${label(each)}`
      return [
        refuse(`${both} have the same myhostname, ${myhostname}: mail between them would bounce as a loop`, {
          instance: each.config_directory,
          suggestions: [rename(each)],
        }),
      ]
    })
  },
} satisfies Rule

/** A name below the shared one, where that of the instance can be a part of it. */
function rename(each: InstanceView): string[] {
  const [, own] = /^postfix-([a-z\d](?:[a-z\d-]*[a-z\d])?)$/i.exec(each.multi_instance_name) ?? []
  const instances = ['postmulti', 'instances']
  if (own === undefined) return [...instances, 'edit', operandOf(each)]
  return [...instances, 'set', operandOf(each), `myhostname=${own}.${each.parameters.myhostname}`]
}
