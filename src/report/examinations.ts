/** What a look at the host has found, a line for each. */
import {linesWithoutControls} from '../model/controls.ts'
import type {Examination} from '../model/examination.ts'

const width = 'shared directories'.length

export function describeExamination({what, verdict, found, remedy}: Examination): string {
  const head = `${verdict.padEnd('advice'.length)}  ${what.padEnd(width)}  ${found}`
  const tries = remedy.map((each) => `${' '.repeat('advice'.length + 4 + width)}try: ${each}`)
  return linesWithoutControls([head, ...tries].join('\n'))
}
