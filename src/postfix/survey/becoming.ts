/** An instance as Postfix will see it when the steps of a plan are carried out, before one of them is. */
import {readText} from '../../files/read.ts'
import type {Step} from '../../model/change/plan.ts'
import {pathsOfStep} from '../../model/change/step-paths.ts'
import type {Listed} from '../../model/instance/instance.ts'
import {validate} from '../parameters/validate.ts'
import type {Primary} from '../reader/primary.ts'
import {overlay} from './overlay.ts'

/** As it is where `steps` are none. `warn` gets what Postfix would warn of. */
export function readBecoming(
  config_directory: string,
  steps: readonly Step[],
  primary: Primary,
  warn: (text: string) => void,
): Listed {
  // Tables may be large, and an overlay holds all texts.
  const own = steps.filter((each) => pathsOfStep(each).some(isConfiguration))
  return validate(config_directory, overlay(own, (path) => readText(path, 'latin1')).read, primary, warn)

  function isConfiguration(path: string): boolean {
    return path === `${config_directory}/main.cf` || path === `${config_directory}/master.cf`
  }
}
