/** What refusals and mistakes tell somebody to type has the words that were meant, whatever the host and he call things. */
import assert from 'node:assert/strict'
import {explainUnknownCommand} from '../../src/help/unknown-command.ts'
import {explainWrongUsage} from '../../src/help/wrong-usage.ts'
import {Refusal} from '../../src/model/base/errors.ts'
import {shell, toLines} from '../../src/model/base/suggestion.ts'
import {parseDirectories} from '../../src/model/change/new-directories.ts'
import {cannotBeRead} from '../../src/model/instance/cannot-be-read.ts'
import {type Instance, operandOf} from '../../src/model/instance/instance.ts'
import {locate} from '../../src/model/mail/queue-action.ts'
import {planCreateOrImport} from '../../src/plan/create-or-import.ts'
import {planDestroyOrDeport} from '../../src/plan/destroy-or-deport.ts'
import {planEdit} from '../../src/plan/edit.ts'
import {checkOwnCommand} from '../../src/plan/parameters.ts'
import {settleTargets} from '../../src/plan/targets.ts'
import {planUndo} from '../../src/plan/undo.ts'
import {hostile, readBack} from '../shells.ts'
import {broken, hostOf, listOf, secondary} from '../values.ts'

/** The second stands where main.cf separates values, and the third where create and import take no quotation marks either. */
const [plain, listed, placed] = ['plainword', 'listedword', 'placedword']

describe('suggestions', () => {
  const meant = readBack(suggestionsFor(plain, listed, placed))

  for (const value of hostile) {
    it(`have ${JSON.stringify(value)} where they have a plain word else`, () => {
      const [part, place] = [value.replaceAll(/[\s,$]/g, ''), value.replaceAll(/[\s,$'"`]/g, '')]
      const put = (word: string): string => {
        return word
          .replaceAll(plain, () => value)
          .replaceAll(listed, () => part)
          .replaceAll(placed, () => place)
      }
      assert.deepEqual(
        readBack(suggestionsFor(value, part, place)),
        meant.map((commands) => commands.map((words) => words.map(put))),
      )
    })
  }
})

describe('what is typed for an instance', () => {
  const rows: [name: string, operand: string][] = [
    ['postfix-out', 'postfix-out'],
    ['', '/etc/x'],
    ['-', '/etc/x'],
    ['--all', '/etc/x'],
    ['relayhost=evil.example', '/etc/x'],
    ['postfix-out=evil', '/etc/x'],
  ]
  for (const [name, operand] of rows) {
    it(`is ${operand} when it is called '${name}'`, () => {
      assert.equal(operandOf(secondary('x', {multi_instance_name: name})), operand)
    })
  }
})

describe('a text for a shell', () => {
  it('has its values in one piece', () => {
    assert.deepEqual(toLines([shell`cd ${'/a b'} && rm ${['-f', "it's"]}`]), ["cd '/a b' && rm -f 'it'\\''s'"])
  })
})

/** From each place of `plan`, `model` and `help` that has a value in one. */
function suggestionsFor(value: string, part: string, place: string): string[] {
  const enabled = secondary(`postfix-${value}`)
  const disabled = secondary(`postfix-off${value}`, {multi_instance_enable: false})
  const host = hostOf([enabled, disabled])
  const remove = (of: Instance, facts: object) => () => {
    const request = {action: 'destroy', target: {by: 'name', name: of.config_directory}} as const
    const usual = {hasMainCf: true, running: false, messages: {}, removable: [], foreign: [], differing: []}
    planDestroyOrDeport(request, host, {...usual, ...facts})
  }
  const classes = {
    postmulti_start_commands: 'start',
    postmulti_stop_commands: `stop${part}`,
    postmulti_control_commands: 'reload',
  }
  const refusals = [
    remove(enabled, {}),
    remove(disabled, {running: true}),
    remove(disabled, {messages: {deferred: 1}}),
    () => tryToPlan('import', place, false),
    () => tryToPlan('create', place, true),
    () => edit(disabled),
    () => settleTargets({instances: [disabled], damaged: []}, [], `stop${part}`, classes, []),
    () => checkOwnCommand({multi_instance_group: `g${part}`}, enabled),
    () => checkOwnCommand({multi_instance_name: `postfix-${part}`}, enabled),
    () => undo(enabled),
    ...(['hold', 'delete'] as const).map((queue) => () => {
      const read = () => new Map([[`ID${value}`, queue === 'hold' ? 'hold' : 'corrupt']])
      locate([`${enabled.config_directory}/ID${value}`], 'flush', listOf(enabled), read, {ifNeeded: false})
    }),
    () => locate(['/etc/postfix/ID'], 'flush', listOf(), () => new Map(), {ifNeeded: false}),
    () => {
      throw cannotBeRead(broken(`/etc/${value}`))
    },
    () => {
      throw cannotBeRead({config_directory: `/etc/${value}`, file: 'x', reason: 'No such file or directory'})
    },
  ]
  const known = [{id: 'instances set', args: {word: {multiple: true}}, flags: {}}]
  const mistakes = [
    explainUnknownCommand(['set', `out${value}`, `relayhost=${value}`], known),
    explainWrongUsage(Object.assign(new Error(), {flags: ['--gruop']}), {
      id: 'instances:start',
      argv: [`out${value}`, '--gruop', `a${value}`],
      flags: {group: {type: 'option'}},
      args: {name: {multiple: true}},
    }),
  ]
  return [...refusals.flatMap(suggestionsOf), ...mistakes.flatMap(({suggestions = []}) => suggestions)]
}

function suggestionsOf(refuse: () => void): string[] {
  try {
    refuse()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    assert.ok(error.suggestions.length > 0, error.message)
    return toLines(error.suggestions)
  }
  throw new Error(`not refused: ${refuse}`)
}

function tryToPlan(action: 'import' | 'create', part: string, isThere: boolean): void {
  const config_directory = `/etc/postfix-new${part}`
  const found = secondary('postfix-new', {config_directory, queue_directory: `/var/spool/x${part}`})
  const birth = {settings: {}, services: [], uncomment: [], enabled: true}
  const request = {
    action,
    ...parseDirectories('create', [`config_directory=${config_directory}`]),
    newName: 'postfix-new',
    ...(action === 'create' ? {birth} : {}),
  }
  const facts = {
    hasMainCf: true,
    hasMasterCf: true,
    existing: new Set(isThere ? [found.queue_directory] : []),
    mainCfPrototype: '',
    hasMasterCfPrototype: true,
    sharedSettings: {},
    found,
    canonical: new Map(),
    alike: new Map(),
  }
  planCreateOrImport(request, hostOf([]), facts)
}

function edit(of: Instance): void {
  const facts = {
    now: 'a = 3\n',
    mode: 0o640,
    owner: {uid: 7, gid: 8},
    becomes: of,
    listed: new Map(),
    known: {defaults: {}},
    settings: new Map(),
  }
  const target = {by: 'name', name: of.config_directory} as const
  planEdit({action: 'edit', target, file: 'main.cf', was: 'a = 1\n', becomes: 'a = 2\n'}, hostOf([of]), facts)
}

function undo(of: Instance): void {
  const begin = {
    request: {action: 'create', directories: {}} as const,
    config_directory: of.config_directory,
    began: '2026-01-01T00:00:00.000Z',
  }
  const past = {id: '1', begin, traces: [], after: [], end: 'done'}
  const removal = {hasMainCf: true, running: true, messages: {}, removable: [], foreign: [], differing: []}
  const present = {marks: [], appeared: []}
  planUndo({action: 'undo', id: '1'}, hostOf([of]), {past: past as never, present, removal, listed: new Map()})
}
