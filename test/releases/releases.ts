/**
 * npm run test:releases [NAME...]: demo, tests beside the real programs, walk-through and speed in a copy of the root of
 * each release; one table. DEMOS is how often the demo is shown, FUZZ_RUNS how many random files and values there are,
 * SEQUENCES how many random sequences of commands.
 */
import {failuresOf} from '../acceptance/again.ts'
import {build, countTests, demo, mocha, type Run, releases, runIn} from './rooms.ts'

const besideTheReal = ['test/acceptance/classic.acceptance.ts']
const others = [
  'test/acceptance/walkthrough.acceptance.ts',
  'test/postfix/reader/maincf.fuzz.test.ts',
  'test/postfix/reader/expand.fuzz.test.ts',
  'test/model/main-cf/editor.fuzz.test.ts',
]
const demos = Number(process.env.DEMOS ?? 1)

const names = process.argv.length > 2 ? process.argv.slice(2) : releases
const missing = build(names)
for (const each of missing) console.error(each)
const built = names.filter((name) => !missing.some((each) => each.startsWith(`releases: ${name} cannot be built`)))

const rows = [['release', 'Postfix', 'demo', 'seconds', 'passing', 'equal / on purpose / other', '-l', 'create']]
let failed = false
for (const name of built) {
  const row = lookAt(name)
  console.error(`releases: ${row.join('  ')}`)
  rows.push(row)
}
const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
console.log(
  rows
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n'),
)
console.log('\n-l, create: how many times as long the real program takes, with 100 instances.')
process.exitCode = failed ? 1 : missing.length > 0 ? 4 : 0

function lookAt(name: string): string[] {
  console.error(`releases: ${name}`)
  const version = runIn(name, ['postconf', '-dh', 'mail_version']).output.trim()
  const shown = Array.from({length: demos}, () => told(runIn(name, demo)))
  const cases = told(runIn(name, mocha(...besideTheReal)))
  const rest = told(runIn(name, mocha(...others)))
  const speed = runIn(name, ['plugins/plugin-api/host', '/usr/bin/node', 'test/releases/ratios.ts'], {
    POSTMULTI: '/usr/sbin/postmulti',
  })
  const ratios: Record<string, number> = speed.isRight ? JSON.parse(speed.output) : {}
  if (!speed.isRight) told(speed)
  const {equal, onPurpose, failing} = countTests(cases.output)
  const {passing} = countTests(cases.output + rest.output)
  const times = shown.map(({took}) => took).sort((one, other) => one - other)
  return [
    name,
    version,
    `${shown.filter(({isRight}) => isRight).length} of ${demos}`,
    times[Math.floor(times.length / 2)]?.toFixed(0) ?? '-',
    String(passing),
    `${equal} / ${onPurpose} / ${failing}`,
    ...['list', 'create'].map((each) => ratios[each]?.toFixed(1) ?? '-'),
  ]
}

/** Only what is wrong is worth reading. */
function told(run: Run): Run {
  if (run.isRight) return run
  failed = true
  console.error(failuresOf(run.output))
  return run
}
