import assert from 'node:assert/strict'
import {explainUnknownCommand, type Known} from '../../src/help/unknown-command.ts'
import {listOf, secondary} from '../values.ts'

const json = {json: {type: 'boolean'}} as const
const scope = {group: {type: 'option', char: 'g'}, instance: {type: 'option', char: 'i'}} as const
const names = {name: {required: true, multiple: true}}
const known: Known[] = [
  {id: 'instances', args: {}, flags: {}},
  {
    id: 'instances list',
    args: {},
    flags: {...json, ...scope, sort: {type: 'option', options: ['name', 'queued']}},
  },
  ...['destroy', 'set', 'get', 'run'].map((each) => ({
    id: `instances ${each}`,
    args: ['set', 'get'].includes(each) ? {word: names.name} : names,
    flags: {},
  })),
  ...['start', 'stop', 'restart', 'status'].map((each) => ({
    id: `instances ${each}`,
    args: {name: {multiple: true}},
    flags: scope,
  })),
  {
    id: 'instances create',
    args: names,
    flags: {...scope, like: {type: 'option'}, first: {type: 'boolean', exclusive: ['last']}, last: {type: 'boolean'}},
  },
  {id: 'instances assign', args: {name: {required: true}}, flags: {name: {type: 'option'}, ...json}},
  {id: 'plugins config', args: {name: {required: true}, setting: {multiple: true}}, flags: {}},
  {id: 'plugins uninstall', args: names, flags: {}},
  {id: 'queue list', args: {}, flags: {instance: {type: 'option', char: 'i'}, ...json}},
  {id: 'queue delete', args: {id: {required: true, multiple: true}}, flags: {yes: {type: 'boolean'}}},
  {id: 'history', args: {id: {}}, flags: {}},
  {id: 'trace', args: {what: {required: true}}, flags: {}},
  {id: 'logs', args: {name: {required: true}}, flags: {}},
  {id: 'undo', args: {id: {}}, flags: {}},
]

describe('an unknown command', () => {
  const rows: [words: string, what: string, suggestions: string[]][] = [
    ['restart', 'Unknown command restart', ['postmulti instances restart']],
    ['start', 'Unknown command start', ['postmulti instances start']],
    ['list', 'Unknown command list', ['postmulti instances list', 'postmulti queue list']],
    ['create out --group mta', 'Unknown command create', ['postmulti instances create out --group mta']],
    ['status -i out', 'Unknown command status', ['postmulti instances status -i out']],
    ['instances strat out', 'Unknown command instances strat', ['postmulti instances start out']],
    ['inst', 'Unknown command inst', ['postmulti instances']],
    ['rm out', 'Unknown command rm', ['postmulti instances destroy out']],
    ['config out', 'Unknown command config', ['postmulti instances get out', 'postmulti instances set out']],
    // Which name is the new one, other programs say by the order.
    ['instances rename out hub', 'Unknown command instances rename', ['postmulti instances assign out --name hub']],
    ['mv out hub --json', 'Unknown command mv', ['postmulti instances assign out --name hub --json']],
    ['rename out', 'Unknown command rename', ['postmulti instances assign --help']],
    ['instances clone out hub', 'Unknown command instances clone', ['postmulti instances create hub --like out']],
    ['copy --group mta out', 'Unknown command copy', ['postmulti instances create --help']],
    ['cp out hub -g mta', 'Unknown command cp', ['postmulti instances create hub --like out -g mta']],
    ['mailq', 'Unknown command mailq', ['postmulti queue list']],
    ['mailq -i out', 'Unknown command mailq', ['postmulti queue list -i out']],
    ['log out', 'Unknown command log', ['postmulti logs out']],
    ['delete out', 'Unknown command delete', ['postmulti instances destroy out']],
    ['rm out/4ABC --yes', 'Unknown command rm', ['postmulti queue delete out/4ABC --yes']],
    ['queue rm out/4ABC', 'Unknown command queue rm', ['postmulti queue delete out/4ABC']],
    ['plugins rm site', 'Unknown command plugins rm', ['postmulti plugins uninstall site']],
    ['plugins enable site', 'Unknown command plugins enable', ['postmulti plugins config site mode=on']],
    ['plugins disable site', 'Unknown command plugins disable', ['postmulti plugins config site mode=off']],
    ['ps', 'Unknown command ps', ['postmulti instances status', 'postmulti instances list']],
    ['version', 'Unknown command version', ['postmulti --version']],
    // What a command does not take is not for pasting.
    ['create', 'Unknown command create', ['postmulti instances create --help']],
    ['create out --like', 'Unknown command create', ['postmulti instances create --help']],
    ['create out --first --last', 'Unknown command create', ['postmulti instances create --help']],
    ['create out --gruop mta', 'Unknown command create', ['postmulti instances create --help']],
    ['instances lst out', 'Unknown command instances lst', ['postmulti instances list --instance out']],
    ['instances lst --sort size', 'Unknown command instances lst', ['postmulti instances list --help']],
    ['unod', 'Unknown command unod', ['postmulti undo']],
    ['nonsense', 'Unknown command nonsense', ['postmulti --help']],
    ['constructor', 'Unknown command constructor', ['postmulti --help']],
    ['instances nonsense', 'Unknown command instances nonsense', ['postmulti instances --help']],
    [
      'instances list foo --sort name',
      'Unexpected argument foo',
      ['postmulti instances list --instance foo --sort name'],
    ],
    ['instances list foo -g mta', 'Unexpected argument foo', ['postmulti instances list --help']],
    ['instances list foo bar', 'Unexpected argument foo bar', ['postmulti instances list --help']],
  ]
  for (const [words, what, suggestions] of rows) {
    it(`is answered: postmulti ${words}`, () => {
      const mistake = explainUnknownCommand(words.split(' '), known)
      assert.equal(mistake.message.split('\n')[0], what)
      assert.deepEqual(mistake.suggestions, suggestions)
    })
  }

  const list = listOf(secondary('postfix-out', {multi_instance_group: 'mta'}))
  const named: [words: string, suggestion: string][] = [
    ['instances list mta', 'postmulti instances list --group mta'],
    ['instances list otu', 'postmulti instances list --instance postfix-out'],
    ['instances list nothing', 'postmulti instances list --help'],
    ['start nothing', 'postmulti instances start --help'],
    ['start instances out', 'postmulti instances start out'],
    ['out instances start -g mta', 'postmulti instances start out -g mta'],
    ['myhostname instances get out', 'postmulti instances get out myhostname'],
    ['instances out set biff=no', 'postmulti instances set out biff=no'],
    ['instances instances set out biff=no', 'postmulti instances set out biff=no'],
    ['start -g atm', 'postmulti instances start --help'],
    ['create hub -g new', 'postmulti instances create hub -g new'],
    ['create hub --like nothing', 'postmulti instances create --help'],
  ]
  for (const [words, suggestion] of named) {
    it(`is answered with names that are there: postmulti ${words}`, () => {
      const {suggestions} = explainUnknownCommand(words.split(' '), known, list)
      assert.deepEqual(suggestions, [suggestion])
    })
  }

  it('is a wrong usage, said in two lines', () => {
    const mistake = explainUnknownCommand(['nonsense'], known)
    assert.equal(mistake.oclif.exit, 2)
    assert.equal(mistake.message.split('\n').length, 2)
  })

  it('keeps words in one piece that have blanks', () => {
    const {suggestions} = explainUnknownCommand(['set', 'out', 'mail_name=a b'], known)
    assert.deepEqual(suggestions, ["postmulti instances set out 'mail_name=a b'"])
  })
})
