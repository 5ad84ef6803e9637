/**
 * The whole terminal, for lines that come anew again and again, and the keys that are pressed meanwhile.
 * Source: console_codes(4); "Alternate Screen Buffer" in ctlseqs of xterm, which all terminals of today follow.
 */
import type {Key} from '../model/top/top-view.ts'

export interface FullScreen {
  size(): {columns: number; lines: number}
  /** As many as the screen has; what is too long is cut. */
  show(lines: readonly string[]): void
  /** To the shell, until it calls us back. */
  suspend(): void
  /** The terminal is as it was before. */
  close(): void
}

// Another screen, whose lines do not wrap, without a cursor; and back.
const [enter, leave] = ['\x1b[?1049h\x1b[?7l\x1b[?25l', '\x1b[?25h\x1b[?7h\x1b[?1049l']

/** `gone` is called when the terminal is gone. */
export function openScreen(press: (key: Key) => void, resized: () => void, gone: () => void): FullScreen {
  const {stdin, stdout} = process
  let shown: readonly string[] = []
  let begun = ''
  let patience: NodeJS.Timeout | undefined

  stdin.setEncoding('utf8')
  for (const each of ['end', 'error', 'close']) stdin.on(each, gone)
  stdin.on('data', take)
  stdout.on('resize', redraw)
  process.on('exit', back)
  open()

  return {
    size: () => ({columns: stdout.columns || 80, lines: stdout.rows || 24}),
    show(lines) {
      const changed = lines.flatMap((line, at) => (line === shown[at] ? [] : `\x1b[${at + 1};1H${line}\x1b[K`))
      const rest = lines.length < shown.length ? `\x1b[${lines.length + 1};1H\x1b[J` : ''
      if (changed.length > 0 || rest !== '') stdout.write(changed.join('') + rest)
      shown = lines
    },
    suspend() {
      back()
      // To all in the foreground, as a terminal does. Without a shell that could call us back, nothing happens.
      process.kill(0, 'SIGTSTP')
      open()
    },
    close() {
      clearTimeout(patience)
      stdin.off('data', take)
      stdout.off('resize', redraw)
      process.off('exit', back)
      back()
      stdin.pause()
    },
  }

  function open(): void {
    stdin.setRawMode(true)
    stdout.write(enter)
    shown = []
  }

  function back(): void {
    stdout.write(leave)
    stdin.setRawMode(false)
  }

  function redraw(): void {
    forget()
    resized()
  }

  function forget(): void {
    stdout.write('\x1b[2J')
    shown = []
  }

  /** What is pasted, or typed fast, comes at once; what a slow line has cut, in two parts. */
  function take(more: string): void {
    clearTimeout(patience)
    const keys = (begun + more).match(/\x1b(?:\[[\d;]*(?:[@-~]|$)|O(?:.|$)|[^\x1b]?)|./gsu) ?? []
    const last = keys.at(-1) ?? ''
    begun = /^\x1b(?:\[[\d;]*|O)?$/.test(last) ? last : ''
    for (const each of begun === '' ? keys : keys.slice(0, -1)) pass(each)
    if (begun === '') return
    patience = setTimeout(() => {
      pass(begun)
      begun = ''
    }, 50)
  }

  function pass(sequence: string): void {
    const key = toKey(sequence)
    if (key === 'redraw') forget()
    if (key !== undefined) press(key)
  }
}

const named = new Map<string, Key>([
  ['\x1b', 'escape'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\b', 'backspace'],
  ['\x7f', 'backspace'],
  ['\x03', 'interrupt'],
  ['\x1a', 'suspend'],
  ['\x0c', 'redraw'],
  ['\x15', 'erase'],
  ...Object.entries<Key>({
    ...{A: 'up', B: 'down', C: 'right', D: 'left', F: 'end', H: 'home'},
    ...{'1~': 'home', '3~': 'backspace', '4~': 'end', '5~': 'page up', '6~': 'page down', '7~': 'home', '8~': 'end'},
  }).flatMap(([code, key]): [string, Key][] => [
    [`\x1b[${code}`, key],
    [`\x1bO${code}`, key],
  ]),
])

function toKey(sequence: string): Key | undefined {
  const isTyped = !/[\x00-\x1f\x7f-\x9f]/.test(sequence)
  return named.get(sequence) ?? (isTyped ? {typed: sequence} : undefined)
}
