/** The manual page, as `npm run build` makes it. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {COMMANDS} from '../src/commands/index.ts'

const directory = join(import.meta.dirname, '../dist')
const page = join(directory, 'postmulti.1')
const pages = readdirSync(directory).filter((each) => each.endsWith('.1'))

describe('manual page', () => {
  it('is what mandoc(1) has nothing to say about', function () {
    const {error, stdout, stderr} = spawnSync('mandoc', ['-T', 'lint', ...pages], {cwd: directory, encoding: 'utf8'})
    if (error !== undefined) this.skip()
    const remarks = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.includes('mandoc.db'))
    assert.deepEqual(remarks, [])
  })

  it('tells of every command that is not hidden', () => {
    const text = readFileSync(page, 'utf8').replaceAll('\\-', '-')
    const told = (id: string): boolean => text.includes(id.replaceAll(':', ' '))
    const missing = Object.entries(COMMANDS).filter(([id, {hidden}]) => !hidden && !told(id))
    assert.deepEqual(
      missing.map(([id]) => id),
      [],
    )
  })

  it('is one for each first word of a command, too, with all that begin with it', () => {
    const ids = Object.entries(COMMANDS).flatMap(([id, {hidden}]) => (hidden ? [] : [id.split(':')]))
    for (const id of ids) {
      const text = readFileSync(join(directory, `postmulti-${id[0]}.1`), 'utf8')
      assert.ok(text.includes(`.Cm ${id.join(' ')}\n`), id.join(' '))
    }
    assert.equal(pages.length, 1 + new Set(ids.map(([first]) => first)).size)
  })
})
