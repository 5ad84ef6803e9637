/** Lines that somebody has mistyped, thousands of them: what is suggested reaches no further than what was typed. */
import assert from 'node:assert/strict'
import type {Errors} from '@oclif/core'
import fc from 'fast-check'
import {hintOnRefusal} from '../../src/classic/mistyped.ts'
import {runAlone} from '../../src/commands/alone.ts'
import {COMMANDS} from '../../src/commands/index.ts'
import {PostmultiCommand} from '../../src/commands/shared/base.ts'
import {toKnown} from '../../src/help/known.ts'
import {kindsOf} from '../../src/help/typed-words.ts'
import {explainUnknownCommand} from '../../src/help/unknown-command.ts'
import {Refusal} from '../../src/model/base/errors.ts'
import {findExisting, findTargets} from '../../src/model/change/existing.ts'
import type {Request} from '../../src/model/change/request.ts'
import {insert} from '../../src/plan/list-place.ts'
import {hostOf, secondary} from '../values.ts'

const lines = [
  ...['stop', 'restart', 'abort', 'drain', 'start', 'reload', 'flush', 'check', 'status'].flatMap((each) => [
    `instances ${each} out`,
    `instances ${each} out in --yes`,
    `instances ${each} --group mta --jobs 3`,
    `instances ${each} -i hub`,
    each,
  ]),
  'instances run -i out -- postfix stop',
  'instances run --instance=out -- rm -rf /var/tmp/x',
  'instances run --group mta --jobs 3 -- postconf -e biff=no',
  'instances run -g mta --yes -- postqueue -f',
  'instances postfix --group mta stop',
  'instances postfix --instance out abort',
  'instances create new --group mta --set biff=no --dry-run',
  'instances create new other --like out --before in --queue-directory /q',
  'instances create new --host hub',
  'instances create new biff=no --dry-run --enable --start',
  'instances destroy out --yes',
  'instances destroy hub --dry-run',
  'instances deport out',
  'instances import /etc/postfix-x --name postfix-x --group mta',
  'instances enable out in --if-needed',
  'instances disable out',
  'instances assign out --name postfix-x --group lab',
  'instances assign out --no-group --dry-run',
  'instances reorder out --after in',
  'instances set out in relayhost=x biff=no --dry-run',
  'instances set --group mta relayhost=x',
  'instances unset out relayhost --dry-run',
  'instances get out relayhost biff',
  'instances show out',
  'instances list --group mta --columns name,group',
  'queue list --instance out --from a@b.test',
  'queue delete out/4ABC in/4ABD --yes',
  'queue hold out/4ABC',
  'flow --to a@b.test --from c@d.test --via out',
  'flow --instance out --to a@b.test',
  'check out --dry-run',
  'check --group mta --yes',
  'undo 4711 --yes',
  'history 4711',
  'plugins uninstall site-x site-y',
]

/** Whatever these print, nothing comes of it. */
const reading =
  /^postmulti (?:flow|history|doctor|trace|top|metrics|completion|queue(?: list| count| show| -|$)|instances(?: list| show| status| get| check| -|$)|check(?!.*--fix)|plugins(?: list| doctor| -|$))/

const farReaching = ['--all', '-a', '--yes', '-y', '--public', 'ALL']

interface Mistyped {
  words: string[]
  /** As they are spelt now. */
  misspelt: Set<string>
}

type Slip = (line: Mistyped) => Mistyped

const at = fc.nat(11)
const slips: fc.Arbitrary<Slip> = fc.oneof(
  at.map((place) => ({words, ...rest}: Mistyped) => ({...rest, words: words.toSpliced(place % words.length, 1)})),
  at.map((place) => ({words, ...rest}: Mistyped) => {
    const from = place % words.length
    return {...rest, words: words.toSpliced(from, 0, words[from]!)}
  }),
  fc.tuple(at, at).map(([from, to]) => ({words, ...rest}: Mistyped) => {
    const moved = words[from % words.length]!
    return {...rest, words: words.toSpliced(from % words.length, 1).toSpliced(to % words.length, 0, moved)}
  }),
  fc
    .tuple(at, fc.nat(20), fc.constantFrom('swap', 'drop', 'double', 'other'))
    .map(([place, letter, how]) => (line: Mistyped) => {
      const word = line.words[place % line.words.length]!
      const wrong = misspell(word, letter, how)
      return {words: line.words.with(place % line.words.length, wrong), misspelt: new Set([...line.misspelt, wrong])}
    }),
)

describe('a mistyped line', () => {
  let restore: () => void
  before(() => {
    restore = standIn()
  })
  after(() => restore())

  it('gets no suggestion that reaches further than what was typed', async function () {
    this.timeout(120_000)
    const seen = {lines: 0, suggestions: 0}
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lines), fc.array(slips, {minLength: 1, maxLength: 3}), async (line, some) => {
        const start: Mistyped = {words: line.split(' '), misspelt: new Set()}
        const {words, misspelt} = some.reduce((typed, slip) => (typed.words.length > 1 ? slip(typed) : typed), start)
        // Those are for the classic way, or need no explanation.
        if (words[0]!.startsWith('-')) return
        const error = await errorOf(words)
        seen.lines++
        for (const each of error?.suggestions ?? []) {
          seen.suggestions++
          assertNoFurther(each, words, misspelt, error!.message)
        }
      }),
      {numRuns: 2000},
    )
    assert.ok(seen.suggestions > 500, `only ${seen.suggestions} for ${seen.lines}`)
  })

  const rows: [words: string, suggestion: string | undefined][] = [
    ['instances run -i out postfix stop', 'postmulti instances run -i out -- postfix stop'],
    ['instances run -g mta postfix -- stop', 'postmulti instances run -g mta -- postfix stop'],
    ['instances run --instance=out', 'postmulti instances run --instance=out -- postqueue -p'],
    ['instances run postfix stop', 'postmulti instances run --help'],
    ['instances run out -- postfix stop', 'postmulti instances run --instance out -- postfix stop'],
    ['instances run --prefix mta -- postfix stop', 'postmulti instances run --prefix --group mta -- postfix stop'],
    ['instances out stop', 'postmulti instances stop out'],
    ['check otu --dry-run', 'postmulti check --help'],
    ['instances run -i otu -- postfix stop', 'postmulti instances run -i postfix-out -- postfix stop'],
    ['instances create nc --host x', 'postmulti instances create --help'],
    ['instances create nc --gruop x', 'postmulti instances create nc --group x'],
    ['instances destroy --dry-rnu out', 'postmulti instances destroy --dry-run out'],
    ['instances destroy out --yse', 'postmulti instances destroy --help'],
    ['instances stop --al', 'postmulti instances stop --help'],
    ['flow --form a@b.test', 'postmulti flow --from a@b.test'],
    ['instances create new biff=no --dry-run', 'postmulti instances create new --set biff=no --dry-run'],
    ['instances assign otu --group otu', 'postmulti instances'],
    ['check out --dry-run', 'postmulti check out --dry-run --fix'],
    ['instances list --columns name,enabeld -g mta', 'postmulti instances list --columns name,enabled -g mta'],
    ['queue list out --from a@b.test', 'postmulti queue list --instance out --from a@b.test'],
    ['instances set out biff = no --dry-run', 'postmulti instances set out biff=no --dry-run'],
    ['instances set out biff= no relayhost =x', 'postmulti instances set out biff=no relayhost=x'],
    ['instances set out = biff=no', 'postmulti instances set --help'],
    ['instances set out biff=no biff=yes', 'postmulti instances set --help'],
    ['instances create new --set biff=no --set biff=yes', 'postmulti instances create --help'],
    ['instances unset out biff=no', 'postmulti instances unset out biff'],
    ['instances create new -g', 'postmulti instances create --help'],
    ['instances stop out --all', 'postmulti instances stop --help'],
    ['instances show', 'postmulti instances show --help'],
    ['flow --from a@b.test', 'postmulti flow --help'],
    ['instances init out', 'postmulti instances init --help'],
  ]
  for (const [words, suggestion] of rows) {
    it(`is answered: postmulti ${words}`, async () => {
      const error = await errorOf(words.split(' '))
      assert.equal(error?.suggestions?.[0], suggestion)
    })
  }

  it('is told once that two flags exclude each other', async () => {
    const error = await errorOf('instances reorder out --before in --after hub'.split(' '))
    assert.equal(error?.message, '--after=hub cannot also be provided when using --before')
  })

  it('with two values for a parameter is told both', async () => {
    const error = await errorOf('instances set out biff=no biff=yes'.split(' '))
    assert.equal(error?.message, 'biff has two values: no, and yes')
  })

  it('keeps an empty selection of the classic way', () => {
    const hint = hintOnRefusal('', ['-i', '', '-e', 'stop'], host.list)
    assert.equal(hint, "stop is a command, not a change: postmulti -i '' -p stop")
  })
})

const host = hostOf([
  secondary('postfix-out', {multi_instance_group: 'mta'}),
  secondary('postfix-in'),
  secondary('postfix-hub'),
])

function assertNoFurther(
  suggestion: string,
  words: readonly string[],
  misspelt: ReadonlySet<string>,
  why: string,
): void {
  const told = splitLine(suggestion)
  const shown = `${words.join(' ')}\n${why}\n${suggestion}`
  for (const each of farReaching) assert.ok(!told.includes(each) || words.includes(each), shown)
  if (suggestion.endsWith('--help') || reading.test(suggestion)) return
  for (const each of valuesIn(words)) {
    const isKept = told.some((word) => word === each || word.endsWith(`=${each}`) || each.endsWith(`=${word}`))
    // The unknown word is named.
    const isUnknown = why.split('\n')[0]!.endsWith(` ${each}`)
    assert.ok(isKept || misspelt.has(each) || isUnknown, `${each} is lost: ${shown}`)
  }
}

/** All but the words of the command and the flags. */
function valuesIn(words: readonly string[]): string[] {
  const {id, argv} = findCommand(words) ?? {id: undefined, argv: words}
  const flags = id === undefined ? {} : flagsOf(COMMANDS[id])
  const kinds = kindsOf(argv, flags)
  return argv.filter((_, place) => kinds[place] !== 'flag')
}

async function errorOf(words: readonly string[]): Promise<(Partial<Errors.CLIError> & Error) | undefined> {
  const found = findCommand(words)
  const commands = Object.entries(COMMANDS).map(([id, each]) => ({
    ...each,
    id,
    hidden: false,
    strict: each.strict ?? true,
    args: each.args ?? {},
    flags: flagsOf(each),
  }))
  try {
    if (found === undefined) throw explainUnknownCommand(words, toKnown({commands} as never))
    const {id, argv} = found
    await runAlone({command: Object.assign(COMMANDS[id], {id}) as never, argv}, '/')
    return undefined
  } catch (error) {
    return error as Error
  }
}

type Id = keyof typeof COMMANDS

function findCommand(words: readonly string[]): {id: Id; argv: string[]} | undefined {
  for (const length of [2, 1]) {
    const id = words.slice(0, length).join(':')
    const argv = words.slice(length)
    if (id in COMMANDS) return {id: id as Id, argv}
    const topic = {instances: 'instances:list', queue: 'queue:count', plugins: 'plugins:list'}[id]
    if (topic !== undefined && (argv[0] ?? '-').startsWith('-')) return {id: topic as Id, argv}
  }
  return undefined
}

function flagsOf(command: (typeof COMMANDS)[Id]): Record<string, {type: 'boolean' | 'option'; char?: string}> {
  return {...command.flags, json: {type: 'boolean'}} as never
}

/** In the place of a host: commands end where they would look at it in earnest, or change it. */
function standIn(): () => void {
  const end = (): never => {
    throw new Refusal('so far and no further')
  }
  const primary = {
    instance: host.list.primary,
    directories: [],
    parameter: (name: string) => {
      // Asked for the environment of what is run for an instance.
      if (name === 'maillog_file') return end()
      return name === 'postmulti_stop_commands' ? 'stop abort drain' : ''
    },
    setting: () => undefined,
    printed: () => '',
  }
  const perform = async (request: Request): Promise<never> => {
    if ('target' in request) findExisting(request.target, host)
    if ('targets' in request) findTargets(request.targets, host)
    if ('place' in request || 'after' in request) insert(host.list.secondaries, secondary('postfix-x'), request)
    if ('birth' in request && request.birth?.like !== undefined) findExisting(request.birth.like, host)
    return end()
  }
  const ours = {readPrimary: () => primary, readList: () => host.list, perform, remark: () => {}, log: () => {}}
  return replaceAll([
    [PostmultiCommand.prototype, ours],
    [process.stdin, {isTTY: false}],
  ])
}

function replaceAll(replacements: [prototype: object, members: object][]): () => void {
  const undo = replacements.map(([prototype, members]) => {
    const own = Object.fromEntries(Object.keys(members).map((each) => [each, Reflect.get(prototype, each)]))
    Object.assign(prototype, members)
    return () => Object.assign(prototype, own)
  })
  return () => {
    for (const each of undo) each()
  }
}

function misspell(word: string, letter: number, how: string): string {
  const place = letter % word.length
  const letters = [...word]
  if (how === 'drop') return word.length > 1 ? letters.toSpliced(place, 1).join('') : word
  if (how === 'double') return letters.toSpliced(place, 0, letters[place]!).join('')
  if (how === 'other') return letters.with(place, 'q').join('')
  const next = letters[place + 1]
  return next === undefined
    ? word
    : letters
        .with(place, next)
        .with(place + 1, letters[place]!)
        .join('')
}

/** Words of a line as a shell takes them, where it is no more than quoted. */
function splitLine(line: string): string[] {
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
}
