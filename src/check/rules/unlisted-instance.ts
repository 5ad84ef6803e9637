/** What runs, or is set up to run, is in the list. Source: postfix-wrapper(5); MAIL_CONFIG of each master(8) in /proc. */

import {type Suggestion, suggest} from '../../model/base/suggestion.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {type Flaw, primaryOf, type Rule, whereSet, words} from '../rule.ts'

export const unlistedInstance: Rule = {
  id: 'unlisted-instance',
  severity: 'error',
  because:
    'postfix start, stop and status know only what multi_instance_directories has. A master(8) beside it, as ' +
    'configuration management leaves it when it writes main.cf anew, goes on, holds ports and mail, and nothing stops ' +
    'it or starts it again. A directory that has been an instance may have mail in its queue.',
  check(input) {
    const primary = primaryOf(input)
    if (primary === undefined) return []
    const {host} = input
    const listed = new Set([...input.instances, ...input.damaged].map((each) => host.canonical(each.config_directory)))
    const at = whereSet(primary, 'multi_instance_directories') ?? {
      file: `${primary.config_directory}/main.cf`,
      line: null,
    }
    const flaw = (directory: string, message: string, suggestions: readonly Suggestion[] = []): Flaw => ({
      instances: [primary.config_directory],
      at,
      message,
      suggestions: [suggest`postmulti instances import ${directory}`, ...suggestions],
    })
    const isListed = (directory: string): boolean => listed.has(host.canonical(directory))
    const running = host.masters().filter(({config_directory}) => !isListed(config_directory))
    const found = running.map(({pid, config_directory}) =>
      flaw(
        config_directory,
        `${config_directory} runs (process ${pid}) and is not in the list: no command starts or stops it`,
        [suggest`postfix -c ${config_directory} stop`],
      ),
    )
    const told = new Set(running.map(({config_directory}) => host.canonical(config_directory)))
    const others = candidates(primary, host).filter(
      (each) => !isListed(each) && !told.has(host.canonical(each)) && hasBeenInstance(each, host),
    )
    return [
      ...found,
      ...[...new Set(others)].map((each) => ({
        ...flaw(each, `${each} is an instance with a queue of its own, and is not in the list: it is never started`),
        severity: 'advice' as const,
      })),
    ]
  },
}

/** Beside the primary, and those of the old way. */
function candidates(primary: CheckedInstance, host: CheckHost): string[] {
  const beside = (host.entries('/etc') ?? [])
    .filter((each) => each.startsWith('postfix-'))
    .map((each) => `/etc/${each}`)
  return [...beside, ...words(primary.parameter('alternate_config_directories'))]
}

/** It has a name and a queue of its own, which is there: a mere copy of a directory has neither. */
function hasBeenInstance(directory: string, host: CheckHost): boolean {
  const text = host.text(`${directory}/main.cf`)
  if (typeof text !== 'string' || host.look(`${directory}/master.cf`)?.kind !== 'file') return false
  const settings = new Map(parseMainCf(text).entries.map(({name, value}) => [name, value.trim()]))
  const queue_directory = settings.get('queue_directory') ?? ''
  return (
    settings.has('multi_instance_name') &&
    /^\/[^$]*$/.test(queue_directory) &&
    host.look(queue_directory)?.kind === 'directory'
  )
}
