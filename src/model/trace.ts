/** Something on disk as it was before a step: plain data, kept in the journal. */

export type Trace =
  | {was: 'absent'; path: string}
  | ({was: 'file'; path: string; base64: string; seconds: number} & Permissions)
  | ({was: 'directory'; path: string} & Permissions)
  /** Owner and mode of whatever is there. */
  | ({was: 'there'; path: string} & Permissions)
  | {was: 'link'; path: string; target: string; uid: number; gid: number}
  /** A program ran here; `undo` is what takes it back. */
  | {was: 'program'; words: string[]; undo: string[]; directory: string}
  /** Moved aside to be removed; `tree` is what was in it, for the time after. */
  | {was: 'moved'; path: string; to: string; tree: PathTrace[]}
  | ({
      was: 'main.cf'
      config_directory: string
      base64: string
      seconds: number
      set: Record<string, string>
      unset: string[]
    } & Permissions)

/** Of something that has a place. */
export type PathTrace = Exclude<Trace, {was: 'program'}>

/** Where it is. */
export function pathOf(trace: PathTrace): string {
  return trace.was === 'main.cf' ? `${trace.config_directory}/main.cf` : trace.path
}

export interface Permissions {
  mode: number
  uid: number
  gid: number
}
