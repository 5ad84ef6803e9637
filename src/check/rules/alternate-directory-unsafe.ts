/** Anyone who can write a configuration directory of set-gid programs can send mail as any user. Source: mail_conf_checkdir(). */

import {type Suggestion, suggest} from '../../model/base/suggestion.ts'
import type {CheckHost} from '../../model/survey/check-input.ts'
import {ownersRemedy, whyUnsafe} from '../owner.ts'
import {primaryOf, type Rule, whereSet, words} from '../rule.ts'

export const alternateDirectoryUnsafe: Rule = {
  id: 'alternate-directory-unsafe',
  severity: 'error',
  because:
    'sendmail -C and postdrop(1), which is set-gid, take any directory in alternate_config_directories for a ' +
    'configuration. With an entry that another user could write, user nobody put mail into the queue of an instance ' +
    'whose authorized_submit_users was root.',
  check(input) {
    const primary = primaryOf(input)
    if (primary === undefined) return []
    const about = {instances: [primary.config_directory], at: whereSet(primary, 'alternate_config_directories')}
    return words(primary.parameter('alternate_config_directories')).flatMap((path) => {
      const start = `alternate_config_directories has ${path}`
      if (!path.startsWith('/')) {
        const message = `${start}, which is not an absolute path: its meaning depends on the current directory`
        return {...about, message, suggestions: [suggest`postmulti instances edit -`]}
      }
      const unsafe = pathsTo(path).flatMap((each) => findUnsafe(each, input.host))[0]
      if (unsafe === undefined) {
        if (input.host.look(path) !== null) return []
        return {...about, severity: 'warning' as const, message: `${start}, which is not there`}
      }
      return {
        ...about,
        message: `${start}, and ${unsafe.why}: anyone who can write there can send mail as any user through any queue`,
        suggestions: [unsafe.remedy],
      }
    })
  },
}

function findUnsafe(path: string, host: CheckHost): {why: string; remedy: Suggestion}[] {
  const entry = host.look(path)
  if (!entry) return []
  const why = whyUnsafe(path, entry)
  return why === undefined ? [] : [{why, remedy: ownersRemedy(path, entry)}]
}

/** Each directory on the way, and the files that count. */
function pathsTo(directory: string): string[] {
  const parts = directory.split('/').filter((each) => each !== '')
  const way = parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)
  return ['/', ...way, `${directory}/main.cf`]
}
