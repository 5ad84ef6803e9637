/** No directory of an instance lies in the queue of another. Source: postsuper(1), which takes what it does not know for mail. */

import {suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {describeOwned, findOwned} from '../directories.ts'
import {type Rule, whereSet} from '../rule.ts'

export const directoryNested: Rule = {
  id: 'directory-nested',
  severity: 'error',
  because:
    'postsuper(1) runs at each start and cannot remove the directory of another instance from its queue: "remove ' +
    'subdirectory active/nest: Directory not empty". The instance that owns the queue no longer starts.',
  check({instances, host}) {
    const owned = findOwned(instances, host)
    const queues = new Map(
      owned.filter((each) => each.parameter === 'queue_directory').map((each) => [each.real, each]),
    )
    return owned.flatMap((each) => {
      const around = parents(each.real).flatMap((path) => queues.get(path) ?? [])
      return around
        .filter(({owner}) => owner !== each.owner)
        .map((queue) => ({
          instances: [queue.owner.config_directory, each.owner.config_directory],
          at: whereSet(each.owner, each.parameter),
          message: `${describeOwned(each)}, ${each.path}, lies within ${describeOwned(queue)}, ${queue.path}, which cannot start then`,
          suggestions: [suggest`postmulti instances edit ${operandOf(each.owner)}`],
        }))
    })
  },
}

function parents(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(2).map((_, at) => parts.slice(0, at + 2).join('/'))
}
