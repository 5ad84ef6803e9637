/**
 * The page that the demo writes: headings, commands as they were typed, answers, and what came of them.
 * In colour on a terminal, unless NO_COLOR is set.
 */

import {styleText} from 'node:util'
import type {ReportFlags} from './keyboard.ts'

export interface Page extends ReportFlags {
  heading(text: string): void
  /** Something that happens without a command. */
  event(text: string): void
  /** What is so now. */
  result(text: string): void
  /** Text from elsewhere: a diagram, a message header. */
  quote(text: string): void
  failure(reason: string, mailLog: string[]): void
}

export function pageOn(stream: NodeJS.WriteStream): Page {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, {stream, validateStream: true})
  const write = (indent: string, text: string, style: Parameters<typeof styleText>[0]) => {
    for (const line of text.split('\n')) stream.write(`${indent}${paint(style, line)}`.trimEnd().concat('\n'))
  }
  return {
    heading: (text) => write('', `\n${text}`, ['bold', 'cyan']),
    event: (text) => write('  ', text, 'bold'),
    typed: (command) => write('  ', `# ${command.replaceAll('\n', '\n  ')}`, 'bold'),
    answered: (answer) => answer && write('    ', answer, 'dim'),
    edited(file, lines, more) {
      write('  ', `edit ${file}${more ? ' (excerpt)' : ''}`, 'bold')
      write('    ', lines.join('\n'), 'dim')
    },
    quote: (text) => write('    ', text.replaceAll('\t', '        '), 'dim'),
    failure(reason, mailLog) {
      write('', `\n${reason}`, ['bold', 'red'])
      write('', ['The end of the mail log:', ...mailLog].join('\n'), 'dim')
    },
    result: (text) => write('  ', `=> ${text}`, 'green'),
  }
}
