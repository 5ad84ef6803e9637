/**
 * Ours beside the real postmulti, in identical throw-away hosts: stdout, stderr as a terminal shows it, exit status, and
 * what is on disk afterwards. POSTMULTI=/path/to/program compares another program than bin/postmulti; CASES_SHARE=3/40
 * takes a fortieth of the rows, the third one of them.
 */

import {join} from 'node:path'
import cases from './cases/index.ts'
import {compare} from './compare.ts'
import {realPostmulti, runInHost, whyNoHost} from './host.ts'
import {expectedDifference, forgetImages, imageFor, type Row, treeBefore} from './rows.ts'

const postmulti = process.env.POSTMULTI ?? join(import.meta.dirname, '../../bin/postmulti')

/** The real program sleeps for a second after each error and for two in create: half of the hosts only wait. */
const hostsAtOnce = 6

describe('postmulti beside the real one', function () {
  this.timeout('10m')
  const [part = 0, of = 1] = (process.env.CASES_SHARE ?? '0/1').split('/').map(Number)
  const rows = cases.flatMap((each) => each.rows).filter((_, at) => at % of === part)
  const complaints = new Map<Row, Promise<string>>()
  const counts = {equal: 0, 'different on purpose': 0}

  before(function () {
    const why = whyNoHost()
    if (why) {
      console.log(`    skipped: ${why}`)
      this.skip()
    }
  })

  for (const each of cases) {
    describe(each.about, () => {
      for (const row of each.rows.filter((row) => rows.includes(row))) {
        it(row[0], async () => {
          startAhead(row)
          const complaint = await complaints.get(row)!
          if (complaint !== '') throw new NotAlike(row, complaint)
          counts[expectedDifference(row[2] ?? {}) ? 'different on purpose' : 'equal'] += 1
        })
      }
    })
  }

  after(async () => {
    // Of hosts that were started ahead of a test that never came.
    await Promise.allSettled(complaints.values())
    forgetImages()
    for (const [what, count] of Object.entries(counts)) console.log(`    ${count} ${what}`)
  })

  /** mocha runs one test at a time; the hosts of the next rows are started with the present one. */
  function startAhead(row: Row) {
    const position = rows.indexOf(row)
    for (const each of rows.slice(position, position + 2 * hostsAtOnce)) {
      if (complaints.has(each)) continue
      const verdict = judge(each)
      complaints.set(each, verdict)
      // It is awaited when its test comes; until then a failure is nobody's.
      verdict.catch(() => {})
    }
  }
})

async function judge([, run, details = {}]: Row): Promise<string> {
  const commands = [run].flat()
  const image = await imageFor(details)
  const terminal = details.terminal || postmulti === realPostmulti
  const [real, ours, before] = await Promise.all([
    inTurn(() => runInHost(commands, {image, terminal: true})),
    inTurn(() => runInHost(commands, {image, terminal, postmulti})),
    expectedDifference(details)?.tree === 'untouched' ? treeBefore(image) : [],
  ])
  return compare(real, ours, before, details)
}

/** What a reader needs to try it by hand; the stack of the comparison is of no use. */
class NotAlike extends Error {
  constructor([, run, {on = 'mta', given = ''} = {}]: Row, complaint: string) {
    super(
      [`on ${on}`, ...(given ? [`given ${given}`] : []), ...[run].flat().map((line) => `$ ${line}`), complaint].join(
        '\n',
      ),
    )
    this.stack = this.message
  }
}

let running = 0
const waiting: (() => void)[] = []

/** At most `hostsAtOnce` at the same time, in the order of asking. */
async function inTurn<T>(visit: () => Promise<T>): Promise<T> {
  if (running === hostsAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await visit()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
