/** What a planner must know of the host besides the request and the instance list. Gathered in postfix/facts.ts. */
import type {SharedDirectories} from '../instance/claims.ts'
import type {Instance, InstanceList, Listed} from '../instance/instance.ts'
import type {Permissions} from './before-image.ts'
import type {Finding} from './finding.ts'

/** About the host as a whole. */
export interface Host {
  list: InstanceList
  shared: SharedDirectories
  meta_directory: string
  /** As `postconf -hx` prints them for the primary. */
  multi_instance_wrapper: string
  multi_instance_enable: string
  /** The words of alternate_config_directories, not expanded. */
  alternate_config_directories: string[]
  /** What a config_directory holds; import reads the new instance through it. */
  readInstance(config_directory: string): Listed
  /** The same directory by its one canonical name: links, '.', '..' and double slashes resolved as far as it exists. */
  canonical(path: string): string
  /** Another path that a shell would find by this one, were it a pattern; undefined where there is none. */
  alike(path: string): string | undefined
}

/** About the directories and prototypes of an instance to be created or imported. */
export interface NewInstanceFacts {
  hasMainCf: boolean
  hasMasterCf: boolean
  /** Which of the three directories, and of the files that it would get from its source, exist. */
  existing: ReadonlySet<string>
  /** main.cf.proto as latin1 text; absent when there is none. */
  mainCfPrototype?: string
  hasMasterCfPrototype: boolean
  /** master.cf.proto as latin1 text; only when the new instance gets services of its own. */
  masterCfPrototype?: string
  /** What master(8) could run; only when the new instance gets services of its own. */
  daemons?: readonly string[]
  /** The instance that it shall be like. */
  source?: SourceInstance
  /** The new instance as Postfix would see it with these files; only when it is created with something of its own. */
  validate?(instance: Instance, texts: {'main.cf': string; 'master.cf': string}): Listed
  /** The host's files that set-permissions copies into the chroot: null where that is not known, absent where it copies none. */
  copies?: string[] | null
  /** Shared installation parameters that the primary sets itself, as main.cf has them. */
  sharedSettings: Record<string, string>
}

/** About an instance that is to leave the list. */
export interface RemovalFacts {
  hasMainCf: boolean
  /** True when a master(8) runs on its queue. */
  running: boolean
  /** Messages by queue; only for destroy. */
  messages: Record<string, number>
  /** Topmost paths that hold nothing but what Postfix made, and what that is; only for destroy. */
  removable: {path: string; holds: string[]; anew?: true}[]
  /** What stays because Postfix did not make it; only for destroy. */
  foreign: string[]
  /** What goes with the chroot although it differs from the host's file, of which it is a copy; only for destroy. */
  differing: {path: string; from: string}[]
}

/** Which parameters an instance may have, and what is nearest to one that it may not. */
export interface KnownParameters {
  isKnown(instance: Instance, name: string): boolean
  /** Among what every instance may have, and this one. */
  nearest(name: string, instance?: Instance): string[]
  /** Types of lookup tables; undefined where nobody knows. */
  tableTypes(): readonly string[] | undefined
}

/** What instances set, and what would become of them. */
export interface SettingFacts {
  /** What its main.cf says, unexpanded and with single blanks; the last of each name. */
  settings(instance: Instance): ReadonlyMap<string, string>
  /** The instance after such an edit; damaged when Postfix would not start with it, and does so far. */
  validate(instance: Instance, set: Record<string, string>, unset: readonly string[]): Listed
}

/** What rules find, asked with the lock in hand, and what would become of an instance that is edited. */
export interface FixFacts extends Pick<SettingFacts, 'validate'> {
  found: readonly Finding[]
}

/** A configuration file in an editor. */
export interface EditFacts {
  /** Latin1 text, as the file is now. */
  now: string
  mode: number
  owner: {uid: number; gid: number}
  /** The instance with the edited file. */
  becomes: Listed
}

/** An instance that another one is made after. Texts are latin1. */
export interface SourceInstance {
  instance: Instance
  mainCf: string
  masterCf: string
  /** What its main.cf and master.cf have: who may not read these may not read copies either. */
  permissions: Record<'main.cf' | 'master.cf', Permissions>
  /** Its other files, relative to its config_directory. */
  files: string[]
}
