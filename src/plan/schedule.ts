/**
 * Which runs may go on at the same time. Groups and single instances do not wait for each other; within a group the
 * order counts, because mail flows from the later ones to the earlier ones. The primary starts before all and stops
 * after all: it may be the one that has the log, or the way out.
 * Source: postconf(5), "postmulti_start_commands" for what a failure means; postmulti(1) runs all in a row.
 */
import type {CommandClass, InstanceRun} from './iterate.ts'

export interface ScheduledRun {
  run: InstanceRun
  /** Places in the schedule of those runs that must be over before. */
  after: number[]
  /** Of those, the ones that must have gone well. */
  needs: number[]
}

export type RunState = 'waiting' | 'running' | 'done' | 'failed'

/** `runs` in the order of planRuns; `primary` is its config_directory. */
export function planSchedule(
  runs: readonly InstanceRun[],
  commandClass: CommandClass,
  primary: string,
): ScheduledRun[] {
  if (commandClass !== 'start' && commandClass !== 'stop') return runs.map((run) => ({run, after: [], needs: []}))
  const first = runs.findIndex(({instance}) => instance.config_directory === primary)
  return runs.map((run, at) => {
    const {multi_instance_group: group, multi_instance_enable: enabled} = run.instance
    const companions = group === '' ? [] : before(at, (each) => each.multi_instance_group === group)
    const started = companions.filter((each) => runs[each]?.instance.multi_instance_enable)
    const wholeHost = at === first ? before(at, () => true) : first >= 0 && first < at ? [first] : []
    return {
      run,
      after: [...new Set([...wholeHost, ...companions])],
      // A check is not a start, and does not wait for one.
      needs: commandClass === 'start' && enabled ? started : [],
    }
  })

  function before(at: number, matches: (instance: InstanceRun['instance']) => boolean): number[] {
    return runs.flatMap(({instance}, each) => (each < at && matches(instance) ? [each] : []))
  }
}

/** What may begin now, when `jobs` may run at once; and what has lost its run to the failure of another one. */
export function planNext(
  schedule: readonly ScheduledRun[],
  states: readonly RunState[],
  jobs: number,
): {begin: number[]; lost: {at: number; to: number}[]} {
  const waiting = schedule.flatMap((entry, at) => (states[at] === 'waiting' ? [{...entry, at}] : []))
  const lost = waiting.flatMap(({at, needs}) => {
    const to = needs.find((each) => states[each] === 'failed')
    return to === undefined ? [] : [{at, to}]
  })
  const free = Math.max(0, jobs - states.filter((each) => each === 'running').length)
  const isOver = (each: number): boolean => states[each] === 'done' || states[each] === 'failed'
  const ready = waiting.filter(({at, after}) => after.every(isOver) && !lost.some((each) => each.at === at))
  return {begin: ready.slice(0, free).map(({at}) => at), lost}
}
