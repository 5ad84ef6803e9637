/** Points in time, in the time of the reader's clock. */
import type {Cell} from './table.ts'

/** 2026-11-25 04:10 */
export function toDay(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** The half of it that says more: 04:10 of today, 2026-11-25 of another day. */
export function toShortDay(time: Date, now = new Date()): string {
  const [day = '', hour = ''] = toDay(time).split(' ')
  return toDay(now).startsWith(day) ? hour : day
}

export function dayCell(time: Date): Cell {
  return {text: toDay(time), short: toShortDay(time)}
}
