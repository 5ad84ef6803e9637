/** Where the value of a parameter comes from, and who else sets it. */

import {label} from '../model/instance/instance.ts'
import type {Explanation, WrittenSetting} from '../model/survey/explanation.ts'
import {type NamedJson, toNamedJson} from './terminal/listed.ts'
import {sections} from './terminal/sections.ts'
import type {Terminal} from './terminal/table.ts'

interface WrittenSettingJson {
  written: string
  file: string
  line: number
}

export interface ExplanationJson extends NamedJson {
  parameter: string
  value: string
  setting: WrittenSettingJson | null
  default: string | null
  services: {service: string; value: string}[]
  others: (NamedJson & WrittenSettingJson)[]
}

export function describeExplanation(explanation: Explanation, terminal: Terminal): string {
  const {instance, parameter, value, setting, standard, services, others} = explanation
  const facts = [
    ['value', orEmpty(value)],
    ['from', setting === null ? 'the default' : fileAndLine(setting)],
    ...(setting === null || setting.written === value ? [] : [['written', setting.written]]),
    ['default', standard === null ? 'made at run time' : orEmpty(standard)],
  ]
  return sections(`${parameter} of ${label(instance)}`, facts, terminal, [
    ['Services that have another', services.map((each) => [each.service, orEmpty(each.value)])],
    ['Set by other instances', others.map((each) => [label(each.instance), orEmpty(each.written), fileAndLine(each)])],
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

function toSettingJson({written, file, line}: WrittenSetting): WrittenSettingJson {
  return {written, file, line}
}

function fileAndLine({file, line}: WrittenSetting): string {
  return `${file}:${line}`
}

function orEmpty(value: string): string {
  return value === '' ? '(empty)' : value
}
