/** The documents: what they name is there. */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {COMMANDS} from '../src/commands/index.ts'
import {errorCodes} from '../src/help/exit-statuses.ts'
import cases from './acceptance/cases/index.ts'

const root = join(import.meta.dirname, '..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...filesBelow('docs').filter((each) => each.endsWith('.md')),
]
const named = testsNamedIn(read('docs/compatibility.md'))

describe('documents', () => {
  it('link to files that are there', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !existsSync(join(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    )
    assert.deepEqual(broken, [])
  })

  it('tell of no file of the project that is not there', () => {
    const paths = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|test|bin|demo|docs)\/[\w./-]+)`/g)].map(([, path = '']) => path),
    )
    assert.ok(paths.length > 10)
    assert.deepEqual(
      paths.filter((each) => !existsSync(join(root, each))),
      [],
    )
  })

  it('say of each word of the glossary what it means, and name its file', () => {
    const rows =
      read('docs/glossary.md')
        .match(/^\| .*/gm)
        ?.slice(1) ?? []
    assert.ok(rows.length > 20)
    assert.deepEqual(
      rows.filter((each) => !/^\| [\w -]+(?:, [\w -]+)* \| .+ \| `(?:src|test)\/[\w./-]+` \|$/.test(each)),
      [],
    )
  })

  it('show no npm script that package.json does not have', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
    const shown = pages.flatMap((page) => [...read(page).matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)])
    assert.deepEqual(
      shown.map(([, script, word]) => script ?? word ?? '').filter((each) => !scripts.includes(each)),
      [],
    )
  })

  it('have the code of every error, with its exit status', () => {
    const rows = read('docs/json.md').matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)
    assert.deepEqual(Object.fromEntries([...rows].map(([, code, status]) => [code, Number(status)])), errorCodes)
  })

  it('have every sub-command in their table', () => {
    const table = read('docs/commands.md')
      .match(/^\| `.*/gm)!
      .join('\n')
    const missing = Object.entries(COMMANDS).filter(
      ([id, {hidden}]) => !hidden && !table.includes(id.split(':').at(-1)!),
    )
    assert.deepEqual(
      missing.map(([id]) => id),
      [],
    )
  })

  it('name no test that does not exist', () => {
    const suites = knownSuites()
    assert.ok(named.length > 20)
    assert.deepEqual(
      named.filter(({suite, test}) => !suites.some((each) => each.suite === suite && each.tests.test(test))),
      [],
    )
  })

  it('explain every reason for which a row may differ from the real postmulti', () => {
    const reasons = new Map<string, string[]>()
    for (const {about, rows} of cases) {
      for (const [title, , details] of rows) {
        for (const {because} of [details?.differs ?? []].flat()) {
          reasons.set(because, [...(reasons.get(because) ?? []), `${about}: ${title}`])
        }
      }
    }
    const explained = named.map(({suite, test}) => `${suite}: ${test}`)
    const missing = [...reasons].filter(([, rows]) => !rows.some((each) => explained.includes(each)))
    assert.deepEqual(missing, [])
  })
})

/** From the last column of its table: `SUITE: TEST`. */
function testsNamedIn(page: string): {suite: string; test: string}[] {
  const cells = page.split('\n').flatMap((line) => /^\|.*\|([^|]*)\|$/.exec(line)?.[1] ?? [])
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+?): ([^`]+)`/g)].map(([, suite = '', test = '']) => ({suite, test})),
  )
}

/** Rows have a suite for each part of postmulti(1); in files, a part of a title that is computed may be anything. */
function knownSuites(): {suite: string; tests: RegExp}[] {
  const ofRows = cases.map(({about, rows}) => ({suite: about, tests: anyOf(rows.map(([title]) => title))}))
  const files = filesBelow('test').filter((each) => /\.(?:test|acceptance)\.ts$/.test(each))
  const ofFiles = files.flatMap((file) => {
    const code = read(file)
    const tests = anyOf(titles(code, /\bit\(\s*/g))
    return titles(code, /\b(?:describe\(|onThrowAwayHost\(import\.meta\.filename,)\s*/g).map((suite) => ({
      suite,
      tests,
    }))
  })
  return [...ofRows, ...ofFiles]
}

/** String literals that follow. */
function titles(code: string, before: RegExp): string[] {
  const literal = new RegExp(`${before.source}(?:'((?:[^'\\\\]|\\\\.)*)'|"([^"]*)"|\`([^\`]*)\`)`, 'g')
  return [...code.matchAll(literal)].map(([, single, double, template]) => single ?? double ?? template ?? '')
}

function anyOf(names: string[]): RegExp {
  const escaped = names.map((each) =>
    each
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+'),
  )
  return new RegExp(`^(?:${escaped.join('|')})$`)
}

/** Relative ones, without the part after '#'. */
function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
}

function filesBelow(directory: string): string[] {
  return readdirSync(join(root, directory), {recursive: true, encoding: 'utf8'}).map((each) => `${directory}/${each}`)
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
