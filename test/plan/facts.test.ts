/** What planners are handed could be printed into a bug report: the compiler finds a member that is a function. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as already from '../../src/plan/already.ts'
import * as create from '../../src/plan/create-or-import.ts'
import * as remove from '../../src/plan/destroy-or-deport.ts'
import * as edit from '../../src/plan/edit.ts'
import * as fix from '../../src/plan/fix.ts'
import * as iterate from '../../src/plan/iterate.ts'
import * as newInstance from '../../src/plan/new-instance.ts'
import * as reorder from '../../src/plan/reorder.ts'
import * as schedule from '../../src/plan/schedule.ts'
import * as set from '../../src/plan/set.ts'
import * as targets from '../../src/plan/targets.ts'
import * as undo from '../../src/plan/undo.ts'
import * as units from '../../src/plan/units.ts'
import * as update from '../../src/plan/update.ts'

/** Members that are functions, five deep. A suggestion prints itself. */
type FunctionsIn<Value, Depth extends number[] = []> = Depth['length'] extends 5
  ? never
  : Value extends (...args: never[]) => unknown
    ? Value
    : Value extends ReadonlyMap<infer Key, infer Held>
      ? FunctionsIn<Key | Held, [...Depth, 0]>
      : Value extends ReadonlySet<infer Held>
        ? FunctionsIn<Held, [...Depth, 0]>
        : Value extends readonly (infer Held)[]
          ? FunctionsIn<Held, [...Depth, 0]>
          : Value extends object
            ? {[Name in Exclude<keyof Value, 'toString'>]-?: FunctionsIn<Value[Name], [...Depth, 0]>}[Exclude<
                keyof Value,
                'toString'
              >]
            : never

/** What of the arguments of a planner is, or has, a function. */
type FunctionsFor<Planner> = Planner extends (...args: infer Args) => unknown ? FunctionsIn<Args[number]> : never

const planners = {
  ...already,
  ...create,
  ...remove,
  ...edit,
  ...fix,
  ...iterate,
  ...newInstance,
  ...reorder,
  ...schedule,
  ...set,
  ...targets,
  ...undo,
  ...units,
  ...update,
}

/** A planner with a function in what it gets is not of this type. */
const plain: {
  [Name in keyof typeof planners]: [FunctionsFor<(typeof planners)[Name]>] extends [never] ? unknown : never
} = planners

describe('what planners get', () => {
  it('holds no function, as the compiler says', () => {
    // @ts-expect-error A member that is a function is found, however deep.
    const none: [FunctionsIn<{a: Map<string, {b(): void}[]>}>] extends [never] ? true : false = true
    assert.ok(none && Object.keys(plain).length > 20)
  })

  it('is looked at of every planner', () => {
    const directory = join(import.meta.dirname, '../../src/plan')
    const texts = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
    const all = texts.flatMap((text) =>
      [...text.matchAll(/^export function (plan\w+|with\w+)/gm)].map(([, name]) => name),
    )
    assert.deepEqual(
      all.filter((each) => !(each! in planners)),
      [],
    )
  })
})
