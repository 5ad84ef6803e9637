/** Which words of postfix(1) start, stop and control, by the primary's main.cf. Source: postconf(5). */
import type {Primary} from '../reader/primary.ts'

export function commandClasses(primary: Primary) {
  return {
    postmulti_start_commands: primary.parameter('postmulti_start_commands'),
    postmulti_stop_commands: primary.parameter('postmulti_stop_commands'),
    postmulti_control_commands: primary.parameter('postmulti_control_commands'),
  }
}
