/**
 * What the reader of the walk-through does at a terminal: type commands and edit files.
 * Nothing here decides what to type, and how it is shown is left to the Telling.
 */

import {spawn} from 'node:child_process'
import {globSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs'

export interface ReportFlags {
  typed(command: string): void
  answered(answer: string): void
  /** `more`: the lines are not all that is new in the file. */
  edited(file: string, lines: string[], more: boolean): void
}

export interface Keyboard {
  /** Type a command line into a shell; its answer. Any exit status but the expected one (0) is an error. */
  type(command: string, status?: number): Promise<string>
  /** Change the text of a file, empty when there is none; `lines` are what is worth showing of it. */
  edit(file: string, lines: string[], change: (text: string) => string): void
}

/** A command ended with another status than it should. */
export class CommandFailure extends Error {
  /** The message without the answer, for those who have seen it. */
  readonly summary: string

  constructor(summary: string, answer: string) {
    super(`${summary}:\n${answer}`)
    this.summary = summary
  }
}

const silent: ReportFlags = {answered() {}, edited() {}, typed() {}}

export function keyboard(telling: ReportFlags = silent): Keyboard {
  return {
    async type(command, status = 0) {
      telling.typed(command)
      antedate()
      const {answer, exit} = await runAtTerminal(command)
      telling.answered(answer)
      if (exit !== status) throw new CommandFailure(`${command}\nended with status ${exit}, not ${status}`, answer)
      return answer
    },
    edit(file, lines, change) {
      const before = readText(file)
      const after = change(before)
      const present = new Set(before.split('\n'))
      const added = after.split('\n').filter((line) => line !== '' && !present.has(line))
      telling.edited(file, lines, added.length > lines.length)
      writeFileSync(file, after)
    },
  }
}

/** The text of a file, empty when there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** At a terminal, because Postfix 3.7 tells people what it does and what is wrong only there. */
function runAtTerminal(command: string): Promise<{answer: string; exit: number | null}> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: {...process.env, NO_COLOR: '1'},
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })
  let answer = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      answer += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exit) => resolve({answer: answer.replaceAll('\r', '').trimEnd(), exit}))
  })
}

/** Every Postfix program waits up to two seconds for a main.cf or master.cf that was written just now. */
function antedate(): void {
  const [now, long] = [Date.now() / 1000, 10]
  for (const file of globSync('/etc/postfix*/{main,master}.cf')) {
    if (statSync(file).mtimeMs / 1000 > now - long) utimesSync(file, now, now - long)
  }
}
