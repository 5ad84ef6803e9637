/** Whose configuration a plan writes anew, in more than what postmulti(1) itself would write into it. */

import type {Plan, Step} from '../model/change/plan.ts'
import {pathsOfStep} from '../model/change/step-paths.ts'
import {allListed} from '../model/instance/instance.ts'
import {managedParameters} from './parameters.ts'

/** The config_directories, each once. */
export function findRewritten({after, steps}: Plan): string[] {
  const written = new Set(steps.filter(isByHand).flatMap(pathsOfStep))
  const listed = allListed(after).map((each) => each.config_directory)
  return listed.filter((each) => written.has(`${each}/main.cf`) || written.has(`${each}/master.cf`))
}

function isByHand(step: Step): boolean {
  if (step.do !== 'edit main.cf') return step.do === 'write file' || step.do === 'restore'
  return [...Object.keys(step.set), ...(step.unset ?? [])].some((each) => !managedParameters.has(each))
}
