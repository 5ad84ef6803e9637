/** What became of each instance: a line for people, an object for programs. */
import {isDamaged, type Listed, label} from '../model/instance.ts'
import type {TurnReport} from '../model/turn-report.ts'

/** A member of "results"; docs/json.md says what it means. */
export interface ResultJson {
  config_directory: string
  multi_instance_name: string | null
  word: string
  status: number
  skipped: string | null
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
export function describeTurn({instance, word, status, skipped}: TurnReport): string | undefined {
  const name = nameOf(instance)
  if (skipped !== null) return status === 0 ? `${name}: ${skipped}` : `${name}: no ${word}: ${skipped}`
  if (status === 0) return done[word] === undefined ? undefined : `${name}: ${done[word]}`
  return `${name}: ${word} failed${status > 128 ? `, ended by signal ${status - 128}` : ` with status ${status}`}`
}

export function toResultJson({instance, word, status, skipped, stdout, stderr}: TurnReport): ResultJson {
  return {
    config_directory: instance.config_directory,
    multi_instance_name: isDamaged(instance) ? null : instance.multi_instance_name || null,
    word,
    status,
    skipped,
    output: Buffer.concat([stdout, stderr]).toString(),
  }
}

/** What the programs said, in this order; the reports of those that had no turn because they cannot be read, too. */
export function sayRest(reports: readonly TurnReport[]): void {
  for (const each of reports) {
    if (isDamaged(each.instance)) process.stderr.write(`${describeTurn(each)}\n`)
    process.stdout.write(each.stdout)
    process.stderr.write(remainder(each))
  }
}

/** 0 when all went well, 1 when nothing did, 4 when some failed and others did not. */
export function toStatus(reports: readonly TurnReport[]): 0 | 1 | 4 {
  const failed = reports.filter(({status}) => status !== 0).length
  if (failed === 0) return 0
  return failed === reports.length ? 1 : 4
}

/** What is left to say on stderr: where our own line says it, postfix-script's remark that it does its work is left out. */
function remainder({word, status, stderr}: TurnReport): Buffer {
  if (status !== 0 || done[word] === undefined) return stderr
  const lines = stderr.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []
  const news = lines.filter((each) => !/^\S*postfix-script: (?!warning: |error: |fatal: |panic: )/.test(each))
  return Buffer.from(news.join(''), 'latin1')
}

function nameOf(instance: Listed): string {
  return isDamaged(instance) ? instance.config_directory : label(instance)
}
