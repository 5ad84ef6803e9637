/** Commands that the pages show, typed at a terminal. Those of docs/plugins.md and docs/install.md have tests of their own. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {onThrowAwayHost, sh} from './acceptance/inside.ts'

/** Their exit status also says what they have found. */
const finding = /^postmulti (?:check|doctor)\b|&& postmulti check/

onThrowAwayHost(import.meta.filename, 'commands of the documents', () => {
  before(() => sh('postmulti -e init'))
  beforeEach(() => sh('postfix start'))
  afterEach(() =>
    sh('{ postfix stop; postmulti -i out -e disable; postmulti -i out -e destroy; } >/dev/null 2>&1 || :'),
  )

  const readme = blocksOf('README.md').filter((each) => /^# post(?:multi(?! plugins)|fix)/.test(each))
  for (const block of readme) {
    const lines = block.split('\n').flatMap((line) => /^# (.*)/.exec(line)?.[1] ?? [])
    it(`of README work: ${lines[0]}`, () => typeAll(lines))
  }

  it('of docs/check.md work', () => {
    const [table = '', ...others] = blocksOf('docs/check.md').filter((each) => /^(?:postmulti|cd) /.test(each))
    sh('postmulti instances create out')
    typeAll(table.split('\n').flatMap((line) => line.split(/ {2,}/, 1)[0]!.split(', ')))
    typeAll(others.flatMap((each) => each.split('\n')))
  })

  it('of docs/commands.md and docs/systemd.md work', () => {
    const [, piped = ''] = /^ {4}(postmulti .*)$/m.exec(read('docs/commands.md')) ?? []
    typeAll([piped, ...blocksOf('docs/systemd.md').flatMap((each) => each.split('\n'))])
  })
})

/** A question gets a yes, and a full screen its key. */
function typeAll(lines: readonly string[]): void {
  assert.ok(lines.length > 0)
  for (const line of lines) {
    const {status, stdout} = spawnSync('script', ['-qec', line, '/dev/null'], {
      encoding: 'utf8',
      input: /\btop$/.test(line) ? 'q' : 'y\n',
      timeout: 30_000,
    })
    assert.ok(status === 0 || (status === 1 && finding.test(line)), `${line}: status ${status}\n${stdout}`)
  }
}

function blocksOf(page: string): string[] {
  return [...read(page).matchAll(/^```.*\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block)
}

function read(page: string): string {
  return readFileSync(join(import.meta.dirname, '..', page), 'utf8')
}
