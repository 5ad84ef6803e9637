/** The typed line with one thing changed: all else stays. */
import type {Refusal} from '../model/base/errors.ts'
import type {Suggestion} from '../model/base/suggestion.ts'
import {kindsOf} from './typed-words.ts'
import type {Typed} from './wrong-usage.ts'

type TypedLine = Pick<Typed, 'id' | 'argv' | 'flags'>

/** A misspelt name is answered with the same command for those that may have been meant. */
export function suggestionsFor(
  {misnamed, suggestions, plugin, forRoot}: Refusal,
  typed: TypedLine,
): readonly Suggestion[] {
  if (forRoot) return [asRoot(typed)]
  if (plugin !== undefined) return [...suggestions, lineWith(['--without-plugin', plugin], typed)]
  if (misnamed === undefined) return suggestions
  const {name, nearest} = misnamed
  const places = typed.argv.flatMap((word, at) => {
    const better = renamerOf(word, name)
    return better === undefined ? [] : {at, better}
  })
  const [place] = places
  // No instance is called so: it was typed twice.
  const kinds = kindsOf(typed.argv, typed.flags)
  if (place !== undefined && kinds[place.at] === 'operand' && typed.id.split(':').includes(name)) {
    const others = kinds.filter((each) => each === 'operand').length - 1
    return others > 0 ? [toTypedWords(typed, typed.argv.toSpliced(place.at, 1))] : suggestions
  }
  // Of two that are alike, it is not known which one was meant.
  if (place === undefined || places.length > 1 || nearest.length === 0) return suggestions
  return nearest.map((each) => toTypedWords(typed, typed.argv.with(place.at, place.better(each))))
}

export function asRoot(typed: TypedLine): Suggestion {
  return ['sudo', ...toTypedWords(typed, typed.argv)]
}

/** With these flags besides. They go before '--': what is behind it is not a flag. */
export function lineWith(flags: readonly string[], typed: TypedLine): string[] {
  const kinds = kindsOf(typed.argv, typed.flags)
  const found = typed.argv.findIndex((word, at) => word === '--' && kinds[at] === 'flag')
  const end = found < 0 ? typed.argv.length : found
  return toTypedWords(typed, [...typed.argv.slice(0, end), ...flags, ...typed.argv.slice(end)])
}

function toTypedWords({id}: TypedLine, words: readonly string[]): string[] {
  return ['postmulti', ...id.split(':'), ...words]
}

/** The name may stand by itself, before '=', or behind the '=' of a flag. Undefined where it does not. */
function renamerOf(word: string, name: string): ((better: string) => string) | undefined {
  if (word === name) return (better) => better
  if (word.startsWith(`${name}=`)) return (better) => better + word.slice(name.length)
  const [, flag, value] = /^(--[a-z-]+=)(.*)$/s.exec(word) ?? []
  return flag !== undefined && value === name ? (better) => `${flag}${better}` : undefined
}
