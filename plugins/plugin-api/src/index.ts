/**
 * What a site plugin is asked before and after a change, and what it may answer. A hook only answers: it writes no
 * file and runs no program, so that it may be asked twice, beside others, and for a dry run.
 */

/** A plugin names the major version that it was made for: `"postmulti": {"api": 1}` in its package.json. */
export const apiVersion = 1

/**
 * When a hook is asked. pre-: the change is planned, and nothing has been done yet. post-: it is done. The words
 * between are postmulti(1)'s, but for set (parameters of main.cf, or a file in an editor) and start (sub-commands only).
 * Moving an instance in the start order is an assign; taking a change back is the change that has the opposite effect.
 */
export type Event =
  | `${'pre' | 'post'}-${'create' | 'import' | 'destroy' | 'deport' | 'enable' | 'disable' | 'assign' | 'init' | 'set'}`
  | 'pre-start'

/** One instance. Names and paths are Postfix's own. */
export interface Instance {
  readonly config_directory: string
  readonly queue_directory: string
  readonly data_directory: string
  /** Empty when nameless. */
  readonly multi_instance_name: string
  /** Empty when the instance stands alone. */
  readonly multi_instance_group: string
  readonly multi_instance_enable: boolean
  readonly primary: boolean
}

/** What is known of an instance besides, as far as it was asked for; else empty. */
export interface InstanceView extends Instance {
  /** As `postconf -xh` prints them. */
  readonly parameters: Readonly<Record<string, string>>
  readonly services: readonly Service[]
  readonly listeners: readonly Listener[]
  readonly tables: readonly Table[]
}

/** One service of master.cf. Source: master(5). */
export interface Service {
  readonly name: string
  readonly type: string
  /** The program, then its arguments. */
  readonly command: readonly string[]
}

/** Where a service waits for connections. */
export interface Listener {
  /** NAME/TYPE, as `postconf -M` writes it. */
  readonly service: string
  /** An address or host name; '*' for all of the host's. */
  readonly address: string
  /** All that it is bound to, 0.0.0.0 and :: for '*'; a host name that /etc/hosts does not have stays as it is. */
  readonly addresses: readonly string[]
  /** Null for a service name that the host does not know. */
  readonly port: number | null
  /** The program behind it. */
  readonly command: string
  /** False when master_service_disable switches it off. */
  readonly enabled: boolean
}

/** A lookup table that main.cf or a service of master.cf refers to. */
export interface Table {
  /** TYPE:NAME */
  readonly table: string
  /** Where it is named; NAME/TYPE: PARAMETER for one that a service sets. */
  readonly parameters: readonly string[]
}

/** What to read of each instance. */
export interface Wanted {
  readonly parameters?: readonly string[]
  readonly services?: boolean
  readonly listeners?: boolean
  readonly tables?: boolean
}

/** Which instances a request is about, as it was written. */
export type Selection =
  | {readonly by: 'all'}
  | {readonly by: 'group'; readonly group: string}
  /** A name, with or without postfix-, a config_directory, or '-' for the primary. */
  | {readonly by: 'name'; readonly name: string}

/** What was asked for, whichever way it was written. A member is absent where the action has none, or nothing was said. */
export interface ChangeRequest {
  readonly action:
    | 'init'
    | 'create'
    | 'import'
    | 'destroy'
    | 'deport'
    | 'enable'
    | 'disable'
    | 'assign'
    | 'set'
    | 'edit'
    | 'reorder'
    | 'fix'
    | 'undo'
    | 'start'
  /** destroy, deport, enable, disable, assign, edit, reorder. `subjects` of the question has the instance itself. */
  readonly target?: Selection
  /** set: one for each word that selects instances. */
  readonly targets?: readonly Selection[]
  /** create, import, assign: multi_instance_name as it will be; empty for none. */
  readonly newName?: string
  /** The same of multi_instance_group. */
  readonly newGroup?: string
  /** create, import, set: parameters of main.cf and their new values, private directories included. */
  readonly set?: Readonly<Record<string, string>>
  /** set: parameters that main.cf loses. */
  readonly unset?: readonly string[]
  /** edit. */
  readonly file?: 'main.cf' | 'master.cf'
  /** fix: the rules of `postmulti check` whose findings are mended. */
  readonly rules?: readonly string[]
  /** undo: the change that is taken back, as `postmulti history` has it; the last one when absent. */
  readonly id?: string
  /** undo: also where files have changed since. */
  readonly force?: true
  /** init: multi_instance_wrapper as it will be. */
  readonly wrapper?: string
}

/** The host before the planned steps, or as it will be after them. */
export type When = 'before' | 'after'

/** Read-only. */
export interface Question {
  readonly api: typeof apiVersion
  readonly event: Event
  readonly request: ChangeRequest
  /** What is going to be done, or was done, in order. */
  readonly plan: readonly PlannedStep[]
  /** config_directories of the instances that it is about. */
  readonly subjects: readonly string[]
  /** Primary first, in start order; without those that cannot be read. */
  readonly before: readonly Instance[]
  readonly after: readonly Instance[]
  readonly asker: Asker
  /** What the site has set for this plugin by `postmulti plugins config`. */
  readonly settings: Readonly<Record<string, unknown>>
  /**
   * All instances, in the same order. After a pre- question 'after' is what the planned steps will have made. A parameter
   * that is unknown is missing. Rejects with an Error of one line where a main.cf or master.cf cannot be read, or
   * postconf(1) fails.
   */
  read(when: When, wanted: Wanted): Promise<readonly InstanceView[]>
  /**
   * A file's text, or null where there is none. UTF-8; any other byte is one lone surrogate, U+DC80 to U+DCFF, and `write
   * file` makes that byte of it again. Rejects with an Error of one line where the path is not absolute, or leads to what
   * cannot be read or is not a file; an installed plugin gets nothing of /proc, and at most 16 MB.
   */
  text(when: When, path: string): Promise<string | null>
}

export interface PlannedStep {
  readonly do: string
  /** In plain English. */
  readonly tell: string
}

/** Who asked for the change. */
export interface Asker {
  readonly uid: number
  /** As sudo(8) has it; null when the user logged in as this one. */
  readonly sudoUser: string | null
  /** How it was written. */
  readonly interface: 'classic' | 'sub-command'
  readonly dryRun: boolean
}

/** Something to say about the change. */
export interface Finding {
  /** refuse: it must not happen (only before it). warn: everybody is told. note: people are told, scripts are not. */
  readonly verdict: 'refuse' | 'warn' | 'note'
  /** One sentence without a full stop: what is wrong, and why it matters. */
  readonly message: string
  /** The rule behind it, for those who look it up. */
  readonly rule?: string
  /** Commands that can be pasted, likeliest first. Words are quoted where they are printed; a text is printed as it is. */
  readonly suggestions?: readonly (readonly string[] | string)[]
  /** config_directory of the instance that it is about. pre-start: only this one does not start. */
  readonly instance?: string
}

/**
 * Something to do with the change: shown by --dry-run, written into the journal, taken back when the change fails or is
 * undone. Paths are absolute. `first`: before the change itself; else after it.
 */
export type Step = {
  readonly first?: boolean
} /** With missing parents; the owner, root when absent, is of the directory itself. */ & (
  | {readonly do: 'make directory'; readonly path: string; readonly mode?: number; readonly owner?: Owner}
  | WriteFile
  | {readonly do: 'remove file'; readonly path: string}
  | {readonly do: 'link'; readonly path: string; readonly target: string}
  /**
   * One whole line of a file that others write as well: afterwards it is there once, new ones at the end of the file, or
   * not at all. It is taken back by itself, whatever has become of the other lines.
   */
  | {readonly do: 'add line'; readonly path: string; readonly line: string}
  | {readonly do: 'remove line'; readonly path: string; readonly line: string}
  /** In main.cf; null removes it. */
  | {
      readonly do: 'set parameter'
      readonly config_directory: string
      readonly name: string
      readonly value: string | null
    }
  | RunProgram
)

export interface WriteFile {
  readonly do: 'write file'
  readonly path: string
  readonly text: string
  readonly mode?: number
  /** root when absent. */
  readonly owner?: Owner
}

/** As they are in /etc/passwd. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface RunProgram {
  readonly do: 'run program'
  /** The program, then its arguments; no shell. */
  readonly words: readonly string[]
  /** Where it runs; / when absent. */
  readonly directory?: string
  /** Files that it may make or change: they are brought back when the change is taken back. */
  readonly changes?: readonly string[]
  /** Run when all else has been taken back; it must not mind that the program may not have run. */
  readonly undo?: readonly string[]
}

/** All that a hook has to say; empty when it has nothing to say. */
export type Answer = readonly (Finding | Step)[]

/** What a plugin exports for an event: `"oclif": {"hooks": {"pre-enable": "./hooks.js"}}` in its package.json. */
export type Hook = (question: Question) => Answer | Promise<Answer>

type About = Pick<Finding, 'rule' | 'suggestions' | 'instance'>

/** `message`: what is wrong, in one sentence without a full stop. */
export function refuse(message: string, about: About = {}): Finding {
  return {verdict: 'refuse', message, ...about}
}

export function warn(message: string, about: About = {}): Finding {
  return {verdict: 'warn', message, ...about}
}

export function note(message: string, about: About = {}): Finding {
  return {verdict: 'note', message, ...about}
}

/** With missing parents. */
export function makeDirectory(path: string, options: {readonly mode?: number; readonly owner?: Owner} = {}): Step {
  return {do: 'make directory', path, mode: 0o755, ...options}
}

export function writeFile(path: string, text: string, options: Pick<WriteFile, 'mode' | 'owner'> = {}): Step {
  return {do: 'write file', path, text, mode: 0o644, ...options}
}

export function removeFile(path: string): Step {
  return {do: 'remove file', path}
}

/** A symbolic link at `path` that leads to `target`. */
export function link(path: string, target: string): Step {
  return {do: 'link', path, target}
}

/** To a file that others write as well, at its end; one that is there stays where it is. */
export function addLine(path: string, line: string): Step {
  return {do: 'add line', path, line}
}

export function removeLine(path: string, line: string): Step {
  return {do: 'remove line', path, line}
}

/** In the main.cf of the instance; null removes it. */
export function setParameter(config_directory: string, name: string, value: string | null): Step {
  return {do: 'set parameter', config_directory, name, value}
}

export function runProgram(words: readonly string[], options: Omit<RunProgram, 'do' | 'words'> = {}): Step {
  return {do: 'run program', words, ...options}
}

/** The same step, carried out before the change itself. */
export function first(step: Step): Step {
  return {...step, first: true}
}

/** What people call it: its name, or its config_directory when nameless. */
export function label({multi_instance_name, config_directory}: Instance): string {
  return multi_instance_name || config_directory
}

/** What selects it on a command line: a name may look like a flag or a setting, or be the primary's '-'. */
export function operandOf({multi_instance_name, config_directory}: Instance): string {
  return /^postfix-[^=]*$/s.test(multi_instance_name) ? multi_instance_name : config_directory
}

export type {Beside, Rule} from './rule.ts'
export {gate} from './rule.ts'
