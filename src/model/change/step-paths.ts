import {pathOf} from './before-image.ts'
import type {Step} from './plan.ts'

/** The paths that a step names as those which it changes; a directory stands for what is below. */
export function pathsOfStep(step: Step): string[] {
  switch (step.do) {
    case 'restore':
      return step.trace.was === 'program' ? [] : [pathOf(step.trace)]
    case 'copy file':
      return [step.to]
    case 'edit main.cf':
      return [`${step.config_directory}/main.cf`]
    case 'run program':
      return step.changes
    case 'set permissions':
      return []
    default:
      return [step.path]
  }
}
