/**
 * postfix-script sleeps for a second whenever master(8) is not quite gone at its first look; many stops at once make
 * that likely. The sleep is ended as soon as master(8) is gone, and postfix-script looks again.
 * Source: the branch "stop" of postfix-script; proc(5), "/proc/pid/task/tid/children".
 */
import {existsSync, readFileSync} from 'node:fs'
import {errorCode, explainError} from '../model/system-error.ts'

/** In milliseconds. */
const interval = 10

/** `script` is the process that leads to postfix-script. The function that it returns ends the watch. */
export function cutShort(script: number, master: number): () => void {
  const watch = setInterval(() => {
    if (!existsSync(`/proc/${master}`)) for (const each of sleepsBelow(script)) end(each)
  }, interval)
  return () => clearInterval(watch)
}

function sleepsBelow(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((each) => each !== '')
  return children.flatMap((each) => {
    return read(`/proc/${each}/comm`) === 'sleep\n' ? [Number(each)] : sleepsBelow(Number(each))
  })
}

/** A shell says nothing about a command that ended by this signal. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGPIPE')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

/** Empty for a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    explainError(error)
    return ''
  }
}
