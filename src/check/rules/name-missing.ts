/** Every secondary instance has a name. Source: Debian's postfix-instance-generator; postconf(5), syslog_name. */

import {suggest} from '../../model/base/suggestion.ts'
import {type Rule, secondaries} from '../rule.ts'

export const nameMissing: Rule = {
  id: 'name-missing',
  severity: 'warning',
  because:
    'An instance without a multi_instance_name logs as postfix, as the primary does, and before Debian 13 there is no ' +
    'unit of systemd for it: it is not started at boot.',
  check(input) {
    return secondaries(input)
      .filter(({multi_instance_name}) => multi_instance_name === '')
      .map(({config_directory}) => {
        const proposed = config_directory.replace(/.*\//, '').replace(/^(?!postfix-)/, 'postfix-')
        return {
          instances: [config_directory],
          at: {file: `${config_directory}/main.cf`, line: null},
          message: `${config_directory} has no multi_instance_name: its lines of the log look like those of the primary`,
          suggestions: [suggest`postmulti instances assign ${config_directory} --name ${proposed}`],
        }
      })
  },
}
