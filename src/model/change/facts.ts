/**
 * What a planner must know of the host besides the request and the instance list: values that could be printed into a bug
 * report. Gathered in src/postfix/survey/.
 */
import type {SharedDirectories} from '../instance/claims.ts'
import type {Instance, InstanceList, Listed} from '../instance/instance.ts'
import type {Permissions} from './before-image.ts'
import type {Present, WholeChange} from './past.ts'

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
}

/** Where directories really are. */
export interface DirectoryFacts {
  /** Of all directories in question, by the name that each has: links, '.', '..' and double slashes resolved. */
  canonical: ReadonlyMap<string, string>
  /** Of a new directory that is a pattern for a shell: another path that a shell would find by it. */
  alike: ReadonlyMap<string, string>
}

/** About the directories and prototypes of an instance to be created or imported. */
export interface NewInstanceFacts extends DirectoryFacts {
  /** What its config_directory holds already; for create only where main.cf and master.cf are there. */
  found?: Listed
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
  /** The host's files that set-permissions copies into the chroot: null where that is not known, absent where it copies none. */
  copies?: string[] | null
  /** Shared installation parameters that the primary sets itself, as main.cf has them. */
  sharedSettings: Record<string, string>
  /** Only when it is created with something of its own. */
  known?: KnownParameters
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
  /** Every instance may have them. */
  builtIn: ReadonlySet<string>
  /** What its services and its main.cf bring along, by config_directory; only where a name in question is not built in. */
  own: ReadonlyMap<string, readonly string[]>
  /** Unexpanded, without those that are made at run time. */
  defaults: Readonly<Record<string, string>>
  /** Types of lookup tables; only where a value in question names one, and where they are known. */
  tableTypes?: readonly string[]
}

/** What instances set, by their config_directory. */
export interface SettingFacts {
  /** What main.cf says, unexpanded and with single blanks; the last of each name. */
  settings: ReadonlyMap<string, ReadonlyMap<string, string>>
  known: KnownParameters
  /** Those without the service that a maillog_file needs, by config_directory; none where no maillog_file is set. */
  unlogged: readonly string[]
}

/** What a request is compared with that asks for what may be so already. */
export interface PresentFacts extends Pick<SettingFacts, 'settings'> {
  /** The lines of master.cf without comments, with single blanks. */
  services: ReadonlyMap<string, readonly string[]>
}

/** What a change that is over has left, and what stands against taking it back. */
export interface UndoFacts extends ListedFacts {
  past: WholeChange
  present: Present
  /** About the instance that goes with it, as for destroy. */
  removal?: RemovalFacts
}

/** What the config_directories hold that come into the list, by their names. */
export interface ListedFacts {
  listed: ReadonlyMap<string, Listed>
}

/** A configuration file in an editor. */
export interface EditFacts extends ListedFacts {
  /** Latin1 text, as the file is now. */
  now: string
  mode: number
  owner: {uid: number; gid: number}
  /** The instance with the edited file; damaged where Postfix would not start with it. */
  becomes: Listed
  known: Pick<KnownParameters, 'defaults'>
  /** Of main.cf, unexpanded and with single blanks. */
  settings: ReadonlyMap<string, string>
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
