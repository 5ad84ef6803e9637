/** Which words are run without a look at plugins. */
import assert from 'node:assert/strict'
import {findAlone} from '../../src/commands/alone.ts'

const rows: [words: string, id: string | undefined, argv?: string][] = [
  ['instances', 'instances:list', ''],
  ['instances --group mta', 'instances:list', '--group mta'],
  ['instances list --json', 'instances:list', '--json'],
  ['instances:list --json', 'instances:list', '--json'],
  ['instances status in out', 'instances:status', 'in out'],
  ['instances run -- postfix --help', 'instances:run', '-- postfix --help'],
  ['instances list --help', undefined],
  ['instances lst', undefined],
  ['instances enable out', 'instances:enable', 'out'],
  ['plugins', 'plugins:list', ''],
  ['plugins install x', 'plugins:install', 'x'],
  ['completion bash', 'completion', 'bash'],
  ['completion words -- postmulti ins', undefined],
  ['', undefined],
]

describe('commands without plugins', () => {
  for (const [words, id, argv] of rows) {
    it(`'${words}' is ${id ?? "oclif's own business"}`, () => {
      const found = findAlone(words.split(' ').filter(Boolean))
      assert.equal(found?.command.id, id)
      assert.equal(found?.argv.join(' '), argv)
    })
  }
})
