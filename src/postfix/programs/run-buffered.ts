/**
 * One program beside others: what it says is kept until it can be told in order. It is not in our process group, so
 * that Ctrl-C at the terminal does not cut it short.
 */
import {closeSync, fstatSync, readSync} from 'node:fs'
import {removeTree} from '../../files/act.ts'
import {openTranscript, tryTerminal} from '../../files/own.ts'
import {isFile} from '../../files/read.ts'
import {explainError} from '../../model/base/system-error.ts'
import {typed} from '../../model/base/typed.ts'
import {makeScratch} from '../reader/scratch.ts'
import type {Command} from './child-environment.ts'
import {describeEnding, statusOf} from './ending.ts'

export interface ProgramOutput {
  /** 128 + N when signal N ended it, 127 when there is no such program, 126 when it may not be run. */
  status: number
  stdout: Buffer
  stderr: Buffer
}

export interface BufferedOptions {
  /** Gives it a terminal for stderr: before Postfix 3.8 its programs are silent elsewhere. */
  terminal?: boolean
  /** stdout and stderr become one text, as they would on a terminal. */
  merged?: boolean
  /** It may read what we would read; then Ctrl-C reaches it, like every program on this terminal. */
  readsStdin?: boolean
}

/** Does not wait for what the program leaves in the background. */
export async function runBuffered(
  command: Command,
  {terminal = false, merged = false, readsStdin = false}: BufferedOptions = {},
): Promise<ProgramOutput> {
  const {execa} = await import('execa')
  const directory = makeScratch()
  const stderr = openTranscript(`${directory}/stderr`)
  const stdout = merged ? stderr : openTranscript(`${directory}/stdout`)
  removeTree(directory)
  try {
    const stdin = readsStdin ? 'inherit' : 'ignore'
    const onTerminal = terminal && hasTerminals()
    const [program = '', ...rest] = onTerminal ? throughTerminal(command.words) : command.words
    const ended = await execa(program, rest, {
      // execa's types know no descriptors that are open already.
      stdio: (onTerminal ? [stdin, stderr, stderr, stdout] : [stdin, stdout, stderr]) as unknown as 'ignore',
      env: onTerminal ? {...command.environment, SHELL: '/bin/sh'} : command.environment,
      extendEnv: false,
      detached: !readsStdin,
      cleanup: false,
      reject: false,
    })
    const said = readTranscript(stderr)
    return {
      status: statusOf(ended),
      stdout: merged ? Buffer.alloc(0) : readTranscript(stdout),
      stderr: Buffer.concat([
        onTerminal ? withoutReturns(said) : said,
        Buffer.from(describeEnding(command.words, ended)),
      ]),
    }
  } finally {
    closeSync(stderr)
    if (!merged) closeSync(stdout)
  }
}

/** As script(1) does it. What stays behind in the background is not to be hung up on when this terminal closes. */
function throughTerminal(words: string[]): string[] {
  return ['/usr/bin/script', '-qec', `trap '' HUP; exec ${typed(words)} >&3 3>&-`, '/dev/null']
}

function hasTerminals(): boolean {
  if (!isFile('/usr/bin/script')) return false
  try {
    tryTerminal()
    return true
  } catch (error) {
    explainError(error)
    return false
  }
}

/** From the beginning: the program has moved our place in the file. */
function readTranscript(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(descriptor).size)
  let length = 0
  while (length < bytes.length) length += readSync(descriptor, bytes, length, bytes.length - length, length)
  return bytes
}

function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
}
