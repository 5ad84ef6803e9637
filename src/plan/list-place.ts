/**
 * Where an instance stands in the start order.
 * Source: insert_instance() in postmulti.c, which knows only "before"; "after" is ours.
 */
import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {type Instance, isDamaged, type Listed} from '../model/instance/instance.ts'
import {nearestInstances} from '../model/instance/nearest.ts'
import {matches, type Selection} from '../model/instance/selection.ts'

export interface ListPlace {
  /** Before the first secondary that matches; "all" is the first place. */
  place?: Selection | undefined
  /** Behind the last secondary that matches. */
  after?: Selection | undefined
}

/** At the end without a wish. Refuses a wish that no secondary can meet. */
export function insert(secondaries: readonly Listed[], instance: Instance, {place, after}: ListPlace): Listed[] {
  const isMatch =
    (selection: Selection) =>
    (each: Listed): boolean =>
      !isDamaged(each) && matches(selection, each, false)
  if (after !== undefined) {
    const last = secondaries.findLastIndex(isMatch(after))
    if (last < 0) throw nowhere(after, secondaries)
    return secondaries.toSpliced(last + 1, 0, instance)
  }
  if (place === undefined) return [...secondaries, instance]
  // The first place is the first one, whatever is damaged there.
  const at = place.by === 'all' ? 0 : secondaries.findIndex(isMatch(place))
  if (at < 0) throw nowhere(place, secondaries)
  return secondaries.toSpliced(at, 0, instance)
}

function nowhere(wish: Selection, secondaries: readonly Listed[]): Refusal {
  const what = wish.by === 'name' ? ` is called ${wish.name}` : wish.by === 'group' ? ` is in group ${wish.group}` : ''
  const known = secondaries.filter((each): each is Instance => !isDamaged(each))
  return new Refusal('No matching secondary instances', {
    explained: `No other secondary instance${what || ' is there'}`,
    suggestions: [suggest`postmulti instances`],
    kind: 'not found',
    ...(wish.by === 'name' ? {misnamed: {name: wish.name, nearest: nearestInstances(wish.name, known)}} : {}),
  })
}
