/** What stands behind a '#' in a value is part of it. Source: postconf(5), "Format"; mystrtokq_cw() of 3.10, which warns. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {type Rule, whereSet} from '../rule.ts'

export const commentInValue: Rule = {
  id: 'comment-in-value',
  severity: 'warning',
  because:
    "In main.cf a comment is a line that begins with '#'. After a value, it is part of the value: Postfix takes its " +
    'words for host names, tables or restrictions.',
  check({instances}) {
    return instances.flatMap((each) =>
      [...each.settings].flatMap(([name, {value}]) => {
        const comment = findCommentIn(value)
        if (comment === undefined || looksLikeText(name)) return []
        return {
          instances: [each.config_directory],
          at: whereSet(each, name),
          message: `${name} of ${label(each)} has '${comment}' in its value: it is not a comment there`,
          suggestions: [suggestWithout(each, name, value.slice(0, value.length - comment.length).trim())],
        }
      }),
    )
  },
}

/** Names, groups and directories are not set by `set`. */
function suggestWithout(subject: CheckedInstance, name: string, value: string): string[] {
  const target = operandOf(subject)
  const isManaged = /^(?:multi_instance_\w+|(?:config|queue|data)_directory)$/.test(name)
  return isManaged
    ? suggest`postmulti instances edit ${operands(target)}`
    : suggest`postmulti instances set ${operands(target, `${name}=${value}`)}`
}

/** In braces, as in an inline table, it may be anything. */
function findCommentIn(value: string): string | undefined {
  return /[{}]/.test(value) ? undefined : /(?:(?<=[\s,])#|^#\s).*$/s.exec(value)?.[0]
}

/** What people are to read. */
function looksLikeText(parameter: string): boolean {
  return parameter === 'mail_name' || /(?:_banner|_footer|_reply|_text)$/.test(parameter)
}
