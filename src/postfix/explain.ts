/** Where the value of a parameter comes from. Source: postconf(1), master(5). */
import {collapse} from '../model/expand.ts'
import type {Explanation, Setting} from '../model/explanation.ts'
import type {Instance} from '../model/instance.ts'
import {parseMainCf} from '../model/lines.ts'
import {fromBytes} from '../model/text.ts'
import {parseMasterCf} from './master-cf.ts'
import type {Primary} from './primary.ts'
import {readConfiguration} from './read-file.ts'

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
function findSetting(instance: Instance, parameter: string): Setting | null {
  const file = `${instance.config_directory}/main.cf`
  const found = parseMainCf(readConfiguration(file)).entries.findLast(({name}) => name === parameter)
  return found === undefined ? null : {instance, written: fromBytes(collapse(found.value)), file, line: found.line}
}
