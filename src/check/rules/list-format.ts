/** The list is written as every program that reads it expects. Source: Debian's postfix-instance-generator; Checkmk. */

import {suggest} from '../../model/base/suggestion.ts'
import {type Flaw, primaryOf, type Rule, whereSet, words} from '../rule.ts'

export const listFormat: Rule = {
  id: 'list-format',
  severity: 'warning',
  because:
    "postmulti understands commas, $name and slashes at the end in multi_instance_directories; others do not. Debian's " +
    'generator makes postfix@.service for "/etc/postfix-out,": that instance is not started at boot.',
  check(input) {
    const primary = primaryOf(input)
    const written = primary?.settings.get('multi_instance_directories')?.value ?? ''
    if (primary === undefined) return []
    const set = rewriteList(primary.parameter('multi_instance_directories'))
    const fix: Flaw['fix'] = set && [{do: 'edit main.cf', config_directory: primary.config_directory, set}]
    const flaw = (why: string): Flaw => ({
      instances: [primary.config_directory],
      at: whereSet(primary, 'multi_instance_directories'),
      message: `multi_instance_directories ${why}: programs that read the list will miss instances`,
      suggestions: [suggest`postmulti instances edit -`],
      fix,
    })
    const entries = words(written)
    const doubled = entries.find((each, at) => entries.indexOf(each) < at)
    const odd = entries.find((each) => !isTidyPath(each) && !each.includes('$'))
    return [
      ...(written.includes(',') ? [flaw('has a comma')] : []),
      ...(written.includes('$') ? [flaw("has a '$'")] : []),
      ...(odd === undefined ? [] : [flaw(`has ${odd}, which is not the plain absolute path of a directory`)]),
      ...(doubled === undefined ? [] : [flaw(`has ${doubled} more than once`)]),
    ]
  },
}

/** The same directories in the same order; undefined where what is written could mean several things. */
function rewriteList(expanded: string): Record<string, string> | undefined {
  const entries = words(expanded).map((each) => {
    const parts = each.split('/').filter((part) => part !== '' && part !== '.')
    return each.startsWith('/') ? `/${parts.join('/')}` : each
  })
  const isPlain = entries.every((each) => isTidyPath(each)) && new Set(entries).size === entries.length
  return isPlain ? {multi_instance_directories: entries.join(' ')} : undefined
}

/** Where a link leads, '..' is not the directory before it. */
function isTidyPath(path: string): boolean {
  return /^\/(?!.*(?:\/\/|\/\.{1,2}(?:\/|$)|\/$|\$))/.test(path)
}
