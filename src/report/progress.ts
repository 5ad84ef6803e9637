/** How far work over several instances has come: a list that moves on a terminal, a line for each one elsewhere. */
import {stripVTControlCharacters} from 'node:util'
import {withoutControls} from '../model/controls.ts'
import type {TurnReport} from '../model/turn-report.ts'
import {describeTurn} from './turns.ts'

export interface Progress {
  began(at: number): void
  ended(at: number, report: TurnReport): void
  /** Resolves when stderr is free for other output. */
  finish(): Promise<void>
}

/** What is shown of it. */
export type Loudness = 'all' | 'failures' | 'nothing'

/** `names` are in the order in which their turn may come. */
export async function showProgress(names: readonly string[], word: string, loudness: Loudness): Promise<Progress> {
  // A terminal that does not know its size would get a letter on each line, or nothing.
  const {isTTY, columns, rows} = process.stderr
  const moves = isTTY && columns > 0 && rows > 0 && process.env.TERM !== 'dumb'
  return loudness === 'all' && moves && names.length > 1 ? showList(names, word) : showLines(loudness)
}

function showLines(loudness: Loudness): Progress {
  return {
    began: () => {},
    ended(_at, report) {
      const line = describeTurn(report)
      const isHeard = loudness === 'all' || (loudness === 'failures' && report.status !== 0)
      if (isHeard && line !== undefined) process.stderr.write(`${line}\n`)
    },
    finish: async () => {},
  }
}

async function showList(labels: readonly string[], command: string): Promise<Progress> {
  const {Listr, ListrLogger, ProcessOutput} = await import('listr2')
  const [names, word] = [labels.map(withoutControls), withoutControls(command)]
  const notes = Promise.withResolvers<{output: string}>()
  /** listr2 would keep back what others write to stderr until the list stands still: it goes under the list. */
  class Output extends ProcessOutput {
    override hijack(): void {
      super.hijack()
      process.stderr.write = (text: string | Uint8Array): boolean => {
        // Each drawing hides the cursor by this way: that is no text, and would be answered by another drawing.
        const note = stripVTControlCharacters(String(text)).trimEnd()
        if (note === '') return true
        void notes.promise.then((task) => {
          task.output = note
        })
        return true
      }
    }
  }
  const begun = names.map(() => Promise.withResolvers<void>())
  const over = names.map(() => Promise.withResolvers<TurnReport>())
  const turns = names.map((name, at) => ({
    title: `${name}: waits`,
    async task(_context: unknown, task: {title: string; skip(text: string): void}) {
      void begun[at]!.promise.then(() => {
        task.title = `${name}: ${word}`
      })
      const report = await over[at]!.promise
      const line = describeTurn(report) ?? `${name}: ${word}`
      task.title = line
      if (report.status !== 0) throw new Error(line)
      if (report.skipped !== null) task.skip(line)
    },
  }))
  const processOutput = new Output(process.stderr as unknown as NodeJS.WriteStream, process.stdout)
  const rendererOptions = {
    logger: new ListrLogger({useIcons: true, toStderr: [], processOutput}),
    showErrorMessage: false,
    showSkipMessage: false,
  }
  const noted = {
    async task(_context: unknown, task: {output: string}) {
      notes.resolve(task)
      await Promise.all(over.map(({promise}) => promise))
    },
    rendererOptions: {bottomBar: Number.POSITIVE_INFINITY, persistentOutput: true},
  }
  const list = new Listr([...turns, noted], {
    concurrent: true,
    exitOnError: false,
    // Ctrl-C is the walk's business.
    registerSignalListeners: false,
    renderer: 'default',
    rendererOptions,
    // The same for a stdout that is no terminal: it is not written to.
    fallbackRenderer: 'default',
    fallbackRendererOptions: rendererOptions,
  })
  const shown = list.run()
  return {
    began: (at) => begun[at]!.resolve(),
    ended: (at, report) => over[at]!.resolve(report),
    async finish() {
      await shown
    },
  }
}
