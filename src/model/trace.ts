/** Something on disk as it was before a step: plain data, kept in the journal. */

export type Trace =
  | {was: 'absent'; path: string}
  | ({was: 'file'; path: string; base64: string; seconds: number} & Permissions)
  | ({was: 'directory'; path: string} & Permissions)
  /** Owner and mode of whatever is there. */
  | ({was: 'there'; path: string} & Permissions)
  /** Moved aside to be removed; `tree` is what was in it, for the time after. */
  | {was: 'moved'; path: string; to: string; tree: Trace[]}
  | ({
      was: 'main.cf'
      config_directory: string
      base64: string
      seconds: number
      set: Record<string, string>
      unset: string[]
    } & Permissions)

export interface Permissions {
  mode: number
  uid: number
  gid: number
}
