/** JSON as it is printed: what a terminal obeys is escaped, which is the same value. */
import {escapedControls} from './controls.ts'

/** With ends of lines between members, or in one line. */
export function toJsonText(value: unknown, layout: 'lines' | 'line' = 'lines'): string {
  return escapedControls(JSON.stringify(value, null, layout === 'lines' ? 2 : 0))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
