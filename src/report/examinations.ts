/** What a look at the host has found, a line for each. */
import {linesWithoutControls} from '../model/base/controls.ts'
import {toLines} from '../model/base/suggestion.ts'
import type {Examination} from '../model/survey/examination.ts'

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
