/**
 * Our own files in any state: what makes no sense is refused by its name, or made anew; nothing ends in a stack, and
 * nothing waits for ever. DAMAGES sets how many of all combinations are tried, DAMAGE_SEED repeats an earlier choice;
 * `npm run test:damage` tries them all.
 */
import assert from 'node:assert/strict'
import {readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {setTimeout} from 'node:timers/promises'
import {makeChance} from '../acceptance/chance.ts'
import {
  differences,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  program,
  readTree,
  sh,
  start,
} from '../acceptance/inside.ts'

const state = '/var/lib/postmulti'
const cache = '/var/cache/postmulti'
/** What an undo may take back, from the root directory. */
const host = 'etc/postfix* var/spool/postfix* var/lib/postfix*'
const files = [
  `${state}/pending`,
  `${state}/journal/000004.jsonl`,
  `${state}/lock`,
  `${cache}/defaults.json`,
  `${cache}/last-look.json`,
]

const texts = [
  ...[
    'null',
    'true',
    '1',
    '-1',
    '""',
    '"x"',
    '[]',
    '[null]',
    '[[]]',
    '{}',
    '{"a":1}',
    '{',
    '{"begin":{}}',
    '{"begin":null}',
  ],
  ...['{"begin":{"request":{"action":"constructor"}}}', '{"traces":[{}]}', '{"end":1}', '{"schema":99,"begin":{}}'],
  ...[
    '{"format":1}',
    '{"format":1,"files":null}',
    '{"at":0,"totals":null}',
    '{"__proto__":null}',
    'x',
    '\ud800\0\x1b[2J',
  ],
]
const damages: Record<string, (path: string) => void> = {
  ...Object.fromEntries(texts.map((text) => [text, (path) => writeFileSync(path, `${text}\n`)])),
  // A first line without an end is what a kill before the change leaves.
  'random bytes': (path) =>
    writeFileSync(path, Buffer.from([...Array.from({length: 999}, () => Math.floor(chance() * 256)), 10])),
  'half of it': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  'a line more': (path) => writeFileSync(path, `${readFileSync(path)}{\n`),
  nothing: (path) => writeFileSync(path, ''),
  '700 MB of NUL': (path) => truncateSync(path, 700 * 2 ** 20),
  'a directory': (path) => sh(`rm ${path}; mkdir ${path}`),
  'a FIFO': (path) => sh(`rm ${path}; mkfifo ${path}`),
  'a link to nowhere': (path) => sh(`rm ${path}; ln -s /nowhere ${path}`),
}

const commands = [
  '-l',
  '-i postfix-out -e disable',
  'instances enable postfix-in',
  'instances set postfix-out relayhost=x --dry-run',
  'history',
  'history 4',
  'undo --yes',
  'check',
  'queue',
  'doctor',
  'metrics',
]

const all = files.flatMap((file) =>
  Object.keys(damages).flatMap((damage) => commands.map((words) => [file, damage, words] as const)),
)
const wanted = process.env.DAMAGES === 'all' ? all.length : Number(process.env.DAMAGES ?? 24)
const seed = Number(process.env.DAMAGE_SEED ?? Date.now() % 1_000_000)
const chance = makeChance(seed)
/** In seconds; a busy machine needs some for any command. */
const patience = 60

onThrowAwayHost(import.meta.filename, 'damaged files of our own', damage, 15 + wanted / 20)

function damage() {
  it(`${wanted} of ${all.length} (DAMAGE_SEED=${seed}) end in a stack, hang, or are not named`, async () => {
    await prepare()
    const before = readTree()
    const bad: string[] = []
    for (const [file, damage, words] of choose()) {
      damages[damage]!(file)
      const outcome = await endOf(words)
      bad.push(...faultsOf(outcome, file, damage, words, before).map((each) => `${file}: ${damage}: ${words}: ${each}`))
      restore()
    }
    console.log(`      ${wanted} runs, ${bad.length} bad`)
    assert.deepEqual(bad, [])
  })
}

/** Four changes, one of them killed; what is kept of the last look; and copies of it all. */
async function prepare(): Promise<void> {
  await mustSucceed('-e init')
  for (const each of ['postfix-out', 'postfix-in']) await mustSucceed(`-I ${each} -e create`)
  await mustSucceed('-i postfix-out -e enable')
  await mustSucceed('queue')
  const {begin} = JSON.parse(readFileSync(`${state}/journal/000004.jsonl`, 'utf8').split('\n')[0]!)
  const lines = [{schema: 1, number: 5, begin}, {traces: [{was: 'absent', path: '/etc/postfix-gone'}]}]
  writeFileSync(`${state}/pending`, lines.map((each) => `${JSON.stringify(each)}\n`).join(''))
  sh(
    `mkdir /run/saved; cp -a ${state} /run/saved/state; cp -a ${cache} /run/saved/cache; cd /; tar -cf /run/saved/host.tar $(ls -d ${host})`,
  )
}

function restore(): void {
  sh(
    `rm -rf ${state} ${cache}; cp -a /run/saved/state ${state}; cp -a /run/saved/cache ${cache}; cd /; rm -rf ${host}; tar -xpf /run/saved/host.tar`,
  )
}

function choose(): (typeof all)[number][] {
  if (wanted >= all.length) return all
  return Array.from({length: wanted}, () => all[Math.floor(chance() * all.length)]!)
}

async function endOf(words: string): Promise<Outcome | undefined> {
  const run = start(program, words.split(' '), {detached: true})
  const late = new AbortController()
  const outcome = await Promise.race([
    run.ended,
    setTimeout(patience * 1000, undefined, {signal: late.signal, ref: false}),
  ])
  late.abort()
  if (outcome === undefined) {
    process.kill(-run.pid, 'SIGKILL')
    await run.ended
  }
  return outcome
}

function faultsOf(
  outcome: Outcome | undefined,
  file: string,
  damage: string,
  words: string,
  before: ReturnType<typeof readTree>,
): string[] {
  if (outcome === undefined) return [`hangs for ${patience} s`]
  const {status, stderr} = outcome
  const said = stderr.join('\n')
  const isChange = /^-i|enable|undo/.test(words)
  return [
    ...(/^ +at |DEFECT|^node:/m.test(said) ? [`a stack: ${said.slice(0, 500)}`] : []),
    ...(status === null || status > 4 ? [`status ${status}`] : []),
    ...(file.endsWith('pending') && isChange && !harmless.includes(damage) ? faultsOfRefusal() : []),
  ]

  /** Whoever cannot say what a killed change has done does nothing. */
  function faultsOfRefusal(): string[] {
    return [
      ...(status === 0 || !said.includes(file) ? [`is not refused: ${status} ${said}`] : []),
      ...differences(before, readTree()),
    ]
  }
}

/** What can be there when a run was killed before it had begun, or while it wrote. */
const harmless = ['nothing', 'half of it']
