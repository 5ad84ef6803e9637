/** What a look at the host has found, a line for each. */
import type {Examination} from '../model/examination.ts'

const width = 'shared directories'.length

export function describeExamination({what, verdict, found, remedy}: Examination): string {
  const head = `${verdict.padEnd('advice'.length)}  ${what.padEnd(width)}  ${found}`
  return [head, ...remedy.map((each) => `${' '.repeat('advice'.length + 4 + width)}try: ${each}`)].join('\n')
}
