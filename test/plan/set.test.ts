import assert from 'node:assert/strict'
import {Refusal, type RefusalKind} from '../../src/model/base/errors.ts'
import type {SettingFacts} from '../../src/model/change/facts.ts'
import type {EditRequest, SetRequest} from '../../src/model/change/request.ts'
import {changedParameters, planSet, reloadOrRestart} from '../../src/plan/set.ts'
import {broken, deepFreeze, hostOf, primary, secondary} from '../values.ts'

const a = secondary('postfix-a', {multi_instance_group: 'mta'})
const b = secondary('postfix-b', {multi_instance_group: 'mta'})
const host = hostOf([a, broken('/etc/postfix-torn'), b])

const facts: SettingFacts = {
  settings: new Map([
    [
      '/etc/postfix-a',
      new Map([
        ['relayhost', 'x'],
        ['junk', '1'],
      ]),
    ],
    ...['/etc/postfix', '/etc/postfix-b'].map((each) => [each, new Map([['relayhost', 'x']])] as const),
  ]),
  known: {
    builtIn: new Set([
      'maillog_file',
      'relayhost',
      'mynetworks',
      'transport_maps',
      'smtpd_tls_auth_only',
      'message_size_limit',
    ]),
    defaults: {smtpd_tls_auth_only: 'no', smtpd_helo_required: 'no', relayhost: ''},
    own: new Map([['/etc/postfix-b', ['mine']]]),
    tableTypes: ['hash', 'regexp'],
  },
  unlogged: [],
}

describe('plan set', () => {
  it('is one edit for each instance, in the order in which they were named', () => {
    const {steps} = set({targets: [named('b'), named('a')], set: {relayhost: '[mx]'}})
    assert.deepEqual(steps, [
      {do: 'edit main.cf', config_directory: '/etc/postfix-b', set: {relayhost: '[mx]'}},
      {do: 'edit main.cf', config_directory: '/etc/postfix-a', set: {relayhost: '[mx]'}},
    ])
  })

  it('edits an instance once that is named twice', () => {
    assert.equal(set({targets: [named('a'), named('postfix-a'), {by: 'group', group: 'mta'}]}).steps.length, 2)
  })

  it('reaches the primary and all that can be read', () => {
    const directories = set({targets: [{by: 'all'}]}).steps.map(
      (each) => 'config_directory' in each && each.config_directory,
    )
    assert.deepEqual(directories, ['/etc/postfix', '/etc/postfix-a', '/etc/postfix-b'])
  })

  it('takes a name that only the values of the same request use', () => {
    assert.equal(set({set: {ours: '10.0.0.0/8', mynetworks: '$ours'}}).steps.length, 1)
  })

  it('leaves alone who has it already', () => {
    assert.deepEqual(set({targets: [named('a'), named('b')], set: {relayhost: 'x'}, unset: []}).steps, [])
    const {steps} = set({targets: [named('a'), named('b')], set: {relayhost: ' x '}, unset: ['junk']})
    assert.deepEqual(
      steps.map((each) => 'config_directory' in each && each.config_directory),
      ['/etc/postfix-a'],
    )
  })

  it('removes what is set, known or not', () => {
    assert.deepEqual(set({set: {}, unset: ['junk']}).steps, [
      {do: 'edit main.cf', config_directory: '/etc/postfix-a', set: {}, unset: ['junk']},
    ])
  })

  const mistakes: [what: string, request: Partial<SetRequest>, why: RegExp, kind: RefusalKind][] = [
    ['a parameter that Postfix does not have', {set: {relayhots: 'x'}}, /Unknown parameter relayhots/, 'not found'],
    [
      'one that only another of the instances has',
      {targets: [named('b'), named('a')], set: {mine: 'x'}},
      /Unknown parameter mine/,
      'not found',
    ],
    [
      'the name, which has a command of its own',
      {set: {multi_instance_name: 'x'}},
      /multi_instance_name is not set by hand/,
      'usage',
    ],
    [
      'the removal of the switch',
      {set: {}, unset: ['multi_instance_enable']},
      /multi_instance_enable is not set by hand/,
      'usage',
    ],
    [
      'the removal of what is not set',
      {set: {}, unset: ['mynetworks']},
      /mynetworks is not set in \/etc\/postfix-a\/main.cf/,
      'not found',
    ],
    [
      'a table type that Postfix does not have',
      {set: {transport_maps: 'hsh:/t'}},
      /has no table type hsh/,
      'not found',
    ],
    ['a value of two lines', {set: {relayhost: 'x\ny'}}, /more than one line/, 'usage'],
    ['a comment for a name', {set: {'#relayhost': 'x'}}, /cannot be the name/, 'usage'],
    ['a group that nobody is in', {targets: [{by: 'group', group: 'mt'}]}, /No matching instances/, 'not found'],
    [
      'an instance that does not exist',
      {targets: [named('a'), named('nobody')]},
      /No instance named nobody/,
      'not found',
    ],
  ]
  for (const [what, request, why, kind] of mistakes) {
    it(`takes ${what} for a mistake`, () => {
      assert.throws(
        () => set(request),
        (error) => error instanceof Refusal && error.kind === kind && why.test(error.message),
      )
    })
  }

  it('refuses a value that the programs of Postfix cannot read, says what is allowed, and offers what was meant', () => {
    assert.throws(
      () => set({set: {message_size_limit: '50M'}}),
      (error) => {
        assert.ok(error instanceof Refusal)
        assert.match(
          error.message,
          /^message_size_limit must be a number of bytes, .*: with '50M' no program of Postfix starts$/,
        )
        return error.kind === 'refused' && error.misnamed?.nearest[0] === 'message_size_limit=52428800'
      },
    )
  })

  const values: [value: string, verdict: RegExp | undefined][] = [
    ['$smtpd_helo_required', undefined],
    ['$relayhost', /with 'x' smtpd\(8\) ends when it starts$/],
    ['$nobody_knows', undefined],
    ['${smtpd_helo_required?{maybe}}', /with 'maybe'/],
    ['', /with nothing/],
  ]
  for (const [value, verdict] of values) {
    it(`judges what '${value}' stands for: ${verdict === undefined ? 'it is written' : 'it is refused'}`, () => {
      const write = (): unknown => set({set: {smtpd_tls_auth_only: value}})
      if (verdict === undefined) assert.doesNotThrow(write)
      else assert.throws(write, verdict)
    })
  }

  it('writes a value that no program can read when it is forced, with a warning', () => {
    const {steps, warnings} = set({targets: [named('a'), named('b')], set: {smtpd_tls_auth_only: 'maybe'}, force: true})
    assert.equal(steps.length, 2)
    assert.deepEqual(warnings, ["smtpd_tls_auth_only must be yes or no: with 'maybe' smtpd(8) ends when it starts"])
  })

  it('warns of a log file without the service that writes it', () => {
    const request: SetRequest = {
      ...{action: 'set', targets: [named('a'), named('b')], unset: []},
      set: {maillog_file: '/var/log/a.log'},
    }
    const {warnings} = planSet(request, host, {...facts, unlogged: ['/etc/postfix-b']})
    assert.deepEqual(warnings, [
      'postfix-b will not start with a maillog_file, because its master.cf has no postlog/unix-dgram; ' +
        "try: postconf -c /etc/postfix-b -M 'postlog/unix-dgram=postlog unix-dgram n - n - 1 postlogd'",
    ])
  })

  it('offers the nearest table type, in the setting that was typed', () => {
    assert.throws(
      () => set({set: {transport_maps: 'regexp:/r hsh:/t'}}),
      (error) => {
        return error instanceof Refusal && error.misnamed?.nearest[0] === 'transport_maps=regexp:/r hash:/t'
      },
    )
  })

  it('offers the nearest name in its place', () => {
    assert.throws(
      () => set({set: {relayhots: 'x'}}),
      (error) => error instanceof Refusal && error.misnamed?.nearest[0] === 'relayhost',
    )
  })

  it('works before init: it is no life-cycle change', () => {
    const plan = planSet(request({}), hostOf([a], {multi_instance_wrapper: ''}), facts)
    assert.equal(plan.before.primary, primary)
  })
})

describe('what a running instance needs', () => {
  const rows: [names: string[], needed: 'reload' | 'restart'][] = [
    [['relayhost'], 'reload'],
    [[], 'reload'],
    [['inet_interfaces'], 'restart'],
    [['relayhost', 'inet_protocols'], 'restart'],
  ]
  for (const [names, needed] of rows) {
    it(`${names.join(' and ') || 'nothing in main.cf'}: ${needed}`, () => {
      assert.equal(reloadOrRestart(names), needed)
    })
  }

  it('counts what an edit changes, adds and removes', () => {
    const edit = {
      action: 'edit',
      target: named('a'),
      was: 'a = 1\nb = 1\nc = 1\n',
      becomes: 'a=1\nb = 2\nd = 1\n',
    } as const
    assert.deepEqual(changedParameters({...edit, file: 'main.cf'} satisfies EditRequest), ['b', 'c', 'd'])
    assert.deepEqual(changedParameters({...edit, file: 'master.cf'} satisfies EditRequest), [])
  })
})

function set(changes: Partial<SetRequest>) {
  return planSet(request(changes), host, facts)
}

function request(changes: Partial<SetRequest>): SetRequest {
  return deepFreeze({action: 'set', targets: [named('a')], set: {relayhost: '[mx]'}, unset: [], ...changes})
}

function named(name: string) {
  return {by: 'name', name} as const
}
