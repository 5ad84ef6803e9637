import assert from 'node:assert/strict'
import type {Live} from '../../src/help/candidate.ts'
import {type Completable, complete} from '../../src/help/complete.ts'

const live: Live = {
  names: () => ['/etc/postfix', 'postfix-out', 'postfix-in', 'postfix-old'].map(plain),
  groups: () => ['mta', 'lab'].map(plain),
  plugins: () => ['site-rule'].map(plain),
  parameters: (names) =>
    ['relayhost', 'relay_domains', 'myhostname', ...(names.includes('old') ? ['slow_time_limit'] : [])].map(plain),
  rules: () => ['hop-to-self'].map(plain),
  changes: () => ['20261130-1'].map(plain),
  messages: () => ['postfix-out/4ABC'].map(plain),
  services: () => ['submission/inet'].map(plain),
  columns: () => ['name', 'group'].map(plain),
  pluginSettings: () => ['mode=on', 'priority='].map(plain),
}
const scope = {
  group: {type: 'option', char: 'g'},
  instance: {type: 'option', char: 'i'},
  json: {type: 'boolean'},
} as const
const commands: Completable[] = [
  {id: 'completion', summary: 'Print.', flags: {}, args: {shell: {options: ['bash', 'zsh', 'fish']}}},
  {id: 'instances', summary: 'List.', flags: scope, args: {}},
  {id: 'instances list', summary: 'List.', flags: scope, args: {}},
  {id: 'instances create', flags: {...scope, set: {type: 'option', multiple: true}}, args: {name: {multiple: true}}},
  {id: 'instances start', flags: {...scope, secret: {type: 'boolean', hidden: true}}, args: {name: {multiple: true}}},
  {id: 'instances show', flags: scope, args: {name: {}}},
  {id: 'instances set', flags: scope, args: {word: {multiple: true}}},
  {id: 'instances reorder', flags: {before: {type: 'option'}}, args: {name: {}}},
  {id: 'check', flags: {rule: {type: 'option'}, file: {type: 'option'}}, args: {}},
  {id: 'undo', flags: {}, args: {id: {}}},
  {id: 'queue show', flags: {}, args: {id: {multiple: true}}},
  {id: 'instances import', flags: {name: {type: 'option'}}, args: {directory: {}}},
  {id: 'instances run', flags: scope, args: {}},
  {id: 'plugins config', flags: {}, args: {name: {}, setting: {multiple: true}}},
]

function plain(word: string) {
  return {word, about: ''}
}

describe('completion', () => {
  const rows: [line: string, ...words: string[]][] = [
    ['', 'completion', 'instances', 'check', 'undo', 'queue', 'plugins'],
    ['plugins config s', 'site-rule'],
    ['comp', 'completion'],
    ['completion ', 'bash', 'zsh', 'fish'],
    ['instances s', 'start', 'show', 'set'],
    ['instances:s', 'instances:start', 'instances:show', 'instances:set'],
    ['instances:start postfix-i', 'postfix-in'],
    ['instances start --', '--group', '--instance', '--json', '--help'],
    ['instances start --json --', '--group', '--instance', '--help'],
    ['instances start --group ', 'mta', 'lab'],
    ['instances start -g m', 'mta'],
    ['instances start --group=', '--group=mta', '--group=lab'],
    ['instances start postfix-o', 'postfix-out', 'postfix-old'],
    ['instances start o', 'out', 'old'],
    ['instances start out postfix-i', 'postfix-in'],
    ['instances show out postfix-i'],
    ['instances create postfix-o'],
    ['instances create new --set rel', 'relayhost=', 'relay_domains='],
    ['instances set out relayh', 'relayhost='],
    ['instances set out slow'],
    ['instances set old slow', 'slow_time_limit='],
    ['instances reorder in --before ', 'postfix-out', 'postfix-old'],
    ['instances reorder ', 'postfix-out', 'postfix-in', 'postfix-old'],
    ['check --rule ', 'hop-to-self'],
    ['check --file '],
    ['undo ', '20261130-1'],
    ['queue show postfix-out/4ABC ', 'postfix-out/4ABC'],
    ['plugins config site-rule mo', 'mode=on'],
    ['instances list x'],
    ['--v', '--version'],
    ['nonsense '],
    ['-l -g ', 'mta', 'lab'],
    ['-i postfix-i', 'postfix-in'],
    ['-i out -p re', 'reload'],
    ['-e d', 'destroy', 'deport', 'disable'],
    ['-xi o', 'out', 'old'],
  ]
  for (const [line, ...words] of rows) {
    it(`offers ${words.join(', ') || 'nothing'} for: ${line}`, () => {
      const {candidates} = complete(line.split(' '), commands, live)
      assert.deepEqual(
        candidates.map(({word}) => word),
        words,
      )
    })
  }

  const others: [line: string, besides: string | undefined][] = [
    ['instances import /e', 'directories'],
    ['instances run -- pos', 'commands'],
    ['instances run -- ls /e', 'files'],
    ['-x pos', 'commands'],
    ['-i out -x ls /e', 'files'],
    ['instances start ', undefined],
    ['check --file ', undefined],
  ]
  for (const [line, besides] of others) {
    it(`leaves ${besides ?? 'nothing'} to the shell for: ${line}`, () => {
      assert.equal(complete(line.split(' '), commands, live).besides, besides)
    })
  }
})
