/**
 * npm, as postmulti runs it for root: with our own environment, so that neither the caller's variables nor the home of
 * anybody can say what it loads or where it asks; and without running what packages bring, unless that is allowed.
 * Source: npm's documentation, "config"; @oclif/plugin-plugins, which knows how a plugin is installed and recorded.
 */
import {createRequire} from 'node:module'
import {userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {findUntrusted} from '../hooks/trust.ts'
import {Refusal, ToolFailure} from '../model/errors.ts'
import {cacheDirectory, policyDirectory} from '../model/places.ts'
import {typed} from '../model/typed.ts'

export interface Npm {
  /** Makes a package of what `spec` names, in `directory`. */
  pack(spec: string, directory: string): Packed
  /** Unpacks it into node_modules of the plugin directory, and records it there. */
  install(packed: Packed): Promise<void>
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

/** For the rest of this process's life its environment is npm's. `offline`: nothing is asked of a network. */
export function prepareNpm(
  directory: string,
  {offline, allowScripts, warn}: {offline: boolean; allowScripts: boolean; warn: (text: string) => void},
): Npm {
  const untrusted = findUntrusted(settings, policyDirectory)
  if (untrusted !== undefined && untrusted.owner !== '') {
    throw new Refusal(untrusted.why, {suggestions: untrusted.remedy})
  }
  for (const name of Object.keys(process.env)) if (!harmless.test(name)) delete process.env[name]
  Object.assign(process.env, {
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
  })
  return {
    pack: (spec, into) => pack(spec, into, directory),
    install: (packed) => install(packed, directory, warn),
  }
}

function pack(spec: string, into: string, directory: string): Packed {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const program = join(dirname(findInstalled('npm/package.json', findInstalled(library))), 'bin/npm-cli.js')
  const words = ['pack', spec, '--json', '--loglevel=error', '--pack-destination', into]
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...words], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new ToolFailure(typed(['npm', 'pack', spec]), status, explainNpm(stderr))
  const [{name, version, filename}] = JSON.parse(stdout)
  return {name, version, tarball: `${into}/${filename}`}
}

/** Without a look at what is in it: no code of the plugin may run before it is known that it can be trusted. */
async function install({name, tarball}: Packed, directory: string, warn: (text: string) => void): Promise<void> {
  const file = join(dirname(findInstalled(library)), 'plugins.js')
  const {default: Plugins} = await import(pathToFileURL(file).href)
  const said: string[] = []
  const {write} = process.stdout
  // It lets npm speak on stdout, where nothing belongs but what was asked for.
  process.stdout.write = (text: unknown) => said.push(String(text)) > 0
  const [spec, logLevel] = [`file:${tarball}`, 'notice']
  try {
    const plugins = new Plugins({config: {dataDir: directory, name: 'postmulti', pjson: {oclif: {}}}, logLevel})
    await plugins.ensurePJSON()
    await plugins.npm.install([spec], {cwd: directory, logLevel, prod: true})
    await plugins.add({name, type: 'user', url: spec})
  } catch (error) {
    throw new ToolFailure(typed(['npm', 'install', spec]), null, explainNpm(said.join('\n')) || String(error))
  } finally {
    process.stdout.write = write
  }
  for (const line of said.join('\n').split('\n')) if (line.startsWith('npm warn')) warn(line)
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
