import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import type {EditFacts} from '../../src/model/change/facts.ts'
import type {EditRequest} from '../../src/model/change/request.ts'
import {planEdit} from '../../src/plan/edit.ts'
import {broken, deepFreeze, hostOf, secondary} from '../values.ts'

const out = secondary('postfix-out')
const host = hostOf([secondary('postfix-in'), out])
const facts: EditFacts = deepFreeze({
  now: 'a = 1\n',
  mode: 0o640,
  owner: {uid: 7, gid: 8},
  becomes: out,
  listed: new Map(),
  known: {defaults: {}},
  settings: new Map(),
})

describe('plan edit', () => {
  it('writes the file with the owner and mode that it has', () => {
    assert.deepEqual(edit().steps, [
      {do: 'write file', path: '/etc/postfix-out/main.cf', bytes: 'a = 2\n', mode: 0o640, owner: {uid: 7, gid: 8}},
    ])
  })

  it('has nothing to do when nothing was written', () => {
    assert.deepEqual(edit({becomes: 'a = 1\n'}).steps, [])
  })

  it('is refused when somebody else has changed the file meanwhile', () => {
    assert.throws(() => edit({}, {now: 'a = 3\n'}), /main.cf has changed while it was being edited/)
  })

  it('leaves the list as it is where Postfix could not read it: that is for the engine to refuse', () => {
    const {after, also} = edit({}, {becomes: broken('/etc/postfix-out')})
    assert.deepEqual([after, also], [host.list, undefined])
  })

  it('is refused when it takes what another instance owns', () => {
    const thief = {...out, queue_directory: '/var/spool/postfix-in'}
    assert.throws(() => edit({}, {becomes: thief}), /conflicts with instance \/etc\/postfix-in/)
  })

  it('has the list after it, with what the text says now', () => {
    const renamed = {...out, multi_instance_name: 'postfix-outer'}
    const {before, after} = edit({}, {becomes: renamed})
    assert.deepEqual(before, host.list)
    assert.deepEqual(after.secondaries[1], renamed)
  })

  const texts: [what: string, changes: Partial<EditRequest>, verdict: RegExp | undefined][] = [
    ['a value that no program can read', {becomes: 'soft_bounce = maybe\n'}, /^soft_bounce must be yes or no/],
    [
      'one that a service has for itself',
      {file: 'master.cf', becomes: 'smtp inet n - n - - smtpd\n -o smtpd_tls_auth_only=$maybe\n'},
      /^smtpd_tls_auth_only must be yes or no: with 'x'/,
    ],
    [
      'nothing of what its program does not read',
      {file: 'master.cf', becomes: 'relay unix - - n - - smtp -o smtpd_tls_auth_only=x\n'},
      undefined,
    ],
    ['nothing of what was there before', {was: 'biff = x\n', becomes: 'biff = x\nsoft_bounce = yes\n'}, undefined],
  ]
  for (const [what, changes, verdict] of texts) {
    it(`refuses ${what}`, () => {
      const settings = new Map([['maybe', 'x']])
      const save = (): unknown => edit(changes, {now: changes.was ?? 'a = 1\n', settings})
      if (verdict === undefined) assert.doesNotThrow(save)
      else assert.throws(save, (error) => error instanceof Refusal && verdict.test(error.message))
    })
  }

  it('writes what no program can read when it is forced, with a warning', () => {
    assert.match(
      edit({becomes: 'soft_bounce = maybe\n', force: true}).warnings.join(),
      /^soft_bounce must be yes or no/,
    )
  })

  it('mends one that cannot be read, under the last part of its directory', () => {
    const lame = hostOf([broken('/etc/postfix-out')])
    const plan = planEdit(
      {action: 'edit', target: {by: 'name', name: 'out'}, file: 'main.cf', was: 'a = 1\n', becomes: 'a = 2\n'},
      lame,
      facts,
    )
    assert.deepEqual(plan.after.secondaries, [out])
  })

  it('comes to an assign when the text has another name', () => {
    const renamed = {...out, multi_instance_name: 'postfix-outer'}
    assert.deepEqual(edit({}, {becomes: renamed}).also, [{action: 'assign', subjects: ['/etc/postfix-out']}])
  })

  const listing = (...names: string[]): string =>
    `multi_instance_directories = ${names.map((each) => `/etc/postfix-${each}`).join(' ')}\n`
  const ofPrimary: [what: string, becomes: string, effects: string[]][] = [
    ['an import of what it lists besides', listing('in', 'out', 'new'), ['import /etc/postfix-new']],
    ['a deport of what it lists no more', listing('out'), ['deport /etc/postfix-in']],
    ['an init for another wrapper', `${listing('in', 'out')}multi_instance_wrapper = x\n`, ['init /etc/postfix']],
    ['nothing for what does not concern the list', `${listing('in', 'out')}biff = no\n`, []],
  ]
  for (const [what, becomes, effects] of ofPrimary) {
    it(`comes to ${what}, in the main.cf of the primary`, () => {
      const was = listing('in', 'out')
      const listed = new Map([['/etc/postfix-new', secondary('postfix-new')]])
      const {also = []} = edit({was, becomes}, {now: was, becomes: host.list.primary, listed}, '-')
      assert.deepEqual(
        also.map(({action, subjects}) => `${action} ${subjects}`),
        effects,
      )
    })
  }
})

function edit(changes: Partial<EditRequest> = {}, factsNow: Partial<EditFacts> = {}, name = 'out') {
  const request: EditRequest = {
    action: 'edit',
    target: {by: 'name', name},
    file: 'main.cf',
    was: 'a = 1\n',
    becomes: 'a = 2\n',
    ...changes,
  }
  return planEdit(deepFreeze(request), host, {...facts, ...factsNow})
}
