/** The complaint about a listed instance whose files cannot be used, and what mends it. */
import {Refusal} from '../base/errors.ts'
import {type Suggestion, shell, suggest} from '../base/suggestion.ts'
import {type Damaged, describeDamage} from './instance.ts'

export function cannotBeRead(broken: Damaged): Refusal {
  const {config_directory, file, line, reason} = broken
  const message = `Instance ${config_directory} cannot be read: ${describeDamage(broken)}`
  if (line !== undefined) return new Refusal(message, {suggestions: [editing(config_directory, file, line)]})
  if (/\b(?:inet|proxy)_interfaces: /.test(reason)) {
    return new Refusal(message, {
      explained: `${message}\nAn address of a NAT before this host belongs in proxy_interfaces`,
      suggestions: [suggest`ip -brief address`, suggest`postmulti instances edit ${config_directory}`],
    })
  }
  if (!reason.endsWith('No such file or directory')) return new Refusal(message)
  if (file === `${config_directory}/master.cf`) {
    return new Refusal(message, {
      explained: `${message}\nPut the file back, or take the prototype`,
      suggestions: [shell`cp -p "$(postconf -h meta_directory)"/master.cf.proto ${file}`],
    })
  }
  return new Refusal(message, {
    explained: `${message}\nPut the file back, or remove the instance from the list`,
    suggestions: [suggest`postmulti instances deport ${config_directory}`],
  })
}

function editing(config_directory: string, file: string, line: number): Suggestion {
  if (file === `${config_directory}/main.cf`) return suggest`postmulti instances edit ${config_directory}`
  if (file === `${config_directory}/master.cf`) return suggest`postmulti instances edit ${config_directory} --master`
  return shell`\${EDITOR:-vi} +${line} ${file}`
}
