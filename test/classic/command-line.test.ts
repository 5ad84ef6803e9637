import assert from 'node:assert/strict'
import fc from 'fast-check'
import {type CommandLine, readCommandLine} from '../../src/classic/command-line.ts'
import type {Request} from '../../src/model/change/request.ts'
import {refusal} from '../values.ts'

const usage =
  'Usage:NAME -l [-v] [-a] [-g group] [-i instance] | ' +
  'NAME -p [-v] [-a] [-g group] [-i instance] command... | ' +
  'NAME -x [-v] [-a] [-i name] [-g group] command... | ' +
  'NAME -e action [-v] [-a] [-i name] [-g group] [-I name] [-G group] [param=value ...]'

const tooManySelections = "Specity no more than one of '-a', '-g', '-i'"
const notOneMode = "Specify exactly one of '-e', '-l', '-p', '-x'"
const noCommandAllowed = "Command not allowed with '-l'"
const commandRequired = "Command required with '-p' or '-x' option"
const noReversal = "The '-p' and '-e' options preclude the use of '-R'"
const noAssignment = "Cannot assign instance name or group without '-e assign'"
const nothingAssigned = "Specify new instance name or group with '-e assign'"
const jsonOnlyInList = "JSON output available only with '-l'"
const oneGroup = "Specify at most one '-G' option"
const oneName = "Specify at most one '-I' option"
const cannotAssignWith = (action: string) => `Cannot assign instance name or group with '-e ${action}'`
const noParameters = (action: string) => `Parameter overrides not valid with '-e ${action}'`
const invalidAction = (word: string) =>
  `Invalid '-e' edit action '${word}'. Specify 'create', 'destroy', 'import', 'deport', 'enable', 'disable', ` +
  "'assign' or 'init'"

describe('classic command line', () => {
  const everyIteration = {selection: {by: 'all'}, reversed: false, json: false, command: []} as const
  const iterations: [typed: string, iterate: object][] = [
    ['-l', {mode: 'list'}],
    ['-l -a', {mode: 'list'}],
    ['-l -a -a', {mode: 'list'}],
    ['-l -l', {mode: 'list'}],
    ['-lRgmta', {mode: 'list', reversed: true, selection: {by: 'group', group: 'mta'}}],
    ['-l -R -R', {mode: 'list'}],
    ['-l -R -R -R', {mode: 'list', reversed: true}],
    ['-lj', {mode: 'list', json: true}],
    ['-lj -j -i -', {mode: 'list', json: true, selection: {by: 'name', name: '-'}}],
    ['-x -R -i out ls -l', {mode: 'run', reversed: true, selection: {by: 'name', name: 'out'}, command: ['ls', '-l']}],
    ['-x -g - true', {mode: 'run', selection: {by: 'group', group: '-'}, command: ['true']}],
    ['-x -- -l', {mode: 'run', command: ['-l']}],
    ['-p start', {mode: 'postfix', command: ['start']}],
    ['-p -R -R stop -l', {mode: 'postfix', command: ['stop', '-l']}],
    ['-i /etc/postfix-out -p status', {mode: 'postfix', selection: byName('/etc/postfix-out'), command: ['status']}],
  ]
  for (const [typed, iterate] of iterations) {
    it(`${typed} iterates`, () =>
      assert.deepEqual(read(typed), {iterate: {...everyIteration, ...iterate}, verbose: false}))
  }

  const edits: [typed: string, edit: Request][] = [
    ['-e init', {action: 'init', wrapper: '${command_directory}/postmulti -p --'}],
    ['-e create -I postfix-out', {action: 'create', newName: 'postfix-out', directories: {}}],
    [
      '-Ipostfix-out -Gmta -ecreate queue_directory=/q data_directory = /d',
      {
        action: 'create',
        newName: 'postfix-out',
        newGroup: 'mta',
        directories: {queue_directory: '/q'},
        fault: "Malformed parameter setting 'data_directory'",
      },
    ],
    ['-e create -a config_directory=/c', {action: 'create', directories: {config_directory: '/c'}, place: {by: 'all'}}],
    ['-e create -g mta', {action: 'create', directories: {}, place: {by: 'group', group: 'mta'}}],
    [
      '-e import -i out -I - -G -',
      {action: 'import', newName: '', newGroup: '', directories: {}, place: byName('out')},
    ],
    ['-i out -e destroy', {action: 'destroy', target: byName('out')}],
    ['-i - -e deport', {action: 'deport', target: byName('-')}],
    ['-e enable -e enable -i out', {action: 'enable', target: byName('out')}],
    ['-e disable', {action: 'disable'}],
    ['-e disable -a', {action: 'disable', target: {by: 'all'}}],
    ['-e assign -i out -G -', {action: 'assign', target: byName('out'), newGroup: ''}],
    ['-e assign -i out -I postfix-in', {action: 'assign', target: byName('out'), newName: 'postfix-in'}],
    ['-e create -R -R', {action: 'create', directories: {}}],
  ]
  for (const [typed, edit] of edits) {
    it(`${typed} changes`, () => assert.deepEqual(read(typed), {edit, verbose: false}))
  }

  it('-v is handed on, wherever it stands', () => {
    for (const typed of ['-v -l', '-vl', '-l -v -v', '-v -e enable -i out']) assert.equal(read(typed).verbose, true)
  })

  it('an empty argument clears like a dash', () => {
    assert.deepEqual(readWords(['-e', 'assign', '-i', 'out', '-I', '', '-G', '']), read('-e assign -i out -I - -G -'))
  })

  const refusals: [typed: string, message: string][] = [
    ['', notOneMode],
    ['-a', notOneMode],
    ['start', notOneMode],
    ['-- -i out -x ls', notOneMode],
    ['-l -x ls', notOneMode],
    ['-p -x start', notOneMode],
    ['-l -e enable', notOneMode],
    ['-e enable -l', notOneMode],
    ['-e enable -e disable', notOneMode],
    ['-l -p -l', notOneMode],
    ['-e create -l -e create', notOneMode],

    ['-l -a -g mta', tooManySelections],
    ['-l -g mta -a', tooManySelections],
    ['-l -g mta -g mta', tooManySelections],
    ['-l -i out -i out', tooManySelections],
    ['-l -g mta -i out', tooManySelections],
    ['-e destroy -a -i out', tooManySelections],

    ['-l start', noCommandAllowed],
    ['-l -', noCommandAllowed],
    ['-p', commandRequired],
    ['-x', commandRequired],
    ['-x -i out --', commandRequired],

    ['-p -R start', noReversal],
    ['-R -e enable -i out', noReversal],
    ['-p -R -R -R start', noReversal],

    ['-l -I postfix-out', noAssignment],
    ['-l -G -', noAssignment],
    ['-p -G mta start', noAssignment],
    ['-x -I - ls', noAssignment],
    ['-e init -G mta', cannotAssignWith('init')],
    ['-e destroy -i out -I postfix-in', cannotAssignWith('destroy')],
    ['-e deport -i out -G -', cannotAssignWith('deport')],
    ['-e enable -i out -G mta', cannotAssignWith('enable')],
    ['-e disable -i out -I -', cannotAssignWith('disable')],
    ['-e assign -i out', nothingAssigned],

    ['-e init queue_directory=/q', noParameters('init')],
    ['-e destroy -i out now', noParameters('destroy')],
    ['-e deport -i out -', noParameters('deport')],
    ['-e enable -i out x', noParameters('enable')],
    ['-e disable -i out x', noParameters('disable')],
    ['-e assign -i out -G mta x', noParameters('assign')],

    ['-j -x ls', jsonOnlyInList],
    ['-p -j start', jsonOnlyInList],
    ['-e enable -j -i out', jsonOnlyInList],

    ['-e Create', invalidAction('Create')],
    ['-e creat', invalidAction('creat')],
    ['-e=init', invalidAction('=init')],
    ['-e -', invalidAction('-')],
    ['-e toString', invalidAction('toString')],
    ['-e edit', invalidAction('edit')],
    ['-e set', invalidAction('set')],
    ['-e undo', invalidAction('undo')],
    ['-e assign -G mta -G mta', oneGroup],
    ['-e assign -G - -G mta', oneGroup],
    ['-e assign -I postfix-out -I postfix-out', oneName],
    ['-I - -I -', oneName],
  ]
  for (const [typed, message] of refusals) {
    it(`${typed || 'nothing'} is refused: ${message}`, () => assertRefused(typed, message))
  }

  describe('with two things wrong', () => {
    const rows: [typed: string, message: string][] = [
      ['-g mta -g mta', tooManySelections],
      ['-a -i out -l -p', tooManySelections],
      ['-l -p -R start', notOneMode],
      ['-l -I postfix-out start', noCommandAllowed],
      ['-p -R', commandRequired],
      ['-p -R -I postfix-out start', noReversal],
      ['-e enable -R -G mta x', noReversal],
      ['-e assign -R', noReversal],
      ['-e enable -G mta x', cannotAssignWith('enable')],
      ['-e assign x', nothingAssigned],
      ['-e init -j x', noParameters('init')],
      ['-x -j -G mta ls', noAssignment],
      ['-p -j', commandRequired],
      ['-l -j start', noCommandAllowed],
    ]
    for (const [typed, message] of rows) {
      it(`${typed} is refused: ${message}`, () => assertRefused(typed, message))
    }
  })

  describe('during the scan', () => {
    const rows: [typed: string, message: string, printed: string[]][] = [
      ['-z', usage, ["invalid option -- 'z'"]],
      ['--help', usage, ["invalid option -- '-'"]],
      ['-h', usage, ["invalid option -- 'h'"]],
      ['-l -g', usage, ["option requires an argument -- 'g'"]],
      ['-z -e nonsense', usage, ["invalid option -- 'z'"]],
      ['-e nonsense -z', invalidAction('nonsense'), []],
      ['-G a -G b -z', oneGroup, []],
      ['-I a -z -I b', usage, ["invalid option -- 'z'"]],
      ['-I a -I b -G a -G b', oneName, []],
      ['-g mta -g mta -e nonsense', invalidAction('nonsense'), []],
      ['-l -p -zx', usage, ["invalid option -- 'z'"]],
    ]
    for (const [typed, message, printed] of rows) {
      it(`${typed} ends at once, with what getopt(3) prints`, () =>
        assert.deepEqual(assertRefused(typed, message), printed))
    }
  })

  it('-R counts by its parity, -a not at all', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(3), (reversals, alls) => {
        const line = readWords(['-l', ...Array(reversals).fill('-R'), ...Array(alls).fill('-a')])
        assert.ok('iterate' in line)
        assert.equal(line.iterate.reversed, reversals % 2 === 1)
        assert.deepEqual(line.iterate.selection, {by: 'all'})
      }),
    )
  })

  it('options mean the same in any order, and in one word or two', () => {
    const options = fc.shuffledSubarray(
      [
        ['-R', '-R'],
        ['-v', '-v'],
        ['-g mta', '-gmta'],
        ['-G mta-in', '-Gmta-in'],
        ['-I postfix-out', '-Ipostfix-out'],
        ['-e create', '-ecreate'],
      ],
      {minLength: 6},
    )
    fc.assert(
      fc.property(options, (shuffled) => {
        const typed = (form: 0 | 1) => `${shuffled.map((each) => each[form]).join(' ')} -R queue_directory=/q`
        const meant = read('-v -g mta -G mta-in -I postfix-out -e create queue_directory=/q')
        assert.deepEqual(read(typed(0)), meant)
        assert.deepEqual(read(typed(1)), meant)
      }),
    )
  })
})

function byName(name: string) {
  return {by: 'name', name} as const
}

function read(typed: string): CommandLine {
  return readWords(typed.split(' ').filter(Boolean))
}

function readWords(words: string[]): CommandLine {
  return readCommandLine(words, 'NAME', (complaint) => assert.fail(complaint))
}

/** Returns what getopt(3) would have printed. */
function assertRefused(typed: string, message: string): string[] {
  const printed: string[] = []
  assert.throws(
    () => readCommandLine(typed.split(' ').filter(Boolean), 'NAME', (complaint) => printed.push(complaint)),
    refusal(message),
  )
  return printed
}
