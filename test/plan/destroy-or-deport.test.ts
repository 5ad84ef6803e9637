import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import {suggest, toLines} from '../../src/model/base/suggestion.ts'
import type {Host, RemovalFacts} from '../../src/model/change/facts.ts'
import type {Plan} from '../../src/model/change/plan.ts'
import type {Listed} from '../../src/model/instance/instance.ts'
import {findRemovalTarget, planDestroyOrDeport, type RemovalRequest} from '../../src/plan/destroy-or-deport.ts'
import {broken, deepFreeze, hostOf, listOf, primary, refusal, secondary} from '../values.ts'

type Action = RemovalRequest['action']

const outgoing = secondary('postfix-out', {multi_instance_group: 'mta'})
const spare = secondary('postfix-spare', {multi_instance_enable: false})
const torn = broken('/etc/postfix-torn')
const host = hostOf([outgoing, spare, torn])

const stopped: RemovalFacts = {
  hasMainCf: true,
  running: false,
  messages: {active: 0, deferred: 0},
  removable: [
    {path: '/var/spool/postfix-spare', holds: ['active', 'pid', 'pid/master.pid']},
    {path: '/var/lib/postfix-spare', holds: []},
    {path: '/etc/postfix-spare', holds: ['main.cf', 'master.cf']},
  ],
  foreign: [],
  differing: [],
}

describe('who leaves', () => {
  for (const action of ['deport', 'destroy'] as const) {
    it(`${action}: a disabled secondary`, () => assert.equal(find(action, 'spare'), spare))

    it(`${action}: never the primary, also when it is listed among its secondaries`, () => {
      for (const name of ['-', '/etc/postfix']) {
        for (const on of [host, hostOf([primary, spare])]) {
          assert.throws(() => find(action, name, on), withMessage('Cannot remove the primary instance'))
        }
      }
    })

    it(`${action}: no enabled instance; what to type next is said`, () => {
      assert.throws(() => find(action, 'out'), {
        ...refusal('Cannot remove enabled instances'),
        explained: `postfix-out is enabled, so it was not ${action}ed`,
        suggestions: [suggest`postmulti instances disable postfix-out`],
      })
    })

    it(`${action}: nobody without -i`, () => {
      assert.throws(() => findRemovalTarget({action}, host), withMessage("Select an instance via '-i name'"))
      assert.throws(
        () => findRemovalTarget({action, target: {by: 'all'}}, host),
        withMessage("Select an instance via '-i name'"),
      )
    })

    it(`${action}: nobody whose name only ends alike`, () => {
      assert.throws(() => find(action, 'are'), withMessage('No instance named are'))
    })
  }

  it('deport: also one that cannot be read, by its config_directory', () => {
    assert.equal(find('deport', '/etc/postfix-torn'), torn)
  })

  it('destroy: none that cannot be read, for it is not known what belongs to it', () => {
    assert.throws(() => find('destroy', '/etc/postfix-torn'), /Instance \/etc\/postfix-torn cannot be read: /)
  })
})

describe('plan deport', () => {
  it('strikes the instance from the list and records it as independent', () => {
    const plan = remove('deport', spare)
    assert.deepEqual(plan.steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {
          multi_instance_directories: '/etc/postfix-out /etc/postfix-torn',
          alternate_config_directories: '/etc/postfix-spare',
        },
      },
    ])
    assert.deepEqual(plan.before, host.list)
    assert.deepEqual(plan.after, listOf(outgoing, torn))
    assert.equal(plan.config_directory, '/etc/postfix-spare')
  })

  it('does not mind mail in the queue: nobody touches it', () => {
    assert.equal(remove('deport', spare, {messages: {deferred: 3}}).steps.length, 1)
  })

  it('strikes an instance whose main.cf is gone, and takes it for nobody', () => {
    const independent = hostOf([torn, outgoing], {alternate_config_directories: ['/etc/postfix-torn']})
    assert.deepEqual(remove('deport', torn, {hasMainCf: false}, independent).steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {multi_instance_directories: '/etc/postfix-out', alternate_config_directories: ''},
      },
    ])
  })

  it('strikes an instance that cannot be read, too, and keeps it for import; but not while it runs', () => {
    assert.deepEqual(remove('deport', torn).steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {
          multi_instance_directories: '/etc/postfix-out /etc/postfix-spare',
          alternate_config_directories: '/etc/postfix-torn',
        },
      },
    ])
    assert.throws(() => remove('deport', torn, {running: true}), /Instance '\/etc\/postfix-torn' is not stopped/)
  })
})

describe('plan destroy', () => {
  it('is refused while another instance claims a directory of it, which is named', () => {
    const instance = {...outgoing, queue_directory: spare.queue_directory}
    const thief: Listed = {...broken('/etc/postfix-out'), contested: {parameter: 'queue_directory', instance}}
    assert.throws(() => remove('destroy', spare, {}, hostOf([spare, thief])), withMessage(thief.reason))
    const namesake: Listed = {...thief, contested: {parameter: 'multi_instance_name', instance: outgoing}}
    assert.doesNotThrow(() => remove('destroy', spare, {}, hostOf([spare, namesake])))
  })

  it('strikes the instance from the list first, then removes what Postfix made, the configuration before all', () => {
    const plan = remove('destroy', spare)
    assert.deepEqual(plan.steps, [
      {
        do: 'edit main.cf',
        config_directory: '/etc/postfix',
        set: {multi_instance_directories: '/etc/postfix-out /etc/postfix-torn'},
      },
      {do: 'remove', path: '/etc/postfix-spare', holds: ['main.cf', 'master.cf']},
      {do: 'remove', path: '/var/lib/postfix-spare', holds: []},
      {do: 'remove', path: '/var/spool/postfix-spare', holds: ['active', 'pid', 'pid/master.pid']},
    ])
    assert.deepEqual(plan.warnings, [])
    assert.deepEqual(plan.after, listOf(outgoing, torn))
  })

  it('leaves no record of it among the independent ones', () => {
    const independent = hostOf([spare], {alternate_config_directories: ['/etc/postfix-spare', '/etc/a']})
    assert.deepEqual(remove('destroy', spare, {}, independent).steps[0], {
      do: 'edit main.cf',
      config_directory: '/etc/postfix',
      set: {multi_instance_directories: '', alternate_config_directories: '/etc/a'},
    })
  })

  it('names what stays', () => {
    const foreign = ['/etc/postfix-spare/transport', '/etc/postfix-spare']
    const plan = remove('destroy', spare, {foreign, removable: []})
    assert.deepEqual(plan.warnings, [
      '/etc/postfix-spare/transport: please verify contents and remove by hand',
      '/etc/postfix-spare: please verify contents and remove by hand',
    ])
    assert.equal(plan.steps.length, 1)
  })

  it('is refused without main.cf', () => {
    assert.throws(() => remove('destroy', spare, {hasMainCf: false}), {
      ...refusal('/etc/postfix-spare/main.cf file not found'),
      speaker: 'postmulti-script',
    })
  })

  const filled: [messages: Record<string, number>, told: string][] = [
    [{active: 0, deferred: 1, hold: 0}, '1 message in its queue (deferred 1)'],
    [{maildrop: 2, deferred: 11, hold: 0}, '13 messages in its queue (maildrop 2, deferred 11)'],
  ]
  for (const [messages, told] of filled) {
    it(`is refused with ${told}; what to type next is said`, () => {
      assert.throws(
        () => remove('destroy', spare, {messages}),
        (error) =>
          error instanceof Refusal &&
          error.message.startsWith(`Instance '/etc/postfix-spare' has ${told}: deliver them`) &&
          error.explained === `postfix-spare has ${told}, so it was not destroyed` &&
          !/ALL/.test(error.message + toLines(error.suggestions)) &&
          toLines(error.suggestions)[0] === 'postmulti queue list --instance postfix-spare',
      )
    })
  }
})

describe('plan deport and destroy', () => {
  for (const action of ['deport', 'destroy'] as const) {
    it(`${action} is refused while the instance runs, before anybody counts its mail`, () => {
      assert.throws(() => remove(action, spare, {running: true, messages: {active: 1}}), {
        ...refusal("Instance '/etc/postfix-spare' is not stopped"),
        speaker: 'postmulti-script',
        suggestions: [suggest`postmulti instances stop postfix-spare`],
      })
    })

    it(`${action} is refused before init`, () => {
      const early = hostOf([spare], {multi_instance_wrapper: ''})
      assert.throws(
        () => remove(action, spare, {running: true, hasMainCf: false}, early),
        /run 'postmulti -e init' first/,
      )
    })

    it(`${action} calls a nameless instance by its directory`, () => {
      const nameless = secondary('postfix-old', {multi_instance_name: '', multi_instance_enable: false})
      assert.throws(
        () => remove(action, nameless, {running: true}, hostOf([nameless])),
        (error) =>
          error instanceof Refusal && toLines(error.suggestions)[0] === 'postmulti instances stop /etc/postfix-old',
      )
    })
  }
})

function find(action: Action, name: string, on: Host = host): Listed {
  return findRemovalTarget(deepFreeze({action, target: {by: 'name', name}} as const), on)
}

function remove(action: Action, target: Listed, facts: Partial<RemovalFacts> = {}, on: Host = host): Plan {
  const request = deepFreeze({action, target: {by: 'name', name: target.config_directory}} as const)
  return planDestroyOrDeport(request, on, deepFreeze({...stopped, ...facts}))
}

function withMessage(message: string): (error: unknown) => boolean {
  return (error) => error instanceof Refusal && error.message === message
}
