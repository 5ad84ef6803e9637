/**
 * The instance list as it will be when these traces are restored, as far as main.cf says it in plain words: values that
 * refer to others are shown unexpanded.
 */

import {fromBytes, splitWords} from '../model/base/text.ts'
import type {Host} from '../model/change/facts.ts'
import {pathOf, type Trace} from '../model/change/trace.ts'
import {type Instance, type InstanceList, isDamaged, type Listed} from '../model/instance/instance.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'

type Settings = ReadonlyMap<string, string>

export function restoredList(traces: readonly Trace[], host: Host): InstanceList {
  const {primary, secondaries} = host.list
  const texts = new Map(traces.toReversed().flatMap(mainCfsOf))
  const ofPrimary = texts.get(primary.config_directory)
  const directories = splitWords(ofPrimary?.get('multi_instance_directories') ?? '')
  const listed = new Map(secondaries.map((each) => [each.config_directory, each]))
  return {
    primary: ofPrimary === undefined ? primary : change(primary, ofPrimary),
    secondaries: ofPrimary === undefined ? secondaries.map(changed) : directories.map(find).map(changed),
  }

  function find(config_directory: string): Listed {
    const own = texts.get(config_directory)
    const found = listed.get(config_directory)
    if (found !== undefined) return found
    return own === undefined ? host.readInstance(config_directory) : change(blank(config_directory), own)
  }

  function changed(each: Listed): Listed {
    const own = texts.get(each.config_directory)
    return own === undefined || isDamaged(each) ? each : change(each, own)
  }
}

/** The main.cf files in a trace, by their config_directory. */
function mainCfsOf(trace: Trace): [config_directory: string, settings: Settings][] {
  if (trace.was === 'moved' || trace.was === 'tree') return trace.tree.flatMap(mainCfsOf)
  if (trace.was === 'program') return []
  const path = pathOf(trace)
  if (!('base64' in trace) || !path.endsWith('/main.cf')) return []
  const {entries} = parseMainCf(Buffer.from(trace.base64, 'base64').toString('latin1'))
  return [[path.slice(0, -'/main.cf'.length), new Map(entries.map(({name, value}) => [name, fromBytes(value)]))]]
}

function change(instance: Instance, settings: Settings): Instance {
  const value = (name: 'queue_directory' | 'data_directory'): string => settings.get(name) ?? instance[name]
  return {
    ...instance,
    queue_directory: value('queue_directory'),
    data_directory: value('data_directory'),
    multi_instance_name: settings.get('multi_instance_name') ?? '',
    multi_instance_group: settings.get('multi_instance_group') ?? '',
    multi_instance_enable: /^yes$/i.test(settings.get('multi_instance_enable') ?? ''),
  }
}

function blank(config_directory: string): Instance {
  return {
    config_directory,
    queue_directory: '',
    data_directory: '',
    multi_instance_name: '',
    multi_instance_group: '',
    multi_instance_enable: false,
  }
}
