/** Whether the instances do what they should. Source: the exit statuses of OMD's and PostgreSQL's status commands. */
import type {Damaged, Instance} from '../instance/instance.ts'
import type {State} from '../instance/state.ts'

export interface Watched {
  instance: Instance
  state: State
}

export type Verdict = 'all run' | 'some run' | 'none runs'

/** One that cannot be read does not run. */
export function judgeStates(watched: readonly Watched[], damaged: readonly Damaged[]): Verdict {
  const expected = expectedOf(watched, damaged)
  const running = expected.filter(({state}) => state !== null && state !== 'unknown').length
  if (running === 0) return 'none runs'
  return running === expected.length + damaged.length ? 'all run' : 'some run'
}

/** Those that should run: the enabled ones; disabled ones when there are no others. */
export function expectedOf<Each extends {instance: Instance}>(
  all: readonly Each[],
  damaged: readonly Damaged[],
): readonly Each[] {
  const enabled = all.filter(({instance}) => instance.multi_instance_enable)
  return enabled.length + damaged.length > 0 ? enabled : all
}
