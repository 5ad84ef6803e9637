/** What site plugins may answer, and what becomes of it: told, done, kept in the history, and taken back. */
import assert from 'node:assert/strict'
import {existsSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs'
import {
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
  start,
} from '../acceptance/inside.ts'
import {installPlugin} from './site-plugin.ts'

const note = '/etc/postfix-a/note'
const answer = (value: string): string => `export default async (question) => (${value})`
const writes = (text: string): string => answer(`[{do: 'write file', path: '${note}', text: ${JSON.stringify(text)}}]`)

const everyStep = answer(`[
  {do: 'make directory', path: '/etc/postfix-a/maps', mode: 0o750},
  {do: 'write file', path: '/etc/postfix-a/maps/transport', text: 'example.com smtp:[é]\\n', mode: 0o640},
  {do: 'write file', path: '/etc/postfix-a/key', text: 'secret', mode: 0o400, owner: {uid: 7, gid: 8}},
  {do: 'make directory', path: '/etc/postfix-a/own', mode: 0o700, owner: {uid: 7, gid: 8}},
  {do: 'add line', path: '/etc/aliases', line: 'é: root'},
  {do: 'link', path: '/etc/postfix-a/current', target: '/etc/postfix-a/maps'},
  {do: 'set parameter', config_directory: '/etc/postfix-a', name: 'transport_maps', value: 'cdb:/etc/postfix-a/maps/transport'},
  {do: 'set parameter', config_directory: '/etc/postfix-a', name: 'maillog_file', value: null},
  {do: 'run program', words: ['postmap', 'cdb:transport'], directory: '/etc/postfix-a/maps', changes: ['/etc/postfix-a/maps/transport.cdb']},
  {do: 'write file', path: '/etc/postfix/before', text: 'before', first: true},
]`)

onThrowAwayHost(import.meta.filename, 'what plugins answer', answerInEveryWay)

async function newestChange(): Promise<string> {
  const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
  return changes[0].id
}

function answerInEveryWay() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    await mustSucceed('-I postfix-b -e create')
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  it('steps are told by a dry run, with who wants them, and in their order', async () => {
    await installPlugin(everyStep, {events: ['pre-enable']})
    const before = readTree()
    const {stdout} = await mustSucceed('instances enable a --dry-run')
    const told = stdout.split('\n').filter((line) => /^ +\d+\. /.test(line))
    assert.match(told[0]!, /1\. write \/etc\/postfix\/before \(6 bytes\) \(site-rule\)$/)
    assert.match(told[1]!, /2\. in \/etc\/postfix-a\/main.cf set multi_instance_enable = yes$/)
    assert.match(told.at(-1)!, /11\. in \/etc\/postfix-a\/maps run postmap cdb:transport \(site-rule\)$/)
    assert.match(stdout, /write \/etc\/postfix-a\/key \(6 bytes\), owner 7:8 \(site-rule\)$/m)
    assert.match(stdout, /add to \/etc\/aliases the line: é: root \(site-rule\)$/m)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('steps are carried out, and taken back by undo to the last byte', async () => {
    await installPlugin(everyStep, {events: ['pre-enable']})
    const before = readTree()
    await mustSucceed('-i a -e enable')
    assert.equal(sh('postmap -q example.com cdb:/etc/postfix-a/maps/transport'), 'smtp:[é]')
    assert.equal(readlinkSync('/etc/postfix-a/current'), '/etc/postfix-a/maps')
    assert.equal(sh('stat -c "%u:%g %a" /etc/postfix-a/key'), '7:8 400')
    assert.equal(sh('stat -c "%u:%g %a" /etc/postfix-a/own'), '7:8 700')
    assert.equal(sh('tail -n 1 /etc/aliases'), 'é: root')
    assert.equal(sh('postconf -c /etc/postfix-a -hx transport_maps'), 'cdb:/etc/postfix-a/maps/transport')
    assert.equal(readFileSync('/etc/postfix/before', 'utf8'), 'before')
    await mustSucceed('undo --yes')
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('a line of a file that others write is taken back by itself, and brought back by the undo of that', async () => {
    const lines = `[{do: 'add line', path: '/etc/aliases', line: 'a: root'}, {do: 'remove line', path: '/etc/aliases', line: 'old: root'}]`
    await installPlugin(answer(lines), {events: ['pre-enable']})
    sh('printf "old: root\\npostmaster: root\\n" >/etc/aliases; chmod 640 /etc/aliases')
    const {stdout} = await mustSucceed('instances enable a --dry-run')
    assert.match(
      stdout,
      /add to \/etc\/aliases the line: a: root \(site-rule\)\n.*remove from \/etc\/aliases the line: old: root/,
    )
    assert.match(stdout, /^-old: root\n postmaster: root\n\+a: root$/m)
    await mustSucceed('instances enable a')
    assert.equal(readFileSync('/etc/aliases', 'utf8'), 'postmaster: root\na: root\n')
    sh('echo "b: root" >>/etc/aliases')
    const history = (await mustSucceed(`history ${await newestChange()}`)).stdout
    assert.match(history, /\/etc\/aliases, the line: a: root\n +before {2}absent\n +after {3}line 0640 0:0/)
    await mustSucceed('undo --yes')
    assert.equal(readFileSync('/etc/aliases', 'utf8'), 'old: root\npostmaster: root\nb: root\n')
    await mustSucceed(`undo ${await newestChange()} --yes`)
    assert.equal(readFileSync('/etc/aliases', 'utf8'), 'postmaster: root\na: root\nb: root\n')
    assert.equal(sh('stat -c %a /etc/aliases'), '640')
  })

  it('a step that fails takes the whole change back', async () => {
    await installPlugin(everyStep.replace('postmap', 'false'), {events: ['pre-enable']})
    const before = readTree()
    const {status, stderr} = await postmulti('-i a -e enable')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /false/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('a refusal refuses in both ways of speaking, with its rule and suggestions', async () => {
    const hook = answer(
      "[{verdict: 'refuse', message: 'not today', rule: 'calendar', suggestions: ['date \\x1b', ['rm', 'a b']]}]",
    )
    await installPlugin(hook, {events: ['pre-enable', 'pre-set', 'pre-destroy', 'pre-assign']})
    const before = readTree()
    const classic = await postmulti('-i a -e enable')
    assert.deepEqual(
      [classic.status, classic.stderr],
      [1, ['postmulti: fatal: not today (plugin site-rule); sub-commands can go on with --without-plugin site-rule']],
    )
    const {status, stdout} = await postmulti('instances set a mail_name=A --json')
    assert.equal(status, 3)
    assert.deepEqual(JSON.parse(stdout).error.suggestions, [
      'date ?',
      "rm 'a b'",
      'postmulti instances set a mail_name=A --json --without-plugin site-rule',
    ])
    assert.equal((await postmulti('-i a -e destroy')).status, 1)
    assert.equal((await postmulti('instances reorder b --before a')).status, 3)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('what an undo comes to is what plugins are asked about', async () => {
    await mustSucceed('instances disable a')
    await mustSucceed('instances enable a')
    await mustSucceed('instances disable a')
    await installPlugin(answer("[{verdict: 'refuse', message: question.event}]"), {events: ['pre-enable']})
    const {status, stderr} = await postmulti('undo --yes')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /pre-enable \(plugin site-rule\)/)
  })

  const edits: [line: string, words: string, event: string][] = [
    ['multi_instance_enable = yes', 'edit a', 'pre-enable'],
    ['multi_instance_name = postfix-other', 'edit a', 'pre-assign'],
    ['multi_instance_group = other', 'edit a', 'pre-assign'],
    ['multi_instance_directories = /etc/postfix-b /etc/postfix-a', 'edit -', 'pre-assign'],
    ['multi_instance_directories = /etc/postfix-a', 'edit -', 'pre-deport'],
    ['multi_instance_wrapper = /bin/true', 'edit -', 'pre-init'],
    ['biff = no', 'edit a', 'pre-set'],
  ]
  for (const [line, words, event] of edits) {
    it(`an edit that writes ${line} asks ${event}, as the command for it does`, async () => {
      await installPlugin(answer("[{verdict: 'refuse', message: `${question.event} ${question.subjects}`}]"), {
        events: [event],
      })
      const before = readTree()
      const {status, stderr} = await edit(line, words)
      assert.equal(status, 3, stderr.join('\n'))
      assert.match(stderr.join('\n'), RegExp(`${event} /etc/postfix.* \\(plugin site-rule\\)`))
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  it('the undo of an edit that enabled an instance asks about a disable', async () => {
    const {stdout} = await edit('multi_instance_enable = yes', 'edit a')
    assert.match(stdout, /Enabled now: postfix-a/)
    await installPlugin(answer("[{verdict: 'refuse', message: question.event}]"), {events: ['pre-disable']})
    const {status, stderr} = await postmulti('undo --yes')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /pre-disable \(plugin site-rule\)/)
  })

  it('warnings are told to everybody, and notes to people alone', async () => {
    const hook = answer("[{verdict: 'warn', message: 'careful'}, {verdict: 'note', message: 'by the way'}]")
    await installPlugin(hook, {events: ['pre-enable', 'post-disable']})
    const classic = await mustSucceed('-i a -e enable')
    assert.deepEqual(classic.stderr, ['postmulti: warning: careful (plugin site-rule)'])
    assert.deepEqual((await mustSucceed('instances disable a')).stderr, [
      'postmulti: careful (plugin site-rule)',
      'postmulti: by the way (plugin site-rule)',
    ])
  })

  it('what is wanted after a change is done, and is taken back with it', async () => {
    await installPlugin(writes('after\n'), {events: ['post-enable']})
    await mustSucceed('-i a -e enable')
    assert.equal(readFileSync(note, 'utf8'), 'after\n')
    await mustSucceed('undo --yes')
    assert.ok(!existsSync(note))
    assert.equal(sh('postconf -c /etc/postfix-a -h multi_instance_enable'), 'no')
  })

  const removals: [what: string, first: boolean, leaves: string[]][] = [
    ['before it', true, []],
    ['after it', false, []],
    ['beside a file that nobody removes', true, ['/etc/postfix-c', '/etc/postfix-c/other']],
  ]
  for (const [what, first, leaves] of removals) {
    it(`what a plugin removes of an instance that is destroyed, ${what}, does not keep its directory`, async () => {
      const files = "['site/map', 'site', 'note'].map((each) => `/etc/postfix-c/${each}`)"
      const hook = `export default ({event}) => event === 'pre-create'
        ? [{do: 'make directory', path: '/etc/postfix-c/site'},
           ...['site/map', 'note'].map((each) => ({do: 'write file', path: '/etc/postfix-c/' + each, text: each}))]
        : ${files}.map((path) => ({do: 'remove file', path, first: ${first}}))`
      await installPlugin(hook, {events: ['pre-create', 'pre-destroy']})
      await mustSucceed('-I postfix-c -e create')
      for (const each of leaves.slice(1)) writeFileSync(each, '')
      const before = readTree()
      const {stderr} = await mustSucceed('-i postfix-c -e destroy')
      assert.deepEqual(
        stderr.map((each) => /(\S+): please verify contents and remove by hand$/.exec(each)?.[1]),
        leaves,
      )
      assert.deepEqual(sh('find /etc/postfix-c || true').split('\n').filter(Boolean), leaves)
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  describe('one that counts its questions', () => {
    const counting =
      'export default async (question) => { console.log("asked", question.plan.length > 0, await question.text("before", "/etc/postfix-a/note")); return [] }'
    const count = (lines: readonly string[]): number => lines.filter((each) => each.startsWith('asked')).length
    const answered = (when: string): string =>
      `(until [ "$(grep -c '\\[y/N\\]' /run/screen)" = 1 ]; do sleep 0.1; done; ${when}; printf 'y\\n'
        until [ "$(grep -c '\\[y/N\\]' /run/screen)" = 2 ] || grep -q Destroyed /run/screen; do sleep 0.1; done
        printf 'y\\n'; until grep -q Destroyed /run/screen; do sleep 0.1; done)`
    const destroy = (when: string): string[] => {
      sh(`: >/run/screen; ${answered(when)} | script -qefc '${program} instances destroy b' /run/screen >/dev/null`)
      return readFileSync('/run/screen', 'utf8').split(/\r?\n/)
    }

    it('is asked once about each of several plans, though they are made twice', async () => {
      await installPlugin(counting, {events: ['pre-create']})
      assert.equal(count((await mustSucceed('instances create x y z')).stderr), 3)
    })

    it('is asked once about a plan that a person has agreed to', async () => {
      await installPlugin(counting, {events: ['pre-destroy']})
      assert.equal(count(destroy('true')), 1)
    })

    it('is asked again where what it looked at has changed since, and so is the person', async () => {
      await installPlugin(counting, {events: ['pre-destroy']})
      const screen = destroy(`echo changed >${note}`)
      assert.equal(count(screen), 2)
      assert.ok(
        screen.some((each) => /The host has changed since then/.test(each)),
        screen.join('\n'),
      )
    })

    it('is asked again where the plan is another one by then', async () => {
      await installPlugin(counting, {events: ['pre-destroy']})
      const screen = destroy('echo mine >/var/spool/postfix-b/mine')
      assert.equal(count(screen), 2)
      assert.ok(existsSync('/var/spool/postfix-b/mine'))
    })
  })

  it('two plugins that want a file differently stop the change, and both are named', async () => {
    await installPlugin(writes('one'), {name: 'one', events: ['pre-enable']})
    await installPlugin(writes('two'), {name: 'two', events: ['pre-enable']})
    const before = readTree()
    const {status, stderr} = await postmulti('-i a -e enable')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /plugins one and two want \/etc\/postfix-a\/note differently/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('plugins are heard by their priority, then by their names', async () => {
    for (const [name, priority] of [
      ['c', 1],
      ['b', 100],
      ['a', 100],
    ] as const) {
      const hook = answer(`[{verdict: 'warn', message: 'from ${name}'}]`)
      await installPlugin(hook, {name, events: ['pre-enable'], manifest: {postmulti: {priority}}})
    }
    const {stderr} = await mustSucceed('-i a -e enable')
    assert.deepEqual(
      stderr.map((each) => each.replace(/^.*from (.) .*$/, '$1')),
      ['c', 'a', 'b'],
    )
  })

  it('the question says how the host is and how it will be', async () => {
    const hook = `export default async (question) => {
      const [before, after] = await Promise.all(['before', 'after'].map((each) => question.read(each, {parameters: ['mail_name'], listeners: true})))
      const seen = (views) => views.map((each) => each.multi_instance_name + '=' + each.parameters.mail_name + '/' + each.listeners.length).join(' ')
      const text = await question.text('after', '/etc/postfix-a/main.cf')
      const gone = await question.text('before', '/nowhere')
      return [{verdict: 'warn', message: [question.event, question.asker.interface, question.subjects, seen(before), seen(after), /mail_name = Ä/.test(text), gone].join('|')}]
    }`
    await installPlugin(hook, {events: ['pre-set']})
    const {stderr} = await mustSucceed(['instances', 'set', 'a', 'mail_name=Ä'])
    const [event, spoken, subjects, before, after, isSet, gone] = stderr[0]!.replace(/ \(plugin.*/, '').split('|')
    assert.deepEqual([event, spoken, subjects], ['postmulti: pre-set', 'sub-command', '/etc/postfix-a'])
    assert.match(before!, /postfix-a=Postfix\//)
    assert.match(after!, /postfix-a=Ä\//)
    assert.deepEqual([isSet, gone], ['true', ''])
  })

  it('a rule that leaves the first instance out leaves the primary out, before a change and for check', async () => {
    await mustSucceed('instances enable a')
    await installRule(`(instances) => instances.slice(1).filter((each) => each.parameters.relayhost !== '')
      .map((each) => ({verdict: 'refuse', message: each.config_directory, instance: each.config_directory}))`)
    await mustSucceed('instances set - relayhost=[192.0.2.1]')
    assert.equal((await postmulti('instances set a relayhost=[192.0.2.1]')).status, 3)
    await mustSucceed('instances set a relayhost=[192.0.2.1] --without-plugin site-rule')
    assert.deepEqual(await checkRule(), ['/etc/postfix-a'])
  })

  it('a rule knows what the site has set and what is in a file, before a change and for check', async () => {
    await installRule(`async (instances, {settings, text}) => {
      const hubs = await text(settings.list ?? '/nowhere')
      return hubs === null ? [] : [{verdict: 'refuse', message: hubs.trim()}]
    }`)
    await mustSucceed('plugins config site-rule settings.list=/etc/postfix-a/hubs')
    assert.deepEqual(await checkRule(), [])
    sh('echo mailhub >/etc/postfix-a/hubs')
    assert.deepEqual(await checkRule(), ['mailhub'])
    await mustSucceed('instances set a relayhost=[192.0.2.1]')
  })

  it('a plugin on trial says what it would have refused, and scripts hear nothing of it', async () => {
    await installPlugin(answer("[{verdict: 'refuse', message: 'not today'}]"), {events: ['pre-enable']})
    await mustSucceed('plugins config site-rule mode=advise')
    assert.deepEqual((await mustSucceed('-i a -e enable')).stderr, [])
    assert.match((await mustSucceed('instances enable b')).stderr.join('\n'), /not today/)
  })

  it('a plugin that is locked is left out for a reason alone, which the history keeps', async () => {
    const hook = answer("[{verdict: 'refuse', message: 'not today'}]")
    await installPlugin(hook, {events: ['pre-enable', 'pre-start', 'pre-disable']})
    await mustSucceed('plugins config site-rule mode=locked')
    const classic = await postmulti('-i a -e enable')
    assert.deepEqual([classic.status, classic.stderr], [1, ['postmulti: fatal: not today (plugin site-rule)']])
    const enable = await postmulti('instances enable a')
    assert.deepEqual([enable.status, enable.stderr], [3, ['postmulti: not today (plugin site-rule)']])
    for (const words of ['instances enable a', 'instances start -', 'undo --yes']) {
      const {status, stderr} = await postmulti(`${words} --without-plugin site-rule`)
      const why = 'site-rule is locked: to skip it, say why with --reason TEXT; the history keeps the reason'
      assert.deepEqual([status, stderr.at(-1)], [3, `postmulti: ${why}`], words)
    }
    await mustSucceed(['instances', 'enable', 'a', '--without-plugin', 'site-rule', '--reason', 'moving in'])
    await mustSucceed('plugins config site-rule mode=on')
    await mustSucceed(['instances', 'disable', 'a', '--without-plugin', 'site-rule', '--reason', 'moving out'])
    const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
    assert.deepEqual(changes.map(({reason, action}: Record<string, string>) => [action, reason]).slice(0, 3), [
      ['disable', 'moving out'],
      ['plugins config', null],
      ['enable', 'moving in'],
    ])
    assert.match((await mustSucceed('history')).stdout, /enable a, without plugin site-rule \(moving in\)/)
    const {status, stderr} = await postmulti('instances enable b --reason x')
    assert.equal(status, 2)
    assert.match(stderr.join('\n'), /--without-plugin/)
  })

  it('only one instance is kept from starting, and classic flags ask nobody', async () => {
    await mustSucceed('instances enable a b')
    await mustSucceed('instances set --all master_service_disable=inet')
    const hook = answer("[{verdict: 'refuse', message: 'not this one', instance: '/etc/postfix-a'}]")
    await installPlugin(hook, {events: ['pre-start']})
    try {
      const {status, stdout} = await postmulti('instances start a b --json')
      assert.equal(status, 4)
      const results = JSON.parse(stdout).results.map((each: Record<string, unknown>) => [
        each.multi_instance_name,
        each.status,
      ])
      assert.deepEqual(results, [
        ['postfix-a', 1],
        ['postfix-b', 0],
      ])
      await mustSucceed('-i a -p start')
    } finally {
      await postmulti('instances stop --all')
    }
  })
}

/** Of which a hook is made as well. */
async function installRule(check: string): Promise<void> {
  const rule = `
    import {gate} from '@postmulti/plugin-api'
    const rule = {name: 'rule', because: 'x', wants: {parameters: ['relayhost']}, check: ${check}}
    export const hook = gate(rule)
    export default [rule]`
  const hooks = {'pre-set': {target: './hooks.js', identifier: 'hook'}}
  await installPlugin(rule, {events: [], manifest: {oclif: {hooks}, postmulti: {api: 1, rules: './hooks.js'}}})
}

/** What it has found. */
async function checkRule(): Promise<string[]> {
  const {stdout} = await postmulti('check --rule rule --json')
  return JSON.parse(stdout).findings.map(({message}: {message: string}) => message)
}

/** An editor that appends this line. */
function edit(line: string, words: string) {
  sh(`printf '#!/bin/sh\necho "${line}" >>"$1"\n' >/run/editor; chmod 755 /run/editor`)
  return start('env', ['EDITOR=/run/editor', program, 'instances', ...words.split(' ')]).ended
}
