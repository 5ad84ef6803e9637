/** What many measurements of one thing come to. Pure. */

/** The value below which `part` of all lie: 0.5 is the median. Between two of them it is interpolated. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * part
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) throw new RangeError('No values, no quantile')
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * How many times the others one is: the median over the rounds. What was measured one after the other is compared, so
 * a machine that is busy for some rounds slows both sides.
 */
export function ratio(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) throw new RangeError('Rounds without a counterpart')
  return median(one.map((each, round) => each / other[round]!))
}
