/** Spans of time as Postfix writes them. Source: postconf(5), "time unit". */

const secondsPerUnit: Record<string, number> = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800}

/** In seconds; undefined for anything else. Without a unit they are seconds. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([smhdw]?)$/i.exec(text.trim()) ?? []
  return digits === undefined ? undefined : Number(digits) * (secondsPerUnit[unit.toLowerCase()] ?? 1)
}
