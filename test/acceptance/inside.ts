/**
 * Tests that break the program on purpose, written as if they ran on a host of their own: there they mount, kill and
 * fill disks as they like. Mocha is started again for their file inside a throw-away host, which is the demo's.
 */

import assert from 'node:assert/strict'
import {type SpawnOptions, spawn, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {runAgain} from './again.ts'
import {whyNoHost} from './host.ts'

/** In the environment of the mocha that runs on the throw-away host. */
const inside = 'POSTMULTI_BROKEN_HOST'
const root = join(import.meta.dirname, '../..')
const minutes = 60_000

/** The program under test, as it stands on the throw-away host. */
export const program = '/usr/sbin/postmulti'

/** Defines a suite whose tests run inside one throw-away host; `limit` ends what hangs, in minutes. */
export function onThrowAwayHost(file: string, title: string, define: () => void, limit = 15): void {
  describe(title, function () {
    this.timeout(limit * minutes)
    if (process.env[inside] !== undefined) return define()
    const missing = whyNoHost()
    if (missing !== undefined) return void it.skip(`keeps its promises: ${missing}`)
    // Of a file that was named: `-g words` chooses there, and is in the title so that it chooses this one, too.
    const words = process.argv.slice(2).filter((each) => !each.endsWith('.acceptance.ts'))
    it(['keeps its promises', ...words].join(' '), () => {
      const mocha = [process.execPath, join(root, 'node_modules/mocha/bin/mocha.js')]
      const host = join(root, 'plugins/plugin-api/host')
      return runAgain([host, ...mocha], [...words, file], {variables: {[inside]: 'yes'}, limit})
    })
  })
}

/** The real one, once `exposeReal` was called. */
export const realProgram = '/run/real/postmulti'

/** The program under test is mounted over it. */
export function exposeReal(): void {
  sh('mkdir /run/real; mount --bind /usr/sbin /run/real')
}

export interface Outcome {
  /** Exit status; null when a signal ended it. */
  status: number | null
  stdout: string
  /** Line by line. */
  stderr: string[]
  /** How long it ran, in milliseconds. */
  took: number
}

export interface Running {
  pid: number
  ended: Promise<Outcome>
}

const path = '/usr/sbin:/usr/bin:/sbin:/bin'

/** Starts a program with a small environment and without stdin. */
export function start(command: string, words: string[], options: SpawnOptions = {}): Running {
  const began = performance.now()
  const child = spawn(command, words, {
    cwd: '/',
    env: {PATH: path, HOME: '/root', LANG: 'C.UTF-8'},
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = {stdout: '', stderr: ''}
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (more: string) => {
      text[stream] += more
    })
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      const stderr = text.stderr.split('\n').filter((line) => line !== '')
      resolve({status, stdout: text.stdout, stderr, took: performance.now() - began})
    })
  })
  return {pid: child.pid!, ended}
}

/** `postmulti` with these words, separated by blanks; words with blanks go into an array. */
export function postmulti(words: string | string[]): Promise<Outcome> {
  return start(program, typeof words === 'string' ? words.split(' ') : words).ended
}

/** As `postmulti`, for what a test takes for granted. */
export async function mustSucceed(words: string | string[]): Promise<Outcome> {
  const outcome = await postmulti(words)
  assert.equal(outcome.status, 0, `postmulti ${words}: ${outcome.stderr.join('\n')}`)
  return outcome
}

/** A shell script that a test takes for granted; its stdout. */
export function sh(script: string): string {
  const {status, stdout, stderr} = spawnSync('sh', ['-c', `set -e\n${script}`], {
    encoding: 'utf8',
    env: {PATH: path, HOME: '/root', LANG: 'C.UTF-8'},
  })
  assert.equal(status, 0, `${script}: ${stderr}`)
  return stdout.trim()
}

/** Every Postfix program waits up to two seconds for a main.cf or master.cf that was written just now. */
export function antedate(): void {
  sh("find /etc/postfix* -type f -name 'ma*.cf' -exec touch -d '-1 hour' {} +")
}

/** A run that has a process group, and each of its tools, which have one of their own. */
export function killWithTools(pid: number): void {
  const path = `/proc/${pid}/task/${pid}/children`
  const tools = existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : []
  for (const each of [pid, ...tools]) {
    try {
      process.kill(-each, 'SIGKILL')
    } catch {
      // It has ended, or is of the group of the run.
    }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Waits for what another process does by itself. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const patience = performance.now() + 2 * minutes
  while (!(await isSo())) {
    assert.ok(performance.now() < patience, 'it did not come about in two minutes')
    await sleep(20)
  }
}

/** The configuration directories that the primary lists, read without the program under test. */
export function listed(): string[] {
  const settings = readFileSync('/etc/postfix/main.cf', 'utf8').matchAll(/^multi_instance_directories *=(.*)$/gm)
  return [...settings].flatMap(([, value = '']) => value.split(' ').filter(Boolean))
}

/** Everything of Postfix's and of ours in /etc, /var/spool and /var/lib but our journal, by path; no times. */
export function readTree(): Map<string, string> {
  const tree = new Map<string, string>()
  for (const top of ['/etc', '/var/spool', '/var/lib']) {
    for (const name of readdirSync(top)) {
      if (/^(?:postfix|\.)/.test(name)) look(`${top}/${name}`)
      else if (name === 'systemd' && top === '/etc') look('/etc/systemd/system')
      else if (name !== 'postmulti') tree.set(`${top}/${name}`, 'is there')
    }
  }
  return tree

  function look(path: string): void {
    const stats = lstatSync(path)
    const owner = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`
    if (stats.isDirectory()) {
      tree.set(path, `directory ${owner}`)
      for (const name of readdirSync(path)) look(`${path}/${name}`)
    } else if (stats.isSymbolicLink()) tree.set(path, `link to ${readlinkSync(path)}`)
    else if (stats.isFile()) tree.set(path, `file ${owner} ${fingerprint(path)}`)
    else tree.set(path, `other ${owner}`)
  }
}

/** postconf appends several parameters in an order of its own. */
function fingerprint(path: string): string {
  const text = readFileSync(path, 'latin1')
  const ordered = path.endsWith('/main.cf') ? text.split('\n').sort().join('\n') : text
  return createHash('sha256').update(ordered, 'latin1').digest('hex').slice(0, 16)
}

/** What is not the same, one line for each; empty when the trees are equal. */
export function differences(wanted: Map<string, string>, found: Map<string, string>): string[] {
  const paths = [...new Set([...wanted.keys(), ...found.keys()])].sort()
  return paths
    .filter((each) => wanted.get(each) !== found.get(each))
    .map((each) => `${each}: wanted ${wanted.get(each) ?? 'nothing'}, found ${found.get(each) ?? 'nothing'}`)
}

const trees =
  '/etc/postfix* /var/spool/postfix* /var/lib/postfix* /etc/.postmulti* /var/spool/.postmulti* /var/lib/.postmulti* ' +
  '/etc/postmulti /etc/default/postfix /var/lib/postmulti/plugins /etc/systemd/system'

/** Keeps the present state of Postfix's trees and of our plugins; the function that it returns brings it back, and forgets our journal. */
export function saveHost(): () => void {
  antedate()
  const image = sh(`
    image=$(mktemp /run/image.XXXXXX)
    tar -C / -cf $image $(ls -d ${trees} 2>/dev/null | cut -c 2-)
    echo $image`)
  return () => void sh(`rm -rf ${trees} /var/lib/postmulti/*; tar -C / -xpf ${image}`)
}

/**
 * Puts a shell script before one of Postfix's tools, and another one behind it; the function that it returns takes them
 * away again for those that start later. The tool keeps its name, with which it begins what it says.
 */
export function replaceTool(name: string, before: string, after = ''): () => void {
  sh(`
    mkdir -p /run/real
    cp /usr/sbin/${name} /run/real
    cat >/run/other-${name} <<'.'
#!/bin/sh
${before}
/run/real/${name} "$@"
status=$?
${after}
exit $status
.
    chmod 755 /run/other-${name}
    mount --bind /run/other-${name} /usr/sbin/${name}`)
  return () => void sh(`umount --lazy /usr/sbin/${name}`)
}

/** journalctl(1) is this shell script, also on a host that has none, until the function that it returns was called. */
export function replaceJournal(script: string): () => void {
  const place = existsSync('/usr/bin/journalctl') ? '/usr/bin/journalctl' : '/usr/sbin/journalctl'
  writeFileSync('/run/journalctl', `#!/bin/sh\n${script}\n`, {mode: 0o755})
  sh(`touch -a ${place}; mount --bind /run/journalctl ${place}`)
  return () => void sh(`umount ${place}; [ -s ${place} ] || rm ${place}`)
}

/** For a tool in the place of postconf: shell commands for `postconf -e` alone. */
export function whenItEdits(script: string): string {
  return `case " $* " in *" -e "*) ${script};; esac`
}

export function hasStrace(): boolean {
  return existsSync('/usr/bin/strace')
}
