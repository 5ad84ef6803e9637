/**
 * SIGKILL at any moment of any change: the next run makes the host as before or as after, and says so.
 * Where strace(1) is installed it kills before a chosen system call; without it, and for a whole process group, chance
 * chooses. KILLS sets how many kills there are in all, KILL_SEED repeats the choices of an earlier run.
 */
import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {setImmediate} from 'node:timers/promises'
import {installPlugin} from '../plugins/site-plugin.ts'
import {makeChance} from './chance.ts'
import {
  differences,
  hasStrace,
  killWithTools,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
  sleep,
  start,
} from './inside.ts'
import {needSetPermissions} from './obstacles.ts'

const kills = Number(process.env.KILLS ?? 22)
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const pending = '/var/lib/postmulti/pending'

/** What is killed, and what the host is like before. */
const scenarios: [title: string, given: string[], change: string, prepare?: () => unknown][] = [
  ['init', [], '-e init'],
  ['create', ['-e init', '-I postfix-out -e create'], '-I postfix-in -G mta -e create'],
  [
    'create in a directory with files',
    ['-e init', '-I postfix-in -e create', '-i postfix-in -e deport'],
    '-I postfix-x -G mta -e create config_directory=/etc/postfix-in',
  ],
  [
    'import',
    ['-e init', '-I postfix-in -e create', '-i postfix-in -e deport'],
    '-I postfix-x -G mta -e import config_directory=/etc/postfix-in',
  ],
  ['destroy', ['-e init', '-I postfix-in -e create', '-I postfix-out -e create'], '-i postfix-in -e destroy'],
  ['deport', ['-e init', '-I postfix-in -e create', '-I postfix-out -e create'], '-i postfix-in -e deport'],
  ['enable', ['-e init', '-I postfix-in -e create'], '-i postfix-in -e enable'],
  ['disable', ['-e init', '-I postfix-in -e create', '-i postfix-in -e enable'], '-i postfix-in -e disable'],
  ['assign', ['-e init', '-I postfix-in -e create'], '-i postfix-in -I postfix-x -G mta -e assign'],
  ['fix', ['-e init', '-I postfix-in -e create', '-i postfix-in -e enable'], 'check --fix --yes', breakThings],
  ['enable with a unit', ['-e init', '-I postfix-in -e create'], 'instances enable in --systemd', needUnits],
  ['enable with the steps of a plugin', ['-e init', '-I postfix-in -e create'], '-i postfix-in -e enable', needPlugin],
]
// The real set-permissions waits for seconds.
if (kills > 100) {
  scenarios.push(['create with the real set-permissions', ['-e init'], '-I postfix-in -e create', needSetPermissions])
}

/** Steps of every kind: before the change and after it, files, links, parameters, and a program that takes its time. */
function needPlugin(): Promise<void> {
  const hook = `export default () => [
    {do: 'write file', path: '/etc/postfix/early', text: 'x', first: true},
    {do: 'make directory', path: '/etc/postfix-in/maps'},
    {do: 'write file', path: '/etc/postfix-in/maps/transport', text: 'example.com smtp:'},
    {do: 'add line', path: '/etc/postfix-in/maps/transport', line: 'example.org smtp:'},
    {do: 'make directory', path: '/etc/postfix/own', owner: {uid: 1, gid: 1}},
    {do: 'add line', path: '/etc/postfix/own/list', line: 'in: root'},
    {do: 'link', path: '/etc/postfix-in/link', target: '/etc/postfix-in/maps'},
    {do: 'set parameter', config_directory: '/etc/postfix-in', name: 'mail_name', value: 'In'},
    {do: 'run program', words: ['sh', '-c', 'sleep 0.05; cp transport copy; sleep 0.05'], directory: '/etc/postfix-in/maps', changes: ['/etc/postfix-in/maps/copy'], undo: ['true']},
  ]`
  return installPlugin(hook, {events: ['pre-enable']})
}

/** As on Debian 13, and not started: an image. */
function needUnits(): void {
  sh(`mkdir -p /etc/systemd/system
    echo 'Environment=MAIL_CONFIG=/etc/postfix-%I' >/etc/systemd/system/postfix@.service`)
}

/** A type whose files are the same each time that they are built. */
function breakThings(): void {
  sh(`
    echo 'a@example.com root' >/etc/postfix-in/virtual
    postconf -c /etc/postfix-in -e virtual_alias_maps=cdb:/etc/postfix-in/virtual myhostname=in.example.com \
      inet_interfaces=127.0.0.1
    postconf -e 'multi_instance_directories=/etc/postfix-in/,'
    chmod 666 /etc/postfix-in/master.cf
    chown root /var/lib/postfix-in`)
}

/** Changes of nothing, and refusals: any -e action recovers, whatever becomes of itself. */
const nextRuns = ['-i - -G - -e assign', '-i nosuch -e enable', '-i nosuch -e destroy', '-I postfix -e create']

onThrowAwayHost(import.meta.filename, 'changes that are killed', killThem, 15 + kills / 30)

function killThem() {
  const chance = makeChance(seed)
  const ends = new Map<string, number>()
  const points = new Set<string>()
  const share = Math.ceil(kills / scenarios.length / 2)

  before(() => console.log(`      KILL_SEED=${seed} KILLS=${kills}`))
  after(() => {
    const told = [...ends].sort().map(([end, count]) => `${count} ${end}`)
    console.log(`      ${points.size} different points; ${told.join(', ')}`)
  })

  for (const [title, given, change, prepare] of scenarios) {
    describe(title, () => {
      let restore: () => void
      let before: Map<string, string>
      let after: Map<string, string>
      let systemCalls: SystemCall[]
      /** How long a run takes that nobody kills, in milliseconds. */
      let took: number

      beforeEach(async () => {
        if (restore !== undefined) return
        sh(
          'rm -rf /etc/postfix-* /var/spool/postfix-* /var/lib/postfix-* /var/lib/postmulti/plugins; postconf -X multi_instance_wrapper multi_instance_enable multi_instance_directories alternate_config_directories',
        )
        for (const each of given) await mustSucceed(each)
        await prepare?.()
        restore = saveHost()
        restore()
        before = readTree()
        took = (await mustSucceed(change)).took
        after = readTree()
        assert.notDeepEqual(differences(before, after), [])
        restore()
        systemCalls = hasStrace() ? await listSystemCalls(change) : []
      })

      it('is whole or has never been when the process is killed', async () => {
        for (let count = 0; count < share; count++) {
          restore()
          const at = systemCalls[Math.floor(((count + chance()) / share) * systemCalls.length)]
          const killed = at === undefined ? await killSometime(false) : await killAt(at, change)
          if (killed === undefined) continue
          await judge(killed, chance() < 0.3)
        }
      })

      it('is whole or has never been when the process and its tools are killed together', async () => {
        for (let count = 0; count < share; count++) {
          restore()
          const killed = await killSometime(true)
          if (killed !== undefined) await judge(killed, chance() < 0.3)
        }
      })

      /** Most of the time is spent before the change begins, so most kills wait for its journal. */
      async function killSometime(wholeGroup: boolean): Promise<string | undefined> {
        const begun = chance() < 0.8
        const delay = chance() * took * (begun ? 0.4 : 1)
        const run = start(program, change.split(' '), {detached: true})
        const patience = performance.now() + 5000
        while (begun && !existsSync(pending) && performance.now() < patience && isThere(run.pid)) await setImmediate()
        const until = performance.now() + delay
        while (performance.now() < until) await setImmediate()
        if (wholeGroup) killWithTools(run.pid)
        else kill(run.pid)
        const {status} = await run.ended
        if (status !== null) return undefined
        return `${wholeGroup ? 'group' : 'process'} ${begun ? 'begun' : 'start'} +${delay.toFixed(1)} ms`
      }

      /** `again`: the run that recovers is killed, too. */
      async function judge(killed: string, again: boolean): Promise<void> {
        points.add(`${title} ${killed}`)
        const where = `KILL_SEED=${seed}, ${title}, ${killed}`
        let second: string[] = []
        if (again) {
          const run = start(program, pick(nextRuns).split(' '), {detached: true})
          await sleep(chance() * took)
          killWithTools(run.pid)
          second = recoveries(await run.ended)
        }
        const next = pick(nextRuns)
        const outcome = await postmulti(next)
        const said = recoveries(outcome)
        assert.equal(outcome.status, next === nextRuns[0] ? 0 : 1, `${where}: ${outcome.stderr}`)
        assert.ok(said.length <= 1, `${where}: ${said}`)
        const isBefore = differences(before, readTree())
        const isAfter = differences(after, readTree())
        const text = said[0] ?? second[0] ?? ''
        const wanted = text.includes('rolled back') ? isBefore : text.includes('completed') ? isAfter : undefined
        if (wanted !== undefined) assert.deepEqual(wanted, [], `${where}: ${text}`)
        assert.ok(
          isBefore.length === 0 || isAfter.length === 0,
          `${where}: ${isBefore.join('\n')}\n---\n${isAfter.join('\n')}`,
        )
        const third = await postmulti(pick(nextRuns))
        assert.deepEqual(recoveries(third), [], `${where}: there was something left to recover`)
        note(
          `${text.includes('rolled back') ? 'rolled back' : text.includes('completed') ? 'completed' : isBefore.length === 0 ? 'not begun' : 'already whole'}${again ? ' (killed again)' : ''}`,
        )
      }
    })
  }

  function note(end: string): void {
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }

  function pick<T>(from: T[]): T {
    return from[Math.floor(chance() * from.length)]!
  }
}

interface SystemCall {
  name: string
  /** The how manieth of this name since the program was started. */
  count: number
}

/** Those that change something or wait for something; a kill between two others is like one before the next of these. */
const telling = new Set(
  'open openat write pwrite64 rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir chmod fchmod fchmodat chown fchown lchown fchownat ftruncate fsync fdatasync utime utimensat close statx newfstatat getdents64 clone clone3 vfork wait4 epoll_wait epoll_pwait exit_group'.split(
    ' ',
  ),
)

/** What the main thread does from the moment that it has opened its lock. */
async function listSystemCalls(change: string): Promise<SystemCall[]> {
  const record = '/run/system-calls'
  await start('strace', ['-o', record, program, ...change.split(' ')]).ended
  const calls: SystemCall[] = []
  const counts = new Map<string, number>()
  let begun = false
  for (const line of readFileSync(record, 'utf8').split('\n')) {
    const name = /^(\w+)\(/.exec(line)?.[1] ?? ''
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    begun ||= line.includes('/var/lib/postmulti/lock')
    if (begun && telling.has(name)) calls.push({name, count})
  }
  rmSync(record)
  assert.ok(calls.length > 20, `strace has seen ${calls.length} system calls`)
  return calls
}

/** Only the process itself: its tools go on. Undefined when it came to its end without this system call. */
async function killAt({name, count}: SystemCall, change: string): Promise<string | undefined> {
  const kill = `inject=${name}:signal=KILL:when=${count}`
  const words = ['-o', '/dev/null', '-e', `trace=${name}`, '-e', kill, program, ...change.split(' ')]
  const {status} = await start('strace', words).ended
  return status === null || status === 137 ? `before ${name} ${count}` : undefined
}

function recoveries({stderr}: Outcome): string[] {
  return stderr.filter((line) => /: warning: (?:rolled back|completed) an unfinished /.test(line))
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`)
}
