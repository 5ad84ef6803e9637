/** What a look at the host has found, a line for each. */
import {linesWithoutControls} from '../model/controls.ts'
import type {Examination} from '../model/examination.ts'
import {toLines} from '../model/suggestion.ts'

export type ExaminationJson = Omit<Examination, 'remedy'> & {remedy: string[]}

const width = 'shared directories'.length

export function describeExamination({what, verdict, found, remedy}: Examination): string {
  const head = `${verdict.padEnd('advice'.length)}  ${what.padEnd(width)}  ${found}`
  const tries = toLines(remedy).map((each) => `${' '.repeat('advice'.length + 4 + width)}try: ${each}`)
  return linesWithoutControls([head, ...tries].join('\n'))
}

export function toExaminationJson(examination: Examination): ExaminationJson {
  return {...examination, remedy: toLines(examination.remedy)}
}
