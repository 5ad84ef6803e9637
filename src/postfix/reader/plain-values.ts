/**
 * A quick look at a value: most refer to others only by `$name`, and then nothing can go wrong in expanding them.
 * What is found is remembered, for instances are mostly copies of one prototype. Source: postconf(5) "FILE FORMAT".
 */
import {mentionedNames} from '../../model/main-cf/expand.ts'
import {copyLatin1} from './read-file.ts'

export interface ValueShape {
  /** Every name that the value refers to. */
  names: readonly string[]
  /** Nothing but text, `$name` and `${name}`, and no sign of braces, of a comment or of a database in the text. */
  isPlain: boolean
}

const shapes = new Map<string, ValueShape>()
const plainText: ValueShape = {names: [], isPlain: true}
const oddText: ValueShape = {names: [], isPlain: false}
/** Enough for many prototypes; instances with values of their own shall not fill the memory. */
const capacity = 5000

export function shapeOf(value: string): ValueShape {
  if (!value.includes('$')) return isPlainText(value) ? plainText : oddText
  let look = shapes.get(value)
  if (look === undefined) {
    if (shapes.size >= capacity) shapes.clear()
    look = {
      names: mentionedNames(value),
      isPlain: references.test(value) && isPlainText(value.replace(reference, '')),
    }
    shapes.set(copyLatin1(value), look)
  }
  return look
}

const references = /^(?:[^$]|\$\w+|\$\{\w+\}|\$\(\w+\))*$/
const reference = /\$\{\w+\}/g

function isPlainText(value: string): boolean {
  return !/[{}#]|ldap|sql|memcache|mongodb/.test(value)
}
