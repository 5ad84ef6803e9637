/** A plugin of the site on a throw-away host, from a few lines of JavaScript. */
import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {integrityOf} from '../../src/hooks/integrity.ts'
import {type Outcome, postmulti, sh} from '../acceptance/inside.ts'

export interface SitePlugin {
  name?: string
  events: string[]
  /** Goes into its package.json. */
  manifest?: Record<string, unknown>
}

const state = '/var/lib/postmulti'
const images = new Map<string, string>()

/**
 * Where postmulti has not changed anything yet, what an installation leaves there is kept, and brought back when it is
 * wanted again: npm takes seconds each time. Whether it was brought back.
 */
export async function installOnce(what: string, install: () => Promise<unknown>): Promise<boolean> {
  const isFresh = readdirSync(state).every((each) => each === 'lock')
  const image = images.get(what)
  if (isFresh && image !== undefined) {
    sh(`tar -xPpf ${image}`)
    return true
  }
  await install()
  if (isFresh) images.set(what, sh(`image=$(mktemp /run/image.XXXXXX); tar -cPf $image ${state}; echo $image`))
  return false
}

/** `hooks` is its hooks.js, whose default export is asked at each of the events. */
export async function installPlugin(hooks: string, plugin: SitePlugin): Promise<void> {
  const isThere = await installOnce(plugin.name ?? 'site-rule', async () => {
    const {status, stderr} = await tryToInstall(hooks, plugin)
    assert.equal(status, 0, stderr.join('\n'))
  })
  if (isThere) plantPlugin(hooks, plugin)
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
  const [directory, name] = [`${state}/plugins`, plugin.name ?? 'site-rule']
  const pins = JSON.parse(readFileSync(`${directory}/pins.json`, 'utf8'))
  const root = `${directory}/versions/${name}/${pins[name].number}`
  const json = write(root, hooks, plugin)
  pins[name] = {...pins[name], hooks: Object.keys(json.oclif.hooks), integrity: integrityOf(root)}
  writeFileSync(`${directory}/pins.json`, JSON.stringify(pins))
}

/** Returns its package.json. */
function write(directory: string, hooks: string, {name = 'site-rule', events, manifest = {}}: SitePlugin) {
  writeFileSync(`${directory}/hooks.js`, `${hooks}\n`)
  const subscriptions = Object.fromEntries(events.map((each) => [each, './hooks.js']))
  const json = {name, version: '1.0.0', type: 'module', oclif: {hooks: subscriptions}, ...manifest}
  writeFileSync(`${directory}/package.json`, JSON.stringify(json, null, 2))
  return json
}
