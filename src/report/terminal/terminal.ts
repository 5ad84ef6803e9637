/** What stdout is like. NO_COLOR, FORCE_COLOR and TERM=dumb have their say in Node's own styleText. */
import {styleText} from 'node:util'
import type {Terminal} from './table.ts'

export function readTerminal(): Terminal {
  const {stdout, env} = process
  return {
    width: stdout.isTTY ? stdout.columns : undefined,
    // In another encoding an ellipsis would be three wrong letters.
    ...(/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') ? {} : {ellipsis: '...'}),
    paint: (style, text) => styleText(style, text, {stream: stdout}),
  }
}
