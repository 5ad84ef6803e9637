/**
 * The editor beside the real `postconf -e`, `-X` and `-#`: the same bytes, in the same file. FUZZ_RUNS sets the number of
 * edits, FUZZ_SEED repeats an earlier run.
 */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {editInPlace} from '../../../src/apply/main-cf.ts'
import {linesOfEntries} from '../../../src/model/main-cf/editor.ts'

const POSTCONF = '/usr/sbin/postconf'
/** Not below /tmp, which is everybody's: links are not followed there. */
const rootsOwn = process.geteuid?.() === 0 ? '/run' : tmpdir()
const runs = Number(process.env.FUZZ_RUNS ?? 400)
// CI repeats one run: what it says must depend on the change alone.
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261125 : Date.now() % 2 ** 31))

describe('editing main.cf beside postconf', () => {
  it(`agrees on ${runs} edits with seed ${seed}`, function () {
    if (!existsSync(POSTCONF)) this.skip()
    this.timeout(60_000 + runs * 500)
    const directory = mkdtempSync(join(rootsOwn, 'editor-fuzz-'))
    try {
      const endsLastLine =
        runPostconf(lay(`${directory}/first`, 'b = 1', []), ['-e', 'a = 1']).text === 'b = 1\na = 1\n'
      for (const [at, {text, option, names, value, links}] of fc.sample(edit, {numRuns: runs, seed}).entries()) {
        const label = `seed ${seed}, case ${at}: ${JSON.stringify({text, option, names, value, links})}`
        const appends = option === '-e' && names.some((each) => linesOfEntries(text, each) === '')
        // Older releases leave an unterminated last line as it is, and glue what they append to it.
        const original = endsLastLine || /^$|\n$/.test(text) ? text : `${text}\n`
        const words = names.map((each) => (option === '-e' ? `${each} = ${value}` : each))
        const real = runPostconf(lay(`${directory}/${at}.real`, original, links), [option, ...words])
        const ours = edited(lay(`${directory}/${at}.ours`, text, links), {option, names, value})
        // Only the order of what is appended may differ.
        if (appends) {
          assert.equal(ours.text.length, real.text.length, label)
          assert.deepEqual(ours.text.split('\n').sort(), real.text.split('\n').sort(), label)
        } else assert.equal(ours.text, real.text, label)
        assert.deepEqual(ours.files, real.files, label)
      }
    } finally {
      rmSync(directory, {recursive: true})
    }
  })
})

interface Edit {
  option: '-e' | '-X' | '-#'
  names: string[]
  value: string
}

interface Outcome {
  /** Of main.cf; latin1. */
  text: string
  /** What each file is, without that text; of others without white space at the end. */
  files: string[]
}

function edited(directory: string, {option, names, value}: Edit): Outcome {
  const set = Object.fromEntries(names.map((each) => [each, value]))
  if (option === '-e') editInPlace(directory, {set})
  else if (option === '-X') editInPlace(directory, {remove: names})
  else editInPlace(directory, {comment: names})
  return look(directory)
}

/** Editing evaluates nothing, so any text will do. */
function runPostconf(directory: string, words: string[]): Outcome {
  const {status, stderr} = spawnSync(POSTCONF, ['-c', directory, ...words], {encoding: 'latin1'})
  assert.equal(status, 0, stderr)
  return look(directory)
}

/** main.cf, or links that lead to it one after the other. */
function lay(directory: string, text: string, links: readonly string[]): string {
  mkdirSync(directory)
  const names = ['main.cf', ...links]
  writeFileSync(`${directory}/${names.pop()}`, text, 'latin1')
  for (const [at, name] of names.entries()) symlinkSync(links[at]!, `${directory}/${name}`)
  return directory
}

function look(directory: string): Outcome {
  const files = readdirSync(directory)
    .sort()
    .map((name) => {
      const path = `${directory}/${name}`
      const stats = lstatSync(path)
      if (stats.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`
      return `${name} ${stats.mode.toString(8)} ${name === 'main.cf' ? '' : readFileSync(path, 'latin1').trimEnd()}`
    })
  return {text: readFileSync(`${directory}/main.cf`, 'latin1'), files}
}

const oneOf = fc.constantFrom
const pieces = oneOf(
  'a',
  'b',
  'ab',
  'c',
  '#',
  '=',
  ' ',
  '\t',
  '\n',
  '\n',
  '\r',
  '\v',
  '\f',
  'x',
  '1',
  '\xa0',
  '\xff',
  '$',
  ' = ',
  '\n ',
)
const names = oneOf('a', 'b', 'ab', 'c', 'queue_directory')
const lines = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        names,
        oneOf(' = ', '=', '\t=  '),
        oneOf('1', 'x y', '', '$a', 'a = 2', '1,\n  2', '1\n# no\n\n\t2', '1\r', '\xe9'),
      )
      .map((parts) => parts.join('')),
  },
  oneOf('# comment', '#a = 1', '', ' ', '  indented', '\t# no', 'bare', ' = 1', 'a', '\r', 'a b = 1', 'x\0y'),
)
const mainCf = fc.oneof(
  fc.array(pieces, {maxLength: 40}).map((each) => each.join('')),
  fc.tuple(fc.array(lines, {maxLength: 8}), oneOf('\n', '\n', '')).map(([all, end]) => all.join('\n') + end),
)
const edit = fc.record({
  // postconf takes the byte 0xFF for the end of the file, and loses the line, where no newline follows it. A NUL takes
  // the newline of its line along, and the last line has been dealt with.
  text: mainCf.map((text) => text.replace(/\xff$/, '\xff\n').replace(/\0(?=[^\n]*\n?$)/g, '')),
  option: oneOf('-e' as const, '-X' as const, '-#' as const),
  names: fc.uniqueArray(oneOf('a', 'b', 'ab', 'c', 'new', 'queue_directory'), {minLength: 1, maxLength: 4}),
  value: oneOf('', '1', ' 1  2 ', 'x = y', '# no comment', '\t1\r', '$a', 'é'),
  links: fc.oneof({weight: 6, arbitrary: fc.constant([])}, oneOf(['real.cf'], ['link', 'real.cf'])),
})
