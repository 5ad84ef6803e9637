/** A change before it happens: the list before and after it, and steps that are plain data. */
import type {Instance, InstanceList} from '../instance/instance.ts'
import type {BeforeImage, Owner} from './before-image.ts'
import type {Action, Request} from './request.ts'

/**
 * What apply can carry out. The tag is its English; apply/steps.ts gives each one its tell, its act and its undo.
 * `by` is the site plugin that wants it; absent when it is the change's own.
 */
export type Step = {
  by?: string
} /** With missing parents, which get the same mode, as `mkdir -p` under a umask does. */ & (
  | {do: 'make directory'; path: string; mode: number; owner?: Owner}
  /** With owner, mode and time, as `cp -p`. */
  | {do: 'copy file'; from: string; to: string}
  /**
   * `bytes` is latin1 text: one character is one byte. Owned by root when `owner` is absent. `from` is the file that it
   * was made after, for those who want to see the difference.
   */
  | {do: 'write file'; path: string; bytes: string; mode: number; owner?: Owner; from?: string}
  /** As `postconf -c DIR -e` and `-X`, in one. */
  | {do: 'edit main.cf'; config_directory: string; set: Record<string, string>; unset?: string[]}
  /** Of a file or directory that is there; what is absent stays as it is, and so does a gid of -1. */
  | {do: 'set owner and mode'; path: string; owner?: Owner; mode?: number}
  /**
   * As `postfix -c DIR set-permissions` for a secondary instance. `copies` are the host's files that Debian's copies into
   * the chroot where they differ; null where only its script can tell which, absent where nothing is copied.
   */
  | {do: 'set permissions'; instance: Directories; copies?: string[] | null}
  /**
   * Moved aside first, so that it can come back; gone when the change is complete. `holds` names all that may be in it
   * (relative paths): anything else that turned up since stops the change. `anew`: Postfix makes them again, so large
   * ones do not come back.
   */
  | {do: 'remove'; path: string; holds: string[]; anew?: true}
  /** A symbolic link. */
  | {do: 'link'; path: string; target: string}
  /**
   * One whole line of a file that others write, too: it is there once afterwards, at the end if it is new, or not at all.
   * latin1 text. Taken back by itself, whatever has become of the other lines.
   */
  | {do: 'add line'; path: string; line: string}
  | {do: 'remove line'; path: string; line: string}
  | RunProgram
  /** As an earlier change found it. */
  | {do: 'restore'; trace: BeforeImage}
)

export interface RunProgram {
  do: 'run program'
  /** The program, then its arguments. */
  words: string[]
  directory: string
  /** Files that it may make or change. */
  changes: string[]
  /** What is run when the change is taken back and everything else is as before; nothing when empty. */
  undo: string[]
  /** What it fails with is told, and the change goes on. */
  mayFail?: true
}

export type Directories = Pick<Instance, 'config_directory' | 'queue_directory' | 'data_directory'>

export interface Effect {
  action: Action
  /** The config_directories of the instances that it is about. */
  subjects: string[]
}

export interface Plan {
  request: Request
  /** The config_directory of the instance that the change is about. */
  config_directory: string
  before: InstanceList
  after: InstanceList
  /** What it comes to when that is not the request's own action: taking back a create is a destroy. */
  effect?: Action
  /** What else it comes to: a text that somebody has edited may enable an instance. */
  also?: Effect[]
  /** In the order in which they are carried out. Empty when there is nothing to do. */
  steps: Step[]
  /** What the user should know besides, in the words of postmulti-script where it has words for it. */
  warnings: string[]
}
