/**
 * Each command, and each system call of it that may fail: it ends, with a message and no stack, and the host is as before
 * or as after the whole command, at the latest when the next change has been made. FAULTS sets how many faults are tried,
 * FAULTS_SEED repeats an earlier choice, FAULTS_ONLY keeps to the commands that hold it; `npm run test:faults` tries all.
 */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {makeChance} from '../acceptance/chance.ts'
import {antedate, differences, mustSucceed, onThrowAwayHost, readTree, sh} from '../acceptance/inside.ts'
import {findNode} from '../attack/victim.ts'
import {type Fault, type Order, orderVariable, type Point} from './order.ts'

const whole = process.env.FAULTS === 'all'
const wanted = Number(whole ? Number.POSITIVE_INFINITY : (process.env.FAULTS ?? 42))
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const only = process.env.FAULTS_ONLY ?? ''
const chance = makeChance(seed)

const scratch = '/run/faults'
const project = '/run/project'
const state = '/var/lib/postmulti'
/** In milliseconds: longer than this no command may take. */
const limit = 20_000

interface Command {
  words: string
  /** Shell commands, and more, before. */
  given?: string | (() => unknown)
  /** Shell commands that end what it has started, where what it makes of the host depends on what it sees. */
  afterwards?: string
  /** In the place of `next`. */
  followed?: string
}

const command = (words: string, given?: Command['given']): Command => ({words, ...(given === undefined ? {} : {given})})

const deported = 'postmulti -i postfix-web -e deport'
const broken = `
  postconf -c /etc/postfix-out -e inet_interfaces=127.0.0.1
  postmulti -i postfix-out -e enable
  rm /etc/postfix-out/virtual.cdb
  chown root /var/lib/postfix-out
  chmod 666 /etc/postfix-web/master.cf`
const fresh = "postconf -X multi_instance_enable; touch -d '-1 hour' /etc/postfix/main.cf"
const logged = `echo "$(date '+%b %e %T') mta1 postfix-out/qmgr[1]: ABCDEF12: from=<a@example.com>, size=1, nrcpt=1 (queue active)" >/run/faults/log`

const commands: Command[] = [
  command('-l'),
  command('-l -j'),
  command('-a -x true'),
  command('-a -p status'),
  {words: '-e init', given: fresh, followed: '-e init'},
  command('-I postfix-new -G mta -e create'),
  command('-I postfix-web -e import config_directory=/etc/postfix-web', deported),
  command('-i postfix-web -e destroy'),
  command('-i postfix-web -e deport'),
  command('-i postfix-web -G else -e assign'),
  command('-i postfix-web -e enable'),
  command('-i postfix-web -e disable', 'postmulti -i postfix-web -e enable'),
  // What a killed change has left is taken back first.
  command('-i postfix-out -G else -e assign', killInTheMiddle),
  command('instances'),
  command('instances --json'),
  command('instances show postfix-out'),
  command('instances get postfix-out myhostname'),
  command('instances status'),
  command('instances check postfix-out'),
  command('instances run --all -- true'),
  {
    words: 'instances start postfix-out',
    given: 'postmulti -i postfix-out -e enable',
    afterwards: 'postfix -c /etc/postfix-out abort',
  },
  command('instances stop postfix-out'),
  command('instances reload postfix-out'),
  command('instances flush postfix-out'),
  command('instances create postfix-new --group mta'),
  command('instances create postfix-new --like postfix-web --json'),
  command('instances import /etc/postfix-web', deported),
  command('instances destroy postfix-web --yes'),
  command('instances deport postfix-web --yes'),
  command('instances enable postfix-web'),
  command('instances disable postfix-web', 'postmulti -i postfix-web -e enable'),
  command('instances assign postfix-web --group else'),
  command('instances set postfix-web mail_name=x'),
  command('instances unset postfix-web mail_name', 'postmulti instances set postfix-web mail_name=x'),
  command('instances reorder postfix-web --first'),
  command('instances edit postfix-web'),
  command('undo --yes', 'postmulti -i postfix-web -e destroy'),
  command('history'),
  command('history 2'),
  command('check', broken),
  {words: 'check --fix --yes', given: broken, afterwards: ':'},
  command('doctor'),
  command('queue'),
  command('queue list', queueMail),
  command('queue show postfix-out/QUEUE_ID', queueMail),
  command('queue hold postfix-out/QUEUE_ID', queueMail),
  command('queue delete postfix-out/QUEUE_ID --yes', queueMail),
  command('metrics'),
  command('metrics --output /run/faults/metrics.prom'),
  command('top --count 1'),
  command('flow'),
  command('flow --to a@example.com'),
  command('trace ABCDEF12 --log /run/faults/log', logged),
  command(
    'trace ABCDEF12 --log /run/faults/log.xz',
    `${logged}; xz -f /run/faults/log || printf '\\3757zXZ' >/run/faults/log.xz`,
  ),
  command('completion bash'),
  command('completion words -- instances enable postfix-'),
  command('plugins'),
  command('plugins doctor'),
  command('plugins config unique-myhostname'),
  command('plugins install /run/faults/site-rule', writePlugin),
  command('plugins uninstall site-rule', installPlugin),
  command('plugins new site-rule --directory /var/lib/site-rule'),
  command('instances disable --help'),
  command('instances enabel postfix-web'),
]

/** What is made when all is over: it takes back, or completes, what the command has left. */
const next = '-i postfix-next -G other -e assign'

/** What each call may fail with. A path that leads to something already is not too long to remove it. */
const named = ['EACCES', 'EIO', 'ENAMETOOLONG']
const making = [...named, 'ENOSPC', 'EROFS']
const errors: Record<string, string[]> = {
  ...Object.fromEntries(
    ['access', 'stat', 'lstat', 'statfs', 'readlink', 'realpath', 'utime'].map((each) => [each, named]),
  ),
  ...Object.fromEntries(['open', 'scandir'].map((each) => [each, [...named, 'EMFILE']])),
  ...Object.fromEntries(['mkdir', 'mkdtemp', 'rename', 'link', 'symlink'].map((each) => [each, making])),
  ...Object.fromEntries(
    ['chmod', 'chown', 'lchown', 'unlink', 'rmdir', 'rm'].map((each) => [each, ['EACCES', 'EIO', 'EROFS']]),
  ),
  ...Object.fromEntries(['write', 'fsync', 'fdatasync'].map((each) => [each, ['EIO', 'ENOSPC']])),
  // What is open is open: neither its name nor the right to it is looked at again.
  ...Object.fromEntries(
    ['read', 'fstat', 'close', 'fchmod', 'fchown', 'ftruncate', 'futime'].map((each) => [each, ['EIO']]),
  ),
  create: [...making, 'EMFILE'],
  getcwd: ['EACCES'],
  getifaddrs: ['EACCES', 'EMFILE'],
  spawn: ['EACCES', 'EAGAIN', 'EIO', 'EMFILE', 'ENOMEM'],
}
/** Of these each is tried; of the others, which only look, the first and the last with a path. */
const acting =
  /^(?:create|write|mkdir|mkdtemp|rename|link|symlink|unlink|rmdir|rm|.*ch(?:mod|own)|f.*sync|ftruncate|f?utime|spawn)$/

interface Outcome {
  status: number | null
  stdout: string
  stderr: string
  hung: boolean
}

/** What is known of a command that nothing disturbs. */
interface Known {
  command: Command
  restore(): void
  outcome: Outcome
  points: Point[]
  /** Trees: as it is before and after the command, each without and with the next change. */
  before: Tree
  after: Tree
  beforeNext: Tree
  afterNext: Tree
}

type Tree = Map<string, string>
type Wrong = 'stack' | 'hang' | 'silent' | 'half-made' | 'status'
type Tally = Record<(typeof columns)[number], number>

onThrowAwayHost(import.meta.filename, 'system calls that fail', defineFaults, whole ? 600 : 10 + wanted / 60)

function defineFaults() {
  const tallies = new Map<string, Tally>()
  let bad = 0

  it(`end in a message, and the host is whole (FAULTS_SEED=${seed})`, async () => {
    await prepare()
    // npm takes seconds.
    const chosen = commands.filter(
      ({words}) => words.includes(only) && (whole || only !== '' || !/^plugins install/.test(words)),
    )
    if (whole) {
      for (const each of chosen) {
        const known = await learn(each)
        for (const fault of faultsOf(known)) await attempt(known, fault)
        console.log(`      ${lineOf(each.words, tallies.get(each.words)!)}`)
      }
    } else {
      const each = Math.min(6, wanted)
      for (let tried = 0; tried < wanted; tried += each) {
        const known = await learn(pick(chosen))
        // Most calls only look, and few start a program.
        const kinds = [...Map.groupBy(faultsOf(known), ({call}) => call).values()]
        for (let count = 0; count < each; count++) await attempt(known, pick(pick(kinds)))
      }
    }
    tell()
    assert.equal(bad, 0, 'see above for what is wrong')
  })

  async function attempt(known: Known, fault: Fault): Promise<void> {
    const {words} = known.command
    const wrong = await judge(known, fault)
    if (wrong === undefined) return
    const tally = tallies.get(words) ?? begin(known)
    tallies.set(words, tally)
    tally.tried++
    for (const [kind, why] of wrong) {
      tally[kind]++
      bad++
      console.log(
        `      ${words}: ${fault.call} ${fault.path} (${fault.nth}${fault.lasts ? ' and all later ones' : ''}) ${fault.error}: ${kind}: ${why}`,
      )
    }
  }

  function tell(): void {
    const all = [...tallies.values()]
    console.log(`      ${line('command', columns)}`)
    for (const [words, tally] of tallies) console.log(`      ${lineOf(words, tally)}`)
    const sums = columns.map((column) => all.reduce((sum, each) => sum + each[column], 0))
    console.log(`      ${line(`${all.length} commands`, sums)}`)
  }
}

/** System calls by kind and path; what these may fail with, at each place; how much of that was tried; what was wrong. */
const columns = ['calls', 'errors', 'tried', 'stack', 'hang', 'silent', 'status', 'half-made'] as const

function begin(known: Known): Tally {
  const calls = new Set(known.points.map(({call, path}) => `${call} ${path}`)).size
  const errors = faultsOf(known).length
  return {calls, errors, tried: 0, stack: 0, hang: 0, silent: 0, status: 0, 'half-made': 0}
}

function lineOf(words: string, tally: Tally): string {
  return line(
    words,
    columns.map((each) => tally[each]),
  )
}

function line(title: string, words: readonly (string | number)[]): string {
  return title.padEnd(64) + words.map((each) => String(each).padStart(10)).join('')
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(chance() * from.length)]!
}

async function prepare(): Promise<void> {
  mkdirSync(scratch)
  // Not buildSync(): it waits for a thread of its own, now and then for ever.
  await build({
    entryPoints: [join(import.meta.dirname, 'refuse.ts')],
    outfile: `${scratch}/refuse.cjs`,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
  writeFileSync(`${scratch}/editor`, '#!/bin/sh\necho mail_name = edited >>"$1"\n', {mode: 0o755})
  await mustSucceed('-e init')
  for (const each of ['out', 'web', 'next']) await mustSucceed(`-I postfix-${each} -G mta -e create`)
  sh(`
    echo 'a@example.com root' >/etc/postfix-out/virtual
    postmap cdb:/etc/postfix-out/virtual
    postconf -c /etc/postfix-out -e virtual_alias_maps=cdb:/etc/postfix-out/virtual myhostname=out.example.com`)
  antedate()
}

const trees =
  '/etc/postfix* /etc/postmulti /etc/.postmulti* /var/spool/postfix* /var/spool/.postmulti* /var/lib/postfix* ' +
  `/var/lib/.postmulti* ${state} /var/cache/postmulti /var/lib/site-rule /run/postmulti-tmp`

/** The function that it returns makes all as it is now, journal and cache included. */
function keepHost(): () => void {
  antedate()
  const image = sh(`
    image=$(mktemp ${scratch}/image.XXXXXX)
    tar -C / -cf $image $(ls -d ${trees} 2>/dev/null | cut -c 2-)
    echo $image`)
  return () => void sh(`rm -rf ${trees}; tar -C / -xpf ${image}`)
}

let restoreHost: (() => void) | undefined
const learned = new Map<string, Known>()

/** What the command does when nothing fails. */
async function learn(command: Command): Promise<Known> {
  const {words, given} = command
  const earlier = learned.get(words)
  if (earlier !== undefined) return earlier
  restoreHost ??= keepHost()
  restoreHost()
  if (typeof given === 'string') sh(given)
  else await given?.()
  const restore = keepHost()
  const before = readTree()
  // Once for what is learnt once: else a later run would make other calls.
  await run(words)
  restore()
  const outcome = await run(words, {list: `${scratch}/points`})
  assert.equal(outcome.hung, false, `${words} ends`)
  assert.doesNotMatch(outcome.stderr, stack, words)
  const after = readTree()
  assert.equal((await goOn(command)).status, 0)
  const afterNext = readTree()
  restore()
  assert.equal((await goOn(command)).status, 0)
  const beforeNext = readTree()
  const lines = readFileSync(`${scratch}/points`, 'utf8').split('\n').filter(Boolean)
  const points: Point[] = lines.map((each) => JSON.parse(each))
  const known = {command, restore, outcome, points, before, after, beforeNext, afterNext}
  learned.set(words, known)
  return known
}

function goOn({afterwards, followed = next}: Command): Promise<Outcome> {
  if (afterwards !== undefined) sh(`${afterwards} 2>/dev/null || :`)
  return run(followed)
}

function faultsOf({points}: Known): Fault[] {
  const last = new Map(points.map(({call, path, nth}) => [`${call} ${path}`, nth]))
  return (
    points
      // The library that runs npm: what fails there is to Node's loader a defect of its own.
      .filter(({path}) => !path.startsWith(`${project}/node_modules/`))
      .filter(({call, path, nth}) => acting.test(call) || nth === 1 || nth === last.get(`${call} ${path}`))
      .flatMap((each) => errors[each.call]!.map((error) => ({...each, error, lasts: chance() < 0.5})))
  )
}

const stack = /^\s+at .*:\d+:\d+/m

/** What is wrong with the command when this call fails: empty when it keeps its promises. Undefined when it is not made. */
async function judge(known: Known, fail: Fault): Promise<[Wrong, string][] | undefined> {
  known.restore()
  const journal = readJournal()
  rmSync(`${scratch}/hit`, {force: true})
  const outcome = await run(known.command.words, {fail, hit: `${scratch}/hit`})
  if (!existsSync(`${scratch}/hit`)) return undefined
  if (outcome.hung) return [['hang', `more than ${limit / 1000} s: ${outcome.stderr}`]]
  const lost = [...journal].filter(([name, text]) => readJournal().get(name) !== text)
  return [
    ...judgeWords(known, outcome, fail),
    ...lost.map(([name]): [Wrong, string] => ['half-made', `${name} of the history is not what it was`]),
    ...(known.command.afterwards === undefined
      ? await judgeHost(known, outcome)
      : await judgeNext(known, `${outcome.status}: ${outcome.stderr}`, [])),
  ]
}

function judgeWords({command, outcome}: Known, {status, stdout, stderr}: Outcome, fail: Fault): [Wrong, string][] {
  const wrong: [Wrong, string][] = []
  if (stack.test(stderr) || stdout.includes('"DEFECT"')) wrong.push(['stack', stderr.slice(0, 1500)])
  if (status === null || status > 4) wrong.push(['status', `${status}: ${stderr}`])
  // Nothing can be said where saying it fails; and a shell that completes a word is to be told nothing else.
  if (stderr !== '' || fail.path === `${scratch}/stderr` || command.words.startsWith('completion words')) return wrong
  // What is found to be wrong is what check, doctor and others print.
  const isTold = stdout === '' ? outcome.stdout === '' : stdout !== outcome.stdout || status === outcome.status
  if (!isTold || (stdout === '' && status !== outcome.status))
    wrong.push(['silent', `${status}: ${stdout.slice(0, 500)}`])
  return wrong
}

/** Trees, at once and after the next change. */
async function judgeHost(known: Known, outcome: Outcome): Promise<[Wrong, string][]> {
  const {status} = outcome
  const told = toldBy(outcome)
  const wrong: [Wrong, string][] = []
  const {before, after} = known
  const isChange = differences(before, after).length > 0
  const isPending = existsSync(`${state}/pending`)
  const now = readTree()
  const left = leftBy(told)
  const [undone, done] = [before, after].map((each) => differencesBut(left, each, now)) as [string[], string[]]
  const said = `${status}: ${told}`
  const isLater = isPending && told.includes('the next change clears away what is left')
  if (isChange && (status === 0 || status === 4) && done.length > 0 && !isLater)
    wrong.push(['half-made', `${said}: ${list(done)}`])
  // postmulti(1) has no status for a change that is made but for what plugins do afterwards.
  else if (
    isChange &&
    left.length === 0 &&
    status !== 0 &&
    status !== 4 &&
    done.length === 0 &&
    !/could not be asked/.test(told)
  )
    wrong.push(['status', `made, but ${said}`])
  // What is whole, with nothing left to be taken back, is not in its way: that is tried now and then.
  const isWhole = !isPending && (undone.length === 0 || done.length === 0)
  return isWhole && chance() > 0.1 ? wrong : [...wrong, ...(await judgeNext(known, said, left))]
}

async function judgeNext(
  {command, beforeNext, afterNext}: Known,
  said: string,
  left: string[],
): Promise<[Wrong, string][]> {
  const {status, stderr} = await goOn(command)
  if (status !== 0) return [['half-made', `${said}; the next change: ${stderr}`]]
  if (command.afterwards !== undefined) return []
  const now = readTree()
  const ways = [beforeNext, afterNext].map((each) => differencesBut(left, each, now))
  return ways.some((each) => each.length === 0)
    ? []
    : [['half-made', `${said}; after the next change: ${list(ways[0]!)}`]]
}

/** On stderr, or with --json as members of its object; that of -j is a line for each instance. */
function toldBy({stdout, stderr}: Outcome): string {
  if (stderr !== '' || !stdout.startsWith('{\n')) return stderr
  const {error, warnings = []} = JSON.parse(stdout)
  return [error?.message ?? '', ...warnings].join('\n')
}

/** What could not be cleared away, or not be brought back, is told, and whoever has read it knows what to do. */
function leftBy(stderr: string): string[] {
  const told = stderr.matchAll(/(\S+) cannot be (?:removed|brought back): (?:(\/\S+): )?/g)
  const verified = [...stderr.matchAll(/(\S+): please verify contents and remove by hand/g)].map(
    ([, path = '']) => path,
  )
  return [
    ...[...told].flatMap(([, path = '', within = path]) => [path, within]),
    // Directories are told because of what is in them.
    ...verified.filter((path) => !verified.some((each) => each.startsWith(`${path}/`))),
  ]
}

/** Without what could not be brought back, and the new directories that it is in. */
function differencesBut(left: string[], wanted: Tree, found: Tree): string[] {
  return differences(wanted, found).filter((line) => {
    const [place = ''] = line.split(': wanted ')
    const isAbove = (path: string): boolean => path.startsWith(`${place}/`) && !wanted.has(place)
    return !left.some((path) => place === path || place.startsWith(`${path}/`) || isAbove(path))
  })
}

function list(lines: string[]): string {
  return lines.slice(0, 5).join('; ')
}

function readJournal(): Map<string, string> {
  const journal = `${state}/journal`
  return new Map(readdirSync(journal).map((name) => [name, readFileSync(`${journal}/${name}`, 'utf8')]))
}

/** The program under test by the launcher's own command line. What it prints goes into files, of which writing may fail. */
async function run(words: string, order: Order = {}): Promise<Outcome> {
  const entry = words.startsWith('-') ? 'postmulti' : 'cli'
  const flags = ['--v8-pool-size=1', '--max-semi-space-size=2', '--disable-sigusr1', `--require=${scratch}/refuse.cjs`]
  const [stdout, stderr] = ['stdout', 'stderr'].map((each) => `${scratch}/${each}`) as [string, string]
  const outputs = [openSync(stdout, 'w'), openSync(stderr, 'w')]
  const child = spawn(
    findNode(),
    [
      ...flags,
      `${project}/dist/${entry}.cjs`,
      `${project}/bin/postmulti`,
      ...words.replace('QUEUE_ID', queueId).split(' '),
    ],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', ...outputs],
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        LANG: 'C.UTF-8',
        EDITOR: `${scratch}/editor`,
        [orderVariable]: JSON.stringify(order),
      },
    },
  )
  for (const each of outputs) closeSync(each)
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    process.kill(-child.pid!, 'SIGKILL')
  }, limit)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(timer)
  return {status, stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8'), hung}
}

async function killInTheMiddle(): Promise<void> {
  const fail = {call: 'fdatasync', path: `${state}/pending`, nth: 3, error: 'SIGKILL', lasts: false}
  await run('-I postfix-new -G mta -e create', {fail})
  assert.ok(existsSync(`${state}/pending`), 'a create was killed')
}

function queueId(): string {
  return readdirSync('/var/spool/postfix-out/maildrop')[0]!
}

function writePlugin(): void {
  const manifest = {name: 'site-rule', version: '1.0.0', type: 'module', oclif: {hooks: {'pre-enable': './hooks.js'}}}
  mkdirSync(`${scratch}/site-rule`, {recursive: true})
  writeFileSync(`${scratch}/site-rule/package.json`, JSON.stringify(manifest))
  writeFileSync(`${scratch}/site-rule/hooks.js`, 'export default () => []\n')
}

async function installPlugin(): Promise<void> {
  writePlugin()
  await mustSucceed(`plugins install ${scratch}/site-rule`)
}

/** A message that nobody takes. */
function queueMail(): void {
  sh(`
    postconf -c /etc/postfix-out -e authorized_submit_users=root
    echo hello | sendmail -C /etc/postfix-out -f a@example.com b@example.com 2>/dev/null`)
}
