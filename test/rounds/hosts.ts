/** A throw-away host that plays rounds in one manner, from without. */
import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Round} from './draw.ts'
import type {Played} from './judge.ts'

/** `instances WORD`, `-p WORD`, and Postfix's own program for each instance. */
export const manners = ['sub-command', 'classic', 'postfix(1)'] as const
export type Manner = (typeof manners)[number]

export interface Host {
  manner: Manner
  play(round: Round): Promise<Played[]>
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

export async function openHost(manner: Manner): Promise<Host> {
  const words = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'player.ts'),
    manner,
  ]
  const child = spawn(join(root, 'plugins/plugin-api/host'), words, {stdio: ['pipe', 'pipe', 'inherit']})
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const ask = async (): Promise<string> => {
    const {value, done} = await lines.next()
    if (done) throw new Error(`the host of ${manner} is gone`)
    return value
  }
  await ask()
  return {
    manner,
    async play(round) {
      child.stdin.write(`${JSON.stringify(round)}\n`)
      return JSON.parse(await ask())
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
