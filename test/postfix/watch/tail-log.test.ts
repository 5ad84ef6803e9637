/** The log of one instance, from its end. */
import assert from 'node:assert/strict'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type OwnLog, readNewest} from '../../../src/postfix/watch/tail-log.ts'

describe('log of one instance', () => {
  let directory = ''
  let log: OwnLog
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'log-'))
    log = {source: join(directory, 'mail.log'), twin: undefined, isOwn: (line) => line.startsWith('own ')}
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('is read from its end, over more than one piece of it', async () => {
    writeFileSync(log.source, `own 1\nown ü\n${'other\n'.repeat(50_000)}own 3\n`)
    assert.deepEqual((await readNewest(log, 2)).lines, ['own ü', 'own 3'])
    assert.deepEqual((await readNewest(log, 9)).lines, ['own 1', 'own ü', 'own 3'])
  })

  it('has lines that cross the border of two pieces', async () => {
    const lines = Array.from({length: 20_000}, (_, at) => `own ${at}`)
    writeFileSync(log.source, `${lines.join('\n')}\n`)
    assert.deepEqual((await readNewest(log, 100_000)).lines, lines)
  })

  it('may end in a line that is not whole yet: that is for who follows', async () => {
    writeFileSync(log.source, 'own 1\nown 2')
    const {lines, place} = await readNewest(log, 9)
    assert.deepEqual([lines, place.rest, place.offset], [['own 1'], 'own 2', 11])
  })

  it('may not be there yet', async () => {
    assert.deepEqual((await readNewest(log, 9)).lines, [])
  })
})
