/** What a run of the benchmark found, as its JSON file has it. */

/** The sides that are compared. Bare is `node -e 0`, with the Node that runs ours: the floor. */
export const sides = ['bare', 'ours', 'real'] as const
export type Side = (typeof sides)[number]

/** In milliseconds, in the order of the rounds. */
export type Times = Record<Side, number[]>

export interface Timing {
  title: string
  /** Secondary instances of the host. */
  instances: number
  times: Times
}

/** Something other than the time of one command. What is absent was not measured, or has no meaning. */
export interface Figure {
  title: string
  unit: string
  values: Partial<Record<Side, number>>
}

export interface Results {
  /** When it began, as ISO 8601 has it. */
  began: string
  /** `load`: the average of the last five minutes at the end. The benchmark itself makes about 1. */
  machine: Record<'node' | 'postfix' | 'processors' | 'load', string>
  /** Of what costs neither side seconds. */
  rounds: number
  timings: Timing[]
  figures: Figure[]
}
