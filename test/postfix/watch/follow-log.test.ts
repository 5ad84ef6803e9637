/** What is counted in logs, from one look to the next. */
import assert from 'node:assert/strict'
import {appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {makeTally, type Tally} from '../../../src/model/mail/rates.ts'
import {followLog} from '../../../src/postfix/watch/follow-log.ts'
import type {MailLog} from '../../../src/postfix/watch/mail-log.ts'

describe('log that is followed', () => {
  const started = new Date(2026, 10, 25, 10, 0, 0)
  let directory = ''
  let path = ''
  let log: MailLog
  let tally: Tally
  let look: (seconds: number) => Promise<number | undefined>
  let warnings: string[]
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'log-'))
    path = join(directory, 'mail.log')
    log = new Map([[path, new Map([['postfix-out', '/etc/postfix-out']])]])
    tally = makeTally()
    warnings = []
    const lookAtLog = followLog(tally, (text) => warnings.push(text), directory)
    look = async (seconds) => {
      const now = new Date(started.getTime() + seconds * 1000)
      await lookAtLog(log, now)
      return tally.rates('/etc/postfix-out', now.getTime() / 1000)?.in
    }
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  /** `messages` lines of a message each, `seconds` after the start. */
  function lines(seconds: number, messages: number, name = 'postfix-out'): string {
    const time = new Date(started.getTime() + seconds * 1000).toTimeString().slice(0, 8)
    return `Nov 25 ${time} mx1 ${name}/cleanup[7]: 4ABC: message-id=<a@b>\n`.repeat(messages)
  }

  function write(text: string): void {
    writeFileSync(path, text)
    utimesSync(path, started, started)
  }

  it('is first read from a minute before', async () => {
    write(lines(-300, 1000) + lines(-90, 4000) + lines(-30, 2) + lines(-1, 3))
    assert.equal(await look(0), 5)
  })

  it('is not read at first when nobody has written for a minute', async () => {
    write(lines(-1, 3))
    utimesSync(path, started, new Date(started.getTime() - 61_000))
    assert.equal(await look(0), 0)
  })

  it('is then read from where the last look ended, be it in the middle of a line', async () => {
    write(lines(-1, 1))
    assert.equal(await look(0), 1)
    const [first, rest] = [lines(1, 1).slice(0, 40), lines(1, 1).slice(40)]
    appendFileSync(path, first)
    assert.equal(await look(2), 1)
    appendFileSync(path, rest + lines(3, 2))
    assert.equal(await look(4), 4)
    assert.equal(await look(5), 4)
  })

  it('goes on in a new file under its name, and in the same one when that was emptied', async () => {
    write(lines(-1, 1))
    await look(0)
    renameSync(path, `${path}.1`)
    assert.equal(await look(1), 1)
    writeFileSync(path, lines(2, 2))
    assert.equal(await look(2), 3)
    truncateSync(path)
    appendFileSync(path, lines(3, 1))
    assert.equal(await look(3), 4)
  })

  it('counts by the time of the look what a clock elsewhere gave another time', async () => {
    write('')
    await look(0)
    appendFileSync(path, lines(-7200, 2) + lines(7200, 1))
    assert.equal(await look(1), 3)
  })

  it('counts for the instance that its lines begin with, and no other', async () => {
    write('')
    await look(0)
    appendFileSync(path, lines(1, 1, 'postfix-out/submission') + lines(1, 9, 'postfix-outer') + lines(1, 9, 'postfix'))
    assert.equal(await look(1), 1)
  })

  it('may be not there yet', async () => {
    assert.equal(await look(0), 0)
    writeFileSync(path, lines(1, 2))
    assert.equal(await look(1), 2)
    assert.deepEqual(warnings, [])
  })

  describe('of the journal', () => {
    beforeEach(() => {
      log = new Map([['journal', new Map([['postfix-out', '/etc/postfix-out']])]])
    })

    it('is asked for the last minute, and then for what came since', async () => {
      const script = `#!/bin/sh
        case "$*" in
          *--since=@*) printf '%s' '${lines(-30, 2)}' '${lines(-90, 1)}' ;;
          *--after-cursor=s=1) printf '%s' '${lines(1, 1)}' ;;
        esac
        echo '-- cursor: s=1'`
      writeFileSync(join(directory, 'journalctl'), script, {mode: 0o755})
      assert.equal(await look(0), 2)
      assert.equal(await look(1), 3)
    })

    it('has no rates where there is none, and that is told once', async () => {
      assert.equal(await look(0), undefined)
      assert.equal(await look(1), undefined)
      assert.deepEqual(warnings, ['there is no mail log, so there are no rates'])
    })
  })

  it('that cannot be read is told once, and has no rates', async () => {
    log = new Map([[join(directory, '.'), new Map([['postfix-out', '/etc/postfix-out']])]])
    utimesSync(directory, started, started)
    assert.equal(await look(0), undefined)
    assert.equal(await look(1), undefined)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0]!, /: Is a directory$/)
  })

  it('of more than can be read at first is read as far back as may be, and has the rate of that time', async () => {
    write(lines(-10, 200_000))
    const rate = (await look(0)) ?? 0
    assert.ok(rate > 700_000 && rate < 800_000, String(rate))
  })

  it('of gigabytes takes no more memory than a small one', async () => {
    write(`${'x'.repeat(1000)}\n`)
    truncateSync(path, 5 * 1024 ** 3)
    appendFileSync(path, `\n${lines(-1, 2)}`)
    utimesSync(path, started, started)
    const before = process.memoryUsage().rss
    assert.equal(await look(0), 2)
    assert.ok(process.memoryUsage().rss - before < 60e6)
  })
})
