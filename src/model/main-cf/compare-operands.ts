/**
 * Comparisons such as {$compatibility_level} <level {2}, of operands that are expanded already.
 * Source: postconf(5) "FILE FORMAT"; mac_exp_eval() in mac_expand.c, compat_level.c.
 */

/** What became of a comparison that has no outcome. */
export interface Incomparable {
  reason: string
  /** Postfix ends at once with this reason, not with a warning and an error later on. */
  fatal: boolean
}

/** By operator: whether it holds when left minus right has this sign. */
export const OPERATORS: ReadonlyMap<string, (sign: number) => boolean> = new Map([
  ['==', (sign: number) => sign === 0],
  ['!=', (sign: number) => sign !== 0],
  ['<', (sign: number) => sign < 0],
  ['<=', (sign: number) => sign <= 0],
  ['>=', (sign: number) => sign >= 0],
  ['>', (sign: number) => sign > 0],
])

/** Digits are compared as numbers, anything else byte by byte; with `asLevels` both must be compatibility levels. */
export function compareOperands(
  left: string,
  operator: string,
  asLevels: boolean,
  right: string,
): boolean | Incomparable {
  const holds = OPERATORS.get(operator)!
  if (!asLevels && !(isDigits(left) && isDigits(right))) return holds(compare(left, right))
  const read = asLevels ? readLevel : readNumber
  const leftNumber = read(left)
  if (typeof leftNumber !== 'bigint') return leftNumber
  const rightNumber = read(right)
  if (typeof rightNumber !== 'bigint') return rightNumber
  return holds(compare(leftNumber, rightNumber))
}

function compare<T extends string | bigint>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text)
}

function readNumber(text: string): bigint | Incomparable {
  const number = BigInt(text)
  return number < 1n << 63n ? number : {reason: `mac_exp_eval: bad conversion: ${text}`, fatal: true}
}

/** major.minor.patch as one number. */
function readLevel(text: string): bigint | Incomparable {
  const malformed: Incomparable = {reason: `malformed compatibility level syntax: "${text}"`, fatal: false}
  const parts = text.split('.')
  if (parts.length > 3) return malformed
  let level = 0n
  for (const [index, largest] of LARGEST_PARTS.entries()) {
    const part = parts[index] ?? '0'
    // Read by strtol(), hence blanks and a sign in front.
    const [, sign, digits] = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(part) ?? []
    if (digits === undefined) return malformed
    const number = BigInt(digits)
    if (number > largest || (sign === '-' && number > 0n)) return malformed
    level = (level << 10n) | number
  }
  return level
}

const LARGEST_PARTS = [(1n << 43n) - 1n, 1023n, 1023n]
