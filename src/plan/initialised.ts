/** What postmulti-script refuses; everything but init wants an initialised primary. Source: postmulti-script. */
import {Refusal, type RefusalDetails} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import type {Host} from '../model/change/facts.ts'

export function checkInitialised(host: Host): void {
  if (host.multi_instance_wrapper === '') {
    throw new Refusal("multi_instance_wrapper is empty, run 'postmulti -e init' first.", {
      speaker: 'postmulti-script',
      explained: 'This host is not initialised for several instances: multi_instance_wrapper is empty',
      suggestions: [suggest`postmulti instances init`],
    })
  }
  if (host.multi_instance_enable !== 'yes') {
    throw new Refusal("multi_instance_enable!=yes, run 'postmulti -e init' first.", {
      speaker: 'postmulti-script',
      explained: 'The primary instance is disabled: its multi_instance_enable is not yes',
      suggestions: [suggest`postmulti instances enable -`],
    })
  }
}

export function scriptRefusal(message: string, details: RefusalDetails = {}): Refusal {
  return new Refusal(message, {...details, speaker: 'postmulti-script'})
}
