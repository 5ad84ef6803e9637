import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {toJsonLine, toListLine, toPrintableLine} from '../../src/classic/output.ts'
import {toBytes} from '../../src/model/base/text.ts'
import type {Instance} from '../../src/model/instance/instance.ts'
import {primary, secondary} from '../values.ts'

describe('list output', () => {
  const rows: [title: string, instance: Instance, line: string, json: string][] = [
    [
      'dashes where there is neither name nor group',
      primary,
      '-               -               y         /etc/postfix\n',
      '{"name": "-","group": "-","enabled": "y","config_directory": "/etc/postfix"}\n',
    ],
    [
      'the whole group, and n for a disabled instance',
      secondary('postfix-out', {multi_instance_group: 'mta', multi_instance_enable: false}),
      'postfix-out     mta             n         /etc/postfix-out\n',
      '{"name": "postfix-out","group": "mta","enabled": "n","config_directory": "/etc/postfix-out"}\n',
    ],
    [
      'a name that fills its column',
      secondary('postfix-incoming'.slice(0, 15)),
      'postfix-incomin -               y         /etc/postfix-incomin\n',
      '{"name": "postfix-incomin","group": "-","enabled": "y","config_directory": "/etc/postfix-incomin"}\n',
    ],
    [
      'long values, which push the rest',
      secondary('postfix-incoming', {multi_instance_group: 'sixteen-long-grp'}),
      'postfix-incoming sixteen-long-grp y         /etc/postfix-incoming\n',
      '{"name": "postfix-incoming","group": "sixteen-long-grp","enabled": "y","config_directory": "/etc/postfix-incoming"}\n',
    ],
    [
      'characters of two bytes, for columns count bytes',
      secondary('postfix-übung', {multi_instance_group: 'größe'}),
      'postfix-übung  größe         y         /etc/postfix-übung\n',
      '{"name": "postfix-übung","group": "größe","enabled": "y","config_directory": "/etc/postfix-übung"}\n',
    ],
    [
      'quotes and backslashes of hand-edited files',
      secondary('x', {multi_instance_name: 'say "hi"', multi_instance_group: 'a\\b  c', config_directory: '/etc/x\t'}),
      'say "hi"        a\\b  c          y         /etc/x\t\n',
      '{"name": "say \\"hi\\"","group": "a\\\\b  c","enabled": "y","config_directory": "/etc/x\\t"}\n',
    ],
  ]
  for (const [title, instance, line, json] of rows) {
    it(`has ${title}`, () => {
      assert.equal(toListLine(instance), line)
      assert.equal(toJsonLine(instance), json)
      assert.equal(JSON.parse(json).config_directory, instance.config_directory)
    })
  }

  it('has the bytes of main.cf, also where they are no text', () => {
    const line = toListLine(secondary('x', {multi_instance_name: 'postfix-\udcfc'}))
    assert.equal(toBytes(line).toString('latin1'), 'postfix-\xfc       -               y         /etc/x\n')
  })

  it('agrees with printf(3)', function () {
    const instances = [primary, ...rows.map(([, instance]) => instance)]
    const words = instances.flatMap((each) => [
      each.multi_instance_name || '-',
      each.multi_instance_group || '-',
      each.multi_instance_enable ? 'y' : 'n',
      each.config_directory,
    ])
    const {stdout, error} = spawnSync('printf', ['%-15s %-15s %-9s %s\n', ...words], {
      env: {LC_ALL: 'C', PATH: process.env.PATH},
    })
    if (error !== undefined) this.skip()
    assert.equal(instances.map(toListLine).join(''), stdout.toString())
  })
})

describe('diagnostics', () => {
  const rows: [text: string, line: string][] = [
    ["Unsafe characters in new instance name: 'a\nb\tc'", "Unsafe characters in new instance name: 'a?b?c'"],
    ['No instance named größe', 'No instance named größe'],
    ['No instance named \udcfc\x7f\x9f', 'No instance named ???'],
    ['No instance named 📬', 'No instance named 📬'],
    ['a\u202eb\u2066\u2028\ufeff', 'a?b???'],
  ]
  for (const [text, line] of rows) {
    it(`are one printable line: ${line}`, () => assert.equal(toPrintableLine(text), line))
  }
})

describe('writing', () => {
  const output = join(import.meta.dirname, '../../src/classic/output.ts')

  it('writes everything to a slow reader, even when somebody made the descriptor non-blocking', () => {
    // To look at process.stdout is enough: Node makes a pipe non-blocking then.
    const script = `process.stdout; import(${JSON.stringify(output)}).then(({print}) => print('x'.repeat(1 << 20)))`
    const {stdout, status} = spawnSync('sh', [
      '-c',
      '"$1" -e "$2" | { sleep 0.3; wc -c; }',
      'sh',
      process.execPath,
      script,
    ])
    assert.equal(status, 0)
    assert.equal(stdout.toString().trim(), `${1 << 20}`)
  })

  it('lets a failed write to stdout be known', () => {
    assert.equal(run(`print('x')`, '>/dev/full'), 'ENOSPC')
  })

  it('writes complaints to stderr', () => {
    assert.equal(run(`printError('größe\\n')`, '2>&1'), 'größe\nwritten')
  })

  it('keeps quiet about a failed write to stderr, for nobody could be told', () => {
    assert.equal(run(`printError('x')`, '2>/dev/full'), 'written')
  })

  /** What became of it: on descriptor 3, because the others are under test. */
  function run(call: string, redirection: string): string {
    const script = `import {print, printError} from ${JSON.stringify(output)}
      import {writeSync} from 'node:fs'
      try { ${call}; writeSync(3, 'written') } catch (error) { writeSync(3, error.code) }`
    const command = `exec "$1" --input-type=module -e "$2" 3>&1 ${redirection}`
    return spawnSync('sh', ['-c', `{ ${command}; }`, 'sh', process.execPath, script], {encoding: 'utf8'}).stdout
  }
})
