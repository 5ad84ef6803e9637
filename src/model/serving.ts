/** Whether the instances do what they should. Source: the exit statuses of OMD's and PostgreSQL's status commands. */
import type {Damaged, Instance} from './instance.ts'
import type {State} from './state.ts'

export interface Watched {
  instance: Instance
  state: State
}

export type Verdict = 'all run' | 'some run' | 'none runs'

/** Asked about are the enabled ones; disabled ones when there are no others. One that cannot be read does not run. */
export function judgeStates(watched: readonly Watched[], damaged: readonly Damaged[]): Verdict {
  const enabled = watched.filter(({instance}) => instance.multi_instance_enable)
  const expected = enabled.length + damaged.length > 0 ? enabled : watched
  const running = expected.filter(({state}) => state !== null && state !== 'unknown').length
  if (running === 0) return 'none runs'
  return running === expected.length + damaged.length ? 'all run' : 'some run'
}
