/**
 * The whole terminal, for lines that come anew again and again, and the keys that are pressed meanwhile. All that a
 * terminal wants to be told is the business of Ink, which takes 50 ms to load: nobody else imports this file.
 */
import {Box, type Key as InkKey, render, Text, useApp, useInput} from 'ink'
import {createElement, type ReactNode} from 'react'
import type {Key} from '../model/top/top-view.ts'

export interface Size {
  columns: number
  lines: number
}

export interface FullScreen {
  size(): Size
  /** As many as the screen has, none too long for it. */
  show(lines: readonly string[]): void
  /** To the shell, until it calls us back. */
  suspend(): Promise<void>
  /** The terminal is as it was before. */
  close(): void
}

/** `gone` is called when nobody can type any more. */
export function openScreen(press: (key: Key) => void, resized: () => void, gone: () => void): FullScreen {
  const {stdin, stdout} = process
  let suspendTerminal: Suspend | undefined
  const size = (): Size => ({columns: stdout.columns || 80, lines: stdout.rows || 24})
  const options = {
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  }
  const {rerender, unmount} = render(toNode([]), options)
  stdout.on('resize', resized)
  for (const each of ['end', 'error', 'close']) stdin.on(each, gone)

  return {
    size,
    show: (lines) => rerender(toNode(lines)),
    async suspend() {
      await suspendTerminal?.(async () => {
        // Everybody in the foreground, as the terminal does it. Where no shell would call us back, nothing happens.
        process.kill(0, 'SIGTSTP')
        await process.getBuiltinModule('node:timers/promises').setTimeout(50)
      })
    },
    close() {
      stdout.off('resize', resized)
      unmount()
    },
  }

  function toNode(lines: readonly string[]): ReactNode {
    return createElement(Screenful, {lines, press, keep})
  }

  function keep(suspend: Suspend): void {
    suspendTerminal = suspend
  }
}

type Suspend = ReturnType<typeof useApp>['suspendTerminal']

/** `keep` is given what only a component gets from Ink. */
function Screenful({
  lines,
  press,
  keep,
}: {
  lines: readonly string[]
  press(key: Key): void
  keep(suspend: Suspend): void
}) {
  keep(useApp().suspendTerminal)
  useInput((input, key) => {
    for (const each of toKeys(input, key)) press(each)
  })
  // A line without characters would have no height.
  const texts = lines.map((text, key) => createElement(Text, {key, wrap: 'truncate-end'}, text === '' ? ' ' : text))
  return createElement(Box, {flexDirection: 'column'}, texts)
}

const named: [name: keyof InkKey, key: Key][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page up'],
  ['pageDown', 'page down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
]

const withControl: Record<string, Key> = {c: 'interrupt', z: 'suspend', l: 'redraw', u: 'erase'}

/** What is pasted, or typed fast, comes at once. */
function toKeys(input: string, key: InkKey): Key[] {
  const found = named.find(([name]) => key[name])
  if (found !== undefined) return [found[1]]
  if (key.ctrl) return [withControl[input]].filter((each) => each !== undefined)
  return key.meta ? [] : [...input].map((typed) => ({typed}))
}
