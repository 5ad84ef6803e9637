/** Which files the mail log has, and what is read of them. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {appendFileSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {
  findSimilarIds,
  findUnknownForms,
  gatherLines,
  type MailLog,
  onlyFiles,
  withOlderFiles,
} from '../../../src/postfix/watch/mail-log.ts'

const begin = 'Nov 25 08:00:00 mx postfix/smtpd[1]: 4ABCdef1: client=a.example[192.0.2.1]\n'
const end = 'Nov 25 08:00:09 mx postfix/qmgr[1]: 4ABCdef1: removed\n'

describe('mail log', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mail log '))
  })
  afterEach(() => rmSync(directory, {recursive: true, force: true}))

  it('has older files, as logrotate and postfix logrotate leave them, the oldest first', () => {
    const names = [
      'mail.log.10.gz',
      'mail.log-20261101.xz',
      'mail.log.20261102-080000.gz',
      'mail.log.2.zst',
      'mail.log.1',
      'mail.log',
    ]
    names.forEach((name, age) => {
      write(name, '')
      utimesSync(join(directory, name), 1000 + age, 1000 + age)
    })
    for (const each of ['mail.log.old', 'mail.log.1.orig', 'mail.logs', 'mail.err', 'mail.log.1.gz.part'])
      write(each, '')
    assert.deepEqual(
      [...withOlderFiles(log('mail.log')).keys()],
      names.map((each) => join(directory, each)),
    )
  })

  it('has no older files where there is a journal', () => {
    assert.deepEqual([...withOlderFiles(new Map([['journal', new Map()]])).keys()], ['journal'])
  })

  const packed: [name: string, pack: (text: string) => Buffer][] = [
    ['mail.log.2.gz', gzipSync],
    ['mail.log.2.zst', zstdCompressSync],
    ['mail.log.2.xz', (text) => packBy('xz', text)],
    ['mail.log.2.bz2', (text) => packBy('bzip2', text)],
    ['mail.log.2', gzipSync],
  ]
  for (const [name, pack] of packed) {
    it(`is read from ${name}, which is compressed, as from any other`, async function () {
      const program = {xz: 'xz', bz2: 'bzip2'}[name.slice('mail.log.2.'.length)]
      if (program !== undefined && spawnSync(program, ['--help']).error !== undefined) return this.skip()
      write(name, pack(begin.repeat(3000)))
      write('mail.log', end)
      const {lines, unread} = await gatherLines(log(name, 'mail.log'), {queue_id: '4ABCdef1', newest: 1})
      assert.deepEqual([lines.length, unread.size], [3001, 0])
    })
  }

  it('goes on where a file of several cannot be read, and says why', async () => {
    const whole = gzipSync(begin)
    write('mail.log.2.gz', whole.subarray(0, whole.length - 12))
    write('mail.log', end)
    const {lines, unread} = await gatherLines(log('mail.log.2.gz', 'mail.log'), {queue_id: '4ABCdef1', newest: 1})
    assert.equal(lines.at(-1)?.text, 'removed')
    assert.deepEqual([...unread], [[join(directory, 'mail.log.2.gz'), 'unexpected end of file']])
  })

  it('in a form that is not known is told with its first line, and so is an empty one', async () => {
    write('empty.log', '')
    write('other.log', `one\x1b[31m ${'x'.repeat(200)}\nanother\n`)
    write('mail.log', `garbage\n${end}`)
    assert.deepEqual(await findUnknownForms(log('empty.log', 'other.log', 'mail.log')), [
      `${join(directory, 'empty.log')} is empty`,
      `no line of ${join(directory, 'other.log')} has a form that is known; the first one is ` +
        `"$(printf 'one\\033\\13331m\\040${'x'.repeat(71)}...')"`,
    ])
  })

  it('that is one file must be readable', async () => {
    await assert.rejects(gatherLines(log('mail.log'), {queue_id: '4ABCdef1', newest: 1}), /No such file/)
  })

  // Nobody says when they end.
  for (const name of ['fifo', '/dev/zero', '/dev/stdout', '.', 'link to a device']) {
    it(`that is no file is not opened: ${name}`, async () => {
      spawnSync('mkfifo', [join(directory, 'fifo')])
      symlinkSync('/dev/zero', join(directory, 'link to a device'))
      const source = name.startsWith('/') ? name : join(directory, name)
      const search = gatherLines(new Map([[source, new Map()]]), {queue_id: '4ABCdef1', newest: 1})
      await assert.rejects(search, /: (?:Not a regular file|Is a directory|A symbolic link.*)$/)
      // Below a directory of others a link is not followed, and that is told when it is read.
      if (name.startsWith('link')) return
      const told: string[] = []
      assert.deepEqual(
        [...onlyFiles(new Map([[source, new Map([['x', 'postfix-x']])]]), (text) => told.push(text))],
        [],
      )
      assert.deepEqual(told, [
        `the mail log of postfix-x goes to ${source}, which is not a file: name another with --log`,
      ])
    })
  }

  // Its time grew with the square of the length.
  for (const [what, filler] of [
    ['a hole of NULs', '\0'],
    ['a line without an end', 'x'],
    ['a line of many matches', ' 4ABCdef1'],
  ] as const) {
    it(`with ${what} of 64 MB is read in seconds, and so is what stands around it`, async () => {
      write('mail.log', begin)
      for (let megabytes = 0; megabytes < 64; megabytes++) {
        appendFileSync(join(directory, 'mail.log'), filler.repeat(1024 ** 2 / filler.length))
      }
      appendFileSync(join(directory, 'mail.log'), `${filler === '\0' ? '' : '\n'}${end}`)
      const began = performance.now()
      const {lines} = await gatherLines(log('mail.log'), {pattern: /4ABCdef1/g, newest: 1})
      assert.deepEqual([lines[0]?.text, lines.at(-1)?.text], ['client=a.example[192.0.2.1]', 'removed'])
      assert.ok(performance.now() - began < 15_000)
    })
  }

  it('has ids that are nearly the same', async () => {
    write('mail.log', begin + end)
    assert.deepEqual(await findSimilarIds(log('mail.log'), '4abcDEF', 3), ['4ABCdef1'])
    assert.deepEqual(await findSimilarIds(log('mail.log'), '4ABCX', 3), [])
  })

  function write(name: string, text: string | Buffer): void {
    writeFileSync(join(directory, name), text)
  }

  function log(...names: string[]): MailLog {
    return new Map(names.map((each) => [join(directory, each), new Map([['postfix', 'postfix']])]))
  }
})

function packBy(program: string, text: string): Buffer {
  const {status, stdout, error} = spawnSync(program, ['-c'], {input: text})
  assert.equal(status, 0, String(error))
  return stdout
}
