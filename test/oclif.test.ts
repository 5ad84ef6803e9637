/**
 * What of oclif's insides the program relies on to start in time: build/lean.js holds back what it requires, and
 * src/commands/alone.ts stands in for its configuration. Whoever takes another oclif reads here what has moved.
 */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {configuration} from '../src/commands/alone.ts'

const root = join(import.meta.dirname, '..')
const oclif = join(root, 'node_modules/@oclif/core/lib')
const files = readdirSync(oclif, {recursive: true, encoding: 'utf8'}).filter((each) => each.endsWith('.js'))
const texts = new Map(files.map((each) => [`/lib/${each}`, readFileSync(join(oclif, each), 'utf8')]))

describe('oclif', () => {
  it('still requires what build/lean.js holds back', async () => {
    const {packages, builtIn, parts}: {packages: string[]; builtIn: string[]; parts: [string, RegExp][]} = await import(
      join(root, 'build/lean.js')
    )
    const isRequired = (name: string, caller = /./): boolean =>
      [...texts].some(([file, text]) => caller.test(file) && text.replaceAll("'", '"').includes(`require("${name}")`))
    assert.deepEqual(
      [...packages, ...builtIn].filter((each) => !isRequired(each)),
      [],
    )
    assert.deepEqual(
      parts.filter(([name, caller]) => !isRequired(name, caller)),
      [],
    )
  })

  it('asks of its configuration for no more than src/commands/alone.ts has', () => {
    // A theme is asked for with a question mark, and a name that is sent to servers is only passed on.
    const isOptional = ['theme', 'userAgent']
    const asking = ['command.js', 'flags.js', 'errors/handle.js', 'parser/parse.js', 'parser/errors.js']
    const asked = asking.flatMap((each) => {
      const text = texts.get(`/lib/${each}`) ?? assert.fail(`oclif has no ${each} any more`)
      return [...text.matchAll(/\bconfig\??\.(\w+)/g)].map(([, name = '']) => name)
    })
    const there = [...Object.keys(configuration(root)), ...isOptional]
    assert.deepEqual(
      asked.filter((each) => !there.includes(each)),
      [],
    )
  })
})
