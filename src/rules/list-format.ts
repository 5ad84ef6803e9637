/** The list is written as every program that reads it expects. Source: Debian's postfix-instance-generator; Checkmk. */
import {type Flaw, placeOf, primaryOf, type Rule} from './rule.ts'

export const listFormat: Rule = {
  id: 'list-format',
  severity: 'warning',
  because:
    "postmulti understands commas, $name and slashes at the end in multi_instance_directories; others do not. Debian's " +
    'generator makes postfix@.service for "/etc/postfix-out,": that instance is not started at boot.',
  check(scene) {
    const primary = primaryOf(scene)
    const written = primary?.settings.get('multi_instance_directories')?.value ?? ''
    if (primary === undefined) return []
    const flaw = (why: string): Flaw => ({
      instances: [primary.config_directory],
      at: placeOf(primary, 'multi_instance_directories'),
      message: `multi_instance_directories ${why}: programs that read the list will miss instances`,
      suggestions: ['postmulti instances edit -'],
    })
    const entries = written.split(/[\s,]+/).filter((each) => each !== '')
    const doubled = entries.find((each, at) => entries.indexOf(each) < at)
    const odd = entries.find((each) => !/^\/(?!.*(?:\/\/|\/\.{1,2}(?:\/|$)|\/$))/.test(each) && !each.includes('$'))
    return [
      ...(written.includes(',') ? [flaw('has a comma')] : []),
      ...(written.includes('$') ? [flaw("has a '$'")] : []),
      ...(odd === undefined ? [] : [flaw(`has ${odd}, which is not the plain absolute path of a directory`)]),
      ...(doubled === undefined ? [] : [flaw(`has ${doubled} more than once`)]),
    ]
  },
}
