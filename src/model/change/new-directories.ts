/**
 * The private directories that somebody wants for a new instance, from NAME=VALUE words.
 * Source: assign_new_parameters() and make_private_path() in postmulti.c.
 */
import {type Instance, type PrivateParameter, privateParameters} from '../instance/instance.ts'
import {splitSetting, trimDirectory} from '../main-cf/setting.ts'
import type {NewInstanceRequest} from './request.ts'

/** `fault` is what stands against the first word that is not one of a directory, for the planner to say in its turn. */
export function parseDirectories(
  action: 'create' | 'import',
  words: readonly string[],
): Pick<NewInstanceRequest, 'directories' | 'fault'> {
  const directories: NewInstanceRequest['directories'] = {}
  for (const word of words) {
    const setting = splitSetting(word)
    if (setting === undefined) return {directories, fault: `Malformed parameter setting '${word}'`}
    const {name, value} = setting
    const allowed = action === 'import' ? (['config_directory'] as const) : privateParameters
    const known = allowed.find((each) => each === name)
    if (known === undefined) return {directories, fault: `Parameter '${name}' not valid with action ${action}`}
    if (!value.startsWith('/')) {
      return {directories, fault: `Parameter setting '${name}' is not an absolute path`}
    }
    const trimmed = trimDirectory(value)
    if (trimmed === '') return {directories, fault: `Parameter setting '${name}' is the root directory`}
    directories[known] = trimmed
  }
  return {directories}
}

/** The primary's directory with its last component replaced by the name. */
export function defaultDirectory(parameter: PrivateParameter, primary: Instance, name: string): string {
  const parent = primary[parameter].replace(/\/+$/, '').replace(/\/+[^/]*$/, '')
  return `${parent}/${name}`
}
