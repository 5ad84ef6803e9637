/** Points in time, in the time of the reader's clock. */

/** 2026-11-25 04:10 */
export function toDay(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}
