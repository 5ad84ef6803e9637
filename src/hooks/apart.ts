/**
 * Asking an installed plugin in a process of its own, which ends with it: what it breaks is not ours, it cannot act on
 * the host, and it can be stopped.
 */
import type {ChildProcess} from 'node:child_process'
import type {Asked} from '../ask.ts'
import {describeThrown, type Place} from './hook.ts'
import type {QuestionData} from './question.ts'

/** Hooks with their question, or the file that rules are in. */
export type ToAsk = {places: Place[]; question: QuestionData} | {rules: string}

export type ToAsker = ToAsk | {id: number; value: unknown} | {id: number; fault: string}

export type FromAsker =
  | {id: number; what: 'read' | 'text'; words: unknown[]}
  /** One for each hook, or each rule. */
  | {answers: unknown[]}
  | {fault: string}

export type SaidApart = {answers: unknown[]} | {fault: string}

/** Beside the bundle that this becomes a part of. */
export function asker(): string {
  return `${__dirname}/asker.cjs`
}

/** `program` is that of the other process; `timeout` is in seconds. */
export function askApart(
  program: string,
  ask: ToAsk,
  {read, text}: Pick<Asked, 'read' | 'text'>,
  timeout: number,
): Promise<SaidApart> {
  const {fork} = process.getBuiltinModule('node:child_process')
  const child = fork(program, {
    execArgv: ['--jitless', '--permission', '--allow-fs-read=*', '--disable-warning=SecurityWarning'],
    // What it prints must not get among the answers of ours.
    stdio: ['ignore', 2, 2, 'ipc'],
    cwd: '/',
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8'},
  })
  return new Promise((resolve) => {
    const late = setTimeout(() => finish({fault: `it did not answer within ${timeout} s`}), timeout * 1000)
    child.on('error', (error) => finish({fault: `it cannot be started: ${error.message}`}))
    child.on('exit', (status, signal) => {
      finish({fault: `it ended ${signal === null ? `with status ${status}` : `by ${signal}`} before it had answered`})
    })
    child.on('message', (message) => {
      if (isLook(message)) reply(child, message)
      else finish(isLastWord(message) ? message : {fault: 'it sent something of its own'})
    })
    child.send(ask satisfies ToAsker)

    function finish(said: SaidApart): void {
      clearTimeout(late)
      child.kill('SIGKILL')
      resolve(said)
    }
  })

  function reply(child: ChildProcess, {id, what, words}: Extract<FromAsker, {id: number}>): void {
    let answer: ToAsker
    try {
      const value =
        what === 'read' ? read(...(words as Parameters<typeof read>)) : text(...(words as Parameters<typeof text>))
      answer = {id, value}
    } catch (error) {
      answer = {id, fault: describeThrown(error)}
    }
    child.send(answer)
  }
}

/** A plugin can get hold of the channel, too. */
function isLook(message: unknown): message is Extract<FromAsker, {id: number}> {
  const {id, what, words} = Object(message)
  return typeof id === 'number' && (what === 'read' || what === 'text') && Array.isArray(words)
}

function isLastWord(message: unknown): message is SaidApart {
  const {answers, fault} = Object(message)
  return Array.isArray(answers) || typeof fault === 'string'
}
