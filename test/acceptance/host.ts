/**
 * A throw-away mail host: shell commands run as root beside a fresh Postfix, and nothing of it survives.
 * Needs root, unshare(1), overlay file systems and an installed Postfix; the inside of the host is host.sh.
 */

import {isUtf8} from 'node:buffer'
import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export const realPostmulti = '/usr/sbin/postmulti'

export interface HostOptions {
  /** The program that answers to `postmulti`; Postfix's own when absent. */
  postmulti?: string
  /** stderr is a terminal, otherwise a pipe. Postfix before 3.8 is silent in a pipe. */
  terminal?: boolean
  /** Start from the trees that `makeImage` saved, instead of a host with nothing but a small main.cf. */
  image?: string
}

export interface Outcome {
  /** Exit status; 128 + N after signal N. */
  status: number
  stdout: string
  stderr: string
}

/** Everything below the Postfix directories, one line for each thing and each line of a configuration file; sorted. */
export type Tree = string[]

/** Run one shell script in a host of its own. */
export async function inHost(script: string, options: HostOptions = {}): Promise<Outcome & {tree: Tree}> {
  const {outcomes, tree} = await runInHost([script], options)
  return {...outcomes[0]!, tree}
}

/** Run several shell scripts one after the other in the same host; each has its own outcome, the tree is the final one. */
export async function runInHost(scripts: string[], options: HostOptions = {}) {
  return visit(scripts, options, '', async (out) => {
    const outcomes: Outcome[] = []
    for (const name of scripts.map(nameOf)) {
      outcomes.push({
        status: Number(await readText(join(out, `${name}.status`))),
        stdout: await readText(join(out, `${name}.stdout`)),
        stderr: (await readText(join(out, `${name}.stderr`))).replaceAll('\r\n', '\n'),
      })
    }
    const lines = (await readText(join(out, 'tree'))).split('\n').filter(Boolean)
    // What has changed is listed as the overlay keeps it.
    const tree: Tree = lines.map((line) => line.replace(/^(etc|var)\/upper\//, '$1/')).sort()
    return {outcomes, tree}
  })
}

/** Run a shell script in a host and save the Postfix trees it leaves as a file; throws unless the script exits 0. */
export async function makeImage(script: string, image: string, options: HostOptions = {}): Promise<void> {
  await visit([`set -e\n${script}`], {...options, terminal: true}, 'saved', async (out) => {
    const status = (await readText(join(out, '00.status'))).trim()
    if (status !== '0') throw new Error(`set-up exits ${status}: ${script}\n${await readText(join(out, '00.stderr'))}`)
    await copyFile(join(out, 'saved'), image)
  })
}

/** Why this machine cannot make a throw-away host; undefined when it can. */
export function whyNoHost(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a throw-away host'
  if (!existsSync(realPostmulti) || !existsSync('/etc/postfix/main.cf.proto')) return 'Postfix is not installed'
  return existsSync('/usr/bin/unshare') && existsSync('/usr/bin/script') ? undefined : 'util-linux is not installed'
}

const seconds = 1000

async function visit<T>(scripts: string[], options: HostOptions, save: string, read: (out: string) => Promise<T>) {
  const out = await mkdtemp(join(tmpdir(), 'throw-away-host-'))
  try {
    for (const [index, script] of scripts.entries())
      await writeFile(join(out, `${nameOf(script, index)}.command`), script)
    await placeProgram(out, options.postmulti ?? realPostmulti)
    await unshare({OUT: out, IMAGE: options.image ?? '', SAVE: save, TERMINAL: options.terminal ? 'yes' : ''})
    return await read(out)
  } finally {
    await rm(out, {recursive: true})
  }
}

/** What is mounted on the host, the program that answers to `postmulti` there included. */
async function placeProgram(out: string, program: string): Promise<void> {
  const mounts = [
    [out, '/run/host/out', 'none', 'bind'],
    [join(out, 'bin'), '/run/host/bin', 'none', 'bind'],
    ...['etc', 'var'].map((each) => {
      const layers = `lowerdir=/${each},upperdir=/run/host/${each}/upper,workdir=/run/host/${each}/work`
      return ['overlay', `/${each}`, 'overlay', layers]
    }),
  ]
  // Any user has to reach the program, wherever the project lies.
  const [, project] = /^(.*)\/bin\/postmulti$/.exec(program) ?? []
  if (project !== undefined) mounts.push([project, '/run/host/project', 'none', 'bind'])
  const reached = project === undefined ? program : '/run/host/project/bin/postmulti'
  await mkdir(join(out, 'bin'))
  await symlink(reached, join(out, 'bin/postmulti'))
  if (program !== realPostmulti) {
    // So that multi_instance_wrapper and callers with an absolute path reach the program under test, too.
    await writeFile(join(out, 'shim'), `#!/bin/sh\nexec ${reached} "$@"\n`)
    await chmod(join(out, 'shim'), 0o755)
    mounts.push([join(out, 'shim'), realPostmulti, 'none', 'bind'])
  }
  const octal = (word: string) =>
    word.replace(/[\s\\]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`)
  await writeFile(join(out, 'fstab'), mounts.map((each) => `${each.map(octal).join(' ')} 0 0\n`).join(''))
}

/** Resolves when the host is gone, with all its processes. */
function unshare(variables: Record<string, string>): Promise<void> {
  const namespaces = '--mount --net --pid --ipc --uts --fork --kill-child --mount-proc --propagation private'
  const env = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...variables}
  return new Promise((resolve, reject) => {
    execFile(
      'unshare',
      // What unshare of Debian 11 starts ignores TERM, and Postfix hands that on.
      [
        ...namespaces.split(' '),
        '--',
        'env',
        '--default-signal=INT,QUIT,TERM',
        'sh',
        join(import.meta.dirname, 'host.sh'),
      ],
      // unshare ignores SIGTERM.
      {env, timeout: 600 * seconds, killSignal: 'SIGKILL'},
      (error, _stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve()),
    )
  })
}

const nameOf = (_script: string, index: number) => String(index).padStart(2, '0')

/** Lossless: text that is not UTF-8 is taken byte by byte. */
async function readText(path: string) {
  const bytes = await readFile(path)
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
