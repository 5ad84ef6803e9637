import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import type {BeforeImage} from '../../src/model/change/before-image.ts'
import type {RemovalFacts} from '../../src/model/change/facts.ts'
import type {Beginning, PastChange, Present, WholeChange} from '../../src/model/change/past.ts'
import type {Step} from '../../src/model/change/plan.ts'
import type {PluginsRequest} from '../../src/model/change/plugin-change.ts'
import type {Request} from '../../src/model/change/request.ts'
import {
  besidesUndo,
  findParts,
  findPassedOver,
  findPast,
  findTakenBack,
  joinParts,
  planUndo,
} from '../../src/plan/undo.ts'
import {deepFreeze, hostOf, listOf, secondary} from '../values.ts'

const out = secondary('postfix-out')
const spare = secondary('postfix-spare')
const enable: Request = {action: 'enable', target: {by: 'name', name: 'out'}}

const both = hostOf([out, spare])

describe('the change to undo', () => {
  it('is the last one that took place and stands', () => {
    assert.equal(find(past('1'), past('2'), past('3', enable, {end: 'undone'})).id, '2')
  })

  it('is the one before, once the last one is undone', () => {
    assert.equal(find(past('1'), past('2'), undo('3', '2')).id, '1')
  })

  it('is the last one again when its undo is undone', () => {
    const history = [past('1'), past('2'), undo('3', '2'), undo('4', '3')]
    assert.equal(find(...history).id, '2')
    assert.deepEqual([...findTakenBack(history)], ['3'])
  })

  it('still is the last one when its undo failed', () => {
    assert.equal(find(past('1'), undo('2', '1', 'undone')).id, '1')
  })

  it('is none of those that have touched nothing', () => {
    assert.equal(find(past('1'), past('2', enable, {idle: true})).id, '1')
  })

  describe('is no change of plugins', () => {
    const one = {name: 'site-x', before: null, after: {version: '1.0.0', source: 'x'}}
    const install = {action: 'plugins', how: 'install', plugins: [one]} satisfies PluginsRequest
    const rollback = {
      action: 'plugins',
      how: 'rollback',
      plugins: [{...one, before: one.after}],
    } satisfies PluginsRequest
    const off = {
      action: 'plugins',
      how: 'config',
      plugins: [{...one, before: {}, after: {mode: 'off'}}],
    } satisfies PluginsRequest
    const history = [
      past('1', off),
      past('2'),
      past('3', install),
      past('4', rollback),
      past('5', off, {end: 'undone'}),
    ]

    it('those that are newer are passed over, the last of each plugin', () => {
      assert.equal(find(...history).id, '2')
      assert.deepEqual(findPassedOver(history), [rollback])
    })

    it('by its number neither, and there is a command for it', () => {
      assert.throws(() => findPast({changes: history, unreadable: []}, '1'), {
        message: 'The change 1 is the plugins config of site-x, which has a command of its own',
        suggestions: [['postmulti', 'plugins', 'config', 'site-x', 'mode=']],
      })
    })
  })

  describe('with what plugins did after it', () => {
    const plugins = past('2', enable, {afterwards: {failures: []}})

    it('is one', () => {
      assert.equal(find(past('1'), plugins).id, '1')
      assert.equal(findPast({changes: [past('1'), plugins], unreadable: []}, '2').id, '1')
      const main = past('1')
      assert.deepEqual(findParts(main, [main, plugins]), [main, plugins])
    })

    it('is undone with it', () => {
      assert.deepEqual([...findTakenBack([past('1'), plugins, undo('3', '1')])], ['1', '2'])
    })

    it('is without what an older program has undone alone', () => {
      const main = past('1')
      const history = [main, plugins, undo('3', '2')]
      assert.equal(find(...history).id, '1')
      assert.deepEqual(findParts(main, history), [main])
    })

    it('looks as the later one has left it', () => {
      const main = past('1', enable, {after: [{path: '/x', mark: 'a'}]})
      const whole = joinParts([main, past('2', enable, {after: [{path: '/x', mark: 'b'}]})])
      assert.deepEqual([whole.id, whole.after], ['1', [{path: '/x', mark: 'b'}]])
    })
  })

  const why = '/var/lib/postmulti/journal/000002.jsonl is invalid (line 1)'

  it('has to be named while the last one cannot be read', () => {
    const history = deepFreeze({changes: [past('1')], unreadable: [{id: '2', why, olderChanges: 1}]})
    assert.throws(() => findPast(history, undefined), /is invalid \(line 1\), and may be the last change/)
    assert.equal(findPast(history, '1').id, '1')
    assert.throws(() => findPast(history, '2'), /is invalid/)
  })

  it('has to be named while the record of the last one has no end', () => {
    const history = deepFreeze({changes: [past('1'), past('2', enable, {end: 'unknown'})], unreadable: []})
    assert.throws(() => findPast(history, undefined), /change 2\) has no end: .*say which one to take back/)
    assert.equal(findPast(history, '1').id, '1')
    assert.throws(() => findPast(history, '2'), /has no end/)
  })

  it('is the last one although an earlier one cannot be read', () => {
    const history = deepFreeze({changes: [past('1'), past('3')], unreadable: [{id: '2', why, olderChanges: 1}]})
    assert.equal(findPast(history, undefined).id, '3')
  })

  const refused: [what: string, history: PastChange[], id: string | undefined, why: RegExp][] = [
    ['an empty history', [], undefined, /nothing to undo/],
    ['a history where all is undone', [past('1'), undo('2', '1')], undefined, /nothing to undo/],
    ['an unknown id', [past('1')], '9', /No change 9/],
    ['a change that was rolled back', [past('1', enable, {end: 'undone'})], '1', /did not take place/],
    ['a change that is undone already', [past('1'), undo('2', '1')], '1', /is undone already/],
  ]
  for (const [what, history, id, why] of refused) {
    it(`is none in ${what}`, () => {
      assert.throws(() => findPast(deepFreeze({changes: history, unreadable: []}), id), why)
    })
  }
})

describe('plan undo', () => {
  const mainCf = traceOf('/etc/postfix-out', 'multi_instance_name = postfix-out\nmulti_instance_enable = no\n')
  const enabled = past('1', enable, {
    traces: [mainCf, {was: 'absent', path: '/etc/postfix-out/x'}],
    after: [{path: '/etc/postfix-out/main.cf', mark: 'm'}],
  })
  const present: Present = {marks: [{path: '/etc/postfix-out/main.cf', mark: 'm'}], appeared: []}

  it('restores the traces in reverse order, and names what it takes back', () => {
    const plan = undoNow(enabled)
    assert.deepEqual(
      plan.steps,
      enabled.traces.toReversed().map((trace) => ({do: 'restore', trace})),
    )
    assert.deepEqual(plan.request, {action: 'undo', id: '1'})
  })

  it('has the list as it will be', () => {
    assert.deepEqual(undoNow(enabled).after.secondaries, [{...out, multi_instance_enable: false}, spare])
  })

  it('is refused when a path looks different from what the change left', () => {
    for (const marks of [[{path: '/etc/postfix-out/main.cf', mark: 'other'}], []]) {
      assert.throws(
        () => undoNow(enabled, {...present, marks}),
        (error) => error instanceof Refusal && /main.cf has changed since/.test(error.explained),
      )
    }
  })

  it('says how to see what the change was, and how to bring its files back nevertheless', () => {
    const suggestions = ['postmulti history 1', 'postmulti undo 1 --force --dry-run'].map((each) => each.split(' '))
    assert.throws(() => undoNow(enabled, {...present, marks: []}), {suggestions})
  })

  it('brings back what has changed since when it is forced to', () => {
    const plan = planUndo({action: 'undo', force: true}, both, {
      past: enabled,
      present: {...present, marks: []},
      listed: new Map(),
    })
    assert.deepEqual(plan.steps, undoNow(enabled).steps)
    assert.deepEqual(plan.request, {action: 'undo', force: true, id: '1'})
  })

  it('is not forced where something lies in place of what the change removed, or in what it would remove', () => {
    const path = '/etc/postfix-gone'
    const moved: BeforeImage = {was: 'moved', path, to: '/etc/.x', tree: [fileTrace(`${path}/main.cf`, '')]}
    const destroyed = past('1', {action: 'destroy'}, {traces: [moved], after: [{path, mark: 'absent'}]})
    const forced = {action: 'undo', force: true} as const
    const rows: [WholeChange, Present][] = [
      [destroyed, {marks: [{path, mark: '40755 0 0'}], appeared: []}],
      [enabled, {...present, appeared: ['/etc/postfix-out/mine']}],
    ]
    for (const [change, now] of rows) {
      assert.throws(() => planUndo(forced, both, {past: change, present: now, listed: new Map()}), {
        message: /has changed since$/,
        suggestions: [['postmulti', 'history', '1']],
      })
    }
  })

  it('is refused when something has turned up in a directory that would go', () => {
    assert.throws(
      () => undoNow(enabled, {...present, appeared: ['/etc/postfix-out/mine']}),
      /\/etc\/postfix-out\/mine has changed/,
    )
  })

  it('of a create is refused while the instance runs', () => {
    assert.throws(() => undoNow(created, present, {...target, running: true}), {
      message: /postfix-out is running/,
      suggestions: [['postmulti', 'instances', 'stop', 'postfix-out']],
    })
  })

  const created = past('1', {action: 'create', directories: {}}, {config_directory: '/etc/postfix-out'})
  const made = ['/var/spool/postfix-out/pid/master.pid']
  const removable = [{path: '/var/spool/postfix-out', holds: []}]

  it('of a create removes what Postfix has made since', () => {
    const absent = ['/var/spool/postfix-out', '/var/spool/postfix-out/pid'].map(
      (path) => ({was: 'absent', path}) as const,
    )
    const {steps} = undoNow({...created, traces: absent}, {marks: [], appeared: made}, {...target, removable})
    assert.deepEqual(steps, [{do: 'remove', path: '/var/spool/postfix-out', holds: ['pid', 'pid/master.pid']}])
  })

  it('of a create brings back what a program has found, where it has made something', () => {
    const traces = ['etc', 'usr'].map(
      (each): BeforeImage => ({was: 'tree', path: `/var/spool/postfix-out/${each}`, tree: []}),
    )
    const after = [
      {path: '/var/spool/postfix-out/etc', mark: '40755 0 0'},
      {path: '/var/spool/postfix-out/usr', mark: 'absent'},
    ]
    const {steps} = undoNow({...created, traces: [...traces], after}, {marks: after, appeared: []}, target)
    assert.deepEqual(steps, [{do: 'restore', trace: traces[0]}])
  })

  it('of a create is refused when there is anything else', () => {
    assert.throws(
      () => undoNow(created, {marks: [], appeared: [...made, '/etc/postfix-out/mine']}, {...target, removable}),
      /\/etc\/postfix-out\/mine has changed/,
    )
  })

  it('of a create is refused when there is mail in the queue that it made', () => {
    const facts = {...target, removable, messages: {deferred: 2}}
    const makes = {...created, traces: [{was: 'absent', path: '/var/spool/postfix-out'} as const]}
    assert.throws(
      () => undoNow(makes, {marks: [], appeared: made}, facts),
      (error) => error instanceof Refusal && /2 messages .* was not undone/.test(error.explained),
    )
    assert.doesNotThrow(() => undoNow(created, {marks: [], appeared: []}, facts))
  })

  it('of an import strikes the instance from the list', () => {
    const imported = past(
      '1',
      {action: 'import', directories: {}},
      {
        traces: [
          traceOf('/etc/postfix', 'multi_instance_enable = yes\nmulti_instance_directories = /etc/postfix-spare\n'),
        ],
      },
    )
    assert.deepEqual(undoNow(imported, {...present, marks: []}).after, listOf(spare))
  })

  it('of a destroy lists the instance again, as its main.cf says', () => {
    const text =
      'queue_directory = /q\ndata_directory = /d\nmulti_instance_name = postfix-gone\nmulti_instance_group = mta\n'
    const destroyed = past(
      '1',
      {action: 'destroy'},
      {
        traces: [
          traceOf(
            '/etc/postfix',
            'multi_instance_enable = yes\nmulti_instance_directories = /etc/postfix-gone /etc/postfix-out\n',
          ),
          {
            was: 'moved',
            path: '/etc/postfix-gone',
            to: '/etc/.postmulti-removed-postfix-gone',
            tree: [fileTrace('/etc/postfix-gone/main.cf', text)],
          },
        ],
      },
    )
    assert.deepEqual(undoNow(destroyed, {...present, marks: []}).after.secondaries, [
      {
        config_directory: '/etc/postfix-gone',
        queue_directory: '/q',
        data_directory: '/d',
        multi_instance_name: 'postfix-gone',
        multi_instance_group: 'mta',
        multi_instance_enable: false,
      },
      out,
    ])
  })

  it('of a deport reads the instance where it still is', () => {
    const gone = secondary('postfix-gone')
    const deported = past(
      '1',
      {action: 'deport'},
      {
        traces: [
          traceOf('/etc/postfix', 'multi_instance_enable = yes\nmulti_instance_directories = /etc/postfix-gone\n'),
        ],
      },
    )
    const listed = new Map([['/etc/postfix-gone', gone]])
    const facts = {past: deported, present: {...present, marks: []}, listed}
    assert.deepEqual(planUndo({action: 'undo'}, hostOf([out]), facts).after.secondaries, [gone])
  })

  it('leaves out what plugins want of the paths that it brings back', () => {
    const plan = undoNow(enabled)
    const beside: Step = {do: 'write file', path: '/etc/y', bytes: '', mode: 0o644}
    const steps: Step[] = [
      {do: 'run program', words: ['make'], directory: '/', changes: ['/etc/postfix-out/x'], undo: []},
      {do: 'write file', path: '/etc/postfix-out/x/y', bytes: '', mode: 0o644},
      {do: 'edit main.cf', config_directory: '/etc/postfix-out', set: {}},
      beside,
    ]
    assert.deepEqual(besidesUndo(steps, plan), [beside])
    assert.deepEqual(besidesUndo(steps, {...plan, request: enable}), steps)
  })

  function undoNow(past: WholeChange, now = present, removal?: RemovalFacts) {
    const facts = {past, present: now, listed: new Map(), ...(removal === undefined ? {} : {removal})}
    return planUndo(deepFreeze({action: 'undo'}), both, deepFreeze(facts))
  }
})

const target: RemovalFacts = {hasMainCf: true, running: false, messages: {}, removable: [], foreign: [], differing: []}

function find(...history: PastChange[]): PastChange {
  return findPast(deepFreeze({changes: history, unreadable: []}), undefined)
}

function past(
  id: string,
  request: Beginning['request'] = enable,
  {
    config_directory = '/etc/postfix-out',
    afterwards,
    ...changes
  }: Partial<WholeChange> & Partial<Pick<Beginning, 'config_directory' | 'afterwards'>> = {},
): WholeChange {
  const begin = {
    request,
    config_directory,
    began: '2026-11-25T04:00:00.000Z',
    pid: 7,
    uid: 0,
    sudoUser: null,
    ...(afterwards === undefined ? {} : {afterwards}),
  }
  return {id, begin, traces: [], after: [], left: [], end: 'done', ...changes}
}

function undo(id: string, of: string, end: PastChange['end'] = 'done'): PastChange {
  return past(id, {action: 'undo', id: of}, {end})
}

function traceOf(config_directory: string, text: string): BeforeImage {
  const {path: _, ...file} = fileTrace('', text)
  return {...file, was: 'main.cf', config_directory, set: {}, unset: []}
}

function fileTrace(path: string, text: string) {
  const base64 = Buffer.from(text).toString('base64')
  return {was: 'file', path, base64, seconds: 1, mode: 0o644, uid: 0, gid: 0} as const
}
