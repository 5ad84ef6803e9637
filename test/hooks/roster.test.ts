import assert from 'node:assert/strict'
import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {type Event, events} from '../../src/hooks/events.ts'
import {integrityOf} from '../../src/hooks/integrity.ts'
import type {Pin} from '../../src/hooks/pins.ts'
import {checkPlugin, type Places, type RosterPlugin, readRoster} from '../../src/hooks/roster.ts'
import {toLines} from '../../src/model/base/suggestion.ts'

describe('roster', () => {
  let base: string
  let places: Places
  let pins: Record<string, Pin>

  before(function () {
    if (process.geteuid!() !== 0) this.skip()
  })
  beforeEach(() => {
    // Not below /tmp, which is everybody's: there no link is followed.
    base = mkdtempSync('/run/roster-')
    chmodSync(base, 0o755)
    places = {bundled: `${base}/bundled`, installed: `${base}/installed`, settings: `${base}/plugins.json`}
    pins = {}
  })
  afterEach(() => rmSync(base, {recursive: true}))

  it('is empty on a host without plugins', () => assert.deepEqual(readRoster(undefined, places), []))

  it('has what a plugin subscribes to, in each way that oclif allows', () => {
    install('rule', {
      oclif: {
        hooks: {
          'pre-set': {target: './lib/set', identifier: 'preSet'},
          'pre-enable': './hooks.js',
          'post-enable': ['./hooks.js', {target: './hooks.js', identifier: 'tell'}],
        },
      },
      files: {'lib/set.cjs': ''},
    })
    const root = `${places.installed}/versions/rule/1`
    assert.deepEqual(only().hooks, [
      {event: 'pre-enable', file: `${root}/hooks.js`, export: 'default'},
      {event: 'post-enable', file: `${root}/hooks.js`, export: 'default'},
      {event: 'post-enable', file: `${root}/hooks.js`, export: 'tell'},
      {event: 'pre-set', file: `${root}/lib/set.cjs`, export: 'preSet'},
    ])
    assert.equal(only().fault, undefined)
  })

  it('goes by priority, then by name', () => {
    for (const name of ['b', 'a', '@site/c']) install(name)
    install('late', {postmulti: {priority: 200}})
    install('early', {postmulti: {priority: 1}})
    assert.deepEqual(namesOf(readRoster(undefined, places)), ['early', '@site/c', 'a', 'b', 'late'])
  })

  it('has those alone that subscribe to what is asked', () => {
    install('rule')
    install('other', {oclif: {hooks: {'pre-destroy': './hooks.js'}}})
    assert.deepEqual(namesOf(readRoster(['pre-destroy', 'post-init'], places)), ['other'])
  })

  it('takes mode, priority and timeout from the site, then from the plugin', () => {
    install('rule', {postmulti: {api: 1, priority: 7, timeout: 3}})
    assert.deepEqual(pick(only()), {mode: 'on', priority: 7, timeout: 3, settings: {}})
    write(places.settings, {rule: {mode: 'advise', timeout: 60, settings: {scheme: 'mx*'}}})
    assert.deepEqual(pick(only()), {mode: 'advise', priority: 7, timeout: 60, settings: {scheme: 'mx*'}})
  })

  it('lets a bundled plugin choose its mode, and no other', () => {
    write(`${places.bundled}/ours/package.json`, packageJson('ours', {postmulti: {mode: 'off'}}))
    write(`${places.bundled}/ours/hooks.js`, '')
    write(`${places.bundled}/plugin-api/package.json`, {name: '@postmulti/plugin-api', version: '1.0.0'})
    install('theirs', {postmulti: {mode: 'off'}})
    const shown = readRoster(undefined, places).map(({name, bundled, mode, fault}) => ({name, bundled, mode, fault}))
    assert.deepEqual(shown, [
      {name: 'ours', bundled: true, mode: 'off', fault: undefined},
      {name: 'theirs', bundled: false, mode: 'on', fault: undefined},
    ])
  })

  const faults: [title: string, spoil: (root: string) => void, fault: RegExp][] = [
    ['a missing directory', (root) => rmSync(root, {recursive: true}), /rule\/1\/package\.json is not there$/],
    ['a broken package.json', (root) => write(`${root}/package.json`, '{'), /package\.json is not JSON: /],
    [
      'a package.json that is not an object',
      (root) => write(`${root}/package.json`, '[]'),
      /package\.json is not a JSON object$/,
    ],
    [
      'a package.json that is a directory',
      (root) => {
        rmSync(`${root}/package.json`)
        mkdirSync(`${root}/package.json`)
      },
      /package\.json: Is a directory$/,
    ],
    ['another version', (root) => change(root, {version: '2.0.0'}), /^it is version 2\.0\.0, and version 1\.0\.0 was/],
    ['another name', (root) => change(root, {name: 'role'}), /^its package\.json is that of role$/],
    [
      'a package that is not a plugin',
      (root) => change(root, {oclif: undefined}),
      /^not a plugin: \S+ has no "oclif" key$/,
    ],
    ['another API', (root) => change(root, {postmulti: {api: 2}}), /^it is made for version 2 of the plugin API, and /],
    [
      'rules that are not there',
      (root) => change(root, {postmulti: {rules: './rules.js'}}),
      /rules\.js, for its rules, is not there$/,
    ],
    [
      'rules that are outside of it',
      (root) => change(root, {postmulti: {rules: '../rules.js'}}),
      /rules\.js, for its rules, is outside of the plugin$/,
    ],
    [
      'rules that are not a path',
      (root) => change(root, {postmulti: {rules: []}}),
      /"postmulti\.rules" is not a path$/,
    ],
    [
      'a misspelt event',
      (root) => change(root, {oclif: {hooks: {'pre-enabel': './hooks.js'}}}),
      /subscribes to pre-enabel, which is not an event of postmulti: did you mean pre-enable\?$/,
    ],
    [
      "an event of oclif's own",
      (root) => change(root, {oclif: {hooks: {init: './hooks.js'}}}),
      /subscribes to init, which is not an event of postmulti: /,
    ],
    [
      'fewer events than it was installed with',
      (root) => change(root, {oclif: {hooks: {}}}),
      /^it subscribes to nothing, and was installed with pre-enable$/,
    ],
    [
      'a hook that is not a path',
      (root) => change(root, {oclif: {hooks: {'pre-enable': 7}}}),
      /"pre-enable" is neither a path nor/,
    ],
    ['a missing hook', (root) => rmSync(`${root}/hooks.js`), /rule\/1\/hooks\.js, for pre-enable, is not there$/],
    [
      'a hook outside',
      (root) => change(root, {oclif: {hooks: {'pre-enable': '../rules.js'}}}),
      /versions\/rule\/rules\.js, for pre-enable, is outside of the plugin$/,
    ],
    [
      'a hook that is a link to the outside',
      (root) => {
        rmSync(`${root}/hooks.js`)
        write(`${dirname(root)}/evil.js`, '')
        symlinkSync('../evil.js', `${root}/hooks.js`)
      },
      /rule\/1\/hooks\.js is a symbolic link that leads out, to /,
    ],
    [
      'a file that others can write',
      (root) => chmodSync(`${root}/hooks.js`, 0o666),
      /rule\/1\/hooks\.js can be written by anybody \(owner root, mode 0666\)$/,
    ],
    [
      'an invalid proposal',
      (root) => change(root, {postmulti: {timeout: '10s'}}),
      /"postmulti": timeout is "10s", not a number of seconds$/,
    ],
    [
      'no entry in pins.json',
      () => write(`${places.installed}/pins.json`, {}),
      /pins\.json has no rule: its installation/,
    ],
  ]
  for (const [title, spoil, fault] of faults) {
    it(`tells of ${title}, and what to do`, () => {
      install('rule')
      spoil(`${places.installed}/versions/rule/1`)
      assert.match(only().fault ?? '', fault)
      assert.equal(toLines(only().remedy).at(-1), 'postmulti plugins uninstall rule')
    })
  }

  it('keeps asking a faulty plugin what it was installed for', () => {
    install('rule')
    rmSync(`${places.installed}/versions/rule/1`, {recursive: true})
    assert.deepEqual(only().hooks, [{event: 'pre-enable', file: '', export: ''}])
    assert.deepEqual(namesOf(readRoster(['pre-enable'], places)), ['rule'])
  })

  it('asks a plugin of which nothing is known at every event', () => {
    install('rule')
    write(`${places.installed}/pins.json`, {})
    assert.deepEqual(eventsOf(only()), events)
  })

  it('sees that a file has changed since, when the plugin is going to be asked', () => {
    install('rule')
    assert.equal(checkPlugin(only()).fault, undefined)
    write(`${places.installed}/versions/rule/1/hooks.js`, 'export default () => []')
    assert.equal(only().fault, undefined)
    assert.match(checkPlugin(only()).fault ?? '', /versions\/rule\/1 has changed since it was installed$/)
    assert.deepEqual(eventsOf(checkPlugin(only())), ['pre-enable'])
  })

  it('has those that an older program has installed beside each other', () => {
    const root = `${places.installed}/node_modules/@site/rule`
    write(`${root}/package.json`, packageJson('@site/rule', {}))
    write(`${root}/hooks.js`, '')
    const pin = {version: '1.0.0', integrity: integrityOf(root), hooks: ['pre-enable'], source: 'file:/root/rule.tgz'}
    write(`${places.installed}/pins.json`, {'@site/rule': pin})
    assert.deepEqual([checkPlugin(only()).fault, only().root], [undefined, root])
    write(`${places.installed}/pins.json`, {})
    assert.match(only().fault ?? '', /has no @site\/rule: its installation or removal was interrupted$/)
  })

  it('does not let a plugin take the place of a bundled one', () => {
    write(`${places.bundled}/rule/package.json`, packageJson('rule', {}))
    write(`${places.bundled}/rule/hooks.js`, '')
    install('rule')
    const faulty = readRoster(undefined, places).filter(({fault}) => fault !== undefined)
    assert.deepEqual(
      faulty.map(({bundled, fault}) => ({bundled, fault})),
      [{bundled: false, fault: 'a plugin of this name comes with postmulti'}],
    )
  })

  it('has nothing for a plugin that is called like a member of every object', () => {
    install('constructor')
    assert.equal(only().fault, undefined)
    write(`${places.installed}/pins.json`, {})
    assert.match(only().fault ?? '', /has no constructor/)
  })

  const files: [title: string, name: string, spoil: () => void, fault: RegExp][] = [
    ['broken pins', 'pins.json', () => write(`${places.installed}/pins.json`, 'x'), /pins\.json is not JSON: /],
    [
      'pins that lead elsewhere',
      'pins.json',
      () => write(`${places.installed}/pins.json`, {'../../tmp/x': pins.rule}),
      /pins\.json: invalid entry for \.\.\/\.\.\/tmp\/x$/,
    ],
    [
      'pins that others can write',
      'pins.json',
      () => chmodSync(`${places.installed}/pins.json`, 0o646),
      /pins\.json can be written by anybody/,
    ],
    ['broken settings', 'plugins.json', () => write(places.settings, '{"rule": '), /plugins\.json is not JSON: /],
    [
      'settings that others can write',
      'plugins.json',
      () => {
        write(places.settings, {})
        chmodSync(places.settings, 0o666)
      },
      /plugins\.json can be written by anybody/,
    ],
  ]
  for (const [title, name, spoil, fault] of files) {
    it(`refuses every event because of ${title}`, () => {
      install('rule')
      spoil()
      const [first] = readRoster(['post-init'], places)
      assert.equal(first?.name, name)
      assert.match(first?.fault ?? '', fault)
      assert.deepEqual(eventsOf(first!), events)
    })
  }

  const settings: [title: string, set: unknown, fault: RegExp][] = [
    ['mode', {mode: 'onn'}, /plugins\.json: rule: mode is "onn", not on, locked, advise or off$/],
    ['priority', {priority: '1'}, /priority is "1", not a number$/],
    ['timeout', {timeout: -1}, /timeout is -1, not a number of seconds$/],
    ['name', {mod: 'off'}, /rule has no setting mod: did you mean mode\?$/],
    ['kind', 'off', /plugins\.json: rule is not an object$/],
  ]
  for (const [title, set, fault] of settings) {
    it(`takes a setting with a wrong ${title} for a fault of the plugin, and not for the usual one`, () => {
      install('rule')
      write(places.settings, {rule: set})
      assert.match(only().fault ?? '', fault)
      assert.deepEqual(eventsOf(only()), ['pre-enable'])
    })
  }

  function install(
    name: string,
    {files = {}, ...more}: {files?: Record<string, string>; [member: string]: unknown} = {},
  ) {
    const root = `${places.installed}/versions/${name}/1`
    const json = packageJson(name, more)
    write(`${root}/package.json`, json)
    write(`${root}/hooks.js`, '')
    for (const [path, text] of Object.entries(files)) write(`${root}/${path}`, text)
    const hooks = Object.keys(json.oclif.hooks) as Event[]
    pins[name] = {
      version: json.version,
      integrity: integrityOf(root),
      hooks,
      source: `file:/root/${name}.tgz`,
      number: 1,
    }
    write(`${places.installed}/pins.json`, pins)
  }

  function only(): RosterPlugin {
    const [first, ...others] = readRoster(undefined, places)
    assert.deepEqual(others, [])
    return first!
  }
})

function packageJson(name: string, more: Record<string, unknown>) {
  return {name, version: '1.0.0', oclif: {hooks: {'pre-enable': './hooks.js'}}, ...more}
}

function change(root: string, more: Record<string, unknown>): void {
  write(`${root}/package.json`, packageJson('rule', more))
}

function write(path: string, content: unknown): void {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
}

function pick({mode, priority, timeout, settings}: RosterPlugin) {
  return {mode, priority, timeout, settings}
}

function namesOf(plugins: RosterPlugin[]): string[] {
  return plugins.map(({name}) => name)
}

function eventsOf({hooks}: RosterPlugin): Event[] {
  return hooks.map(({event}) => event)
}
