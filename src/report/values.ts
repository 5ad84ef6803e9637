/** Values of parameters. */
import {type Damaged, type Instance, label} from '../model/instance/instance.ts'
import {toDamagedRow} from './instances.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {type Cell, type Row, type Terminal, toTable} from './terminal/table.ts'

/** By parameter. */
type ValuesByName = ReadonlyMap<string, string>

export interface ValuesJson extends NamedJson {
  /** Null where this instance has no such parameter. */
  parameters: Record<string, string | null>
}

/** Of one instance: the value alone when one is asked for by its name, else as postconf prints them. */
export function describeValues(names: readonly string[], values: ValuesByName, isByName: boolean): string {
  const [only] = names
  if (names.length === 1 && only !== undefined && isByName) return values.get(only) ?? ''
  const lines = names.filter((name) => values.has(name)).map((name) => `${name} = ${values.get(name)}`)
  return lines.map((each) => each.trimEnd()).join('\n')
}

/** Of several: a column for each parameter. */
export function toValuesTable(
  names: readonly string[],
  instances: readonly Instance[],
  values: readonly ValuesByName[],
  damaged: readonly Damaged[],
  terminal: Terminal,
): string {
  const rows = instances.map((each, at): Row => {
    const cells = names.map((name): Cell => {
      const value = values[at]?.get(name)
      return value === undefined ? {text: '-', style: 'dim'} : {text: value}
    })
    return {cells: [{text: label(each)}, ...cells]}
  })
  const unreadable = damaged.map((each) => toDamagedRow(['config_directory', ...names], each))
  const headings = ['INSTANCE', ...names]
  return toTable(
    headings.map((heading, at) => ({heading, prose: at > 0})),
    [...rows, ...unreadable],
    terminal,
  )
}

/** A row for each value; those that an instance does not have are skipped. */
export function toValueRows(
  instances: readonly Instance[],
  values: readonly ValuesByName[],
  terminal: Terminal,
): string {
  const rows = instances.flatMap((each, at) =>
    [...(values[at] ?? [])].map((cells): Row => ({cells: [label(each), ...cells].map((text) => ({text}))})),
  )
  const columns = ['INSTANCE', 'PARAMETER', 'VALUE'].map((heading) => ({heading}))
  return toTable(columns, rows, terminal, {hasHeader: false})
}

export function toValuesJson(instance: Instance, names: readonly string[], values: ValuesByName): ValuesJson {
  return {
    ...toNamedJson(instance),
    parameters: Object.fromEntries(names.map((name) => [name, values.get(name) ?? null])),
  }
}
