/** Under which name an instance logs. Source: postconf(5), syslog_name; master(5). */
import {type InstanceView, label, operandOf, type Rule, warn} from '@postmulti/plugin-api'

export const syslogNameShared = {
  name: 'syslog-name-shared',
  because: 'When two instances have the same syslog_name, the log does not show which of them wrote a line.',
  wants: {parameters: ['syslog_name']},
  anyOrder: true,
  check(instances) {
    const enabled = instances.filter((each) => each.multi_instance_enable)
    return enabled.flatMap((each, index) => {
      const syslog_name = each.parameters.syslog_name ?? ''
      const earlier = enabled.slice(0, index).find((other) => other.parameters.syslog_name === syslog_name)
      if (earlier === undefined) return []
      const message = `${label(each)} logs as ${syslog_name}, as ${label(earlier)} does: the log does not tell them apart`
      // Mail flows all the same, so this does not refuse.
      return [warn(message, {instance: each.config_directory, suggestions: [remedyOf(each)]})]
    })
  },
} satisfies Rule

function remedyOf(instance: InstanceView): string[] {
  const {multi_instance_name, config_directory} = instance
  return multi_instance_name === ''
    ? ['postmulti', 'instances', 'assign', config_directory, '--name', config_directory.replace(/.*\//, '')]
    : ['postmulti', 'instances', 'unset', operandOf(instance), 'syslog_name']
}

/** Newer releases of Postfix have it in their own master.cf. It follows a change of the name. */
const ownName = '${multi_instance_name?{$multi_instance_name}:{postfix}}'

/**
 * master.cf with the instance's own name where `-o syslog_name=postfix/...` hides it; comments and all else stay.
 * Not $syslog_name: there it would mean what -o sets, and expand itself without end.
 */
export function nameServices(masterCf: string, {multi_instance_name, parameters: {syslog_name}}: InstanceView): string {
  const isDefault = syslog_name === (multi_instance_name || 'postfix')
  const name = isDefault ? ownName : syslog_name
  const hides =
    /^(?!\s*#)(.*-o\s*syslog_name=)(?:postfix|\$\{multi_instance_name\?\{\$multi_instance_name\}:\{postfix\}\})(?=\/)/gm
  return masterCf.replace(hides, (_all, option) => `${option}${name}`)
}
