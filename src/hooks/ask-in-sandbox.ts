/**
 * Asking an installed plugin in a process of its own, which ends with it: what it breaks is not ours, it cannot act on
 * the host, and it can be stopped.
 */
import type {Asked} from '../ask.ts'
import {linesWithoutControls} from '../model/base/controls.ts'
import {explainError} from '../model/base/system-error.ts'
import {openChannel} from './channel.ts'
import {describeThrown, type HookExport} from './hook.ts'
import type {QuestionData} from './question.ts'
import {checkMayBeTold, confine, endLeftovers, type Sandboxed, startSandbox} from './sandbox.ts'

/** Hooks with their question, or the file that rules are in; `root` is the directory of the plugin. */
export type ToAsk = {root: string} & (
  | {places: HookExport[]; question: QuestionData}
  | {rules: string; settings: QuestionData['settings']}
)

/** The account is what it goes on as; null when that is who it is. */
export type ToAsker = {account: number | null; ask: ToAsk} | {id: number; value: unknown} | {id: number; fault: string}

export type FromAsker =
  /** All that only root may read. */
  | {loaded: true}
  | {id: number; what: 'read' | 'text'; words: unknown[]}
  /** One for each hook, or each rule. */
  | {answers: unknown[]}
  | {fault: string}

type ReadRequest = Extract<FromAsker, {id: number}>

export type SandboxAnswer = {answers: unknown[]} | {fault: string}

/** Of characters, of all that it says and of one text. Reading more takes longer than a plugin has. */
const mostCharacters = 16 * 1024 * 1024
/** In bytes: it may ask for a thousand texts at once. */
const mostUnread = 256 * 1024 * 1024

/** Beside the bundle that this becomes a part of. */
export function asker(): string {
  return `${__dirname}/asker.cjs`
}

/** `program` is that of the other process; `timeout` is in seconds, those that we work for it included. */
export function askInSandbox(
  program: string,
  ask: ToAsk,
  {read, text}: Pick<Asked, 'read' | 'text'>,
  timeout: number,
): Promise<SandboxAnswer> {
  const deadline = Date.now() + timeout * 1000
  const others = endLeftovers()
  let child: Sandboxed
  try {
    child = startSandbox(program)
  } catch (error) {
    return Promise.resolve({fault: `it cannot be started: ${explainError(error)}`})
  }
  return new Promise((resolve) => {
    let said: SandboxAnswer | undefined
    let begun = false
    const finish = (last: SandboxAnswer): SandboxAnswer => {
      clearTimeout(late)
      said ??= last
      child.kill('SIGKILL')
      return said
    }
    const late = setTimeout(finishLate, timeout * 1000)
    child.on('error', (error) => {
      clearTimeout(late)
      resolve({fault: `it cannot be started: ${error.message}`})
    })
    child.on('close', (status, signal) => {
      const how = signal === null ? `with status ${status}` : `by ${signal}`
      resolve(finish({fault: `it ended ${how} before it had answered`}))
    })
    if (child.pid === undefined) return
    passOn(child)
    const [, , , stream] = child.stdio
    const send = openChannel(stream, (message) => {
      if (said !== undefined) return
      if (Date.now() > deadline) finishLate()
      else if (!begun && isLoaded(message)) begin()
      else if (isLook(message)) answer(message)
      else finish(isLastWord(message) ? message : {fault: 'it sent a message that was not asked for'})
    })
    let size = 0
    stream.on('data', (more: string) => {
      size += more.length
      if (size > mostCharacters) finish({fault: `it sent more than ${mostCharacters / 1024 / 1024} MB`})
    })
    // It has gone: that is told when it is closed.
    stream.on('error', () => {})

    function begin(): void {
      begun = true
      try {
        send({account: confine(child, others), ask} satisfies ToAsker)
      } catch (error) {
        finish({fault: `it cannot be confined: ${describeThrown(error)}`})
      }
    }

    function answer(look: ReadRequest): void {
      send(reply(look))
      if (stream.writableLength > mostUnread) finish({fault: 'it does not read the answers to its requests'})
    }

    function finishLate(): void {
      finish({fault: `it did not answer within ${timeout} s`})
    }
  })

  function reply({id, what, words}: ReadRequest): ToAsker {
    try {
      if (what === 'read') return {id, value: read(...(words as Parameters<typeof read>))}
      const [when, path] = words as Parameters<typeof text>
      checkMayBeTold(path)
      const value = text(when, path)
      if (value !== null && value.length > mostCharacters)
        throw new Error(`${path} has more than ${mostCharacters / 1024 / 1024} MB`)
      return {id, value}
    } catch (error) {
      return {id, fault: describeThrown(error)}
    }
  }
}

/** What it prints, for its author. */
function passOn({stdio: [, stdout, stderr]}: Sandboxed): void {
  let left = 64 * 1024
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      process.stderr.write(linesWithoutControls(more.slice(0, left)))
      left = Math.max(0, left - more.length)
    })
  }
}

function isLoaded(message: unknown): boolean {
  return Object(message).loaded === true
}

/** A plugin can get hold of the channel, too. */
function isLook(message: unknown): message is ReadRequest {
  const {id, what, words} = Object(message)
  return typeof id === 'number' && (what === 'read' || what === 'text') && Array.isArray(words)
}

function isLastWord(message: unknown): message is SandboxAnswer {
  const {answers, fault} = Object(message)
  // On one line: the next one would be ours.
  const isFault = typeof fault === 'string' && !fault.includes('\n')
  return fault === undefined ? Array.isArray(answers) : isFault && answers === undefined
}
