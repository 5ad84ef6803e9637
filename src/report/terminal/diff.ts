/** What a plan makes of configuration files, as unified diffs. Nothing here is changed; `read` looks at the host. */
import {styleText} from 'node:util'
import {linesWithoutControls} from '../../model/base/controls.ts'
import {allToLatin1, fromBytes} from '../../model/base/text.ts'
import {pathOf} from '../../model/change/before-image.ts'
import {editLine, placeWanted} from '../../model/change/lines.ts'
import type {Step} from '../../model/change/plan.ts'
import {editMainCf} from '../../model/main-cf/editor.ts'

/** Texts are latin1. */
export interface FileChange {
  path: string
  /** The file that it is compared with: itself, or what it was made after. */
  from: string
  before: string
  after: string
}

/** One for each file of text that is edited or written, in the order of the steps. Absent files read as undefined. */
export function fileChanges(steps: readonly Step[], read: (path: string) => string | undefined): FileChange[] {
  const changes = new Map<string, FileChange>()
  for (const step of steps) {
    if (step.do === 'edit main.cf') {
      const {set, unset = []} = step
      note(`${step.config_directory}/main.cf`, (text) => editMainCf(text, {set: allToLatin1(set), remove: unset}))
    } else if (step.do === 'write file') note(step.path, () => step.bytes, step.from)
    else if (step.do === 'add line' || step.do === 'remove line') {
      note(step.path, (text) => editLine(text, step.line, placeWanted(step.do)))
    } else if (step.do === 'restore' && step.trace.was === 'line') {
      const {path, line, at} = step.trace
      note(path, (text) => editLine(text, line, at))
    } else if (step.do === 'restore' && 'base64' in step.trace) {
      const {trace} = step
      note(pathOf(trace), () => Buffer.from(trace.base64, 'base64').toString('latin1'))
    }
  }
  return [...changes.values()].filter(({before, after}) => before !== after && !/\0/.test(before + after))

  function note(path: string, edit: (text: string) => string, from = path): void {
    const earlier = changes.get(path)
    const before = earlier?.before ?? read(path) ?? read(from) ?? ''
    changes.set(path, {path, from: earlier?.from ?? from, before, after: edit(earlier?.after ?? before)})
  }
}

export function toDiffs(changes: readonly FileChange[]): Promise<{path: string; diff: string}[]> {
  return Promise.all(changes.map(async (each) => ({path: each.path, diff: await unifiedDiff(each)})))
}

/** As diff(1) prints it with -u, without times. */
export async function unifiedDiff({path, from, before, after}: FileChange): Promise<string> {
  const {createTwoFilesPatch} = await import('diff')
  const patch = createTwoFilesPatch(from, path, fromBytes(before), fromBytes(after), '', '', {context: 3})
  return patch.slice(patch.indexOf('--- ')).trimEnd()
}

/** For a terminal that shows colours; as it is for any other. */
export function colourDiff(diff: string): string {
  return linesWithoutControls(diff)
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return styleText('bold', line)
      if (line.startsWith('@@')) return styleText('cyan', line)
      return line.startsWith('+') ? styleText('green', line) : line.startsWith('-') ? styleText('red', line) : line
    })
    .join('\n')
}
