/** Where the value of a parameter comes from, and who else sets it. */

import {label} from '../model/instance/instance.ts'
import type {Explanation, Setting} from '../model/survey/explanation.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {sections} from './terminal/sections.ts'
import type {Terminal} from './terminal/table.ts'

interface SettingJson {
  written: string
  file: string
  line: number
}

export interface ExplanationJson extends NamedJson {
  parameter: string
  value: string
  setting: SettingJson | null
  default: string | null
  services: {service: string; value: string}[]
  others: (NamedJson & SettingJson)[]
}

export function describeExplanation(explanation: Explanation, terminal: Terminal): string {
  const {instance, parameter, value, setting, standard, services, others} = explanation
  const facts = [
    ['value', orEmpty(value)],
    ['from', setting === null ? 'the default' : placeOf(setting)],
    ...(setting === null || setting.written === value ? [] : [['written', setting.written]]),
    ['default', standard === null ? 'made at run time' : orEmpty(standard)],
  ]
  return sections(`${parameter} of ${label(instance)}`, facts, terminal, [
    ['Services that have another', services.map((each) => [each.service, orEmpty(each.value)])],
    ['Set by other instances', others.map((each) => [label(each.instance), orEmpty(each.written), placeOf(each)])],
  ])
}

export function toExplanationJson({instance, setting, standard, others, ...rest}: Explanation): ExplanationJson {
  return {
    ...toNamedJson(instance),
    parameter: rest.parameter,
    value: rest.value,
    setting: setting === null ? null : toSettingJson(setting),
    default: standard,
    services: rest.services,
    others: others.map((each) => ({...toNamedJson(each.instance), ...toSettingJson(each)})),
  }
}

function toSettingJson({written, file, line}: Setting): SettingJson {
  return {written, file, line}
}

function placeOf({file, line}: Setting): string {
  return `${file}:${line}`
}

function orEmpty(value: string): string {
  return value === '' ? '(empty)' : value
}
