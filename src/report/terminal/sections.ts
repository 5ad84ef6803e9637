/** Text under headings, in columns. */
import type {Terminal} from './table.ts'
import {columnsOf, pad} from './width.ts'

/** A title, facts below it, and sections; those without rows are skipped. */
export function sections(
  title: string,
  facts: readonly (readonly string[])[],
  {paint}: Terminal,
  parts: readonly (readonly [heading: string, rows: readonly (readonly string[])[]])[],
): string {
  const shown = parts.filter(([, rows]) => rows.length > 0)
  return [
    title,
    ...alignLeft(facts),
    ...shown.flatMap(([heading, rows]) => ['', paint('bold', heading), ...alignLeft(rows)]),
  ].join('\n')
}

/** Indented; the last column is as wide as it is. */
function alignLeft(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, text] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, columnsOf(text))
  }
  return rows.map((row) => `  ${row.map((text, at) => pad(text, widths[at] ?? 0)).join('  ')}`.trimEnd())
}
