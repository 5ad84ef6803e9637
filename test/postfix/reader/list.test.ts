import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fromBytes, toBytes} from '../../../src/model/base/text.ts'
import type {InstanceList} from '../../../src/model/instance/instance.ts'
import type {Defaults} from '../../../src/postfix/reader/defaults.ts'
import {readInstanceList} from '../../../src/postfix/reader/list.ts'
import type {Primary} from '../../../src/postfix/reader/primary.ts'
import {OwnHost} from '../../../src/postfix/reader/run-time.ts'
import {secondary} from '../../values.ts'

const defaults: Defaults = {
  host: new OwnHost(),
  parameters: {
    config_directory: '/etc/postfix',
    queue_directory: '/q',
    data_directory: '/d',
    multi_instance_name: '',
    multi_instance_group: '',
    multi_instance_enable: 'no',
  },
  services: {transport: {}, pipe: {}, spawn: {}},
  warnings: {deprecated: {}, conclusion: '', ofComments: 'no'},
}

/** Answers like postconf, with its directory as the name, and complains of the directory 'bad'. */
const fakePostconf = `#!/bin/sh
echo "$0: warning: asked" >&2
case $2 in */bad) echo "$0: fatal: $2/main.cf, line 7: nonsense" >&2; exit 1;; esac
printf 'queue_directory = /q\\ndata_directory = /d\\nmulti_instance_name = %s\\n' "\${2##*/}"
printf 'multi_instance_group =\\nmulti_instance_enable = no\\n'
`

describe('the instance list', () => {
  let directory: string
  let said: string[]

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'list-'))
    writeFileSync(`${directory}/postconf`, fakePostconf, {mode: 0o755})
    said = []
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('keeps the order of the primary, and what it repeats', () => {
    for (const each of ['b', 'a']) put(each, `multi_instance_name = ${each}`)
    assert.deepEqual(names('b', 'a', 'b'), ['b', 'a', 'b'])
    assert.deepEqual(said, [])
  })

  it('knows what a damaged instance is called where that stands above the fault', () => {
    put('a', 'multi_instance_name = b\noops')
    put('c', 'oops')
    const {secondaries} = read('a', 'c')
    assert.deepEqual(
      secondaries.map((each) => each.multi_instance_name),
      ['b', undefined],
    )
  })

  it('asks postconf where it is not sure, and keeps the order', () => {
    put('a', 'multi_instance_name = native')
    for (const each of ['b', 'c', 'd']) put(each, 'multi_instance_group = $nosuch')
    assert.deepEqual(names('d', 'a', 'c', 'b'), ['d', 'native', 'c', 'b'])
    assert.deepEqual(said, Array(3).fill(`${directory}/postconf: warning: asked\n`))
  })

  it('asks for as many at once as there are processors', () => {
    const counting = `#!/bin/sh
cd ${directory}
mkdir asking.$$
ls -d asking.* | wc -l >>counts
sleep 0.1
rmdir asking.$$
`
    writeFileSync(`${directory}/postconf`, counting, {mode: 0o755})
    const many = Array.from({length: 3 * availableParallelism()}, (_, at) => String(at))
    for (const each of many) put(each, 'multi_instance_group = $nosuch')
    names(...many)
    const counts = readFileSync(`${directory}/counts`, 'utf8').trim().split('\n').map(Number)
    assert.equal(counts.length, many.length)
    assert.equal(Math.max(...counts), availableParallelism())
  })

  it('asks once for a single one, too', () => {
    put('b', 'multi_instance_group = $nosuch')
    assert.deepEqual(names('b'), ['b'])
  })

  it('goes on after a damaged one, whoever found the damage', () => {
    for (const each of ['a', 'bad', 'b']) put(each, 'multi_instance_group = $nosuch')
    put('x', 'no setting')
    assert.deepEqual(names('a', 'bad', 'x', 'none', 'b'), [
      'a',
      'DIR/bad/main.cf 7 nonsense',
      `DIR/x/main.cf 1 missing '=' after attribute name: "no setting"`,
      'DIR/none/main.cf  No such file or directory',
      'b',
    ])
  })

  it('finds directories whose names are not UTF-8', () => {
    const odd = [fromBytes('\xe9a'), fromBytes('\xe9b')] as const
    put(odd[0], 'multi_instance_name = native')
    put(odd[1], 'multi_instance_group = $nosuch')
    assert.deepEqual(names(...odd), ['native', odd[1]])
  })

  it("speaks with postconf's voice of what postconf would remark", () => {
    put('a', 'multi_instance_name = x\nmulti_instance_name = y')
    names('a')
    const warning = `${directory}/a/main.cf, line 2: overriding earlier entry: multi_instance_name=x`
    assert.deepEqual(said, [`${directory}/postconf: warning: ${warning}\n`])
  })

  function read(...listed: string[]): InstanceList {
    const primary: Primary = {
      instance: secondary('postfix'),
      directories: listed.map((each) => `${directory}/${each}`),
      parameter: () => directory,
      setting: () => undefined,
      printed: () => '',
      defaults,
    }
    return readInstanceList(primary, (text) => said.push(text))
  }

  /** The name of each instance, or its damage. */
  function names(...listed: string[]): string[] {
    return read(...listed).secondaries.map((each) =>
      'reason' in each
        ? `${each.file} ${each.line ?? ''} ${each.reason}`.replace(directory, 'DIR')
        : each.multi_instance_name,
    )
  }

  function put(name: string, main: string): void {
    const place = toBytes(`${directory}/${name}`)
    mkdirSync(place)
    writeFileSync(Buffer.concat([place, Buffer.from('/main.cf')]), main)
    writeFileSync(Buffer.concat([place, Buffer.from('/master.cf')]), '')
  }
})
