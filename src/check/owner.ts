/** Whether only root can change something. Source: the warnings of `postfix check`. */
import type {FoundFile} from '../model/survey/check-input.ts'

/** In a directory with the sticky bit others cannot touch what is root's. */
export function whyUnsafe(path: string, {uid, mode, kind}: FoundFile): string | undefined {
  if (uid !== 0) return `${path} belongs to user ${uid}, not to root`
  const isSticky = kind === 'directory' && (mode & 0o1000) !== 0
  if ((mode & 0o022) === 0 || isSticky) return undefined
  return `${path} can be written by ${(mode & 0o002) === 0 ? 'its group' : 'anybody'} (mode ${mode.toString(8)})`
}

export function ownersRemedy(path: string, {uid}: FoundFile): string[] {
  return uid === 0 ? ['chmod', 'go-w', path] : ['chown', 'root:root', path]
}
