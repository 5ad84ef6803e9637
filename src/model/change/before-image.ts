/** Something on disk as it was before a step: plain data, kept in the journal. */

/** Inodes, for what lies below a directory that is not root's alone; absent elsewhere, and in old journals. */
export interface Identity {
  ino?: string
  /** Of the directory that it is in. */
  inside?: string
}

/** What a new file is called until it is put in place, beside its place; absent in old journals. */
interface Replaced {
  temporary?: string
}

export type BeforeImage =
  | ({was: 'absent'; path: string} & Identity & Replaced)
  | ({was: 'file'; path: string; base64: string; seconds: number} & Permissions & Identity & Replaced)
  | ({was: 'directory'; path: string} & Permissions)
  /** Owner and mode of whatever is there. */
  | ({was: 'there'; path: string} & Permissions & Identity)
  | ({was: 'link'; path: string; target: string} & Owner & Identity & Replaced)
  /** A program ran here; `undo` is what takes it back, and may fail as well. What it may have changed is absent in old journals. */
  | {was: 'program'; words: string[]; undo: string[]; directory: string; changes?: string[]; mayFail?: true}
  /** All of a path and what is below it, outer ones first; empty where nothing was there. What it does not name goes. */
  | ({was: 'tree'; path: string; tree: PathImage[]} & Identity)
  /**
   * A line that a file gets or loses, whatever else is in it; latin1 text. `at` is how many lines were before it, absent
   * where it was not there; `made`: there was no file. Owner and mode are those of the file.
   */
  | ({was: 'line'; path: string; line: string; at?: number; made?: true} & Permissions & Identity & Replaced)
  /** Moved aside to be removed; `tree` is what was in it, for the time after. */
  | ({was: 'moved'; path: string; to: string; tree: PathImage[]} & Identity)
  | ({
      was: 'main.cf'
      config_directory: string
      base64: string
      seconds: number
      set: Record<string, string>
      unset: string[]
    } & Permissions)

/** Of something that has a place. */
export type PathImage = Exclude<BeforeImage, {was: 'program'}>

export function hasPath(image: BeforeImage): image is PathImage {
  return image.was !== 'program'
}

/** Where it is. */
export function pathOf(image: PathImage): string {
  return image.was === 'main.cf' ? `${image.config_directory}/main.cf` : image.path
}

/** There was nothing. */
export function isNothing(image: PathImage): boolean {
  return image.was === 'absent' || (image.was === 'tree' && image.tree.length === 0)
}

export interface Owner {
  uid: number
  gid: number
}

export interface Permissions extends Owner {
  mode: number
}
