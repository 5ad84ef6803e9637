/** The lock, the journal and the places of our own when they are not as usual. */
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  replaceTool,
  saveHost,
  sh,
  start,
} from './inside.ts'

const pending = '/var/lib/postmulti/pending'
const begin = {
  request: {action: 'create', parameters: []},
  config_directory: '/etc/postfix-new',
  began: '2026-01-02T03:04:05.678Z',
  pid: 4711,
  uid: 0,
  sudoUser: null,
}
const permissions = {mode: 0o644, uid: 0, gid: 0}

onThrowAwayHost(import.meta.filename, 'records of changes', keepRecords)

function keepRecords() {
  let restore: () => void

  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['postfix-out', 'postfix-in']) await mustSucceed(`-I ${each} -e create`)
    restore = saveHost()
    restore()
    sh('mkdir -p /run/ro; mount -t tmpfs tmpfs /run/ro; echo new >/run/ro/file; mount -o remount,ro /run/ro')
    symlinkSync('/run/loop', '/run/loop')
  })
  afterEach(() => restore())

  const obstacles: [what: string, path: string, why: string][] = [
    ['is on a read-only file system', '/run/ro/file', 'Read-only file system'],
    ['was replaced by a link to itself', '/run/loop/file', 'Too many levels of symbolic links'],
    ['has too long a name', `/etc/postfix-out/${'a'.repeat(256)}`, 'File name too long'],
  ]
  for (const [what, path, why] of obstacles) {
    it(`what ${what} is not brought back, that is said, and the next change goes on`, async () => {
      writeFileSync('/etc/postfix-out/transport', 'half')
      leave([
        {was: 'absent', path: '/etc/postfix-out/transport'},
        {was: 'file', path, base64: 'b2xkCg==', seconds: 1, ...permissions},
      ])
      const {stderr} = await mustSucceed('-i postfix-out -e enable')
      const [told = ''] = stderr
      assert.match(told, /: warning: rolled back in part an unfinished create of \/etc\/postfix-new \(process 4711/)
      assert.ok(told.includes(`; ${path} cannot be brought back: `) && told.endsWith(why), told)
      assert.equal(existsSync('/etc/postfix-out/transport'), false)
      assert.deepEqual((await mustSucceed('-i postfix-out -e disable')).stderr, [])
      const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
      assert.equal(changes[2].state, 'rolled back in part')
      const {stdout} = await mustSucceed(['history', changes[2].id])
      assert.match(stdout, /^ {2}left {4}.* cannot be brought back: /m)
      await mustSucceed('undo --yes')
    })
  }

  it('what cannot be cleared away after a change keeps no other one from being made', async () => {
    leave([{was: 'moved', path: '/run/ro/gone', to: '/run/ro/file', tree: []}], {end: 'complete', after: []})
    const {stderr} = await mustSucceed('-i postfix-out -e enable')
    assert.match(stderr[0] ?? '', /completed an unfinished create .*; \/run\/ro\/file cannot be removed: Read-only/)
    assert.deepEqual((await mustSucceed('-i postfix-out -e disable')).stderr, [])
  })

  for (const [what, text] of [
    ['makes no sense', '{"begin":{}}\n'],
    ['a newer program has written', `{"schema":99,"number":1,"begin":${JSON.stringify(begin)}}\n`],
  ] as const) {
    it(`a killed change that ${what} is left alone, and no other one is made`, async () => {
      const before = readTree()
      writeFileSync(pending, text)
      for (const words of ['-i postfix-out -e enable', 'instances enable postfix-out', '-I postfix-x -e create']) {
        const {status, stderr} = await postmulti(words)
        assert.equal(status, words.startsWith('-') ? 1 : 3)
        assert.ok(stderr.join('\n').includes(pending), stderr.join('\n'))
      }
      assert.equal(readFileSync(pending, 'utf8'), text)
      assert.deepEqual(differences(before, readTree()), [])
      const {status, stdout} = await postmulti('doctor')
      assert.equal(status, 1)
      assert.ok(stdout.includes(pending), stdout)
    })
  }

  it('no change is made, and none taken back, where another user could have written what it was', async () => {
    leave([{was: 'absent', path: '/etc/postfix-out/main.cf'}])
    sh('chown postfix /var/lib/postmulti')
    try {
      for (const words of ['-i postfix-out -e enable', 'instances enable postfix-out']) {
        const {status, stderr} = await postmulti(words)
        assert.equal(status, words.startsWith('-') ? 1 : 3)
        assert.match(stderr.join('\n'), /\/var\/lib\/postmulti belongs to postfix \(mode 0\d+\), not to root/)
      }
      assert.ok(existsSync('/etc/postfix-out/main.cf'))
    } finally {
      sh(`chown root /var/lib/postmulti; rm ${pending}`)
    }
  })

  it('journal/ may be a file system of its own', async () => {
    sh('mkdir -p /var/lib/postmulti/journal; mount -t tmpfs tmpfs /var/lib/postmulti/journal')
    try {
      const before = readTree()
      await mustSucceed('-i postfix-out -e enable')
      const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
      assert.deepEqual([changes.length, changes[0].state], [1, 'done'])
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readTree()), [])
      assert.equal(existsSync(pending), false)
    } finally {
      sh('umount /var/lib/postmulti/journal')
    }
  })

  it('a dry run does not wait for the lock, and doctor says who has it', async () => {
    mkdirSync('/var/lib/postmulti', {recursive: true})
    const holder = start('flock', ['/var/lib/postmulti/lock', 'sleep', '600'])
    try {
      while (sh('flock -n /var/lib/postmulti/lock true && echo free || echo held') === 'free') {}
      await mustSucceed('instances enable postfix-out --dry-run')
      assert.match((await postmulti('doctor')).stdout, /a change is under way: process \d+ \((?:flock|sleep)\)/)
      sh('pkill -STOP -x flock; pkill -STOP -x sleep')
      assert.match((await postmulti('doctor')).stdout, /is stopped, and the next one waits for it\n.*kill -CONT \d+/)
      const waiter = start(program, ['instances', 'enable', 'postfix-out'])
      while (!/waiting for/.test(sh(`cat /proc/${waiter.pid}/wchan; echo waiting for`))) {}
      process.kill(waiter.pid, 'SIGTERM')
      assert.equal((await waiter.ended).status, null)
    } finally {
      process.kill(holder.pid, 'SIGKILL')
      sh('pkill -KILL -x sleep || true')
    }
  })

  const unusable = {
    'is full': 'mount -t tmpfs -o size=4k tmpfs /tmp; dd if=/dev/zero of=/tmp/fill 2>/dev/null || true',
    'cannot be written': 'mount -t tmpfs -o ro tmpfs /tmp',
    'is closed': 'mount -t tmpfs -o mode=0 tmpfs /tmp',
  }
  for (const [what, how] of Object.entries(unusable)) {
    it(`nothing of root's needs a /tmp that ${what}`, async () => {
      sh(how)
      try {
        for (const words of [
          '-l',
          '-i postfix-out -p status',
          'instances set postfix-out relayhost=[x]',
          'instances get --all myhostname',
          'instances create t --set mail_name=$myhostname',
          'instances run --all -- true',
          'undo --yes',
        ]) {
          rmSync('/var/cache/postmulti', {recursive: true, force: true})
          const {status, stderr} = await postmulti(words)
          assert.equal(status, words.includes('status') ? 1 : 0, `${words}: ${stderr.join('\n')}`)
        }
        const bytes = `${program} -i postfix-out -x printf "$(printf '\\351')"`
        assert.equal((await start('sh', ['-c', bytes]).ended).status, 0)
        rmSync('/var/cache/postmulti', {recursive: true, force: true})
        const {status, stderr} = await start('setpriv', ['--reuid=nobody', '--clear-groups', program, '-l']).ended
        if (what !== 'is closed') assert.equal(status, 1)
        assert.ok(!/^ +at /m.test(stderr.join('\n')), stderr.join('\n'))
      } finally {
        sh('umount /tmp')
      }
    })
  }

  it('files that will be there are shown to nobody but Postfix', async () => {
    const restoreTool = replaceTool(
      'postconf',
      'for each; do case $each in /run/postmulti-tmp/*) stat -c %a%F "$each" "$each"/* >>/run/modes ;; esac; done',
    )
    try {
      sh('chmod 600 /etc/postfix-out/main.cf')
      await mustSucceed('instances set postfix-out relayhost=$nosuch --dry-run')
      const modes = [...new Set(sh('sed "s/ empty//" /run/modes').split('\n'))].sort()
      assert.deepEqual(modes, ['600regular file', '700directory'])
    } finally {
      restoreTool()
    }
  })
}

/** What a run that was killed leaves. */
function leave(traces: object[], ...more: object[]): void {
  const lines = [{schema: 1, number: 1, begin}, {traces}, ...more]
  mkdirSync('/var/lib/postmulti', {recursive: true})
  writeFileSync(pending, lines.map((each) => `${JSON.stringify(each)}\n`).join(''))
}
