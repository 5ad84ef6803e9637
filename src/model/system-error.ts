/** What strerror(3) says, where Node has only codes; and the same for what src/files refuses to touch. */

const texts: Record<string, string> = {
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

/** The code of a failed system call, or undefined when this is no such error. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

/** strerror(3) of a failed system call; anything else is no business of the user's and is thrown again. */
export function explainError(error: unknown): string {
  const code = errorCode(error)
  if (code === undefined) throw error
  return texts[code] ?? code
}
