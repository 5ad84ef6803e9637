/** How far work over several instances has come: on a terminal a line that counts, elsewhere a line for each one. */
import {withoutControls} from '../../model/base/controls.ts'
import type {RunReport} from '../../model/change/run-report.ts'
import {describeRun, inOrder} from './run-reports.ts'
import {shorten} from './width.ts'

export interface Progress {
  began(at: number): void
  ended(at: number, report: RunReport): void
  /** From then on stderr is free for other output. */
  finish(): void
}

/** What is shown of it. */
export type Loudness = 'all' | 'failures' | 'nothing'

/** What a progress needs of stderr. */
export type ProgressScreen = Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>

/** `names` are in the order in which their turn may come. */
export function showProgress(names: readonly string[], word: string, loudness: Loudness): Progress {
  // A terminal that does not know its size would get a letter on each line, or nothing.
  const {isTTY, columns, rows} = process.stderr
  const moves = isTTY && columns > 0 && rows > 0 && process.env.TERM !== 'dumb'
  return moves && loudness !== 'nothing' && names.length > 1
    ? showCount(names, word, loudness, process.stderr)
    : showLines(loudness)
}

function showLines(loudness: Loudness): Progress {
  return {
    began: () => {},
    // Two runs are the same, whichever instance was quicker.
    ended: inOrder((report) => {
      const line = describeRun(report)
      const isHeard = loudness === 'all' || (loudness === 'failures' && report.status !== 0)
      if (isHeard && line !== undefined) process.stderr.write(`${line}\n`)
    }),
    finish: () => {},
  }
}

/**
 * At the bottom, who is at work and how many have been; above it, for good, what became of them: of those that are more
 * than the screen can show only what has not succeeded.
 */
export function showCount(
  names: readonly string[],
  word: string,
  loudness: Loudness,
  screen: ProgressScreen,
): Progress {
  const isAllTold = loudness === 'all' && names.length < screen.rows
  const nameAt = (at: number): string => names[at]!
  const working = new Set<string>()
  const count = {ended: 0, failed: 0}
  /** How many lines at the bottom are taken away before something else is written. */
  let drawn = 0
  const write = screen.write.bind(screen)

  // What others say meanwhile goes above it, too.
  screen.write = (text: string | Uint8Array): boolean => {
    say(String(text))
    return true
  }
  draw()
  return {
    began(at) {
      working.add(nameAt(at))
      say('')
    },
    ended(at, report) {
      working.delete(nameAt(at))
      count.ended++
      if (report.status !== 0) count.failed++
      const line = describeRun(report)
      const isHeard = isAllTold || report.status !== 0 || (loudness === 'all' && report.skipped !== null)
      say(isHeard && line !== undefined ? `${line}\n` : '')
    },
    finish() {
      erase()
      screen.write = write
      if (loudness === 'all' && !isAllTold) write(`${word}: ${summary()}\n`)
    },
  }

  function say(text: string): void {
    erase()
    if (text !== '') write(text)
    draw()
  }

  function erase(): void {
    if (drawn > 0) write(`\x1b[${drawn}A\x1b[J`)
    drawn = 0
  }

  function draw(): void {
    const shown = [...working].slice(0, Math.max(0, screen.rows - 2))
    const lines = [...shown.map((each) => `  ${each}: ${word}`), `${word} ${summary()}`]
    for (const each of lines) write(`${shorten(withoutControls(each), screen.columns - 1)}\n`)
    drawn = lines.length
  }

  function summary(): string {
    const failed = count.failed === 0 ? '' : `, ${count.failed} failed`
    const atWork = working.size === 0 ? '' : `, ${working.size} at work`
    return `${count.ended} of ${names.length}${atWork}${failed}`
  }
}
