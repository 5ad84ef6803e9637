import assert from 'node:assert/strict'
import {explainUnknownCommand, type Known} from '../../src/help/unknown-command.ts'

const known: Known[] = [
  {id: 'instances', takesArguments: false, flags: {}},
  {id: 'instances list', takesArguments: false, flags: {instance: {type: 'option', char: 'i'}, sort: {type: 'option'}}},
  ...['create', 'destroy', 'start', 'stop', 'restart', 'status', 'set', 'get', 'assign', 'run'].map((each) => ({
    id: `instances ${each}`,
    takesArguments: true,
    flags: {},
  })),
  {id: 'history', takesArguments: true, flags: {}},
  {id: 'undo', takesArguments: true, flags: {}},
]

describe('an unknown command', () => {
  const rows: [words: string, what: string, suggestions: string[]][] = [
    ['restart', 'Unknown command restart', ['postmulti instances restart']],
    ['start', 'Unknown command start', ['postmulti instances start']],
    ['list', 'Unknown command list', ['postmulti instances list']],
    ['create out --group mta', 'Unknown command create', ['postmulti instances create out --group mta']],
    ['status -i out', 'Unknown command status', ['postmulti instances status -i out']],
    ['instances strat out', 'Unknown command instances strat', ['postmulti instances start out']],
    ['inst', 'Unknown command inst', ['postmulti instances']],
    ['rm out', 'Unknown command rm', ['postmulti instances destroy out']],
    ['config out', 'Unknown command config', ['postmulti instances get out', 'postmulti instances set out']],
    ['instances rename out', 'Unknown command instances rename', ['postmulti instances assign out']],
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
