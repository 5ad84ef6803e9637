/** The log file can be written. Source: postlogd(8); maillog_client_init(), which asks maillog_file_prefixes. */

import {isRelease} from '../../model/base/release.ts'
import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {primaryOf, type Rule, whereSet, words} from '../rule.ts'

export const maillogUnwritable: Rule = {
  id: 'maillog-unwritable',
  severity: 'error',
  because:
    'An instance does not start when its maillog_file does not begin with one of maillog_file_prefixes, or when the ' +
    'directory of that file is missing. The reason is in that file alone, or nowhere. A file that mail_owner cannot ' +
    'write is only advice, and only before 3.10: as root, postlogd(8) makes it writable itself. Only after ' +
    'postsuper(1) has mended the queue, say after a restore, one start fails ("Postfix integrity check failed"), and ' +
    'the next one works.',
  check(input) {
    const {host} = input
    const mail_owner = primaryOf(input)?.parameter('mail_owner') ?? 'postfix'
    // From then on the log is opened before root is given up.
    const canAnybody = isRelease(primaryOf(input)?.parameter('mail_version') ?? '', '3.10')
    return input.instances.flatMap((each) => {
      const file = each.parameter('maillog_file')
      if (file === '') return []
      const about = {instances: [each.config_directory], at: whereSet(each, 'maillog_file')}
      const prefixes = words(each.parameter('maillog_file_prefixes'))
      if (!prefixes.some((prefix) => file.startsWith(prefix))) {
        const message = `${label(each)} does not start: maillog_file = ${file} does not begin with one of ${prefixes.join(', ')}`
        const name = each.multi_instance_name === '' ? 'mail' : '$multi_instance_name'
        const suggestions = [suggest`postmulti instances set ${operandOf(each)} maillog_file=/var/log/${name}.log`]
        return {...about, message, suggestions}
      }
      if (!file.startsWith('/var/')) return []
      const directory = file.replace(/\/[^/]*$/, '')
      if (host.look(directory) === null) {
        const message = `${label(each)} does not start: ${directory}, the directory of its maillog_file, is not there`
        return {...about, message, suggestions: [['mkdir', '-p', directory]]}
      }
      if (canAnybody) return []
      const entry = host.look(file)
      const uid = host.userId(mail_owner)
      if (!entry || uid === undefined || entry.uid === uid || (entry.mode & 0o002) !== 0 || isGroups(entry.mode))
        return []
      const message = `${file} belongs to user ${entry.uid}, not to ${mail_owner}: a start of ${label(each)} that mends its queue fails`
      return {
        ...about,
        message,
        severity: 'advice' as const,
        suggestions: [suggest`chown ${operands(mail_owner, file)}`],
      }
    })
  },
}

/** A group that may write can have mail_owner in it. */
function isGroups(mode: number): boolean {
  return (mode & 0o020) !== 0
}
