/** How far work over many instances has come, on a terminal. */
import assert from 'node:assert/strict'
import xterm from '@xterm/headless'
import type {RunReport} from '../../../src/model/change/run-report.ts'
import {inColumns} from '../../../src/report/terminal/columns.ts'
import {type Loudness, type Progress, type ProgressScreen, showCount} from '../../../src/report/terminal/progress.ts'
import {secondary} from '../../values.ts'

describe('progress on a terminal', () => {
  const names = Array.from({length: 43}, (_, at) => `postfix-${at}`)

  it('of many is one line that counts, who is at work, and what failed', async () => {
    const screen = await play(names, 'all', ({began, ended}) => {
      for (const at of names.slice(0, 14).keys()) began(at)
      for (const at of names.slice(0, 12).keys()) ended(at, report(at, at === 3 ? 1 : 0))
    })
    assert.deepEqual(screen, [
      'postfix-3: start failed with status 1',
      '  postfix-12: start',
      '  postfix-13: start',
      'start 12 of 43, 2 at work, 1 failed',
    ])
  })

  it('of few tells what became of each, and leaves nothing else', async () => {
    const screen = await play(names.slice(0, 2), 'all', ({began, ended, finish}) => {
      began(0)
      ended(0, report(0, 0))
      began(1)
      ended(1, report(1, 0))
      finish()
    })
    assert.deepEqual(screen, ['postfix-0: started', 'postfix-1: started'])
  })

  it('of what comes before is seen, and leaves nothing', async () => {
    const check = ({began, ended}: Progress): void => {
      began(0)
      ended(0, report(0, 0))
    }
    assert.deepEqual(await play(names, 'failures', check), ['start 1 of 43'])
    const finished = await play(names, 'failures', (progress) => {
      check(progress)
      progress.finish()
    })
    assert.deepEqual(finished, [])
  })

  it('stays below what others say meanwhile', async () => {
    const screen = await play(names, 'all', ({began}, stderr) => {
      began(0)
      stderr.write('interrupted\n')
    })
    assert.deepEqual(screen, ['interrupted', '  postfix-0: start', 'start 0 of 43, 1 at work'])
  })
})

describe('names before a question', () => {
  it('stand side by side, as many as there is room for', () => {
    assert.deepEqual(inColumns(['a', 'bbb', 'cc'], 12), ['  a    bbb', '  cc'])
    assert.deepEqual(inColumns(['postfix-long'], 5), ['  postfix-long'])
  })
})

function report(at: number, status: number): RunReport {
  const nothing = Buffer.alloc(0)
  const instance = secondary(`postfix-${at}`)
  return {
    instance,
    word: 'start',
    status,
    skipped: null,
    reason: null,
    suggestions: [],
    stdout: nothing,
    stderr: nothing,
  }
}

/** What is on a screen of 60 by 24 after that. */
async function play(
  names: readonly string[],
  loudness: Loudness,
  work: (progress: Progress, stderr: ProgressScreen) => void,
): Promise<string[]> {
  const terminal = new xterm.Terminal({cols: 60, rows: 24, convertEol: true, allowProposedApi: true})
  const write: ProgressScreen['write'] = (text) => {
    terminal.write(String(text))
    return true
  }
  const stderr = {columns: 60, rows: 24, write}
  work(showCount(names, 'start', loudness, stderr), stderr)
  await new Promise<void>((resolve) => terminal.write('', resolve))
  const {active} = terminal.buffer
  const lines = Array.from({length: active.length}, (_, at) => active.getLine(at)?.translateToString(true) ?? '')
  return lines.filter((each) => each !== '')
}
