/**
 * Lines in which somebody has made one slip, on a host with three instances that run. What is printed behind `try:` is
 * pasted into a shell, in the state that it was printed for: it is not typed wrongly in turn, and neither changes nor
 * stops an instance that nobody named. MISTYPED sets how many lines (npm run test:mistyped: 500; none for all tests),
 * MISTYPED_SEED repeats an earlier choice.
 */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {typed} from '../../src/model/base/typed.ts'
import {makeChance} from '../acceptance/chance.ts'
import {antedate, listed, mustSucceed, onThrowAwayHost, program, sh, until} from '../acceptance/inside.ts'
import {rightLines, slip} from './lines.ts'

const count = Number(process.env.MISTYPED ?? 0)
const seed = Number(process.env.MISTYPED_SEED ?? Date.now() % 1_000_000)
const chance = makeChance(seed)
const names = ['postfix-out', 'postfix-in', 'postfix-relay']
const directories = ['/etc/postfix', ...names.map((each) => `/etc/${each}`)]

/** These are for people, ask the network, or change what is not a host's own here. */
const notPasted =
  /^(?:sudo|npm|apt|dpkg-divert|vi|\$\{EDITOR|postmulti (?:top|plugins install|instances edit|metrics --listen)\b)/

if (count === 0) describe('mistyped lines', () => void it.skip('get suggestions: npm run test:mistyped does it'))
else onThrowAwayHost(import.meta.filename, `${count} mistyped lines, MISTYPED_SEED=${seed}`, mistype, 10 + count / 5)

function mistype() {
  const figures = {lines: 0, suggestions: 0, pasted: 0, failing: 0, further: 0}
  let message = ''
  let fresh: State

  before(async () => {
    await mustSucceed('-e init')
    for (const each of names) {
      await mustSucceed(`-I ${each} ${each === 'postfix-relay' ? '' : '-G mta '}-e create`)
      await mustSucceed(
        `instances set ${each} myhostname=${each}.example.com maillog_file=/var/log/${each}.log authorized_submit_users=root defer_transports=smtp,relay`,
      )
      await mustSucceed(`instances enable ${each}`)
    }
    sh('echo hello | sendmail -C /etc/postfix-out -f a@out.test b@example.com 2>/dev/null')
    antedate()
    start()
    await until(() => messagesOf('/var/spool/postfix-out').length > 0)
    sh('postsuper -c /etc/postfix-out -h ALL 2>/dev/null')
    message = `out/${messagesOf('/var/spool/postfix-out')[0]}`
    sh(
      'mkdir /run/empty; cd /; tar -cf /run/files.tar etc/postfix etc/postfix-* var/lib/postmulti var/spool/postfix-out/hold',
    )
    fresh = readState()
  })
  after(() => {
    stop()
    console.log(`      ${JSON.stringify(figures)}`)
  })

  it('get suggestions that can be pasted, and reach nothing that nobody named', () => {
    const lines = rightLines(message)
    const faults: string[] = []
    for (let at = 0; at < count; at++) {
      const right = lines[Math.floor(chance() * lines.length)]!
      const words = slip(right, chance)
      if (words.length === 0 || words[0]!.startsWith('-')) continue
      figures.lines++
      const said = type(words)
      const state = readState(fresh)
      for (const line of triesIn(said)) {
        figures.suggestions++
        if (notPasted.test(line)) continue
        figures.pasted++
        const shown = `postmulti ${typed(words)}\n${said}  pasted: ${line}`
        const pasted = sayAll(line)
        const became = readState(state)
        const touched = differing(state, became)
        const further = touched.filter((each) => !isNamed(each, [...right, ...words]))
        if (further.length > 0) {
          figures.further++
          faults.push(`${shown}\n  reached ${further.join(', ')}`)
        }
        // What was meant may be about something that is not there.
        if (pasted.status === null || (pasted.status === 2 && sayAll(`postmulti ${typed(right)}`).status !== 2)) {
          figures.failing++
          faults.push(`${shown}\n  ended with ${pasted.status}: ${pasted.said}`)
        }
        if (touched.length === 0 && pasted.status !== 2) continue
        restore(readState())
        if (differing(fresh, state).length > 0) type(words)
      }
      const last = readState()
      if (differing(fresh, last).length > 0) restore(last)
    }
    assert.deepEqual(faults.length, 0, faults.join('\n\n'))
  })

  /** As it was at first; what does not run as it did is started anew. */
  function restore(state: State): void {
    const isRunning = directories.every((each) => state.get(each)?.pid === fresh.get(each)?.pid)
    if (!isRunning) stop()
    sh(`cd /; rm -rf etc/postfix etc/postfix-* var/lib/postmulti etc/postmulti var/spool/postfix-out/hold
      for each in etc/postfix-alone var/spool/postfix-* var/lib/postfix-*; do
        case $each in *-out | *-in | *-relay) ;; *) rm -rf $each ;; esac
      done
      tar -xpf /run/files.tar`)
    if (!isRunning) start()
    fresh = readState()
  }
}

interface Seen {
  pid: string
  files: string
  /** How often it has read its files. */
  reloads: number
  messages: string
}

/** By config_directory; what is about no instance is under the names of files. */
type State = Map<string, Seen>

/** What was asked for may come about a little later, where something does. */
function readState(before?: State): State {
  let last = look()
  if (before !== undefined && differing(before, last).length === 0) return last
  for (;;) {
    sh('sleep 0.5')
    const now = look()
    if (differing(last, now).length === 0) return now
    last = now
  }
}

function look(): State {
  const all = [...new Set([...directories, ...listed()])]
  const host = {pid: '', reloads: 0, messages: '', files: textOf('/etc/postmulti/plugins.json')}
  return new Map([
    ['the plugins', host],
    ...all.filter((each) => existsSync(each)).map((each) => [each, see(each)] as const),
  ])
}

function see(directory: string): Seen {
  const name = directory.slice('/etc/'.length)
  const queue = `/var/spool/${name}`
  const pid = textOf(`${queue}/pid/master.pid`).trim()
  const main = textOf(`${directory}/main.cf`)
  return {
    pid: pid !== '' && existsSync(`/proc/${pid}`) ? pid : '',
    // The list is in the primary's.
    files:
      (directory === '/etc/postfix' ? main.replace(/^multi_instance_directories.*$/m, '') : main) +
      textOf(`${directory}/master.cf`),
    reloads: textOf(`/var/log/${name === 'postfix' ? 'mail' : name}.log`).split(/: reload -- /).length,
    messages: messagesOf(queue).join(' '),
  }
}

function messagesOf(queue: string): string[] {
  return ['maildrop', 'hold', 'incoming', 'active', 'deferred'].flatMap((each) => {
    if (!existsSync(`${queue}/${each}`)) return []
    return readdirSync(`${queue}/${each}`, {recursive: true, encoding: 'utf8'}).filter((path) =>
      /(?:^|\/)\w{6,}$/.test(path),
    )
  })
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'latin1') : ''
}

function differing(one: State, other: State): string[] {
  const all = new Set([...one.keys(), ...other.keys()])
  return [...all].filter((each) => JSON.stringify(one.get(each)) !== JSON.stringify(other.get(each)))
}

/** By its name, its directory, its group, a message in it; or all of them are meant. */
function isNamed(directory: string, words: readonly string[]): boolean {
  const name = directory.slice('/etc/postfix-'.length)
  const group = ['out', 'in'].includes(name) ? 'mta' : undefined
  const own =
    directory === '/etc/postfix' ? ['-', 'init'] : [name, `postfix-${name}`, ...(group === undefined ? [] : [group])]
  const parts = words.flatMap((each) => each.split(/[=/,]/))
  const isForAll = !words.some((each) => /^(?:-g|-i|--group|--instance)(?:=|$)/.test(each)) && !hasOperand(words)
  const isSaid = [...own, directory].some((each) => parts.includes(each) || words.includes(each))
  return directory === 'the plugins' || isForAll || isSaid
}

/** Whether some instance is named. */
function hasOperand(words: readonly string[]): boolean {
  return words.some((each) => /^(?:-|.*\b(?:out|in|relay)\b.*)$/.test(each))
}

function type(words: readonly string[]): string {
  return sayAll(`postmulti ${typed(words)}`).said
}

function sayAll(line: string): {status: number | null; said: string} {
  const {status, stdout, stderr} = spawnSync('sh', ['-c', `cd /run/empty; ${line}`], {
    encoding: 'utf8',
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', EDITOR: 'true'},
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  return {status, said: stderr + (stdout.length < 2000 ? stdout : '')}
}

function triesIn(said: string): string[] {
  return [...said.matchAll(/\btry: (.*)$/gm)].map(([, line]) => line!)
}

function start(): void {
  sh(
    `for each in ${directories.join(' ')}; do postfix -c $each start >/dev/null 2>&1 || ${program} check $each >&2; done`,
  )
}

function stop(): void {
  sh(`for each in /var/spool/postfix*/pid/master.pid; do
      [ -f $each ] && kill -KILL -- -$(tr -d ' ' <$each) 2>/dev/null || :
    done; sleep 0.2`)
}
