/** A plugin of the site on a throw-away host, from a few lines of JavaScript. */
import assert from 'node:assert/strict'
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {integrityOf} from '../../src/hooks/integrity.ts'
import {type Outcome, postmulti} from '../acceptance/inside.ts'

export interface SitePlugin {
  name?: string
  events: string[]
  /** Goes into its package.json. */
  manifest?: Record<string, unknown>
}

/** `hooks` is its hooks.js, whose default export is asked at each of the events. */
export async function installPlugin(hooks: string, plugin: SitePlugin): Promise<void> {
  const {status, stderr} = await tryToInstall(hooks, plugin)
  assert.equal(status, 0, stderr.join('\n'))
}

/** The same where it may be refused. */
export function tryToInstall(hooks: string, plugin: SitePlugin): Promise<Outcome> {
  const directory = `/run/plugins/${plugin.name ?? 'site-rule'}`
  rmSync(directory, {recursive: true, force: true})
  mkdirSync(directory, {recursive: true})
  write(directory, hooks, plugin)
  return postmulti(['plugins', 'install', directory])
}

/** In the place of one of that name that is installed, as if it had been: it would not be, where it does not answer. */
export function plantPlugin(hooks: string, plugin: SitePlugin): void {
  const [directory, name] = ['/var/lib/postmulti/plugins', plugin.name ?? 'site-rule']
  const pins = JSON.parse(readFileSync(`${directory}/pins.json`, 'utf8'))
  const root = `${directory}/versions/${name}/${pins[name].number}`
  write(root, hooks, plugin)
  pins[name] = {...pins[name], hooks: plugin.events, integrity: integrityOf(root)}
  writeFileSync(`${directory}/pins.json`, JSON.stringify(pins))
}

function write(directory: string, hooks: string, {name = 'site-rule', events, manifest = {}}: SitePlugin): void {
  writeFileSync(`${directory}/hooks.js`, `${hooks}\n`)
  const subscriptions = Object.fromEntries(events.map((each) => [each, './hooks.js']))
  const own = {name, version: '1.0.0', type: 'module', oclif: {hooks: subscriptions}}
  writeFileSync(`${directory}/package.json`, JSON.stringify({...own, ...manifest}, null, 2))
}
