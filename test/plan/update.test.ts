import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import type {Host} from '../../src/model/change/facts.ts'
import type {Plan} from '../../src/model/change/plan.ts'
import type {AssignRequest} from '../../src/model/change/request.ts'
import {describeDamage, type Instance} from '../../src/model/instance/instance.ts'
import type {Selection} from '../../src/model/instance/selection.ts'
import {planAssign, planInit, planSwitch} from '../../src/plan/update.ts'
import {broken, deepFreeze, hostOf, listOf, primary, refusal, secondary} from '../values.ts'

const outgoing = secondary('postfix-out', {multi_instance_group: 'mta'})
const spare = secondary('postfix-spare', {multi_instance_enable: false})
const torn = broken('/etc/postfix-torn')
const host = hostOf([outgoing, torn, spare])
const out: Selection = {by: 'name', name: 'out'}

describe('plan init', () => {
  it('names the wrapper and enables the primary, whatever its secondaries are like', () => {
    const list = deepFreeze({primary: {...primary, multi_instance_enable: false}, secondaries: [torn]})
    const plan = planInit(deepFreeze({action: 'init', wrapper: '/opt/postmulti -p --'}), list)
    assert.deepEqual(plan.steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {multi_instance_wrapper: '/opt/postmulti -p --', multi_instance_enable: 'yes'},
      },
    ])
    assert.deepEqual(plan.before, list)
    assert.deepEqual(plan.after, listOf(torn))
  })
})

describe('plan enable and disable', () => {
  const rows: [action: 'enable' | 'disable', name: string, target: Instance, value: string][] = [
    ['enable', 'spare', spare, 'yes'],
    ['disable', 'postfix-out', outgoing, 'no'],
    ['disable', '-', primary, 'no'],
    ['enable', 'out', outgoing, 'yes'],
  ]
  for (const [action, name, target, multi_instance_enable] of rows) {
    it(`${action} of ${name} is one edit, also when it is so already`, () => {
      const plan = toggle(action, {by: 'name', name})
      assert.deepEqual(plan.steps, [
        {do: 'edit main.cf', config_directory: target.config_directory, set: {multi_instance_enable}},
      ])
      assertOnlyChange(plan, target, {multi_instance_enable: action === 'enable'})
    })
  }

  it('is refused before init', () => {
    assert.throws(() => toggle('enable', out, hostOf([outgoing], {multi_instance_wrapper: ''})), /postmulti -e init/)
  })

  const asleep = hostOf([outgoing], {multi_instance_enable: 'no'})

  it('enables the primary of a host where that alone can be changed', () => {
    assert.equal(toggle('enable', {by: 'name', name: '-'}, asleep).steps.length, 1)
    assert.throws(() => toggle('enable', out, asleep), /multi_instance_enable!=yes/)
  })

  it('is refused the classic way on a host whose primary is disabled: only init can help', () => {
    assert.throws(
      () => planSwitch({action: 'enable', target: {by: 'name', name: '-'}}, asleep, {classic: true}),
      (error) => {
        return (
          error instanceof Refusal && error.message === "multi_instance_enable!=yes, run 'postmulti -e init' first."
        )
      },
    )
  })

  refusesWrongTargets((target, on) => toggle('disable', target, on))

  function toggle(action: 'enable' | 'disable', target?: Selection, on: Host = host): Plan {
    return planSwitch(deepFreeze({action, ...(target === undefined ? {} : {target})}), on)
  }
})

describe('plan assign', () => {
  const rows: [typed: string, names: Partial<AssignRequest>, set: Record<string, string>][] = [
    ['-G mta-out', {newGroup: 'mta-out'}, {multi_instance_group: 'mta-out'}],
    ['-G -', {newGroup: ''}, {multi_instance_group: ''}],
    ['-I -', {newName: ''}, {multi_instance_name: ''}],
    ['-I postfix-out -G spare', {newName: 'postfix-out', newGroup: 'spare'}, {multi_instance_group: 'spare'}],
  ]
  for (const [typed, names, set] of rows) {
    it(`${typed} is one edit of what changes`, () => {
      const plan = assign(names)
      assert.deepEqual(plan.steps, [{do: 'edit main.cf', config_directory: '/etc/postfix-out', set}])
      assertOnlyChange(plan, outgoing, set)
    })
  }

  it('gives a new name', () => {
    const plan = assign({newName: 'postfix-hub'}, out, hostOf([outgoing, spare]))
    assert.deepEqual(plan.steps, [
      {do: 'edit main.cf', config_directory: '/etc/postfix-out', set: {multi_instance_name: 'postfix-hub'}},
    ])
  })

  it('names the primary', () => {
    const plan = assign({newGroup: 'mta'}, {by: 'name', name: '-'})
    assert.deepEqual(plan.after.primary, {...primary, multi_instance_group: 'mta'})
  })

  it('without a real change does nothing, even before init', () => {
    const plan = assign(
      {newName: 'postfix-out', newGroup: 'mta'},
      out,
      hostOf([outgoing], {multi_instance_wrapper: ''}),
    )
    assert.deepEqual(plan.steps, [])
    assert.deepEqual(plan.after, plan.before)
  })

  it('with a real change is refused before init', () => {
    assert.throws(() => assign({newGroup: 'x'}, out, hostOf([outgoing], {multi_instance_wrapper: ''})), /-e init/)
  })

  it('is refused for the name of another, and does not leave its own name free before that', () => {
    assert.throws(
      () => assign({newName: 'postfix-spare'}, out, hostOf([outgoing, spare])),
      refusal(
        'instance /etc/postfix-out, multi_instance_name=postfix-spare conflicts with instance /etc/postfix-spare, multi_instance_name=postfix-spare',
      ),
    )
  })

  it('is refused for a new name while somebody may have it whose main.cf cannot be read', () => {
    assert.throws(
      () => assign({newName: 'postfix-hub'}),
      /^Refusal: Cannot assign a name while instance \/etc\/postfix-torn cannot be read: .*, line 7: /,
    )
  })

  it('is refused for a bad name after the instance was looked for', () => {
    assert.throws(() => assign({newName: 'x y'}), /Unsafe characters/)
    assert.throws(() => assign({newName: 'x y'}, {by: 'name', name: 'nobody'}), /No instance named nobody/)
  })

  refusesWrongTargets((target, on) => assign({newGroup: 'x'}, target, on))

  function assign(names: Partial<AssignRequest>, target: Selection | undefined = out, on: Host = host): Plan {
    return planAssign(deepFreeze({action: 'assign', ...names, ...(target === undefined ? {} : {target})}), on)
  }
})

function refusesWrongTargets(plan: (target: Selection | undefined, on?: Host) => Plan): void {
  const rows: [typed: string, target: Selection, message: string][] = [
    ['-a', {by: 'all'}, "Select an instance via '-i name'"],
    ['-g mta', {by: 'group', group: 'mta'}, "Select an instance via '-i name'"],
    ['-i ou', {by: 'name', name: 'ou'}, 'No instance named ou'],
    ['-i torn', {by: 'name', name: 'torn'}, `Instance /etc/postfix-torn cannot be read: ${describeDamage(torn)}`],
  ]
  for (const [typed, target, message] of rows) {
    it(`is refused with ${typed}: ${message}`, () => {
      assert.throws(
        () => plan(target),
        (error) => error instanceof Refusal && error.message === message,
      )
    })
  }

  it('is refused for an instance that cannot be read, with the reason', () => {
    assert.throws(
      () => plan({by: 'name', name: '/etc/postfix-torn'}),
      refusal(
        `Instance /etc/postfix-torn cannot be read: /etc/postfix-torn/main.cf, line 7: missing '=' after attribute name: "oops"`,
      ),
    )
  })

  it('takes the first in start order where two answer to one name', () => {
    const plain = secondary('out', {multi_instance_name: 'out'})
    assert.equal(plan(out, hostOf([plain, outgoing])).config_directory, '/etc/out')
    assert.equal(plan(out, hostOf([outgoing, plain])).config_directory, '/etc/postfix-out')
  })

  it('is refused where instances are at odds, before anybody is looked for', () => {
    const twin = {...outgoing, config_directory: '/etc/postfix-twin'}
    assert.throws(() => plan({by: 'all'}, hostOf([outgoing, twin])), /conflicts with/)
  })
}

/** Of all instances only this one has changed, and only in this. */
function assertOnlyChange({before, after}: Plan, target: Instance, change: object): void {
  const expected = [before.primary, ...before.secondaries].map((each) =>
    each === target ? {...each, ...change} : each,
  )
  assert.deepEqual([after.primary, ...after.secondaries], expected)
}
