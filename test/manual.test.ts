/** The manual page, as `npm run build` makes it. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {COMMANDS} from '../src/commands/index.ts'

const page = join(import.meta.dirname, '../dist/postmulti.1')

describe('manual page', () => {
  it('is what mandoc(1) has nothing to say about', function () {
    const {error, stdout, stderr} = spawnSync('mandoc', ['-T', 'lint', page], {encoding: 'utf8'})
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
})
