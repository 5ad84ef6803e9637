/**
 * The full screen of `postmulti top`: looks again and again, draws, and does what the keys say, until somebody quits, a
 * signal comes, or the terminal is gone. Then the terminal is as it was before, and a signal does what it does elsewhere.
 */
import {arrangeRows, type Sample, type SortKey} from '../../model/top/top.ts'
import {firstView, type Key, press} from '../../model/top/top-view.ts'
import {endingSignals} from '../../postfix/programs/inheritance.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {pageOf, toScreen} from '../../report/top/top-screen.ts'
import {openScreen} from '../../screen/screen.ts'

export interface FillScreenOptions {
  /** In seconds. */
  interval: number
  /** How many looks. */
  count: number
  sort: SortKey
  /** What went wrong since it was asked for last. */
  takeNotice(): string | undefined
}

/** The exit status. */
export async function fillScreen(
  look: () => Promise<Sample>,
  {interval, count, sort, takeNotice}: FillScreenOptions,
): Promise<number> {
  let sample = await look()
  let looks = 1
  let view = {...firstView, sort}
  let notice = takeNotice()
  let isLooking = false
  let timer: NodeJS.Timeout | undefined
  const end = Promise.withResolvers<NodeJS.Signals | undefined>()
  const {constants, hostname} = process.getBuiltinModule('node:os')
  const {paint} = readTerminal()
  const signals = endingSignals()
  const gone = (): void => end.resolve('SIGHUP')
  for (const each of signals) process.on(each, end.resolve)
  process.stdout.on('error', gone)
  const screen = openScreen(take, draw, gone)
  draw()
  again()
  const signal = await end.promise.finally(() => {
    clearTimeout(timer)
    screen.close()
    for (const each of signals) process.off(each, end.resolve)
  })
  // What cannot be read was seen.
  if (signal === undefined) return 0
  process.kill(process.pid, signal)
  return 128 + constants.signals[signal]

  function draw(): void {
    const rows = arrangeRows(sample, view)
    screen.show(toScreen({sample, rows, view, host: hostname(), interval, notice}, screen.size(), paint))
  }

  function again(): void {
    if (looks >= count) end.resolve(undefined)
    else timer = setTimeout(refresh, interval * 1000)
  }

  function refresh(): void {
    if (isLooking) return
    isLooking = true
    clearTimeout(timer)
    look().then((found) => {
      sample = found
      looks++
      isLooking = false
      notice = takeNotice() ?? notice
      draw()
      again()
    }, end.reject)
  }

  function take(key: Key): void {
    notice = undefined
    const pressed = press(view, key, arrangeRows(sample, view), pageOf(screen.size()))
    view = pressed.view
    if (pressed.wish === 'quit') end.resolve(undefined)
    else if (pressed.wish !== undefined) {
      if (pressed.wish === 'suspend') screen.suspend()
      refresh()
    }
    draw()
  }
}
