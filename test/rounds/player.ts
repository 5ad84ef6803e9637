/**
 * One throw-away host of the rounds, from within: three instances with mail, which are told words in one of the manners.
 * Rounds come on stdin, a line of JSON each; what became of their steps goes to stdout in the same way.
 */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {createInterface} from 'node:readline'
import {antedate, mustSucceed, type Outcome, program, sh, sleep, start} from '../acceptance/inside.ts'
import type {Round, Step} from './draw.ts'
import type {Manner} from './hosts.ts'
import type {Masters, Played} from './judge.ts'

const names = ['postfix', 'postfix-out', 'postfix-in']
const kills = '/run/kills'

const [manner] = process.argv.slice(2) as [Manner]
await setUp()
console.log('ready')
for await (const line of createInterface({input: process.stdin}))
  console.log(JSON.stringify(await play(JSON.parse(line))))

async function setUp(): Promise<void> {
  await mustSucceed('-e init')
  for (const each of ['out', 'in']) await mustSucceed(`-I postfix-${each} -G mta -e create`)
  await mustSucceed('instances enable out in')
  sh(`
    postconf -c /etc/postfix -e inet_interfaces=loopback-only
    postconf -c /etc/postfix-out -e inet_interfaces=192.0.2.25 master_service_disable= authorized_submit_users=root \\
      defer_transports=smtp
    postconf -c /etc/postfix-in -e inet_interfaces=10.1.1.25 master_service_disable= authorized_submit_users=root`)
  antedate()
  sh(
    'for each in 1 2 3 4 5; do echo hello | sendmail -C /etc/postfix-out -f a@example.com b@example.org 2>/dev/null; done',
  )
  noteKills()
}

/** postfix-script itself tells how long after its TERM it sends KILL. */
function noteKills(): void {
  sh(`
    script=$(postconf -h daemon_directory)/postfix-script
    sed -e 's|^\\t\\$INFO stopping the Postfix mail system$|\\tbegan=$(date +%s%N)\\n&|' \\
      -e 's|^\\t\\$WARN stopping the Postfix mail system with force$|\\techo $((($(date +%s%N) - began) / 1000000)) >>${kills}\\n&|' \\
      "$script" >/run/postfix-script
    grep -q began= /run/postfix-script && grep -q ${kills} /run/postfix-script
    chmod 755 /run/postfix-script
    mount --bind /run/postfix-script "$script"`)
}

async function play({steps, busy, mail}: Round): Promise<Played[]> {
  const around = [
    ...Array.from({length: busy}, () => spawn('sh', ['-c', 'while :; do :; done'], {stdio: 'ignore'})),
    ...(mail === 0 ? [] : [spawn('sh', ['-c', sendEvery(1 / mail)], {stdio: 'ignore'})]),
  ]
  const played: Played[] = []
  for (const each of steps) {
    played.push(await playStep(each))
    await sleep(each.rest)
  }
  await Promise.all(around.map(end))
  return played
}

function sendEvery(seconds: number): string {
  return `while :; do echo hello | sendmail -C /etc/postfix-out -f a@example.com b@example.org; sleep ${seconds}; done`
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

async function playStep({word}: Step): Promise<Played> {
  const before = readMasters()
  rmSync(kills, {force: true})
  const outcomes = await say(word)
  return {
    status: Math.max(...outcomes.map(({status}) => status ?? 255)),
    text: outcomes
      .flatMap(({stdout, stderr}) => [...stdout.split(/\r?\n/), ...stderr])
      .filter(Boolean)
      .join('\n'),
    before,
    after: readMasters(),
    kills: existsSync(kills) ? readFileSync(kills, 'utf8').trim().split('\n').map(Number) : [],
  }
}

async function say(word: Step['word']): Promise<Outcome[]> {
  if (manner === 'sub-command') {
    const all = word === 'stop' || word === 'restart' ? ['--all'] : []
    return [await start(program, ['instances', word, ...all]).ended]
  }
  // The others have no such word.
  if (word === 'restart') return [...(await say('stop')), ...(await say('start'))]
  const commands =
    manner === 'classic' ? [`${program} -p ${word}`] : names.map((each) => `postfix -c /etc/${each} ${word}`)
  return Promise.all(commands.map((each) => start('script', ['-qec', each, '/dev/null']).ended))
}

function readMasters(): Masters {
  return names.map((name) => {
    const path = `/var/spool/${name}/pid/master.pid`
    if (!existsSync(path) || spawnSync('flock', ['-n', path, 'true']).status === 0) return null
    const pid = Number(readFileSync(path, 'utf8'))
    return existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'master\n' ? pid : null
  })
}
