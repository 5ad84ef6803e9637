/**
 * npm, as postmulti runs it for root: with our own environment, so that neither the caller's variables nor the home of
 * anybody can say what it loads or where it asks; and without running what packages bring, unless that is allowed.
 * Source: npm's documentation, "config"; @oclif/plugin-plugins, which knows how a plugin is installed and recorded.
 */
import {createRequire} from 'node:module'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Lock} from '../apply/lock.ts'
import {findUntrusted} from '../hooks/trust.ts'
import {Refusal, ToolFailure} from '../model/errors.ts'
import {cacheDirectory, policyDirectory} from '../model/places.ts'
import {explainError} from '../model/system-error.ts'
import {typed} from '../model/typed.ts'

export interface Npm {
  /** Makes a package of what `spec` names. */
  pack(spec: string, asking: Asking): Promise<Packed>
  /** Unpacks it into node_modules of the plugin directory, and records it there. */
  install(packed: Packed, asking: Asking): Promise<void>
}

interface Asking {
  /** Nothing is asked of a network. */
  offline: boolean
}

export interface Packed {
  name: string
  version: string
  /** Absolute. */
  tarball: string
}

const library = '@oclif/plugin-plugins'

/** What the site wants of npm: another registry, for instance. */
const settings = `${policyDirectory}/npmrc`

const safePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What of the caller's environment says how to speak, or how to get through to the outside. */
const harmless = /^(?:LANG|LC_\w+|TERM|NO_COLOR|FORCE_COLOR|https?_proxy|no_proxy|SSH_AUTH_SOCK)$/i

export interface Settled {
  /** The plugin directory. */
  directory: string
  /** Where packages are kept. */
  tarballs: string
  allowScripts: boolean
  /** npm holds the lock until it ends, also when we are killed. */
  lock: Lock
  warn(text: string): void
}

/** A signal that ends us ends npm, which fails. Throws a Refusal when others can say what npm does. */
export function prepareNpm({directory, tarballs, allowScripts, lock, warn}: Settled): Npm {
  const untrusted = findUntrusted(settings, policyDirectory)
  if (untrusted !== undefined && untrusted.owner !== '') {
    throw new Refusal(untrusted.why, {suggestions: untrusted.remedy})
  }
  const run = async (words: string[], {offline}: Asking): Promise<string> => {
    const program = join(dirname(findInstalled('npm/package.json', findInstalled(library))), 'bin/npm-cli.js')
    const env = environmentOf({offline, allowScripts})
    const {status, stdout, stderr, stopped} = await runProgram([program, ...words], {cwd: directory, env, lock})
    const command = typed(['npm', ...words.slice(0, 2)])
    if (stopped !== undefined) throw new ToolFailure(command, status, `interrupted by ${stopped}`)
    if (status !== 0) throw new ToolFailure(command, status, explainNpm(stderr) || stderr)
    for (const line of stderr.split('\n')) if (line.startsWith('npm warn')) warn(line)
    return stdout
  }
  return {
    async pack(spec, asking) {
      const [{name, version, filename}] = JSON.parse(
        await run(['pack', spec, '--json', '--loglevel=error', '--pack-destination', tarballs], asking),
      )
      return {name, version, tarball: `${tarballs}/${filename}`}
    },
    async install({name, tarball}, asking) {
      // Not its install(): that loads code of the plugin before it is known whose files these are.
      const {default: Plugins} = await import(pathToFileURL(join(dirname(findInstalled(library)), 'plugins.js')).href)
      const records = new Plugins({config: {dataDir: directory, name: 'postmulti', pjson: {oclif: {}}}})
      await records.ensurePJSON()
      await run(['install', `file:${tarball}`, '--omit=dev', '--loglevel=warn'], asking)
      await records.add({name, type: 'user', url: `file:${tarball}`})
    },
  }
}

function environmentOf({offline, allowScripts}: Asking & {allowScripts: boolean}): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => harmless.test(name))),
    PATH: safePath,
    HOME: userInfo().homedir,
    npm_config_userconfig: settings,
    npm_config_cache: `${cacheDirectory}/npm`,
    npm_config_offline: String(offline),
    npm_config_ignore_scripts: String(!allowScripts),
    // All that a plugin needs is in its own directory: whose it is, what it was, and that it goes, is one question.
    npm_config_install_strategy: 'nested',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  }
}

interface Ran {
  /** Null after a signal. */
  status: number | null
  stdout: string
  stderr: string
  /** A signal that we were sent meanwhile. */
  stopped: NodeJS.Signals | undefined
}

/** In our Node. */
function runProgram(
  words: string[],
  {cwd, env, lock}: {cwd: string; env: NodeJS.ProcessEnv; lock: Lock},
): Promise<Ran> {
  const {spawn} = process.getBuiltinModule('node:child_process')
  const child = spawn(process.execPath, words, {
    ...{cwd, env},
    stdio: ['ignore', 'pipe', 'pipe', lock.descriptor],
    // With a process group of its own: npm alone would wait for the scripts that it has started.
    detached: true,
  })
  const text = {stdout: '', stderr: ''}
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (more: string) => {
      text[stream] += more
    })
  }
  let stopped: NodeJS.Signals | undefined
  const stop = (signal: NodeJS.Signals): void => {
    stopped = signal
    try {
      process.kill(-child.pid!, signal)
    } catch (error) {
      // It has just ended.
      explainError(error)
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const each of signals) process.on(each, stop)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      for (const each of signals) process.off(each, stop)
      resolve({status, ...text, stopped})
    })
  })
}

/** A package that we bring, as the file `from` sees it. */
function findInstalled(name: string, from = `${__dirname}/`): string {
  try {
    return createRequire(from).resolve(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new ToolFailure(name, null, `it is missing: run 'npm ci' in ${dirname(__dirname)}`)
  }
}

/** What is wrong, without codes, stacks and the place of the log. */
function explainNpm(said: string): string {
  const lines = said.split('\n').flatMap((line) => /^npm error (.+)$/.exec(line.trim())?.[1] ?? [])
  const telling = lines.filter(
    (line) => !/^(?:code |errno |syscall |path |A complete log|network\b(?! request)|\s+\/)/.test(line),
  )
  return [...new Set(telling)].join('\n')
}
