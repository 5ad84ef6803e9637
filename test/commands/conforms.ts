/** Enough of JSON Schema to say whether what a command prints is what docs/json.md promises. */

export interface Schema {
  type?: Type | Type[]
  /** Members are required, and no others allowed, unless `optional` names them. */
  properties?: Record<string, Schema>
  optional?: string[]
  items?: Schema
  enum?: (string | number | null)[]
  pattern?: string
  anyOf?: Schema[]
}

type Type = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'array' | 'object'

/** What is wrong, each with the place where it is; empty when all is well. */
export function faults(value: unknown, schema: Schema, at = '$'): string[] {
  if (schema.anyOf !== undefined) {
    const each = schema.anyOf.map((one) => faults(value, one, at))
    return each.some((one) => one.length === 0) ? [] : each.flat()
  }
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.includes(typeOf(value))) return [`${at}: ${typeOf(value)}, not ${types.join(' or ')}`]
  if (schema.enum !== undefined && !schema.enum.some((each) => each === value))
    return [`${at}: ${value} is not among them`]
  if (typeof value === 'string' && !new RegExp(schema.pattern ?? '').test(value))
    return [`${at}: '${value}' looks wrong`]
  if (Array.isArray(value)) return value.flatMap((each, index) => faults(each, schema.items ?? {}, `${at}[${index}]`))
  return schema.properties === undefined || typeof value !== 'object' || value === null
    ? []
    : faultsOfMembers(value as Record<string, unknown>, schema.properties, schema.optional ?? [], at)
}

function faultsOfMembers(
  value: Record<string, unknown>,
  properties: Record<string, Schema>,
  optional: string[],
  at: string,
): string[] {
  const missing = Object.keys(properties).filter((name) => !(name in value) && !optional.includes(name))
  const strange = Object.keys(value).filter((name) => !(name in properties))
  const present = Object.entries(properties).filter(([name]) => name in value)
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...strange.map((name) => `${at}.${name} is not documented`),
    ...present.flatMap(([name, schema]) => faults(value[name], schema, `${at}.${name}`)),
  ]
}

function typeOf(value: unknown): Type {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'object'
}
