/**
 * The instance list as it will be when these before-images are restored, as far as main.cf says it in plain words: values that
 * refer to others are shown unexpanded.
 */

import {fromBytes, splitWords} from '../model/base/text.ts'
import {type BeforeImage, pathOf} from '../model/change/before-image.ts'
import type {Host} from '../model/change/facts.ts'
import {type Instance, type InstanceList, isDamaged, type Listed} from '../model/instance/instance.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'
import {findAll} from './list.ts'

type MainCfSettings = ReadonlyMap<string, string>

/** `listed` is what those hold that come back into the list, and whose main.cf is not brought back. */
export function restoredList(
  traces: readonly BeforeImage[],
  {list}: Host,
  listed: ReadonlyMap<string, Listed>,
): InstanceList {
  const texts = new Map(traces.toReversed().flatMap(mainCfsOf))
  const ofPrimary = texts.get(list.primary.config_directory)
  if (ofPrimary === undefined) return {primary: list.primary, secondaries: list.secondaries.map(changed)}
  const others = new Map([...[...texts.keys()].map((each) => [each, blank(each)] as const), ...listed])
  const directories = splitWords(ofPrimary.get('multi_instance_directories') ?? '')
  return {
    primary: withSettings(list.primary, ofPrimary),
    secondaries: findAll(directories, list, others).map(changed),
  }

  function changed(each: Listed): Listed {
    const own = texts.get(each.config_directory)
    return own === undefined || isDamaged(each) ? each : withSettings(each, own)
  }
}

/** The config_directories that the primary's main.cf lists again, as far as their own main.cf is not brought back. */
export function relistedBy(traces: readonly BeforeImage[], {list}: Host): string[] {
  const texts = new Map(traces.toReversed().flatMap(mainCfsOf))
  const directories = texts.get(list.primary.config_directory)?.get('multi_instance_directories') ?? ''
  return splitWords(directories).filter((each) => !texts.has(each))
}

/** The main.cf files in a before-image, by their config_directory. */
function mainCfsOf(image: BeforeImage): [config_directory: string, settings: MainCfSettings][] {
  if (image.was === 'moved' || image.was === 'tree') return image.tree.flatMap(mainCfsOf)
  if (image.was === 'program') return []
  const path = pathOf(image)
  if (!('base64' in image) || !path.endsWith('/main.cf')) return []
  const {entries} = parseMainCf(Buffer.from(image.base64, 'base64').toString('latin1'))
  return [[path.slice(0, -'/main.cf'.length), new Map(entries.map(({name, value}) => [name, fromBytes(value)]))]]
}

function withSettings(instance: Instance, settings: MainCfSettings): Instance {
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
