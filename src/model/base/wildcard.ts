/** Names of which only a part is known: * stands for any characters. Upper and lower case are the same. */

export function matchesWildcard(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((each) => each.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text)
}
