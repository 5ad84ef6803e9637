/**
 * Commands that are typed as root on a host of their own, where the plugin is installed: with a newly installed Postfix
 * and no mail of anyone. What they do is real, and nothing of it survives.
 */
import {spawn, spawnSync} from 'node:child_process'
import {existsSync, realpathSync} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

/** What became of one command. */
export interface Ran {
  command: string
  /** Exit status; 128 + N after signal N. */
  status: number
  stdout: string
  stderr: string
}

export interface HostOptions {
  /** Of the whole, in seconds. */
  timeout?: number
  /** The program that answers to `postmulti`; the one that this package came with, or that is found, when absent. */
  postmulti?: string
}

const noHost = 'A throw-away host needs postmulti, which is not in PATH'
const environment = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8'}

/**
 * Installs what is in the directory (none when null) and runs the commands, one after the other, each by sh(1). Throws
 * when the plugin cannot be installed.
 */
export async function onThrowAwayHost(
  directory: string | null,
  commands: readonly string[],
  {timeout = 60, postmulti}: HostOptions = {},
): Promise<Ran[]> {
  const out = await mkdtemp(join(tmpdir(), 'plugin-host-'))
  try {
    const installing = directory === null ? [] : [`postmulti plugins install ${quoted(directory)}`]
    const all = [...installing, ...commands]
    await run(['sh', '-c', runner, 'sh', out, ...all], timeout, postmulti)
    const ran = await Promise.all(all.map((command, index) => outcome(command, join(out, String(index + 1)))))
    const failed = ran.slice(0, installing.length).find(({status}) => status !== 0)
    if (failed !== undefined) throw new Error(`${failed.command}: ${failed.stderr}`)
    return ran.slice(installing.length)
  } finally {
    await rm(out, {recursive: true})
  }
}

/** Why this user, or this machine, cannot make a throw-away host; undefined when it can. For the `skip` of a test. */
export function whyNoHost(): string | undefined {
  const host = findHost()
  if (host === undefined) return noHost
  for (const words of [['--possible', 'npm', 'test'], ['true']]) {
    const {error, status, stderr} = spawnSync(host, words, {encoding: 'utf8', env: environment})
    if (error !== undefined) throw error
    if (status !== 0) return stderr
  }
  return undefined
}

/** Beside this file, or, for a copy of it, where the postmulti of PATH is. */
function findHost(): string | undefined {
  const programs = (process.env.PATH ?? '').split(':').map((each) => join(each, 'postmulti'))
  const roots = programs.filter((each) => existsSync(each)).map((each) => join(dirname(realpathSync(each)), '..'))
  return [join(import.meta.dirname, '../../..'), ...roots]
    .map((each) => join(each, 'plugins/plugin-api/host'))
    .find((each) => existsSync(each))
}

const runner = `
  out=$1
  shift
  at=0
  for command; do
    at=$((at + 1))
    status=0
    sh -c "$command" </dev/null >"$out/$at.stdout" 2>"$out/$at.stderr" || status=$?
    echo $status >"$out/$at.status"
  done`

/** 128 + SIGTERM. */
const ended = 143

function run(words: readonly string[], timeout: number, postmulti: string | undefined): Promise<void> {
  const env = postmulti === undefined ? environment : {...environment, POSTMULTI: postmulti}
  const host = findHost()
  if (host === undefined) throw new Error(noHost)
  const child = spawn(host, words, {env, stdio: ['ignore', 'ignore', 'pipe'], timeout: timeout * 1000})
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve()
      else reject(new Error(status === ended ? `the commands took more than ${timeout} seconds` : said))
    })
  })
}

async function outcome(command: string, file: string): Promise<Ran> {
  const read = (what: string): Promise<string> => readFile(`${file}.${what}`, 'utf8')
  const [status, stdout, stderr] = await Promise.all([read('status'), read('stdout'), read('stderr')])
  return {command, status: Number(status), stdout, stderr}
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
