/**
 * How many processes master(8) has at work. It has one thread, and no other program starts smtpd(8) and the like.
 * Source: proc(5), "/proc/pid/task/tid/children".
 */
import {processIds, tryText} from '../../files/read.ts'
import {fromBytes} from '../../model/base/text.ts'

/**
 * The config_directory of each master(8) that this reader may look at, by pid: postfix(1) hands it on in MAIL_CONFIG,
 * also where main.cf cannot be read any more.
 */
export function readMasters(): Map<number, string> {
  return new Map(
    processIds().flatMap((pid): [number, string][] => {
      if (tryText(`/proc/${pid}/comm`) !== 'master\n') return []
      const [, directory] = /(?:^|\0)MAIL_CONFIG=([^\0]*)/.exec(tryText(`/proc/${pid}/environ`) ?? '') ?? []
      return directory === undefined ? [] : [[pid, fromBytes(directory)]]
    }),
  )
}

/** Undefined where it is not known. */
export function countProcesses(master: number): number | undefined {
  return listProcesses(master)?.length
}

/** Their pids; undefined where they are not known. */
function listProcesses(master: number): string[] | undefined {
  // In a container the pid may be one of another namespace, and here somebody else's.
  if (tryText(`/proc/${master}/comm`) !== 'master\n') return undefined
  const children = tryText(`/proc/${master}/task/${master}/children`)
  return children === undefined ? undefined : (children.match(/\d+/g) ?? [])
}

/** How many there are of each service, by NAME/TYPE. `names` are those of one master, kept from one look to the next. */
export function countServices(master: number, names: Map<string, string>): Map<string, number> | undefined {
  const pids = listProcesses(master)
  if (pids === undefined) return undefined
  const counts = new Map<string, number>()
  for (const each of pids) {
    const name = names.get(each) ?? readServiceOf(each)
    names.set(each, name)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  if (names.size > pids.length) for (const each of names.keys()) if (!pids.includes(each)) names.delete(each)
  return counts
}

/** master(8) starts each with -n NAME -t TYPE. Empty for a process that is gone. */
function readServiceOf(pid: string): string {
  const words = tryText(`/proc/${pid}/cmdline`)?.split('\0')
  if (words === undefined) return ''
  const behind = (option: string): string => words[words.indexOf(option) + 1] ?? ''
  return `${behind('-n')}/${behind('-t')}`
}
