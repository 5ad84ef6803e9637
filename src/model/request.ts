/** What somebody asked for, however it was written: the common language of the classic flags and the sub-commands. */
import type {Selection} from './selection.ts'

/** A life-cycle change. Absent names are left as they are; empty ones are cleared. */
export type Request = InitRequest | NewcomerRequest | ExistingRequest | AssignRequest

export type Action = Request['action']

export interface InitRequest {
  action: 'init'
  /** The value that multi_instance_wrapper gets. */
  wrapper: string
}

export interface NewcomerRequest {
  action: 'create' | 'import'
  newName?: string
  newGroup?: string
  /** NAME=VALUE settings of the private directories, in the order given. */
  parameters: string[]
  /** The newcomer goes before the first secondary that matches; at the end when absent. */
  place?: Selection
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

/** `postmulti -e init` writes this; upstream's own value, so that packages and postmulti(1) recognise it. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: main.cf's own syntax.
export const stockWrapper = '${command_directory}/postmulti -p --'
