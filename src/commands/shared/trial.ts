/** Plugins are asked about this host as it is, to see whether they answer. */
import {checkPlugin, type RosterPlugin} from '../../hooks/roster.ts'
import {tryPlugin} from '../../hooks/trial.ts'
import {Refusal} from '../../model/base/errors.ts'
import type {InstanceList} from '../../model/instance/instance.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import {preview} from '../../postfix/survey/preview.ts'

interface TrialHost {
  primary: Primary
  list: InstanceList
}

/** The plugin, with a fault where it cannot be used, or does not answer. On a host that cannot be read no plugin is asked. */
export function trialOn(host: TrialHost | Refusal): (plugin: RosterPlugin) => Promise<RosterPlugin> {
  if (host instanceof Refusal) return async (plugin) => checkPlugin(plugin)
  const {primary, list} = host
  const [before, after] = [list, list]
  const sight = {before, after, ...preview({steps: [], before, after}, primary)}
  return (plugin) => tryPlugin(plugin, sight)
}

/** The host, or why it cannot be read. */
export function orRefusal(read: () => TrialHost): TrialHost | Refusal {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
