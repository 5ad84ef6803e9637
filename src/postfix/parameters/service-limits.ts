/** How many processes each service of an instance may have. Source: master(5), "maxproc"; postconf(5), default_process_limit. */

import {splitFields} from '../reader/master-cf.ts'
import {readServices} from '../reader/own-settings.ts'

/** By NAME/TYPE; without those that have no limit. Throws what open(2) says. */
export function readServiceLimits(config_directory: string, usual: number): Map<string, number> {
  const limits = new Map<string, number>()
  for (const line of readServices(config_directory)) {
    const [name = '', type = '', , , , , maxproc = '-'] = splitFields(line) ?? []
    const limit = maxproc === '-' ? usual : Number(maxproc)
    // A later line takes the place of an earlier one.
    limits.delete(`${name}/${type}`)
    if (limit > 0) limits.set(`${name}/${type}`, limit)
  }
  return limits
}
