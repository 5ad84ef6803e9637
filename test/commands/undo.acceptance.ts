/**
 * Plans, undo and JSON of every sub-command that changes something, compared byte by byte: contents, owners and modes,
 * unusual ones among them. JSON is held against schemas.ts.
 */
import assert from 'node:assert/strict'
import {appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {differences, mustSucceed, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'
import {answerOf, assertRefused, makeOddHost, outMainCf, readBytes} from './odd-host.ts'

interface Change {
  words: string
  given?: () => void
  /** A file that the change touches. */
  touches: string
}

const primaryMainCf = '/etc/postfix/main.cf'

const changes: Change[] = [
  {words: 'instances init --wrapper ours', touches: primaryMainCf},
  {words: 'instances create new --group mta --first --set mail_name=é', touches: '/etc/postfix-new/main.cf'},
  {words: 'instances create new --like out --enable', touches: '/etc/postfix-new/transport'},
  {
    words: 'instances create new --enable-service submission/inet',
    given: makeTable,
    touches: '/etc/postfix-new/master.cf',
  },
  {
    words: 'instances import /etc/postfix-stray --name postfix-s',
    given: makeStray,
    touches: '/etc/postfix-stray/main.cf',
  },
  {words: 'instances deport b', touches: primaryMainCf},
  {words: 'instances destroy b --yes', touches: primaryMainCf},
  {words: 'instances enable b', touches: '/etc/postfix-b/main.cf'},
  {words: 'instances disable out', touches: outMainCf},
  {words: 'instances assign out --name postfix-o --no-group', touches: outMainCf},
  {words: 'instances set --all mail_name=é relayhost=', touches: '/etc/postfix-b/main.cf'},
  {words: 'instances unset out maillog_file inet_protocols', touches: outMainCf},
  {words: 'instances reorder b --before out', touches: primaryMainCf},
]

onThrowAwayHost(import.meta.filename, 'plans, undo and JSON', compareBytes)

function compareBytes() {
  let restoreHost: () => void

  before(async () => {
    await makeOddHost()
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  for (const {words, given, touches} of changes) {
    const id = words.split(' ', 2).join(':')

    it(`${words} --dry-run changes no byte, and its JSON is as documented`, async () => {
      given?.()
      const before = readBytes()
      const answer = await answerOf(id, `${words} --dry-run --json`)
      assert.equal(answer.changed, false)
      assert.deepEqual(differences(before, readBytes()), [])
    })

    it(`${words} can be undone to the last byte, owner and mode`, async () => {
      given?.()
      const before = readBytes()
      const answer = await answerOf(id, `${words} --json`)
      assert.equal(answer.changed, true)
      assert.notDeepEqual(differences(before, readBytes()), [])
      await answerOf('undo', 'undo --dry-run --json')
      await answerOf('undo', 'undo --yes --json')
      assert.deepEqual(differences(before, readBytes()), [])
    })

    it(`${words} is not undone once ${touches} has changed`, async () => {
      given?.()
      await mustSucceed(words)
      appendFileSync(touches, '# mine\n')
      await assertRefused('undo --yes', `${touches} has changed since`)
    })
  }

  it('a mode that has changed since is reason enough to refuse an undo', async () => {
    await mustSucceed('instances enable b')
    chmodSync('/etc/postfix-b/main.cf', 0o600)
    await assertRefused('undo --yes', '/etc/postfix-b/main.cf has changed since')
  })

  it('a create is not undone when somebody has put a file there', async () => {
    await mustSucceed('instances create new')
    writeFileSync('/etc/postfix-new/mine', '')
    await assertRefused('undo --yes', '/etc/postfix-new/mine has changed since')
  })

  it('an import is not undone while the instance runs', async () => {
    makeStray()
    await mustSucceed('instances import /etc/postfix-stray --name postfix-s')
    sh('postfix -c /etc/postfix-stray start 2>/dev/null')
    try {
      await assertRefused('undo --yes', 'postfix-s is running')
    } finally {
      sh('postfix -c /etc/postfix-stray stop 2>/dev/null')
    }
  })

  it('the undo of an undo brings the change again', async () => {
    await mustSucceed('instances create new --set mail_name=New')
    const after = readBytes()
    await mustSucceed('undo --yes')
    const {changes: past} = await answerOf('history', 'history --json')
    await mustSucceed(`undo ${past[0].id} --yes`)
    assert.deepEqual(differences(after, readBytes()), [])
  })

  describe('a create whose instance has run', () => {
    it('is undone with its sockets, its pid files and what else Postfix has made', async () => {
      const before = readBytes()
      await mustSucceed('instances create new --start')
      await mustSucceed('instances stop new')
      assert.notEqual(sh('ls /var/spool/postfix-new/private'), '')
      await mustSucceed('undo --dry-run')
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readBytes()), [])
    })

    it('is not undone while it runs', async () => {
      await mustSucceed('instances create new --start')
      try {
        await assertRefused('undo --yes', 'postfix-new is running')
      } finally {
        await mustSucceed('instances stop new')
      }
    })

    it('is not undone while there is mail in its queue', async () => {
      await mustSucceed('instances create new')
      sh(
        'echo mail >/var/spool/postfix-new/deferred/4abcDEf0z1; chown postfix /var/spool/postfix-new/deferred/4abcDEf0z1',
      )
      await assertRefused('undo --yes', '1 message in its queue (deferred 1)')
    })
  })

  describe('when somebody has edited a file since', () => {
    const mine = '# mine\nmail_name = Mine\n'

    it('is forced to the bytes as they were, and the undo of that brings back what was edited', async () => {
      const before = readBytes()
      await mustSucceed('instances create new')
      appendFileSync('/etc/postfix-new/master.cf', '# mine\n')
      const edited = readBytes()
      await mustSucceed('undo --force --yes')
      assert.deepEqual(differences(before, readBytes()), [])
      const {changes: past} = await answerOf('history', 'history --json')
      await mustSucceed(`undo ${past[0].id} --yes`)
      assert.deepEqual(differences(edited, readBytes()), [])
    })

    it('is forced in main.cf to what the change had set, and leaves alone what others have', async () => {
      await mustSucceed('instances set out biff=yes')
      appendFileSync(outMainCf, mine)
      await mustSucceed('undo --force --yes')
      const now = readFileSync(outMainCf, 'utf8')
      assert.ok(now.endsWith(mine), now)
      assert.doesNotMatch(now, /^biff = yes$/m)
    })

    it('is forced the way that the refusal shows', async () => {
      await mustSucceed('instances set out biff=yes')
      appendFileSync(outMainCf, mine)
      const {stderr} = await postmulti('undo --yes')
      const shown = /postmulti (undo \d+ --force --dry-run)/.exec(stderr.join('\n'))?.[1] ?? assert.fail('no such way')
      await mustSucceed(shown)
    })
  })

  it('history prints what a file was before a change, byte by byte', async () => {
    const before = readFileSync(outMainCf)
    await mustSucceed('instances set out mail_name=é')
    const {changes: past} = await answerOf('history', 'history --json')
    const {path, base64} = await answerOf('history ID --file', `history ${past[0].id} --file ${outMainCf} --json`)
    assert.equal(path, outMainCf)
    assert.deepEqual(Buffer.from(base64, 'base64'), before)
    assert.equal((await mustSucceed(`history ${past[0].id} --file ${outMainCf}`)).stdout, before.toString())
  })

  it('history tells of each path what it was and what it became', async () => {
    await mustSucceed('instances create new')
    await mustSucceed('instances disable out')
    const {changes: past} = await answerOf('history', 'history --json')
    const {change} = await answerOf('history ID', `history ${past[0].id} --json`)
    const [only] = change.paths
    assert.equal(only.path, outMainCf)
    assert.deepEqual([only.before.mode, only.after.mode], ['0640', '0644'])
    assert.notEqual(only.before.sha256, only.after.sha256)
    await answerOf('history ID', `history ${past[1].id} --json`)
  })
}

/** Somebody's table in the way of a new instance. */
function makeTable(): void {
  mkdirSync('/etc/postfix-new')
  writeFileSync('/etc/postfix-new/transport', 'example.com smtp\n', {mode: 0o600})
  sh('chown postfix /etc/postfix-new /etc/postfix-new/transport')
}

/** A Postfix of its own. */
function makeStray(): void {
  sh('postmulti -i b -e deport')
  renameSync('/etc/postfix-b', '/etc/postfix-stray')
}
