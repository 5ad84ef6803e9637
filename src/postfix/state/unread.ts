/** Which parameters a running master(8) has not taken over. Source: proc(5), "/proc/pid/fd" and "/proc/pid/net". */
import {isThere, quietly, readEntries, readTarget} from '../../files/read.ts'
import {errorCode} from '../../model/base/system-error.ts'
import {unreadParameters} from '../../model/change/unread.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {readListeners} from '../parameters/listeners.ts'
import type {Primary} from '../reader/primary.ts'
import {readSockets} from './open-ports.ts'

/** Empty also where we may not look. Throws a ToolFailure where its files cannot be read. */
export function findUnread(instance: Instance, primary: Primary, master: number): string[] {
  const inodes = inodesOf(master)
  if (inodes === undefined) return []
  const held = readSockets(master).filter(({inode}) => inodes.has(inode))
  return unreadParameters(readListeners(instance, primary), held, isThere(`/proc/${master}/net/tcp6`))
}

/** Of the sockets that a process has; undefined for one that is gone, or not ours to see. */
function inodesOf(pid: number): Set<string> | undefined {
  const directory = `/proc/${pid}/fd`
  const links = quietly(() => readEntries(directory).map(({name}) => readLinkIfOpen(`${directory}/${name}`)))
  return links && new Set(links.flatMap((each) => /^socket:\[(\d+)\]$/.exec(each)?.[1] ?? []))
}

/** Empty for what has been closed meanwhile: master(8) is at work. */
function readLinkIfOpen(path: string): string {
  try {
    return readTarget(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    return ''
  }
}
