/** A terminal of 80 by 24 with a program in it, whose screen can be read, and keys pressed. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import xterm from '@xterm/headless'
import {sh, sleep} from '../acceptance/inside.ts'

export interface Terminal {
  /** Until the screen is like that; what it is like then. */
  until(pattern: RegExp): Promise<string>
  press(keys: string): void
  /** Of the program in it. */
  pid(): number
  /** The terminal is gone at once. */
  close(): void
  /** Exit status of the program; 128 + N after signal N. */
  ended(): Promise<number>
  /** All that came. */
  text(): string
  /** What is not as it was before the program, once that has ended. */
  unlike(): Promise<string[]>
}

const open = new Set<Terminal>()

/** Those that a test has left. */
export function closeTerminals(): void {
  for (const each of open) each.close()
}

/** `line` is a line of shell. */
export function openTerminal(line: string, environment: Record<string, string> = {}): Terminal {
  sh('rm -f /run/before /run/after /run/status')
  const inside = `stty rows 24 cols 80; stty -a >/run/before; echo earlier; ${line}; echo $? >/run/status; stty -a >/run/after`
  const child = spawn('script', ['-qefc', inside, '/dev/null'], {
    cwd: '/',
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TERM: 'xterm', ...environment},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const emulator = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true})
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
    emulator.write(more)
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))

  const terminal: Terminal = {
    async until(pattern) {
      for (let tries = 0; !pattern.test(look()); tries++) {
        assert.ok(tries < 150, `${pattern} did not come in 15 s:\n${look()}`)
        await sleep(100)
      }
      return look()
    },
    press: (keys) => void child.stdin.write(keys),
    pid: () => Number(sh(`pgrep -n -f 'node.*[p]ostmulti top'`)),
    close: () => void child.kill('SIGKILL'),
    async ended() {
      await Promise.race([ended, sleep(15_000)])
      assert.ok(existsSync('/run/after'), `it has not ended:\n${look()}`)
      return Number(readFileSync('/run/status', 'utf8'))
    },
    text: () => text,
    async unlike() {
      await new Promise<void>((resolve) => emulator.write('', resolve))
      const found = []
      if (readFileSync('/run/before', 'utf8') !== readFileSync('/run/after', 'utf8'))
        found.push('stty has other settings')
      if (emulator.buffer.active.type !== 'normal') found.push('the alternate screen is left on')
      if (text.lastIndexOf('\x1b[?25l') > text.lastIndexOf('\x1b[?25h')) found.push('there is no cursor')
      if (!look().startsWith('earlier\n')) found.push(`the screen is another one:\n${look()}`)
      return found
    },
  }
  open.add(terminal)
  ended.then(() => open.delete(terminal))
  return terminal

  function look(): string {
    const {active} = emulator.buffer
    const lines = Array.from({length: 24}, (_, at) => active.getLine(active.baseY + at)?.translateToString(true) ?? '')
    return lines.join('\n')
  }
}
