/**
 * What a new instance name or group may look like.
 * Source: check_safe_name() and check_name_assignments() in postmulti.c.
 */
import {Refusal} from '../base/errors.ts'

export const namePrefix = 'postfix-'

/** The name that is meant by one without the prefix. Refuses what is not a name at all. */
export function withPrefix(name: string): string {
  if (/^-*$/.test(name) || name.startsWith('/')) {
    throw new Refusal(`'${name}' is not a name for an instance`, {kind: 'usage'})
  }
  return name.startsWith(namePrefix) ? name : namePrefix + name
}

const safeCharacters = /^[A-Za-z0-9!@%\-_=+:./]*$/

/** Refuses a name or group that postmulti(1) would not write. Empty means "clear it" and is always right. */
export function checkNewNames(newName = '', newGroup = ''): void {
  if (!safeCharacters.test(newName)) throw new Refusal(`Unsafe characters in new instance name: '${newName}'`)
  if (newName.includes('/')) throw new Refusal(`Illegal '/' character in new instance name: '${newName}'`)
  if (newName !== '' && !newName.startsWith(namePrefix)) {
    throw new Refusal(`New instance name must start with '${namePrefix}'`)
  }
  if (!safeCharacters.test(newGroup)) throw new Refusal(`Unsafe characters in '-G ${newGroup}'`)
}
