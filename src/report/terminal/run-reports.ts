/** What became of each instance: a line for people, an object for programs. */
import {linesWithoutControls, withoutControls} from '../../model/base/controls.ts'
import {own} from '../../model/base/own.ts'
import {toLines} from '../../model/base/suggestion.ts'
import {toBytes} from '../../model/base/text.ts'
import type {RunReport} from '../../model/change/run-report.ts'
import {isDamaged, labelOf} from '../../model/instance/instance.ts'
import {type NamedJson, toNamedJson} from './listed.ts'

/** A member of "results"; docs/json.md says what it means. */
export interface RunJson extends NamedJson {
  word: string
  status: number
  skipped: string | null
  reason: string | null
  suggestions: string[]
  output: string
}

/** What is so when the word has done its work. */
const done: Record<string, string> = {
  start: 'started',
  stop: 'stopped',
  'quick-stop': 'stopped',
  abort: 'aborted',
  drain: 'stopped, its deliveries may finish',
  reload: 'reloaded',
  flush: 'flushed',
  check: 'checked',
}

/** Undefined where the output says it all. */
export function describeRun(report: RunReport): string | undefined {
  const told = wordsFor(report)
  return told && linesWithoutControls(told)
}

function wordsFor({instance, word, status, skipped, reason}: RunReport): string | undefined {
  const name = labelOf(instance)
  if (skipped !== null) return status === 0 ? `${name}: ${skipped}` : `${name}: ${word} was not run: ${skipped}`
  const isSo = own(done, word)
  if (status === 0) return isSo === undefined ? undefined : `${name}: ${isSo}`
  if (reason !== null) return `${name}: ${word} failed: ${reason}`
  return `${name}: ${word} failed${status > 128 ? `, ended by signal ${status - 128}` : ` with status ${status}`}`
}

export function toRunJson(report: RunReport): RunJson {
  const {instance, word, status, skipped, reason, suggestions, stdout, stderr} = report
  return {
    ...toNamedJson(instance),
    word,
    status,
    skipped,
    reason,
    suggestions: toLines(suggestions),
    output: Buffer.concat([stdout, stderr]).toString(),
  }
}

/** What its programs said, and what may help; that it cannot be read, where this is all there is to say. */
export function sayRest(report: RunReport): void {
  if (isDamaged(report.instance)) process.stderr.write(`${describeRun(report)}\n`)
  process.stdout.write(report.stdout)
  process.stderr.write(newsOf(report))
  for (const each of toLines(report.suggestions)) process.stderr.write(`  try: ${each}\n`)
}

/** Holds back what ended before its turn to be told. */
export function inOrder(say: (report: RunReport) => void): (at: number, report: RunReport) => void {
  const waiting: RunReport[] = []
  let next = 0
  return (at, report) => {
    waiting[at] = report
    for (let each = waiting[next]; each !== undefined; each = waiting[next]) {
      say(each)
      next++
    }
  }
}

/** Lines of a program, each with the name before it. */
export function sayPrefixed(name: string): (stream: 'stdout' | 'stderr', line: Buffer) => void {
  return (stream, line) => void process[stream].write(Buffer.concat([toBytes(`${withoutControls(name)}: `), line]))
}

/** 0 when all went well, 1 when nothing did, 4 when some failed and others did not. */
export function toStatus(reports: readonly RunReport[]): 0 | 1 | 4 {
  const failed = reports.filter(({status}) => status !== 0).length
  if (failed === 0) return 0
  return failed === reports.length ? 1 : 4
}

/**
 * What is left to say on stderr: what postfix-script's programs say one after the other is told once, and where our own
 * line says it, postfix-script's remark that it does its work is skipped.
 */
export function newsOf({word, status, reason, stderr}: RunReport): Buffer {
  if (own(done, word) === undefined) return stderr
  const lines = stderr.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []
  const isAll = status !== 0 && reason === null
  const news = lines.filter((each) => isAll || !/^\S*postfix-script: (?!warning: |error: |fatal: |panic: )/.test(each))
  const firsts = [...news.entries()].filter(([at, line]) => line !== news[at - 1])
  const told = firsts.map(([at, line], which) => withCount(line, (firsts[which + 1]?.[0] ?? news.length) - at))
  return Buffer.from(told.join(''), 'latin1')
}

function withCount(line: string, count: number): string {
  return count === 1 ? line : `${line.trimEnd()} (${count} times)\n`
}
