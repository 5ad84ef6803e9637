/** The host of the walk-through, whole and running: three instances, the filter, and the hosts around it. */
import {keyboard} from './keyboard.ts'
import * as walkthrough from './walkthrough.ts'

export interface WalkthroughHost extends walkthrough.Neighbours {
  filter: Awaited<ReturnType<typeof walkthrough.startContentFilter>>
}

/** `configureMore` has the output instance before it starts for the first time. */
export async function setUpWalkthrough(configureMore = (): void => {}): Promise<WalkthroughHost> {
  const at = keyboard()
  const neighbours = await walkthrough.startNeighbours()
  const filter = await walkthrough.startContentFilter()
  await walkthrough.setUpNullClient(at)
  await walkthrough.turnMultiInstanceOn(at)
  await walkthrough.createInstance(at, 'postfix-out')
  walkthrough.configureOutput(at)
  configureMore()
  await walkthrough.putIntoService(at, 'postfix-out')
  await walkthrough.createInstance(at, 'postfix-in')
  walkthrough.configureInput(at)
  await walkthrough.putIntoService(at, 'postfix-in')
  return {...neighbours, filter}
}

/** So that the caller can end. */
export function closeAround({inside, outside, filter}: WalkthroughHost): void {
  for (const each of [inside.server, outside.server, filter]) each.close()
}
