/** Owners and modes are those with which Postfix starts. Source: the checks of postfix-script and master(8). */
import {label} from '../model/instance.ts'
import type {SceneHost, Subject} from '../model/scene.ts'
import {typed} from '../model/typed.ts'
import {ownersRemedy, whyUnsafe} from './owner.ts'
import {type Flaw, primaryOf, type Rule} from './rule.ts'

export const ownerOrMode: Rule = {
  id: 'owner-or-mode',
  severity: 'error',
  because:
    'master(8) does not start on a data_directory that does not belong to mail_owner; postfix check only warns of it, ' +
    'and the start ends with "mail system startup failed". Whoever can write main.cf, master.cf or the directory of ' +
    'the queue can be root, because Postfix does as root what they say.',
  check(scene) {
    const mail_owner = primaryOf(scene)?.parameter('mail_owner') ?? 'postfix'
    const uid = scene.host.userId(mail_owner)
    return scene.instances.flatMap((each) => [
      ...[each.config_directory, each.queue_directory].flatMap((path) => mustBeRoots(each, path, scene.host)),
      ...['main.cf', 'master.cf'].flatMap((file) => mustBeRoots(each, `${each.config_directory}/${file}`, scene.host)),
      ...mustBeMailOwners(each, mail_owner, uid, scene.host),
    ])
  },
}

function mustBeRoots(subject: Subject, path: string, host: SceneHost): Flaw[] {
  const entry = host.look(path)
  if (entry === undefined) return []
  if (entry === null) return [missing(subject, path)]
  const why = whyUnsafe(path, entry)
  if (why === undefined) return []
  const message = `${why}: who can write it decides what root does for ${label(subject)}`
  return [{instances: [subject.config_directory], message, suggestions: [ownersRemedy(path, entry)]}]
}

function mustBeMailOwners(subject: Subject, mail_owner: string, uid: number | undefined, host: SceneHost): Flaw[] {
  const path = subject.data_directory
  const entry = host.look(path)
  if (entry === undefined || uid === undefined) return []
  if (entry === null) return [missing(subject, path)]
  const instances = [subject.config_directory]
  if (entry.uid !== uid) {
    const message = `${path} belongs to user ${entry.uid}, not to ${mail_owner}: ${label(subject)} does not start`
    return [{instances, message, suggestions: [typed(['chown', mail_owner, path])]}]
  }
  if ((entry.mode & 0o022) === 0) return []
  const message = `${path} can be written by others than ${mail_owner} (mode ${entry.mode.toString(8)})`
  return [{instances, message, severity: 'warning', suggestions: [typed(['chmod', 'go-w', path])]}]
}

function missing(subject: Subject, path: string): Flaw {
  const name = label(subject)
  return {
    instances: [subject.config_directory],
    message: `${path} is not there: ${name} does not start`,
    suggestions: [`postfix -c ${subject.config_directory} set-permissions create-missing`],
  }
}
