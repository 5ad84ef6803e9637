/** Who runs us. Node's types know of systems that do not tell; Linux does. */

export function isRoot(): boolean {
  return effectiveIds().uid === 0
}

/** Of new files, and what the kernel asks for. */
export function effectiveIds(): {uid: number; gid: number} {
  return {uid: process.geteuid!(), gid: process.getegid!()}
}

/** Who has called, whatever rights the program has. */
export function realUserId(): number {
  return process.getuid!()
}
