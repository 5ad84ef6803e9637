/**
 * A quick look at a value: most refer to others only by `$name`, and then nothing can go wrong in expanding them.
 * What is found is remembered, for instances are mostly copies of one prototype. Source: postconf(5) "FILE FORMAT".
 */
import {mentionedNames} from '../../model/main-cf/expand.ts'
import {copyLatin1} from './read-file.ts'

export interface Look {
  /** Every name that the value refers to. */
  names: readonly string[]
  /** Nothing but text, `$name` and `${name}`, and no sign of braces, of a comment or of a database in the text. */
  isPlain: boolean
}

const looks = new Map<string, Look>()
const plainText: Look = {names: [], isPlain: true}
const oddText: Look = {names: [], isPlain: false}
/** Enough for many prototypes; instances with values of their own shall not fill the memory. */
const capacity = 5000

export function lookAt(value: string): Look {
  if (!value.includes('$')) return isPlainText(value) ? plainText : oddText
  let look = looks.get(value)
  if (look === undefined) {
    if (looks.size >= capacity) looks.clear()
    look = {
      names: mentionedNames(value),
      isPlain: references.test(value) && isPlainText(value.replace(reference, '')),
    }
    looks.set(copyLatin1(value), look)
  }
  return look
}

const references = /^(?:[^$]|\$\w+|\$\{\w+\}|\$\(\w+\))*$/
const reference = /\$\{\w+\}/g

function isPlainText(value: string): boolean {
  return !/[{}#]|ldap|sql|memcache|mongodb/.test(value)
}
