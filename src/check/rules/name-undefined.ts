/** What a value refers to is there. Source: postconf(1), "undefined parameter"; postconf(5), "$name". */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {type FileLine, type Flaw, placeOfService, type Rule, runningServices, suggestEdit, whereSet} from '../rule.ts'

export const nameUndefined: Rule = {
  id: 'name-undefined',
  severity: 'warning',
  because:
    'A $name that no parameter has, and nothing sets, stands for nothing: "myorigin = $mydomian" is an empty myorigin. ' +
    'Conditions, as ${name?text}, may ask for one, and are left alone.',
  check({instances, host}) {
    return instances.flatMap((each) => [
      ...[...each.settings].flatMap(([name, {value}]) => {
        return isOwnLanguage(name) ? [] : findNames(each, host, {name, value, at: whereSet(each, name), shown: name})
      }),
      ...runningServices(each).flatMap((line) => {
        return [...line.settings].flatMap(([name, value]) => {
          const shown = `-o ${name} of ${line.name}/${line.type}`
          return isOwnLanguage(name)
            ? []
            : findNames(each, host, {name, value, at: placeOfService(each, line), shown}, line.settings)
        })
      }),
    ])
  },
}

interface Place {
  name: string
  value: string
  at: FileLine | undefined
  shown: string
}

function findNames(
  subject: CheckedInstance,
  host: CheckHost,
  {name, value, at, shown}: Place,
  own?: ReadonlyMap<string, string>,
): Flaw[] {
  return plainNames(value).flatMap((each) => {
    if (own?.has(each) || subject.isDefined(each) || isLeftOpen(each)) return []
    const [meant] = host.nearestParameters(each)
    const isMended = own === undefined && meant !== undefined
    return {
      instances: [subject.config_directory],
      at,
      message: `${shown} of ${label(subject)} refers to $${each}, which nothing sets: it stands for nothing${meant === undefined ? '' : `: did you mean $${meant}?`}`,
      suggestions: [
        isMended
          ? suggest`postmulti instances set ${operands(operandOf(subject), `${name}=${replaceName(value, each, meant)}`)}`
          : suggestEdit(subject, own === undefined ? 'main.cf' : 'master.cf'),
      ],
    }
  })
}

const nameReference = /\$(?:\{\s*(\w+)\s*\}|\(\s*(\w+)\s*\)|(\w+))/g

/** Those that are no condition. What stands in braces, as an inline table, or behind $$ is no concern of ours. */
function plainNames(value: string): string[] {
  if (!value.includes('$') || value.includes('$$') || /(?<!\$)\{/.test(value)) return []
  const names = [...value.matchAll(nameReference)].map(
    ([, braced, bracketed, bare]) => braced ?? bracketed ?? bare ?? '',
  )
  return [...new Set(names)].filter((each) => !/^\d+$/.test(each))
}

function replaceName(value: string, name: string, meant: string): string {
  return value.replace(nameReference, (whole, braced, bracketed, bare) => {
    return (braced ?? bracketed ?? bare) === name ? whole.replace(name, () => meant) : whole
  })
}

/** Values that Postfix does not expand when it reads them, or that are lists of characters. */
function isOwnLanguage(parameter: string): boolean {
  const unexpanded = [
    'default_rbl_reply',
    'forward_path',
    'luser_relay',
    'mailbox_command',
    'command_execution_directory',
  ]
  return unexpanded.includes(parameter) || /_(?:expansion_filter|reject_footer)$/.test(parameter)
}

/** master.cf of Postfix has them commented out, for main.cf to set. */
function isLeftOpen(name: string): boolean {
  return /^mua_\w+_restrictions$/.test(name)
}
