/** What somebody asked for, however it was written: the common language of the classic flags and the sub-commands. */
import type {PrivateParameter} from '../instance/instance.ts'
import type {Selection} from '../instance/selection.ts'

/** A life-cycle change. Absent names are left as they are; empty ones are cleared. */
export type Request =
  | InitRequest
  | NewInstanceRequest
  | ExistingRequest
  | AssignRequest
  | SetRequest
  | ReorderRequest
  | EditRequest
  | UndoRequest
  | FixRequest

export type Action = Request['action']

export interface InitRequest {
  action: 'init'
  /** The value that multi_instance_wrapper gets. */
  wrapper: string
}

export interface NewInstanceRequest {
  action: 'create' | 'import'
  newName?: string
  newGroup?: string
  /** Where it is to have its own; beside the primary's where absent. */
  directories: Partial<Record<PrivateParameter, string>>
  /** What is wrong with those that were asked for. */
  fault?: string
  /** The new instance goes before the first secondary that matches; at the end when absent. */
  place?: Selection
  /** It goes behind the last secondary that matches. */
  after?: Selection
  /** How a new instance is to be created. The key is that of journals that older versions wrote. */
  birth?: CreateOptions
}

export interface CreateOptions {
  /** Settings in main.cf. */
  settings: Record<string, string>
  /** Lines of master.cf, each in place of the one with the same service name and type. */
  services: string[]
  /** NAME/TYPE of services that the prototype has commented out. */
  uncomment: string[]
  /** Another instance whose settings and tables it gets. */
  like?: Selection
  enabled: boolean
  /** Also with values that a program of Postfix ends at. */
  force?: true
}

export interface ExistingRequest {
  action: 'destroy' | 'deport' | 'enable' | 'disable'
  target?: Selection
}

export interface AssignRequest {
  action: 'assign'
  target?: Selection
  newName?: string
  newGroup?: string
}

export interface SetRequest {
  action: 'set'
  targets: Selection[]
  set: Record<string, string>
  unset: string[]
  /** Also values that a program of Postfix ends at. */
  force?: true
}

export interface ReorderRequest {
  action: 'reorder'
  target: Selection
  /** It goes before the first secondary that matches. */
  place?: Selection
  /** It goes behind the last secondary that matches; at the end when both are absent. */
  after?: Selection
}

export interface EditRequest {
  action: 'edit'
  target: Selection
  file: 'main.cf' | 'master.cf'
  /** The file as the editor got it, latin1 text. */
  was: string
  /** As it came back. */
  becomes: string
  /** Also with values that a program of Postfix ends at. */
  force?: true
}

export interface UndoRequest {
  action: 'undo'
  /** Of the change to take back; the last one that still stands when absent. */
  id?: string
  /** Also where files have changed since. */
  force?: true
}

/** What `postmulti check` has found and can mend by itself. */
export interface FixRequest {
  action: 'fix'
  /** As they were told. One that is not found any more is left alone. */
  findings: {rule: string; instances: string[]; message: string}[]
}

/** For a host whose postfix(1) is to call this program, wherever it is. */
export function ourWrapper(launcher: string): string {
  return `${launcher} -p --`
}

/** `postmulti -e init` writes this; upstream's own value, so that packages and postmulti(1) recognise it. */
export const stockWrapper = '${command_directory}/postmulti -p --'
