/** What a table has under a name that somebody else has chosen: 'constructor' is not in it because all objects have one. */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
