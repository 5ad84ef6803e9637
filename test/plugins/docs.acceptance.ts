/** docs/plugins.md and the README's three commands, typed on a throw-away host: files, commands, and what they say. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {onThrowAwayHost, sh} from '../acceptance/inside.ts'

interface Passage {
  /** To be written first, by path. */
  files: Map<string, string>
  commands: string
  /** What they print; undefined when the page does not say, and then they succeed. */
  prints: string | undefined
}

const root = join(import.meta.dirname, '../..')
let place: string

onThrowAwayHost(import.meta.filename, 'the documents on plugins', typeThemAll)

function typeThemAll() {
  before(() => {
    // Not below /run: the plugin's own tests have a throw-away host, too, where that is another one.
    place = mkdtempSync(join(tmpdir(), 'docs-'))
    sh('postmulti -e init')
  })
  after(() => rmSync(place, {recursive: true}))

  it('begin in the README, with three commands from nothing to a rule', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [block = ''] = /^# postmulti plugins new [\s\S]*?(?=^```$)/m.exec(readme) ?? []
    const lines = block.split('\n').filter(Boolean)
    const commands = lines.flatMap((each) => /^# (.*)/.exec(each)?.[1] ?? [])
    const said = commands.map(type)
    assert.deepEqual(
      said.map(({status}) => status),
      [0, 0, 0, 1],
    )
    assert.equal(said.at(-1)?.stdout, `${lines.at(-1)}\n`)
    sh(`rm -r ${place}/*; postmulti plugins uninstall site-names`)
  })

  for (const {files, commands, prints} of readPassages()) {
    it(`work as they are written: ${commands.split('\n')[0]}`, () => {
      for (const [path, text] of files) {
        mkdirSync(dirname(join(place, path)), {recursive: true})
        writeFileSync(join(place, path), text)
      }
      const {status, stdout} = type(prints === undefined ? `set -e\n${commands}` : commands)
      if (prints === undefined) assert.equal(status, 0, stdout)
      else assert.equal(withoutRelease(stdout), withoutRelease(prints))
    })
  }
}

/** Every block of the page is a part of one. */
function readPassages(): Passage[] {
  const page = readFileSync(join(root, 'docs/plugins.md'), 'utf8')
  const passages: Passage[] = []
  let files = new Map<string, string>()
  for (const [, kind = '', path = '', text = ''] of page.matchAll(/^```(\w*) ?(\S*)\n([\s\S]*?)^```$/gm)) {
    if (path !== '') files.set(path, text)
    else if (kind === 'sh') {
      passages.push({files, commands: text, prints: undefined})
      files = new Map()
    } else {
      assert.equal(kind, '', `a block that nobody tests: ${text}`)
      passages.at(-1)!.prints = text
    }
  }
  assert.equal(files.size, 0)
  return passages
}

function type(commands: string): {status: number | null; stdout: string} {
  const {status, stdout} = spawnSync('sh', ['-c', `exec 2>&1\n${commands}`], {cwd: place, encoding: 'utf8'})
  return {status, stdout}
}

/** How long main.cf is differs, and from 13 on Debian's Postfix tells what it copies into the chroot of a new instance. */
function withoutRelease(text: string): string {
  return text.replace(/^updating .*\n/gm, '').replaceAll(/(main\.cf):\d+/g, '$1:N')
}
