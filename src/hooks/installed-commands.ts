/**
 * Commands that installed plugins bring, where root has allowed them: they run outside of the sandbox. Their code is
 * loaded when one of them is run: until then a manifest tells.
 */

import type {Interfaces} from '@oclif/core'
import {isThere} from '../files/read.ts'
import {isRecord} from '../model/base/json.ts'
import {operands, suggest} from '../model/base/suggestion.ts'
import {typed} from '../model/base/typed.ts'
import {Faulty, orFault, readJson} from './faulty.ts'
import {checkPlugin, type RosterPlugin, readRoster} from './roster.ts'

/**
 * Ours, and those that can be used; `warn` is told of the others, and of one that is not allowed when these `words` are
 * it. Undefined when there are none besides ours.
 */
export async function loadInstalled(
  ours: Interfaces.LoadOptions & object,
  words: readonly string[],
  warn: (text: string) => void,
): Promise<Map<string, Interfaces.Plugin> | undefined> {
  const roster = readRoster()
  for (const each of roster) if (namesOne(each, words)) remarkOnCommands(each).forEach(warn)
  const allowed = roster.filter(({pin}) => pin?.commands)
  const usable = allowed.filter((each) => canBeUsed(checkPlugin(each), warn))
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

/** What to type where its commands are skipped. */
export function remarkOnCommands({name, commands, pin}: RosterPlugin): string[] {
  if (commands !== 'not allowed' || pin === undefined) return []
  const allow = typed(suggest`postmulti plugins install --allow-commands ${operands(pin.source)}`)
  return [`the commands of ${name} are not loaded: they would run without a sandbox; to allow them: ${allow}`]
}

function canBeUsed({name, root, fault, commands}: RosterPlugin, warn: (text: string) => void): boolean {
  if (fault !== undefined) warn(`${name}, which may have commands, cannot be used: ${fault}`)
  if (fault !== undefined || commands === undefined) return false
  // Without one oclif would run all of its code to see which commands there are.
  const hasManifest = isThere(manifestOf(root))
  if (!hasManifest) warn(`the commands of ${name} are missing: it has no oclif.manifest.json (oclif manifest makes it)`)
  return hasManifest
}

/** Whether the words begin with one of its commands. */
function namesOne({root}: RosterPlugin, words: readonly string[]): boolean {
  const line = `${words.join(':')}:`
  const manifest = orFault(() => readJson(manifestOf(root)))
  const commands = manifest instanceof Faulty ? undefined : manifest?.commands
  return isRecord(commands) && Object.keys(commands).some((id) => line.startsWith(`${id}:`))
}

function manifestOf(root: string): string {
  return `${root}/oclif.manifest.json`
}
