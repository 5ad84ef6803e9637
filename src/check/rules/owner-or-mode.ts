/** Owners and modes are those with which Postfix starts. Source: the checks of postfix-script and master(8). */

import {operands, shell, suggest} from '../../model/base/suggestion.ts'
import type {Owner} from '../../model/change/before-image.ts'
import type {Step} from '../../model/change/plan.ts'
import {label} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckHost, FoundFile} from '../../model/survey/check-input.ts'
import {ownersRemedy, whyUnsafe} from '../owner.ts'
import {type Flaw, primaryOf, type Rule} from '../rule.ts'

export const ownerOrMode: Rule = {
  id: 'owner-or-mode',
  severity: 'error',
  because:
    'master(8) does not start when its data_directory does not belong to mail_owner. postfix check only warns, and ' +
    'the start ends with "mail system startup failed". Anyone who can write main.cf, master.cf or the directory of ' +
    'the queue can become root, because Postfix does as root what they say.',
  check(input) {
    const mail_owner = primaryOf(input)?.parameter('mail_owner') ?? 'postfix'
    const uid = input.host.userId(mail_owner)
    return input.instances.flatMap((each) => [
      ...[each.config_directory, each.queue_directory].flatMap((path) => mustBeRoots(each, path, input.host)),
      ...['main.cf', 'master.cf'].flatMap((file) => mustBeRoots(each, `${each.config_directory}/${file}`, input.host)),
      ...mustBeMailOwners(each, mail_owner, uid, input.host),
    ])
  },
}

function mustBeRoots(subject: CheckedInstance, path: string, host: CheckHost): Flaw[] {
  const entry = host.look(path)
  if (entry === undefined) return []
  if (entry === null) return [missing(subject, path, host)]
  const why = whyUnsafe(path, entry)
  if (why === undefined) return []
  const message = `${why}: anyone who can write it decides what root does for ${label(subject)}`
  const fix = give(path, entry, {uid: 0, gid: 0}, host)
  return [{instances: [subject.config_directory], message, suggestions: [ownersRemedy(path, entry)], fix}]
}

function mustBeMailOwners(
  subject: CheckedInstance,
  mail_owner: string,
  uid: number | undefined,
  host: CheckHost,
): Flaw[] {
  const path = subject.data_directory
  const entry = host.look(path)
  if (entry === undefined || uid === undefined) return []
  if (entry === null) return [missing(subject, path, host)]
  const instances = [subject.config_directory]
  if (entry.uid !== uid) {
    const message = `${path} belongs to user ${entry.uid}, not to ${mail_owner}: ${label(subject)} does not start`
    const fix = give(path, entry, {uid, gid: -1}, host)
    return [{instances, message, suggestions: [suggest`chown ${operands(mail_owner, path)}`], fix}]
  }
  if ((entry.mode & 0o022) === 0) return []
  const message = `${path} can be written by others than ${mail_owner} (mode ${entry.mode.toString(8)})`
  const fix = give(path, entry, {uid, gid: -1}, host)
  return [{instances, message, severity: 'warning', suggestions: [['chmod', 'go-w', path]], fix}]
}

/** Only what is wrong: a main.cf that fewer users can read than set-permissions lets them stays so. */
function give(path: string, {uid, mode, kind}: FoundFile, owner: Owner, host: CheckHost): Step[] {
  const isSticky = kind === 'directory' && (mode & 0o1000) !== 0
  const isOpen = (mode & 0o022) !== 0 && !(isSticky && owner.uid === 0)
  return [
    {
      do: 'set owner and mode',
      path: host.canonical(path),
      ...(uid === owner.uid ? {} : {owner}),
      ...(isOpen ? {mode: mode & ~0o022} : {}),
    },
  ]
}

function missing(subject: CheckedInstance, path: string, host: CheckHost): Flaw {
  const {config_directory, queue_directory} = subject
  const making = suggest`postfix -c ${config_directory} set-permissions create-missing`
  // Source: main() in postfix.c, which goes there first.
  const needsQueue = host.look(queue_directory) === null
  return {
    instances: [config_directory],
    message: `${path} is not there: ${label(subject)} does not start`,
    suggestions: [needsQueue ? shell`mkdir -p ${operands(queue_directory)} && ${making}` : making],
  }
}
