/** What stdout is like. NO_COLOR, FORCE_COLOR and TERM=dumb have their say in Node's own styleText. */
import {styleText} from 'node:util'
import type {Paper} from './table.ts'

export function readPaper(): Paper {
  const {stdout} = process
  return {
    width: stdout.isTTY ? stdout.columns : undefined,
    paint: (style, text) => styleText(style, text, {stream: stdout}),
  }
}
