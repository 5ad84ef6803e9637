/** The complaint about a listed instance whose main.cf cannot be used, and what mends it. */
import {Refusal} from './errors.ts'
import {type Damaged, describeDamage} from './instance.ts'
import {shell} from './suggestion.ts'

export function cannotBeRead(broken: Damaged): Refusal {
  const {config_directory, file, line, reason} = broken
  const message = `Instance ${config_directory} cannot be read: ${describeDamage(broken)}`
  if (line !== undefined) return new Refusal(message, {suggestions: [shell`\${EDITOR:-vi} +${line} ${file}`]})
  if (!reason.endsWith('No such file or directory')) return new Refusal(message)
  return new Refusal(message, {
    explained: `${message}\nPut the file back, or strike the instance from the list`,
    suggestions: [['postmulti', 'instances', 'deport', config_directory]],
  })
}
