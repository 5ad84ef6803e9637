/**
 * Expansion beside the real postconf(1), on random values of which many are broken.
 * FUZZ_RUNS sets the number of values, FUZZ_SEED repeats an earlier run. Skipped where there is no Postfix.
 */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {collapse, dialectOf, ExpansionFault, expand, mentionedNames} from '../../../src/model/main-cf/expand.ts'
import {parseMainCf} from '../../../src/model/main-cf/lines.ts'
import {builtInDefaults} from '../../../src/postfix/reader/defaults.ts'

const POSTCONF = '/usr/sbin/postconf'
const runs = Number(process.env.FUZZ_RUNS ?? 300)
// CI repeats one run: what it says must depend on the change alone.
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261125 : Date.now() % 2 ** 31))
// A fatal postconf sleeps for a second, so that many can share a processor.
const AT_ONCE = 32

describe('expand beside postconf', () => {
  it(`agrees on ${runs} values (FUZZ_SEED=${seed})`, async function () {
    if (!existsSync(POSTCONF)) this.skip()
    this.timeout(60_000 + runs * 800)
    const directory = mkdtempSync(join(tmpdir(), 'expand-fuzz-'))
    const texts = fc.sample(anyMainCf(), {numRuns: runs, seed})
    try {
      const workers = Array.from({length: AT_ONCE}, async (_, worker) => {
        for (let each = worker; each < texts.length; each += AT_ONCE) {
          const text = texts[each]!
          checkAgreement(text, await askPostconf(join(directory, String(each)), text), `case ${each}`)
        }
      })
      await Promise.all(workers)
    } finally {
      rmSync(directory, {recursive: true, force: true})
    }
  })
})

interface Said {
  stdout: string
  /** null after a crash. */
  status: number | null
  /** Lines of stderr without the program's name. */
  stderr: string[]
}

function checkAgreement(text: string, theirs: Said, where: string): void {
  const settings = new Map(parseMainCf(text).entries.map(({name, value}) => [name, value]))
  const context = `${where}, FUZZ_SEED=${seed}: ${JSON.stringify(text)}\n${theirs.stderr.join('\n')}\n`
  const dialect = dialectOf(builtInDefaults().parameters.mail_version)
  let value: string
  try {
    value = expand(settings.get('multi_instance_group')!, (name) => settings.get(name), {dialect})
  } catch (error) {
    if (!(error instanceof ExpansionFault)) throw error
    assert.notEqual(theirs.status, 0, `${context}we fail: ${error.warnings.join('; ')}`)
    assert.equal(theirs.stdout, '', context)
    // A loop through an operand overflows postconf's stack.
    if (theirs.status === null) return
    const ours = [...error.warnings.map((each) => `warning: ${each}`), `fatal: ${error.message}`]
    // Above them are warnings from looking through all values, in random order.
    assert.deepEqual(theirs.stderr.slice(-ours.length), ours, context)
    return
  }
  const collapsed = collapse(value)
  assert.equal(theirs.stdout, `multi_instance_group =${collapsed === '' ? '' : ` ${collapsed}`}\n`, context)
  assert.equal(theirs.status, 0, context)
  // Before 3.6 a level ends the search for names, and ours knows it everywhere.
  if (!dialect.levels && theirs.stderr.some((each) => each.includes('" expected at: '))) return
  const undefinedNames = [...settings.values()].flatMap(mentionedNames).filter((name) => !settings.has(name))
  const told = theirs.stderr.flatMap((each) => each.match(/(?<= undefined parameter: ).*$/) ?? [])
  assert.deepEqual([...new Set(told)].sort(), [...new Set(undefinedNames)].sort(), context)
}

async function askPostconf(directory: string, text: string): Promise<Said> {
  const mainCf = join(directory, 'main.cf')
  mkdirSync(directory)
  writeFileSync(join(directory, 'master.cf'), '')
  writeFileSync(mainCf, text, 'latin1')
  // postconf waits while main.cf is younger than two seconds.
  utimesSync(mainCf, 1e9, 1e9)
  const child = spawn(POSTCONF, ['-xc', directory, 'multi_instance_group'], {stdio: ['ignore', 'pipe', 'pipe']})
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('latin1').on('data', (chunk: string) => {
    stderr += chunk
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const lines = stderr.split('\n').filter((each) => each !== '')
  return {stdout, status, stderr: lines.map((each) => each.slice(each.indexOf(': ') + 2))}
}

const HELPERS = ['a', 'b_1', 'c', '7', 'level']

/** A whole main.cf: multi_instance_group and the parameters it may refer to. */
function anyMainCf(): fc.Arbitrary<string> {
  const helper = fc.oneof(
    {weight: 2, arbitrary: fc.constantFrom('', 'x', '10', '010', '3.6', '2', '9223372036854775807')},
    {weight: 1, arbitrary: anyValue()},
  )
  const settings = fc.tuple(...HELPERS.map((name) => fc.option(helper.map((value) => `${name} = ${value}\n`))))
  return fc.tuple(fc.oneof(anyValue(), brokenValue()), settings).map(([value, helpers]) => {
    // Without these postconf evaluates things that depend on the host.
    const fixed = 'inet_protocols = ipv4\nmynetworks = 127.0.0.1\nmyhostname = h.example.com\nmydomain = example.com\n'
    return `${fixed}${helpers.map((each) => each ?? '').join('')}multi_instance_group = ${value}\n`
  })
}

/** One character of a sound value lost, or one too many. */
function brokenValue(): fc.Arbitrary<string> {
  const surplus = fc.constantFrom('', '$', '{', '}', '(', ')', '?', ':', ' ', '\v', '=', 'x')
  return fc.tuple(anyValue(), fc.nat(), fc.nat(1), surplus).map(([value, place, lost, extra]) => {
    const at = place % (value.length + 1)
    return value.slice(0, at) + extra + value.slice(at + lost)
  })
}

function anyValue(): fc.Arbitrary<string> {
  const name = fc.constantFrom(...HELPERS, ...HELPERS, 'undefined_one', 'Undefined2')
  const blank = fc.constantFrom('', '', '', ' ', '\t', ' \r ')
  const plain = fc.oneof(
    {weight: 6, arbitrary: fc.constantFrom('x', ' ', '  y', '12', '$$', ':', '?', 'a/b', '.', '-', '\t')},
    {weight: 1, arbitrary: fc.constantFrom('\v', '\f', '\r', '\xe9', '\xa0', '{z}', '()', '=')},
  )
  const level = fc.constantFrom('3.6', '3', '3.6.0', '2', '3.1024', '3.', ' 3', '+3', '-0', '', '3.6.1.1', '3x', '3. 6')
  const number = fc.constantFrom('1', '01', '10', '9', '-1', '9223372036854775807', '9223372036854775808')
  const operator = fc.constantFrom('==', '!=', '<', '<=', '>=', '>')
  const badOperator = fc.constantFrom('=', '===', '=~', '== level', '==text', '', 'x')
  const {value} = fc.letrec<Record<'value' | 'part' | 'relation' | 'operand', string>>((tie) => ({
    value: fc.array(tie('part'), {maxLength: 3}).map((parts) => parts.join('')),
    part: fc.oneof(
      {maxDepth: 4, withCrossShrink: true},
      plain,
      name.map((each) => `$${each}`),
      name.map((each) => `$(${each})`),
      fc.tuple(blank, name, blank).map(([before, each, after]) => `\${${before}${each}${after}}`),
      fc
        .tuple(blank, name, blank, tie('value'), tie('value'), blank)
        .map(([b1, each, b2, yes, no, b3]) => `\${${b1}${each}${b2}?${b1}{${yes}}${b3}:${b2}{${no}}${b3}}`),
      fc.tuple(name, fc.constantFrom('?', ':'), tie('value')).map(([each, kind, text]) => `\${${each}${kind}${text}}`),
      fc.tuple(name, blank, tie('value')).map(([each, between, text]) => `$(${each}:${between}{${text}}${between})`),
      fc.tuple(tie('relation'), blank).map(([relation, after]) => `\${${relation}${after}}`),
      fc
        .tuple(tie('relation'), tie('value'), tie('value'))
        .map(([relation, yes, no]) => `\${${relation} ? {${yes}} : {${no}}}`),
    ),
    operand: fc.oneof(
      number,
      level,
      name.map((each) => `$${each}`),
      tie('value'),
    ),
    relation: fc
      .tuple(
        tie('operand'),
        blank,
        fc.oneof({weight: 12, arbitrary: operator}, {weight: 1, arbitrary: badOperator}),
        fc.constantFrom('', '', 'level'),
        blank,
        tie('operand'),
      )
      .map(([left, b1, kind, suffix, b2, right]) => `{${left}}${b1}${kind}${suffix}${b2}{${right}}`),
  }))
  return value
}
