/** A process that gets nothing of what we have open, nor of what our caller has. */
import type {StdioOptions} from 'node:child_process'
import {closeSync} from 'node:fs'
import {openNothing} from './own.ts'
import {readEntries, tryText} from './read.ts'

/**
 * Node sees to its own descriptors, and to the lowest of what it has inherited; /dev/null takes the place of the others.
 * `wanted` are those that it gets. Source: proc(5), fdinfo; uv_disable_stdio_inheritance().
 */
export function withNothingOpen<Result>(
  wanted: readonly ('ignore' | 'pipe')[],
  start: (stdio: StdioOptions) => Result,
): Result {
  const stdio: Exclude<StdioOptions, string> = [...wanted]
  const nothing = openNothing()
  try {
    for (const each of readEntries('/proc/self/fd').map(({name}) => Number(name))) {
      const flags = /^flags:\s*([0-7]+)$/m.exec(tryText(`/proc/self/fdinfo/${each}`) ?? '')?.[1]
      const isPassedOn = flags !== undefined && (Number.parseInt(flags, 8) & closedByExec) === 0
      if (each >= wanted.length && isPassedOn) stdio[each] = nothing
    }
    return start(Array.from(stdio, (each) => each ?? 'ignore'))
  } finally {
    closeSync(nothing)
  }
}

/** O_CLOEXEC. Source: asm-generic/fcntl.h, the same on amd64 and arm64. */
const closedByExec = 0o2000000
