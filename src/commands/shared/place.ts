/** Flags for a place in the start order. */
import {Flags} from '@oclif/core'
import type {Selection} from '../../model/instance/selection.ts'

export const wishes = ['before', 'after', 'first', 'last'] as const
const otherThan = (own: string): {exclusive: string[]} => ({exclusive: wishes.filter((each) => each !== own)})

export const placeFlags = {
  before: Flags.string({description: 'It starts right before this instance.', ...otherThan('before')}),
  after: Flags.string({description: 'It starts right after this instance.', ...otherThan('after')}),
  first: Flags.boolean({description: 'It starts before all other secondary instances.', ...otherThan('first')}),
  last: Flags.boolean({description: 'It starts last.', ...otherThan('last')}),
}

interface PlaceFlags {
  before?: string | undefined
  after?: string | undefined
  first: boolean
}

/** Without a wish it is the last place. */
export function toListPlace({before, after, first}: PlaceFlags): {place?: Selection; after?: Selection} {
  if (first) return {place: {by: 'all'}}
  if (before !== undefined) return {place: {by: 'name', name: before}}
  return after === undefined ? {} : {after: {by: 'name', name: after}}
}
