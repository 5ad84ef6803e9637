import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import type {BeforeImage} from '../../src/model/change/before-image.ts'
import type {PastChange, WholeChange} from '../../src/model/change/past.ts'
import type {PluginChange, PluginsRequest} from '../../src/model/change/plugin-change.ts'
import {pastFileChanges, toHistoryTable, toPastJson, toPathsJson} from '../../src/report/history.ts'
import {describeRequest} from '../../src/report/request.ts'
import {deepFreeze} from '../values.ts'

const terminal = {width: undefined, paint: (_: string, text: string) => text}
const permissions = {mode: 0o640, uid: 1, gid: 2}
const past: WholeChange = deepFreeze({
  id: 'x-7',
  begin: {
    request: {action: 'enable', target: {by: 'name', name: 'out'}},
    config_directory: '/etc/postfix-out',
    began: '2026-11-25T04:00:00.000Z',
    pid: 7,
    uid: 0,
    sudoUser: 'anna',
  },
  traces: [
    {
      was: 'main.cf',
      config_directory: '/etc/postfix-out',
      base64: 'YQ==',
      seconds: 1,
      set: {},
      unset: [],
      ...permissions,
    },
    {was: 'absent', path: '/new'},
    {was: 'there', path: '/new', ...permissions},
    {was: 'moved', path: '/gone', to: '/aside', tree: [{was: 'directory', path: '/gone', ...permissions}]},
  ],
  after: [
    {path: '/etc/postfix-out/main.cf', mark: '100644 0 0 abc'},
    {path: '/new', mark: '40700 5 6'},
    {path: '/gone', mark: 'absent'},
  ],
  left: [],
  end: 'done',
})

describe('history', () => {
  it('tells who used sudo', () => {
    assert.match(toHistoryTable([toPastJson(past, new Set())], terminal), /^x-7 .* anna +done +enable out$/m)
  })

  it('says so when there is none', () => {
    assert.equal(toHistoryTable([], terminal), 'Nothing has been changed yet.')
  })

  const states: [end: PastChange['end'], takenBack: string[], state: string][] = [
    ['done', [], 'done'],
    ['done', ['x-7'], 'undone'],
    ['undone', [], 'rolled back'],
    ['undone in part', [], 'rolled back in part'],
    ['unknown', [], 'unknown'],
  ]
  for (const [end, takenBack, state] of states) {
    it(`calls a change ${state} that ended as ${end}${takenBack.length > 0 ? ' and was taken back' : ''}`, () => {
      assert.equal(toPastJson({...past, end}, new Set(takenBack)).state, state)
    })
  }

  it('has each path once, as it was first and became last', () => {
    const sha256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
    assert.deepEqual(toPathsJson(past), [
      {
        path: '/etc/postfix-out/main.cf',
        line: null,
        before: {kind: 'file', mode: '0640', uid: 1, gid: 2, sha256},
        after: {kind: 'file', mode: '0644', uid: 0, gid: 0, sha256: 'abc'},
      },
      {path: '/new', line: null, before: null, after: {kind: 'directory', mode: '0700', uid: 5, gid: 6, sha256: null}},
      {path: '/gone', line: null, before: {kind: 'directory', mode: '0640', uid: 1, gid: 2, sha256: null}, after: null},
    ])
  })

  it('has each line of a file by itself', () => {
    const common = {was: 'line', path: '/etc/aliases', mode: 0o640, uid: 1, gid: 2} as const
    const traces: BeforeImage[] = [
      {...common, line: 'added', made: true},
      {...common, line: 'removed', at: 3},
    ]
    const look = {kind: 'line', mode: '0640', uid: 1, gid: 2, sha256: null}
    assert.deepEqual(toPathsJson({...past, traces}), [
      {path: '/etc/aliases', line: 'added', before: null, after: look},
      {path: '/etc/aliases', line: 'removed', before: look, after: null},
    ])
  })
})

describe('what a past change made of main.cf', () => {
  const path = '/etc/postfix-out/main.cf'
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const base64 = Buffer.from('a = 1\n').toString('base64')
  const edited: BeforeImage = {
    was: 'main.cf',
    config_directory: '/etc/postfix-out',
    base64,
    seconds: 0,
    set: {a: '2'},
    unset: [],
    mode: 0o644,
    uid: 0,
    gid: 0,
  }
  const written: BeforeImage = {was: 'file', path, base64, seconds: 0, mode: 0o644, uid: 0, gid: 0}
  const rows: [what: string, trace: BeforeImage, became: string, now: string, after: string | undefined][] = [
    ['is what was set in it, whatever it is now', edited, 'a = 2\n', 'a = 7\n', 'a = 2\n'],
    ['is what it is now, if nobody has touched it since', written, 'a = 3\n', 'a = 3\n', 'a = 3\n'],
    ['is not known any more, if somebody has', written, 'a = 3\n', 'a = 7\n', undefined],
  ]
  for (const [what, trace, became, now, after] of rows) {
    it(what, () => {
      const whole = {...past, traces: [trace], after: [{path, mark: `100644 0 0 ${hash(became)}`}]}
      const expected = after === undefined ? [] : [{path, from: path, before: 'a = 1\n', after}]
      assert.deepEqual(
        pastFileChanges(whole, () => now),
        expected,
      )
    })
  }
})

describe('a request in a few words', () => {
  const target = {by: 'name', name: 'out'} as const
  const before = {version: '1.0.0', source: 'x'}
  const after = {version: '1.1.0', source: 'x'}
  const plugins = (how: PluginsRequest['how'], ...changed: Omit<PluginChange, 'name'>[]): PluginsRequest => {
    return {action: 'plugins', how, plugins: changed.map((each, at) => ({name: `site-${at + 1}`, ...each}))}
  }
  const rows: [request: PastChange['begin']['request'], words: string][] = [
    [
      plugins('install', {before: null, after}, {before, after}),
      'plugins install site-1 1.1.0, site-2 1.1.0 (was 1.0.0)',
    ],
    [plugins('uninstall', {before, after: null}), 'plugins uninstall site-1 (was 1.0.0)'],
    [plugins('rollback', {before: after, after: before}), 'plugins rollback site-1 1.0.0 (was 1.1.0)'],
    [
      plugins('config', {
        before: {mode: 'on', settings: {a: 'x'}, timeout: 5},
        after: {mode: 'off', settings: {b: [1]}, timeout: 5},
      }),
      'plugins config site-1 mode=off (was on) settings.a= (was x) settings.b=[1]',
    ],
    [{action: 'init', wrapper: 'x'}, 'init'],
    [{action: 'create', newName: 'postfix-out', directories: {}}, 'create postfix-out'],
    [{action: 'import', directories: {}}, 'import /etc/postfix-out'],
    [{action: 'destroy', target}, 'destroy out'],
    [{action: 'assign', target, newName: 'postfix-x', newGroup: ''}, 'assign out name postfix-x, no group'],
    [
      {action: 'set', targets: [target, {by: 'group', group: 'mta'}], set: {a: '1'}, unset: []},
      'set out --group mta a=1',
    ],
    [{action: 'set', targets: [{by: 'all'}], set: {}, unset: ['a']}, 'unset --all a'],
    [{action: 'edit', target, file: 'master.cf', was: '', becomes: ''}, 'edit master.cf of out'],
    [{action: 'reorder', target}, 'reorder out'],
    [{action: 'undo', id: 'x-7'}, 'undo x-7'],
    [
      {
        action: 'fix',
        findings: ['list-format', 'table-stale', 'list-format'].map((rule) => ({rule, instances: [], message: ''})),
      },
      'fix list-format, table-stale',
    ],
  ]
  for (const [request, words] of rows) {
    it(words, () => {
      assert.equal(describeRequest(request, '/etc/postfix-out'), words)
    })
  }
})
