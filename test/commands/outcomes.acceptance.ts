/** No failure of start, stop, reload and restart looks like success: exit status, line, and what to type next. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {createServer} from 'node:net'
import {antedate, mustSucceed, onThrowAwayHost, postmulti, replaceTool, sh, until} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'what start, stop, reload and restart have come to', tellTruth)

const taken = 2526
const listening = ['--service', `127.0.0.1:${taken} inet n - n - - smtpd`]

function tellTruth() {
  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['out', 'in', 'off']) await mustSucceed(`-I postfix-${each} -e create`)
    await mustSucceed('instances enable out in')
    sh('postconf -c /etc/postfix-in -e master_service_disable= inet_interfaces=127.0.0.1')
    antedate()
  })
  after(() => postmulti('instances abort --all'))

  describe('a disabled instance', () => {
    it('that is to be started is refused, with the command that enables it', async () => {
      const {status, stderr} = await postmulti('instances start off')
      assert.deepEqual(
        [status, stderr.slice(0, 2)],
        [
          3,
          [
            "postmulti: postfix-off is disabled, and 'start' is for enabled instances",
            '  try: postmulti instances enable postfix-off',
          ],
        ],
      )
      assert.equal((await postmulti('instances start --instance off')).status, 3)
    })

    it('that is named beside an enabled one makes it 4', async () => {
      const {status, stdout, stderr} = await postmulti('instances start out off --json')
      assert.equal(status, 4, stderr.join('\n'))
      const {results} = JSON.parse(stdout)
      assert.deepEqual(
        results.map(({word, status, skipped}: Record<string, unknown>) => [word, status, skipped]),
        [
          ['start', 0, null],
          ['start', 1, 'disabled'],
        ],
      )
      await mustSucceed('instances stop out')
    })
  })

  describe('create --start of what cannot listen', () => {
    const other = createServer()
    before(() => new Promise<void>((resolve) => void other.listen(taken, '127.0.0.1', resolve)))
    after(async () => {
      other.close()
      for (const each of ['p1', 'p2']) {
        await mustSucceed(`instances disable ${each}`)
        await mustSucceed(`instances destroy ${each} --yes`)
      }
    })

    it('ends with 4, says that the start failed, and who knows why', async () => {
      const {status, stdout, stderr} = await postmulti(['instances', 'create', 'postfix-p1', ...listening, '--start'])
      assert.equal(status, 4)
      assert.equal(stdout, 'Created postfix-p1, enabled.\n')
      assert.match(stderr.join('\n'), /^postfix-p1: start failed with status 1$/m)
      assert.match(stderr.join('\n'), /^ {2}try: postmulti check postfix-p1$/m)
    })

    it('says so to programs as well', async () => {
      const words = ['instances', 'create', 'postfix-p2', ...listening, '--start', '--json']
      const {status, stdout} = await postmulti(words)
      assert.equal(status, 4)
      const answer = JSON.parse(stdout)
      assert.deepEqual(faults(answer, schemas['instances:create']!), [])
      assert.deepEqual(answer.failures, [{name: 'postfix-p2', message: 'its start failed: status 1'}])
      assert.deepEqual(answer.started.results[0].suggestions, ['postmulti check postfix-p2'])
    })
  })

  it('create --start says in a dry run that it would start', async () => {
    const {stdout} = await mustSucceed('instances create postfix-p3 --start --dry-run')
    assert.match(stdout, /^Then: postmulti instances start postfix-p3$/m)
  })

  it('create --if-needed --start of what is there, and disabled, is refused in one object', async () => {
    const {status, stdout} = await postmulti('instances create postfix-off --if-needed --start --json')
    assert.deepEqual([status, JSON.parse(stdout).error.code], [3, 'CONFLICT'])
  })

  describe('reload', () => {
    beforeEach(() => mustSucceed('instances start out in'))
    afterEach(async () => {
      setIn('inet_interfaces=127.0.0.1')
      await mustSucceed('instances stop out in')
    })

    it('that master(8) ignores is a failure, and says which parameter wants a restart', async () => {
      setIn('inet_interfaces=192.0.2.25')
      const {status, stderr} = await postmulti('instances reload in')
      assert.deepEqual(
        [status, stderr],
        [
          1,
          [
            'postfix-in: reload failed: restart needed: inet_interfaces',
            '  try: postmulti instances restart postfix-in',
          ],
        ],
      )
      const {status: ofSome, stdout} = await postmulti('instances reload in out --json')
      assert.equal(ofSome, 4)
      const {results} = JSON.parse(stdout)
      assert.deepEqual(
        results.map(({status, reason}: Record<string, unknown>) => [status, reason]),
        [
          [0, null],
          [1, 'restart needed: inet_interfaces'],
        ],
      )
      await mustSucceed('instances restart in')
      await mustSucceed('instances reload in')
    })

    for (const each of ['127.0.0.1', 'all', 'loopback-only', '$myhostname', '192.0.2.25, [::1]']) {
      it(`of an instance that was started with inet_interfaces = ${each} is none`, async () => {
        setIn(`inet_interfaces=${each}`)
        const {status} = await postmulti('instances restart in')
        // Not every machine has IPv6.
        if (status === 0) await mustSucceed('instances reload in')
      })
    }

    it('that master(8) does not survive is a failure', async () => {
      const other = createServer()
      await new Promise<void>((resolve) => void other.listen(taken, '127.0.0.1', resolve))
      sh('cp -p /etc/postfix-in/master.cf /run/master.cf')
      sh(`echo '${listening[1]}' >>/etc/postfix-in/master.cf`)
      antedate()
      const {status, stderr} = await postmulti('instances reload in')
      sh('cp -p /run/master.cf /etc/postfix-in/master.cf')
      other.close()
      assert.deepEqual(
        [status, stderr],
        [1, ['postfix-in: reload failed: master(8) has ended', '  try: postmulti check postfix-in']],
      )
    })
  })

  describe('after the end of a master(8)', () => {
    const pidFile = '/var/spool/postfix-in/pid/master.pid'

    it('whose lock a child still holds, start waits for it, and nobody says that it runs', async () => {
      await mustSucceed('instances start in')
      await mustSucceed('instances stop in')
      const holder = spawn('flock', ['--no-fork', pidFile, 'sleep', '1.5'], {stdio: 'ignore'})
      await until(() => sh(`flock -n ${pidFile} true && echo free || echo held`) === 'held')
      assert.equal((await postmulti('instances status in')).status, 1)
      const {stderr} = await mustSucceed('instances start in')
      assert.deepEqual(stderr, ['postfix-in: started'])
      await mustSucceed('instances status in')
      holder.kill()
    })

    it('a stop that failed when nobody was left has done what it was for, and restart starts it again', async () => {
      await mustSucceed('instances start in')
      const old = sh(`cat ${pidFile}`)
      const restore = replaceTool('postfix', `test $2 != stop || { kill -9 -${old}; echo 'with force' >&2; exit 1; }`)
      const {stderr} = await mustSucceed('instances restart in')
      restore()
      assert.deepEqual(stderr, ['postfix-in: stopped', 'postfix-in: started', 'with force'])
      assert.notEqual(sh(`cat ${pidFile}`), old)
      await mustSucceed('instances status in')
    })
  })

  it('an instance that does not stop keeps running at a restart, which says what to type', async () => {
    await mustSucceed('instances start in')
    const restore = replaceTool('postfix', 'test $2 != stop || { echo no >&2; exit 1; }')
    const {status, stderr} = await postmulti('instances restart in')
    const stop = await postmulti('instances stop in')
    restore()
    assert.deepEqual(
      [status, stderr],
      [1, ['postfix-in: stop failed: master(8) still runs', 'no', '  try: postmulti instances restart postfix-in']],
    )
    assert.deepEqual([stop.status, stop.stderr.at(-1)], [1, '  try: postmulti instances stop postfix-in'])
    await mustSucceed('instances status in')
  })

  it('an instance that nobody can look at is a failure, and the others take their turns', async () => {
    await mustSucceed('instances start in out')
    sh('cd /var/spool/postfix-in; mv pid aside; ln -s pid pid')
    const {status, stderr} = await postmulti('instances restart in out')
    sh('cd /var/spool/postfix-in; rm pid; mv aside pid')
    assert.equal(status, 4)
    assert.deepEqual(stderr.toSorted(), [
      'postfix-in: check failed: stat /var/spool/postfix-in/pid/master.pid: Too many levels of symbolic links',
      'postfix-out: started',
      'postfix-out: stopped',
    ])
    await mustSucceed('instances status in out')
    await mustSucceed('instances stop in out')
  })

  it('start that is refused by Postfix ends with 1, and says what to type', async () => {
    await postmulti('instances stop in')
    const restore = replaceTool('postfix', 'test $2 != start || exit 1')
    const {status, stderr} = await postmulti('instances start in')
    restore()
    assert.deepEqual(
      [status, stderr],
      [1, ['postfix-in: start failed with status 1', '  try: postmulti check postfix-in']],
    )
  })
}

function setIn(setting: string): void {
  sh(`postconf -c /etc/postfix-in -e '${setting}'`)
  antedate()
}
