import assert from 'node:assert/strict'
import {dirname} from 'node:path'
import {describeStep} from '../../src/apply/steps.ts'
import type {Plan} from '../../src/model/change/plan.ts'
import type {InstanceList} from '../../src/model/instance/instance.ts'
import type {Units} from '../../src/model/units/units.ts'
import {findWithOtherUnit, withUnits} from '../../src/plan/units.ts'
import {byDirectory, byName, dropIn} from '../units.ts'
import {listOf, refusal, secondary} from '../values.ts'

const a = secondary('postfix-a')
const b = secondary('postfix-b')
const off = {multi_instance_enable: false}
const wants = '/etc/systemd/system/multi-user.target.wants'

/** From one list to another; the change is about `config_directory`. */
function planOf(before: InstanceList, after: InstanceList, config_directory: string): Plan {
  const step = {do: 'edit main.cf', config_directory, set: {}} as const
  return {request: {action: 'enable'}, config_directory, before, after, steps: [step], warnings: []}
}

/** What it means for systemd, as the dry run says it, without the step of the change itself. */
function steps(plan: Plan, units: Units): string[] {
  const {steps, warnings} = withUnits(plan, units, [])
  return [...steps.slice(1).map(describeStep), ...warnings]
}

const reload = 'in / run systemctl daemon-reload'
const enable = planOf(listOf(a, secondary('postfix-b', off)), listOf(a, b), b.config_directory)
const disable = planOf(listOf(a, b), listOf(a, secondary('postfix-b', off)), b.config_directory)
const all = (units: Partial<Units> = {}) => byDirectory(['postfix@a.service', 'postfix@b.service'], units)

describe('the units of a change', () => {
  it('are linked and ordered when an instance is enabled', () => {
    const told = steps(enable, byDirectory(['postfix@a.service'], {directories: new Set([wants])}))
    assert.deepEqual(told, [
      `make ${wants}/postfix@b.service a link to /usr/lib/systemd/system/postfix@.service`,
      'make directory /etc/systemd/system/postfix@b.service.d, mode 0755',
      'write /etc/systemd/system/postfix@b.service.d/50-postmulti.conf (100 bytes)',
      reload,
    ])
  })

  it('lose link and order when it is disabled', () => {
    const told = steps(disable, all({dropIns: dropIn('postfix@b.service', ['After=postfix@a.service'])}))
    assert.deepEqual(told, [
      `remove ${wants}/postfix@b.service`,
      'remove /etc/systemd/system/postfix@b.service.d',
      reload,
    ])
  })

  it('are made though nothing else has to be done', () => {
    const nothing = {...planOf(listOf(a), listOf(a), a.config_directory), steps: []}
    const {steps: made} = withUnits(nothing, byDirectory(), [])
    assert.equal(made.at(-2)?.do, 'link')
  })

  it('need no reload where systemd does not run', () => {
    assert.ok(!steps(enable, byDirectory([], {runs: false})).includes(reload))
  })

  it('forget that they have failed when the instance leaves', () => {
    const told = steps(planOf(listOf(a, secondary('postfix-b', off)), listOf(a), b.config_directory), all())
    assert.deepEqual(told, [
      `remove ${wants}/postfix@b.service`,
      reload,
      "in / run systemctl reset-failed 'postfix@b.servic?'",
    ])
  })

  it('do not change with the name of an instance in /etc', () => {
    const plan = planOf(listOf(a), listOf({...a, multi_instance_name: 'postfix-z'}), a.config_directory)
    assert.deepEqual(steps(plan, byDirectory(['postfix@a.service'])), [])
    assert.deepEqual(findWithOtherUnit(plan, byDirectory(['postfix@a.service'])), [])
  })

  it('follow the name of an instance elsewhere', () => {
    const old = secondary('postfix-o', {config_directory: '/srv/o', ...off})
    const plan = planOf(listOf(old), listOf({...old, multi_instance_name: 'postfix-n'}), '/srv/o')
    const told = steps(plan, byDirectory([], {dropIns: dropIn('postfix@o.service', [])}))
    assert.deepEqual(told, [
      'remove /etc/systemd/system/postfix@o.service.d',
      'make directory /etc/systemd/system/postfix@n.service.d, mode 0755',
      'write /etc/systemd/system/postfix@n.service.d/50-postmulti.conf (170 bytes)',
      reload,
      "in / run systemctl reset-failed 'postfix@o.servic?'",
    ])
  })

  it('do not change under an instance that runs', () => {
    const plan = planOf(listOf(a), listOf({...a, multi_instance_name: 'postfix-z'}), a.config_directory)
    const [changed] = findWithOtherUnit(plan, byName())
    assert.ok(changed)
    assert.throws(() => withUnits(plan, byName(), [changed]), refusal("Instance '/etc/postfix-a' is not stopped"))
  })

  it('are told to systemd when the list changes and it has a generator', () => {
    const plan = planOf(listOf(), listOf(secondary('postfix-b', off)), b.config_directory)
    assert.deepEqual(steps(plan, byName()), [reload])
  })

  it('are told to be missing where there can be none', () => {
    const strange = secondary('postfix-o', {config_directory: '/srv/o'})
    const plan = planOf(listOf(), listOf(strange), '/srv/o')
    assert.deepEqual(steps(plan, byDirectory([], {foreign: new Set(['/srv/o'])})), [
      'systemd will not start postfix-o at boot: others than root can write /srv/o, or a directory above it',
    ])
  })

  const obstacles: [string, Partial<Units>, RegExp][] = [
    [
      'a link that leads elsewhere',
      {wants: new Map([['postfix@b.service', '/run/x']])},
      /b\.service leads to \/run\/x, so it stays/,
    ],
    [
      'what is not a link',
      {wants: new Map([['postfix@b.service', undefined]])},
      /b\.service is not a link, so it stays/,
    ],
    ['a masked unit', {masked: ['postfix@b.service']}, /postfix@b\.service is masked, so it is not enabled/],
  ]
  for (const [title, units, told] of obstacles) {
    it(`leave ${title} alone, and name it`, () => {
      const found = steps(enable, byDirectory([], units))
      assert.ok(
        found.some((each) => told.test(each)),
        found.join('\n'),
      )
      assert.ok(!found.some((each) => each.startsWith(`make ${wants}/postfix@b`)))
    })
  }

  it('leave a drop-in of somebody else alone, and name it', () => {
    const path = '/etc/systemd/system/postfix@b.service.d/50-postmulti.conf'
    const dropIns = new Map([[path, {text: '[Unit]\n', isOurs: false, alone: true}]])
    assert.ok(steps(enable, all({dropIns})).includes(`${path} is not ours, so it stays as it is`))
  })

  it('of former names go', () => {
    const stale = '/etc/systemd/system/postfix@postfix-a.service.d/50-postmulti-order.conf'
    const told = steps(enable, all({dropIns: dropIn(stale, [])}))
    assert.ok(told.includes('remove /etc/systemd/system/postfix@postfix-a.service.d'))
  })

  it('of a former name give way to others in the same place', () => {
    const stale = '/etc/systemd/system/postfix@postfix-b.service.d/50-postmulti-order.conf'
    const plan = planOf(listOf(a, b), listOf(a, b), b.config_directory)
    const there = {dropIns: dropIn(stale, []), directories: new Set([dirname(stale)])}
    assert.deepEqual(steps(plan, byName(there)), [
      'write /etc/systemd/system/postfix@postfix-b.service.d/50-postmulti.conf (108 bytes)',
      `remove ${stale}`,
      reload,
    ])
  })

  it('are told to be missing where they are unknown', () => {
    const units = byDirectory([], {layout: undefined, told: '/etc/x is masked'})
    assert.deepEqual(steps(enable, units), ['systemd will not start postfix-b at boot: /etc/x is masked'])
  })

  it('come back with an undo, and are not made a second time', () => {
    const restored = {do: 'restore', trace: {was: 'absent', path: `${wants}/postfix@b.service`}} as const
    const plan = {...disable, steps: [...disable.steps, restored]}
    const {steps: made} = withUnits(plan, all(), [])
    assert.deepEqual(made.slice(2).map(describeStep), [reload])
  })
})
