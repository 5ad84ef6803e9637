/**
 * A set-permissions that fills the jail of the instance, as Debian's does from 13 on, in a version of which nobody knows
 * what it does there: it prints what the real one prints, and all of it can be taken back.
 */
import assert from 'node:assert/strict'
import {existsSync, writeFileSync} from 'node:fs'
import {
  differences,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
  sleep,
  start,
} from './inside.ts'
import {needSetPermissions, readOnly} from './obstacles.ts'

const queue = '/var/spool/postfix-in'
const created = '-I postfix-in -e create'
const imported = '-I postfix-x -e import config_directory=/etc/postfix-in'

/** What a distribution might do at the end of set-permissions, in the shell. */
const filling = `
cd "$queue_directory" || exit 1
[ ! -e /run/wait ] || { mkdir -p etc; cp -p /etc/hosts etc/hosts; echo >/run/waits; while [ -e /run/wait ]; do sleep 0.05; done; }
mkdir -p etc usr/lib/sasl2 srv/site
for each in hosts services; do cp -p /etc/$each etc/$each; echo "updating /etc/$each => $queue_directory//etc/$each"; done
cp -p /etc/hosts srv/site/hosts
[ ! -e /run/says ] || echo 'one thing more'
ln -s ../etc/hosts srv/hosts
chmod 755 etc
rm -rf lib/old.so lib/deep
[ ! -e /run/fail ] || { echo 'refusing to start'; exit 1; }
`
const printed = `updating /etc/hosts => ${queue}//etc/hosts\nupdating /etc/services => ${queue}//etc/services\n`

onThrowAwayHost(import.meta.filename, 'a jail that set-permissions fills', fillJails)

function fillJails() {
  let restore: () => void
  let was: Map<string, string>

  before(async () => {
    needSetPermissions()
    sh(`
      script=$(postconf -h daemon_directory)/post-install
      sed '/configure-instance/d' $script >/run/post-install
      sed -i '/^test -n "$upgrade_conf" && {/i test -z "$set_perms" || . /run/filling' /run/post-install
      chmod 755 /run/post-install; mount --bind /run/post-install $script`)
    writeFileSync('/run/filling', filling)
    await mustSucceed('-e init')
    restore = saveHost()
  })
  beforeEach(() => {
    sh('rm -f /run/wait /run/waits /run/fail /run/says')
    restore()
    was = readTree()
  })

  it('is filled as the real program fills it, in the same words', async () => {
    assert.equal((await mustSucceed(created)).stdout, printed)
    assert.ok(existsSync(`${queue}/srv/site/hosts`))
  })

  it('leaves stdout to what a sub-command tells', async () => {
    writeFileSync('/run/says', '')
    const {stdout, stderr} = await mustSucceed('instances create in')
    assert.match(stdout, /^Created postfix-in\b.*\n$/)
    assert.deepEqual(
      stderr.filter((each) => /updating|thing/.test(each)),
      ['postmulti: one thing more'],
    )
  })

  for (const words of [created, 'instances create in']) {
    it(`goes when this is undone, and is back when the undo is undone: ${words}`, async () => {
      await mustSucceed(words)
      const after = readTree()
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(was, readTree()), [])
      await mustSucceed('undo --yes 2')
      assert.deepEqual(differences(after, readTree()), [])
    })
  }

  it('is not undone when somebody has put a file there since', async () => {
    await mustSucceed(created)
    writeFileSync(`${queue}/etc/new`, '')
    const {status, stderr} = await postmulti('undo --yes')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /postfix-in\/etc\/new has changed since/)
  })

  describe('that is there when an instance is imported', () => {
    beforeEach(async () => {
      await mustSucceed(created)
      await mustSucceed('-i in -e deport')
      sh(`
        cd ${queue}; rm -rf etc/services usr srv/site srv/hosts; mkdir -p lib/deep/er lib/kept; chmod 700 etc
        echo old >etc/hosts; echo old >lib/old.so; echo x >lib/deep/er/file; ln -s file lib/deep/er/link; chmod 711 lib/deep
        find /etc/postfix* -name 'ma*.cf' -exec touch -d '-1 hour' {} +`)
      was = readTree()
    })

    it('is as it was when that is undone', async () => {
      await mustSucceed(imported)
      assert.ok(!existsSync(`${queue}/lib/deep`))
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(was, readTree()), [])
    })

    it('is as it was when that fails', async () => {
      writeFileSync('/run/fail', '')
      const {status, stdout, stderr} = await postmulti(imported)
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(stderr.join('\n'), /set-permissions: .*refusing to start/)
      assert.deepEqual(differences(was, readTree()), [])
    })

    it('is as it was when the disk is read-only, and the import works later', async () => {
      const takeAway = readOnly('/var/spool')
      let outcome: Outcome
      try {
        outcome = await postmulti(imported)
      } finally {
        takeAway()
      }
      assert.equal(outcome.status, 1)
      assert.match(outcome.stderr.join('\n'), /Read-only file system/)
      assert.doesNotMatch(outcome.stderr.join('\n'), /brought back|not undone yet/)
      assert.deepEqual(differences(was, readTree()), [])
      assert.deepEqual((await mustSucceed(imported)).stderr, [])
    })
  })

  it('is emptied again when we are killed while it is filled', async () => {
    writeFileSync('/run/wait', '')
    const run = start(program, created.split(' '), {detached: true})
    while (!existsSync('/run/waits')) await sleep(10)
    process.kill(run.pid, 'SIGKILL')
    sh('rm /run/wait')
    await run.ended
    const {stderr} = await mustSucceed('-i - -G - -e assign')
    assert.match(stderr.join('\n'), /rolled back an unfinished create/)
    assert.deepEqual(differences(was, readTree()), [])
  })
}
