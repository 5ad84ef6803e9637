/**
 * The host that is attacked, and what a run on it must not have done: to root's files, to the journal, to whoever comes
 * next. The mail owner owns the queue and the data directory of postfix-out, user nobody some tables, and the
 * configuration of postfix-web; postfix-next is for the change that must go on afterwards.
 */
import assert from 'node:assert/strict'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {antedate, mustSucceed, type Outcome, program, type Running, sh, sleep, start} from '../acceptance/inside.ts'
import {compare, type Listing, listCanaries, makeCanaries, secret} from './canary.ts'
import {type Order, orderVariable, type Point} from './order.ts'

export const scratch = '/run/attack'
export const accounts = {postfix: ids('postfix'), nobody: ids('nobody')}

/** `hung`: it was killed, as it took too long. */
export type Ended = Outcome & {hung: boolean}

const project = '/run/project'
/** In milliseconds: longer than this no command may take. A program of others has a minute. */
const limit = 80_000

export async function prepareHost(): Promise<void> {
  mkdirSync(scratch, {recursive: true})
  for (const each of ['stop', 'attacker']) {
    const entry = join(import.meta.dirname, `${each}.ts`)
    await build({
      entryPoints: [entry],
      outfile: `${scratch}/${each}.cjs`,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    })
  }
  // The machine's own /tmp is not to be attacked; this repository may be there.
  sh('mount -t tmpfs -o mode=1777 tmpfs /tmp')
  await mustSucceed('-e init')
  for (const each of ['out', 'web', 'next']) await mustSucceed(`-I postfix-${each} -G mta -e create`)
  sh(`
    for each in active flush; do
      mkdir /var/spool/postfix-out/$each/A
      for name in shadow key; do touch /var/spool/postfix-out/$each/A/$name; done
      chown -R postfix:postfix /var/spool/postfix-out/$each/A
      chmod 4777 /var/spool/postfix-out/$each/A/*
    done
    echo mine >/var/spool/postfix-out/flush/A/not-made-by-postfix
    chown postfix /var/spool/postfix-out/flush/A/not-made-by-postfix
    for name in smtp_scache.db verify_cache.db; do
      echo cache >/var/lib/postfix-out/$name
      chown postfix:postfix /var/lib/postfix-out/$name
      chmod 4777 /var/lib/postfix-out/$name
    done
    mkdir /etc/postfix-out/maps
    echo 'a@example.com root' >/etc/postfix-out/maps/virtual
    echo 'example.com smtp:' >/etc/postfix-out/maps/transport
    ln -s virtual /etc/postfix-out/maps/alias
    postmap hash:/etc/postfix-out/maps/virtual hash:/etc/postfix-out/maps/transport
    touch -d '-1 hour' /etc/postfix-out/maps/*.db
    chown -hR nobody /etc/postfix-out/maps /etc/postfix-web
    for each in /etc /var/spool /var/lib; do mkdir $each/of-nobody; chown nobody $each/of-nobody; done`)
  // An undo is to find nothing but what is done later.
  sh('rm -f /var/lib/postmulti/journal/*')
  antedate()
}

const trees =
  '/etc/postfix* /etc/of-nobody /etc/postmulti /etc/.postmulti* /var/spool/postfix* /var/spool/of-nobody ' +
  '/var/spool/.postmulti* /var/lib/postfix* /var/lib/of-nobody /var/lib/.postmulti* /var/lib/postmulti /var/cache/postmulti'

/** The function that it returns makes all as it is now, journal and canaries included. */
export function keepHost(): () => void {
  antedate()
  const image = sh(`
    image=$(mktemp ${scratch}/image.XXXXXX)
    tar -C / -cf $image $(ls -d ${trees} 2>/dev/null | cut -c 2-)
    echo $image`)
  return () => {
    sh(`rm -rf ${trees} /tmp/* ${scratch}/expected; tar -C / -xpf ${image}`)
    makeCanaries()
  }
}

/** The program under test, under an order; the launcher's own command line. */
export async function runUnder(order: Omit<Order, 'attackers'>, words: string[], socket?: string): Promise<Ended> {
  const entry = words[0]?.startsWith('-') ? 'postmulti' : 'cli'
  const flags = ['--v8-pool-size=1', '--max-semi-space-size=2', '--disable-sigusr1', `--require=${scratch}/stop.cjs`]
  const run = start(findNode(), [...flags, `${project}/dist/${entry}.cjs`, `${project}/bin/postmulti`, ...words], {
    detached: true,
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      EDITOR: `${scratch}/editor`,
      [orderVariable]: JSON.stringify({attackers: Object.values(accounts), ...order}),
    },
  })
  return endWithin(run, socket)
}

export function findNode(): string {
  const own = [`linux-${process.arch}`].map((each) => `${project}/node_modules/node-${each}/bin/node`)
  return [...own, '/usr/local/bin/node'].find((each) => existsSync(each)) ?? '/usr/bin/node'
}

/** Killed when it takes too long; a server is ended as soon as its socket is there. */
export async function endWithin(run: Running, socket?: string): Promise<Ended> {
  let hung = false
  let isOver = false
  const timer = setTimeout(() => {
    hung = true
    process.kill(-run.pid, 'SIGKILL')
  }, limit)
  const ended = run.ended.finally(() => {
    isOver = true
  })
  if (socket !== undefined) {
    // An attacker may have taken it away again, or put something else there.
    for (let count = 0; !isOver && !isSocket(socket) && count < 100; count++) await sleep(50)
    if (!isOver) process.kill(run.pid, 'SIGTERM')
  }
  const outcome = await ended
  clearTimeout(timer)
  return {...outcome, hung}
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket()
  } catch {
    return false
  }
}

/** All points of a run that nobody disturbs. */
export async function listPoints(words: string[], socket?: string): Promise<{points: Point[]; outcome: Outcome}> {
  const list = `${scratch}/points`
  rmSync(list, {force: true})
  const outcome = await runUnder({list}, words, socket)
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : []
  return {points: lines.map((each) => JSON.parse(each)), outcome}
}

let judged = 0

/** What is wrong after an attack: empty when it was of no use. `outcome` is how the attacked command has ended. */
export async function judge(outcome: Ended, expected: Listing): Promise<string[]> {
  const wrong = compare(expected, listCanaries()).map((each) => `canary: ${each}`)
  wrong.push(...findLeaks())
  if (outcome.hung) wrong.push(`hung: more than ${limit / 1000} s`)
  const stack = outcome.stderr.find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
  if (stack !== undefined) wrong.push(`stack: ${outcome.stderr.slice(0, 6).join(' | ')}`)
  if (!outcome.hung && (outcome.status === null || outcome.status > 4)) wrong.push(`status ${outcome.status}`)
  // What could stand in its way is a change that was not ended; else it is made now and then.
  if (!existsSync('/var/lib/postmulti/pending') && ++judged % 5 !== 0) return wrong
  const next = await endWithin(start(program, ['-i', 'postfix-next', '-G', 'other', '-e', 'assign'], {detached: true}))
  if (next.hung || next.status !== 0) wrong.push(`next change: ${next.hung ? 'hung' : next.stderr.join(' | ')}`)
  wrong.push(...compare(expected, listCanaries()).map((each) => `canary, by the next change: ${each}`))
  return [...new Set(wrong)]
}

/** Where the bytes of root's files have come to, other than by a name of the same file. */
function findLeaks(): string[] {
  const wrong: string[] = []
  for (const top of sh(`ls -d ${trees} /tmp/* 2>/dev/null || :`).split('\n').filter(Boolean)) look(top)
  return wrong

  function look(path: string): void {
    const stats = lstatSync(path)
    if (stats.isDirectory()) {
      if (!path.endsWith('/canary')) for (const name of readdirSync(path)) look(`${path}/${name}`)
    } else if (stats.isFile() && stats.nlink === 1 && holdsSecret(readFileSync(path, 'latin1'))) {
      const {mode, uid} = stats
      if (path.startsWith('/var/lib/postmulti/')) wrong.push(`journal: ${path} holds the secret`)
      else if (uid !== 0 || (mode & 0o044) !== 0)
        wrong.push(`leak: ${path} (${uid}, ${mode.toString(8)}) holds the secret`)
    }
  }
}

/** At each of the three places that it can have in base64. */
const spellings = [0, 1, 2].map((shift) => {
  const bytes = Buffer.from(`${'x'.repeat(shift)}${secret}`)
  return bytes.toString('base64').slice(shift === 0 ? 0 : 4, -4)
})

function holdsSecret(text: string): boolean {
  return [secret, ...spellings].some((each) => text.includes(each))
}

function ids(user: string): {uid: number; gid: number} {
  const [, , uid, gid] =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((each) => each.startsWith(`${user}:`))
      ?.split(':') ?? []
  assert.ok(uid !== undefined && gid !== undefined, `there is a user ${user}`)
  return {uid: Number(uid), gid: Number(gid)}
}
