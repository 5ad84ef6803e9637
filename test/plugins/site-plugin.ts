/** A plugin of the site on a throw-away host, from a few lines of JavaScript. */
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {mustSucceed} from '../acceptance/inside.ts'

export interface SitePlugin {
  name?: string
  events: string[]
  /** Goes into its package.json. */
  manifest?: Record<string, unknown>
}

/** `hooks` is its hooks.js, whose default export is asked at each of the events. */
export async function installPlugin(
  hooks: string,
  {name = 'site-rule', events, manifest = {}}: SitePlugin,
): Promise<void> {
  const directory = `/run/plugins/${name}`
  rmSync(directory, {recursive: true, force: true})
  mkdirSync(directory, {recursive: true})
  writeFileSync(`${directory}/hooks.js`, `${hooks}\n`)
  const subscriptions = Object.fromEntries(events.map((each) => [each, './hooks.js']))
  const own = {name, version: '1.0.0', type: 'module', oclif: {hooks: subscriptions}}
  writeFileSync(`${directory}/package.json`, JSON.stringify({...own, ...manifest}, null, 2))
  await mustSucceed(['plugins', 'install', directory])
}
