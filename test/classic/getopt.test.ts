import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import fc from 'fast-check'
import {type ParsedOptions, parseOptions} from '../../src/classic/getopt.ts'
import {toBytes} from '../../src/model/base/text.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 500)
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)

describe('getopt', () => {
  /** What is typed; what is understood: options with their arguments, ' -- ', operands. */
  const rows: [typed: string[], understood: string][] = [
    [[], '--'],
    [['-l'], '-l --'],
    [['-lRgalpha'], '-l -R -g<alpha> --'],
    [['-lRg', 'alpha'], '-l -R -g<alpha> --'],
    [['-einit'], '-e<init> --'],
    [['-e=init'], '-e<=init> --'],
    [['-e', 'create', '-I', 'postfix-out', '-Gmta'], '-e<create> -I<postfix-out> -G<mta> --'],
    [['-I', '-', '-G', ''], '-I<-> -G<> --'],
    [['-i', '-l'], '-i<-l> --'],
    [['-g', '--', '-l'], '-g<--> -l --'],
    [['-gl', '-l'], '-g<l> -l --'],
    [['-l', '-l', '-R', '-R'], '-l -l -R -R --'],
    [['-p', 'start', '-l'], '-p -- start -l'],
    [['-p', '--', 'start'], '-p -- start'],
    [['-x', '--', '-l'], '-x -- -l'],
    [['--', '-i', 'out', '-x', 'ls'], '-- -i out -x ls'],
    [['-l', '-', '-a'], '-l -- - -a'],
    [['-x', ''], '-x -- '],
    [['-x', 'ls', '--', '-l'], '-x -- ls -- -l'],
    [['-g', 'two words', '-i', 'postfix-ä'], '-g<two words> -i<postfix-ä> --'],
  ]
  for (const [typed, understood] of rows) {
    it(`${typed.map(quote).join(' ') || 'nothing'} means ${understood}`, () => {
      const parsed = parseOptions(typed)
      assert.equal(written(parsed), understood)
      assert.equal(parsed.message, undefined)
    })
  }

  const complaints: [typed: string[], message: string, before: string][] = [
    [['-z'], "invalid option -- 'z'", '--'],
    [['-lz', '-g'], "invalid option -- 'z'", '-l --'],
    [['--help'], "invalid option -- '-'", '--'],
    [['-l', '-h', 'x'], "invalid option -- 'h'", '-l --'],
    [['-g'], "option requires an argument -- 'g'", '--'],
    [['-lRe'], "option requires an argument -- 'e'", '-l -R --'],
    [['-:'], "invalid option -- ':'", '--'],
    [['-l-'], "invalid option -- '-'", '-l --'],
  ]
  for (const [typed, message, before] of complaints) {
    it(`${typed.join(' ')} gets: ${message}`, () => {
      const parsed = parseOptions(typed)
      assert.equal(parsed.message, message)
      assert.equal(written(parsed), before)
    })
  }

  it('knows j, as Postfix 3.11 does', () => assert.equal(written(parseOptions(['-jl'])), '-j -l --'))

  it('takes an option for one byte, like getopt(3)', () => {
    assert.deepEqual(toBytes(parseOptions(['-ä']).message ?? ''), Buffer.from("invalid option -- '\xc3'", 'latin1'))
  })

  it('hands on bytes that are no text', () => {
    assert.deepEqual(parseOptions(['-g\udcff', '\udc80']), {
      options: [{letter: 'g', argument: '\udcff'}],
      operands: ['\udc80'],
    })
  })

  it(`agrees with getopt(1) on ${runs} command lines (FUZZ_SEED=${seed})`, function () {
    this.timeout(60_000)
    if (!isUtilLinux()) this.skip()
    const lines = fc.sample(anyCommandLine(), {numRuns: runs, seed})
    const theirs = askGetopt(lines)
    for (const [index, words] of lines.entries()) {
      const context = `FUZZ_SEED=${seed}, case ${index}: ${words.map(quote).join(' ')}`
      const ours = parseOptions(words)
      const {message, understood} = theirs[index]!
      assert.equal(ours.message, message, context)
      // getopt(1) goes on after its first message; we need not.
      if (message === undefined) assert.deepEqual(toTokens(ours), understood, context)
      else assert.deepEqual(understood.slice(0, ours.options.length), optionTokens(ours), context)
    }
  })
})

interface Told {
  message: string | undefined
  /** Each option, with its argument in angle brackets; '--'; each operand. */
  understood: string[]
}

/** One shell for all of them. */
function askGetopt(lines: string[][]): Told[] {
  const calls = lines.map((words) => `getopt -n x -o +ae:g:i:jG:I:lpRvx -- ${words.map(quote).join(' ')}`)
  const script = calls.map((call) => `${call} 2>&1; printf '\\0'`).join('\n')
  const {stdout, error} = spawnSync('sh', {input: script, encoding: 'utf8', env: {PATH: process.env.PATH, LC_ALL: 'C'}})
  if (error !== undefined) throw error
  return stdout.split('\0').slice(0, -1).map(readAnswer)
}

function readAnswer(text: string): Told {
  const complaints = text.match(/^x: .*$/gm) ?? []
  // It also takes long options, of which there are none here. For getopt(3) that is the option '-'.
  const message = complaints[0]?.slice(3).replace(/^unrecognized option '--.*/, "invalid option -- '-'")
  const words = (text.slice(complaints.join('\n').length).match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? []).map(unquote)
  const understood: string[] = []
  while (words.length > 0) {
    const word = words.shift()!
    if (word === '--') return {message, understood: [...understood, word, ...words]}
    understood.push(/^-[egiGI]$/.test(word) ? `${word}<${words.shift()}>` : word)
  }
  return {message, understood}
}

function anyCommandLine(): fc.Arbitrary<string[]> {
  const letter = fc.constantFrom(...'aegijGIlpRvx', ...'aegijGIlpRvx', 'z', 'W', '-', ':', '=', ' ', "'")
  const cluster = fc.array(letter, {minLength: 1, maxLength: 4}).map((letters) => `-${letters.join('')}`)
  const plain = fc.constantFrom(
    '',
    '-',
    '--',
    'start',
    'postfix-out',
    "it's",
    'two words',
    '$x',
    'a=b',
    '\\',
    'ä',
    '---',
  )
  return fc.array(fc.oneof({weight: 3, arbitrary: cluster}, {weight: 2, arbitrary: plain}), {maxLength: 7})
}

function isUtilLinux(): boolean {
  return spawnSync('getopt', ['--version'], {encoding: 'utf8'}).stdout?.includes('util-linux') ?? false
}

function written(parsed: ParsedOptions): string {
  return toTokens(parsed).join(' ')
}

function toTokens(parsed: ParsedOptions): string[] {
  return [...optionTokens(parsed), '--', ...parsed.operands]
}

function optionTokens({options}: ParsedOptions): string[] {
  return options.map(({letter, argument}) => (/[egiGI]/.test(letter) ? `-${letter}<${argument}>` : `-${letter}`))
}

function quote(word: string): string {
  return /^[\w=/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function unquote(quoted: string): string {
  return quoted.replace(/'([^']*)'|\\'/g, (whole, text) => (whole === "\\'" ? "'" : text))
}
