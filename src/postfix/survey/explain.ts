/** Where the value of a parameter comes from. Source: postconf(1), master(5). */

import {fromBytes} from '../../model/base/text.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {collapse} from '../../model/main-cf/expand.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import type {Explanation, WrittenSetting} from '../../model/survey/explanation.ts'
import {parseMasterCf} from '../reader/master-cf.ts'
import type {Primary} from '../reader/primary.ts'
import {readConfiguration} from '../reader/read-file.ts'

/** `value` is what is in effect, which is known already. */
export function readExplanation(
  parameter: string,
  value: string,
  instance: Instance,
  all: readonly Instance[],
  {defaults}: Primary,
): Explanation {
  const masterCf = parseMasterCf(readConfiguration(`${instance.config_directory}/master.cf`), defaults)
  const standard = defaults.parameters[parameter] ?? masterCf?.brought.get(parameter)
  return {
    instance,
    parameter,
    value,
    setting: findSetting(instance, parameter),
    standard: standard === undefined ? null : fromBytes(collapse(standard)),
    services: (masterCf?.services ?? []).flatMap(({name, type, settings}) => {
      const own = settings.get(parameter)
      return own === undefined ? [] : [{service: `${name}/${type}`, value: fromBytes(own)}]
    }),
    others: all
      .filter((each) => each !== instance)
      .map((each) => findSetting(each, parameter))
      .filter((each) => each !== null),
  }
}

/** Of two in one main.cf the last counts. */
function findSetting(instance: Instance, parameter: string): WrittenSetting | null {
  const file = `${instance.config_directory}/main.cf`
  const found = parseMainCf(readConfiguration(file)).entries.findLast(({name}) => name === parameter)
  return found === undefined ? null : {instance, written: fromBytes(collapse(found.value)), file, line: found.line}
}
