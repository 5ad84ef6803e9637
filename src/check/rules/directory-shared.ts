/** Every directory has one owner, under whatever names. Source: measured; postmulti.c compares only how they are spelled. */

import {suggest} from '../../model/base/suggestion.ts'
import {operandOf} from '../../model/instance/instance.ts'
import {describeOwned, findOwned, type Owned} from '../directories.ts'
import {inOrderOfRight, type Rule, whereSet} from '../rule.ts'

export const directoryShared: Rule = {
  id: 'directory-shared',
  severity: 'error',
  because:
    'Two instances on one directory destroy each other: the second one does not start ("unable to set exclusive ' +
    'lock"), and destroying one of them removes the queue of the other. postmulti(1) compares names, so it misses a ' +
    'symbolic link, ".." or a bind mount. This rule compares device and inode.',
  check(input) {
    const owners = new Map<string, Owned>()
    return findOwned(inOrderOfRight(input), input.host).flatMap((each) => {
      const owner = owners.get(each.identity)
      if (owner === undefined) {
        owners.set(each.identity, each)
        return []
      }
      const names = owner.path === each.path ? each.path : `${each.path}, which is ${owner.path}`
      return {
        instances: [...new Set([owner.owner.config_directory, each.owner.config_directory])],
        at: whereSet(each.owner, each.parameter),
        message: `${describeOwned(each)} is ${describeOwned(owner)}, too (${names}): they would destroy each other's mail`,
        suggestions: [suggest`postmulti instances edit ${operandOf(each.owner)}`],
      }
    })
  },
}
