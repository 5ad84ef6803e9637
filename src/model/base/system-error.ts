/** What strerror(3) says, where Node has only codes; and the same for what src/files refuses to touch. */

import {ToolFailure} from './errors.ts'
import {firstLineOf} from './text.ts'

const errorTexts: Record<string, string> = {
  E2BIG: 'Argument list too long',
  EACCES: 'Permission denied',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  EDQUOT: 'Disk quota exceeded',
  EEXIST: 'File exists',
  EFBIG: 'File too large',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in system',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  ENOEXEC: 'Exec format error',
  ENOMEM: 'Cannot allocate memory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EROFS: 'Read-only file system',
  ETXTBSY: 'Text file busy',
  EXDEV: 'Invalid cross-device link',
  // Not the kernel's.
  ECHANGED: 'Not what it was a moment ago',
  ELINKED: "A symbolic link, in a directory that is not root's alone",
  EMANY: "A file with several names, in a directory that is not root's alone",
  ENOPROC: '/proc is not mounted',
  ENOTREG: 'Not a regular file',
}

/** The code of a failed system call, or undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const {code: own, info} = error as Error & {code?: unknown; info?: {code?: unknown}}
  // So node:os tells of a failed call.
  const code = own === 'ERR_SYSTEM_ERROR' ? info?.code : own
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

/** strerror(3) of a failed system call; anything else does not concern the user and is thrown again. */
export function explainError(error: unknown): string {
  const code = errorCode(error)
  if (code === undefined) throw error
  return errorTexts[code] ?? code
}

/**
 * A system call that failed without an explanation, as a failure that can be told: what was called, of which path,
 * and why; `doing` says what for. A part of this program that is not there is as good as one. Anything else stays as it is.
 */
export function asFailure(error: unknown, doing?: string): unknown {
  if (!(error instanceof Error)) return error
  const {code, syscall, path} = error as NodeJS.ErrnoException
  if (code === 'MODULE_NOT_FOUND') return new ToolFailure('load this program', null, firstLineOf(error.message))
  if (errorCode(error) === undefined || syscall === undefined) return error
  // Of a program that cannot be started Node tells the path twice; and no system call is called scandir.
  const call = syscall === 'scandir' ? 'list' : syscall.replace(/ .*$/s, '')
  const called = path === undefined ? call : `${call} ${path}`
  const why = explainError(error)
  return doing === undefined ? new ToolFailure(called, null, why) : new ToolFailure(doing, null, `${called}: ${why}`)
}

/** What `act` returns; a ToolFailure where a system call fails, `doing` what it was for. */
export function orFailure<Result>(doing: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw new ToolFailure(doing, null, explainError(error))
  }
}
