/**
 * Values that a change writes are of the kind that their parameters take; the kinds are in model/master-cf/value-types.ts.
 * Only what a program of Postfix ends at is refused, and nothing that was there before.
 */
import {Refusal} from '../model/base/errors.ts'
import {own} from '../model/base/own.ts'
import {suggest} from '../model/base/suggestion.ts'
import {fromBytes} from '../model/base/text.ts'
import type {KnownParameters} from '../model/change/facts.ts'
import {collapse, expandForSure} from '../model/main-cf/expand.ts'
import {parseMainCf} from '../model/main-cf/lines.ts'
import {describeWhoEnds, endsAt, judgeValue, type Misfit} from '../model/master-cf/judge-value.ts'
import {readServiceLines} from '../model/master-cf/services.ts'

/** Unexpanded, with single blanks, by name. */
type Settings = ReadonlyMap<string, string>

/** A value that a program of Postfix ends at. */
export interface Unreadable {
  name: string
  /** Expanded. */
  value: string
  /** As one types it: NAME=VALUE. */
  typed: string
  misfit: Misfit
}

/** Refuses the first one; with `force` each is a warning. */
export function checkKinds(unreadable: readonly Unreadable[], force = false): string[] {
  const [first] = unreadable
  if (first === undefined) return []
  if (force) return [...new Set(unreadable.map(describeUnreadable))]
  const {name, typed, misfit} = first
  const meant = misfit.meant === undefined || typed.includes('$') ? [] : [`${name}=${misfit.meant}`]
  throw new Refusal(describeUnreadable(first), {
    // One that no program starts with is not always written then: this one would not start either.
    explained: `${describeUnreadable(first)}${misfit.readers.includes('*') ? '' : '\nWith --force it is written nevertheless'}`,
    ...(meant.length === 0
      ? {suggestions: [suggest`postmulti explain ${name}`]}
      : {misnamed: {name: typed, nearest: meant}}),
  })
}

/** Of settings for a main.cf that has `settings` besides. */
export function findUnreadableValues(
  set: Settings,
  settings: Settings,
  {defaults}: Pick<KnownParameters, 'defaults'>,
): Unreadable[] {
  return [...set].flatMap(([name, typed]) => {
    const found = judgeTyped(name, typed, [set, settings], defaults)
    return found === undefined ? [] : [found]
  })
}

/** What services of a master.cf set for themselves; `text` and `was`, from before the change, are latin1. */
export function findUnreadableOptions(
  text: string,
  was: string,
  settings: Settings,
  {defaults}: Pick<KnownParameters, 'defaults'>,
): Unreadable[] {
  const before = new Set(readServiceLines(was).flatMap(({settings: options}) => [...options].map(String)))
  return readServiceLines(text).flatMap((line) =>
    [...line.settings].flatMap((option) => {
      const found = before.has(String(option)) ? undefined : judgeTyped(...option, [line.settings, settings], defaults)
      if (found === undefined || !endsAt(found.misfit, line.command)) return []
      const [name, value] = found.misfit.unless ?? []
      return name !== undefined && line.settings.get(name) === value ? [] : [found]
    }),
  )
}

/** As a main.cf in latin1 has them; the last of each name. */
export function settingsIn(mainCf: string): Map<string, string> {
  return new Map(parseMainCf(mainCf).entries.map(({name, value}) => [fromBytes(name), fromBytes(collapse(value))]))
}

/** `places` are looked through in this order. */
function judgeTyped(
  name: string,
  typed: string,
  places: readonly Settings[],
  defaults: KnownParameters['defaults'],
): Unreadable | undefined {
  const defaultOf = (each: string): string | undefined => own(defaults, each)
  const lookup = (each: string): string | undefined => {
    return places.find((place) => place.has(each))?.get(each) ?? defaultOf(each)
  }
  const value = expandForSure(collapse(typed), lookup, defaultOf('mail_version'))
  const misfit = value === undefined ? undefined : judgeValue(name, value, defaultOf)
  if (value === undefined || !misfit?.certain) return undefined
  return {name, value, typed: `${name}=${typed}`, misfit}
}

function describeUnreadable({name, value, misfit: {allowed, readers}}: Unreadable): string {
  return `${name} must be ${allowed}: with ${value === '' ? 'nothing' : `'${value}'`} ${describeWhoEnds(readers)}`
}
