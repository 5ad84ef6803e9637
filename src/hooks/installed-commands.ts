/** Commands that installed plugins bring. Their code is loaded when one of them is run: until then a manifest tells. */
import type {Interfaces} from '@oclif/core'
import {isThere} from '../files/read.ts'
import {isRecord, readJson} from './faulty.ts'
import {checkPlugin, type RosterPlugin, readRoster} from './roster.ts'

/** Ours, and those that can be used; `warn` is told of the others. Undefined when there are none besides ours. */
export async function loadInstalled(
  ours: Interfaces.LoadOptions & object,
  warn: (text: string) => void,
): Promise<Map<string, Interfaces.Plugin> | undefined> {
  const usable = readRoster().filter((each) => !each.bundled && canBeUsed(checkPlugin(each), warn))
  if (usable.length === 0) return undefined
  const {Config, Plugin} = await import('@oclif/core/config')
  const plugins = new Map((await Config.load(ours)).plugins)
  for (const {name, root} of usable) {
    const plugin = new Plugin({root, type: 'user'})
    try {
      await plugin.load()
      plugins.set(name, plugin)
    } catch (error) {
      warn(`the commands of ${name} are missing: ${(error as Error).message}`)
    }
  }
  return plugins
}

function canBeUsed({name, root, fault}: RosterPlugin, warn: (text: string) => void): boolean {
  if (fault !== undefined) warn(`${name}, which may have commands, cannot be used: ${fault}`)
  if (fault !== undefined || !bringsCommands(root)) return false
  // Without one oclif would run all of its code to see which commands there are.
  const hasManifest = isThere(`${root}/oclif.manifest.json`)
  if (!hasManifest) warn(`the commands of ${name} are missing: it has no oclif.manifest.json (oclif manifest makes it)`)
  return hasManifest
}

function bringsCommands(root: string): boolean {
  const oclif = readJson(`${root}/package.json`)?.oclif
  return isRecord(oclif) && oclif.commands !== undefined
}
