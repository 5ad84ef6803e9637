/**
 * npm, as postmulti runs it for root: with our own environment, so that neither the caller's variables nor any
 * home directory can say what it loads or where it asks; and without running what packages bring, unless that is allowed.
 * Source: npm's documentation, "config".
 */
import {createRequire} from 'node:module'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import {runInHand} from '../apply/in-hand.ts'
import type {Lock} from '../apply/lock.ts'
import {ours, replaceFile} from '../files/act.ts'
import {isThere, realPath} from '../files/read.ts'
import {findUntrusted} from '../hooks/trust.ts'
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {cacheDirectory, policyDirectory, sitePath} from '../model/base/places.ts'
import {suggest} from '../model/base/suggestion.ts'
import {typed} from '../model/base/typed.ts'

export interface Npm {
  /** Makes a package of what `spec` names. */
  pack(spec: string, asking: NetworkUse): Promise<Packed>
  /** Unpacks it into node_modules of a directory that is empty. */
  install(packed: Packed & NetworkUse, prefix: string): Promise<void>
}

interface NetworkUse {
  /** Nothing is asked of a network. */
  offline: boolean
}

export interface Packed {
  name: string
  version: string
  /** Absolute. */
  tarball: string
}

/** Brings npm. */
const npmPackage = '@oclif/plugin-plugins'

/** What the site wants of npm: another registry, for instance. */
const npmrc = `${policyDirectory}/npmrc`

/** What of the caller's environment says how to speak, or how to get through to the outside. */
const harmlessVariables = /^(?:LANG|LC_\w+|TERM|NO_COLOR|FORCE_COLOR|https?_proxy|no_proxy|SSH_AUTH_SOCK)$/i

export interface NpmOptions {
  /** Where packages are made. */
  directory: string
  allowScripts: boolean
  /** npm holds the lock until it ends, also when we are killed. */
  lock: Lock
  warn(text: string): void
}

/** A signal that ends us ends npm, which fails. Throws a Refusal when others can say what npm does. */
export function prepareNpm({directory, allowScripts, lock, warn}: NpmOptions): Npm {
  const untrusted = findUntrusted(npmrc, policyDirectory)
  if (untrusted !== undefined && untrusted.owner !== '') {
    throw new Refusal(untrusted.why, {suggestions: untrusted.remedy})
  }
  const run = async (words: string[], {offline}: NetworkUse, cwd = directory): Promise<string> => {
    const {node, program} = findNpm()
    const env = environmentOf({offline, allowScripts})
    const options = {cwd, env}
    const ended = runInHand(node, [program, ...words], lock.descriptor, options)
    const {status, stdout, stderr, cut} = await ended
    const command = typed(['npm', ...words.slice(0, 2)])
    if (cut !== undefined) throw new ToolFailure(command, status, cut)
    if (status !== 0) throw new ToolFailure(command, status, explainNpm(stderr) || stderr)
    for (const line of stderr.split('\n')) if (line.startsWith('npm warn')) warn(line)
    return stdout
  }
  return {
    async pack(spec, asking) {
      const [{name, version, filename}] = JSON.parse(
        await run(['pack', spec, '--json', '--loglevel=error', '--pack-destination', directory], asking),
      )
      return {name, version, tarball: `${directory}/${filename}`}
    },
    async install({tarball, offline}, prefix) {
      // Else npm would look above it for the place of node_modules.
      replaceFile(`${prefix}/package.json`, Buffer.from('{"private": true}\n'), {mode: 0o644, ...ours()})
      await run(['install', `file:${tarball}`, '--omit=dev', '--loglevel=warn'], {offline}, prefix)
    },
  }
}

function environmentOf({offline, allowScripts}: NetworkUse & {allowScripts: boolean}): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => harmlessVariables.test(name))),
    PATH: sitePath,
    HOME: userInfo().homedir,
    // npm keeps it below /tmp, under a name that anybody can take first, and runs what it finds there.
    NODE_DISABLE_COMPILE_CACHE: '1',
    npm_config_userconfig: npmrc,
    npm_config_cache: `${cacheDirectory}/npm`,
    npm_config_offline: String(offline),
    npm_config_ignore_scripts: String(!allowScripts),
    // A plugin has all that it needs in its own directory, so owner, checksum and removal are those of one directory.
    npm_config_install_strategy: 'nested',
    npm_config_legacy_peer_deps: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  }
}

/**
 * Ours under our own Node. A package of the distribution does not bring it: then that of the distribution, under the Node
 * that it was made for.
 */
function findNpm(): {node: string; program: string} {
  const bringer = findInstalled(npmPackage)
  const manifest = bringer === undefined ? undefined : findInstalled('npm/package.json', bringer)
  if (manifest !== undefined) return {node: process.execPath, program: join(dirname(manifest), 'bin/npm-cli.js')}
  const [node, program] = ['/usr/bin/node', '/usr/bin/npm']
  if (isThere(node) && isThere(program)) return {node, program: realPath(program)}
  throw new Refusal('Plugins are installed by npm, which is not there', {
    suggestions: [suggest`apt-get install --no-install-recommends npm`],
  })
}

/** A package that we bring, as the file `from` sees it. */
function findInstalled(name: string, from = `${__dirname}/`): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
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
