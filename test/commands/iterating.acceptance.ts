/** The words of postfix(1) for many instances at once: order, failures, interruptions, and what is printed of them. */
import assert from 'node:assert/strict'
import {
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  replaceTool,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'words of postfix(1) for many instances', iterateThrough)

function iterateThrough() {
  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['out', 'in']) await mustSucceed(`-I postfix-${each} -G mta -e create`)
    for (const each of ['alone', 'off']) await mustSucceed(`-I postfix-${each} -e create`)
    await mustSucceed('instances enable out in alone')
    sh("find /etc/postfix* -name 'ma*.cf' -exec touch -d '-1 hour' {} +")
  })
  beforeEach(() => postmulti('instances stop --all'))
  after(() => postmulti('instances abort --all'))

  it('start: the primary, then a group in order; a disabled one is checked, and it is said so', async () => {
    const {stderr} = await mustSucceed('instances start --jobs 9')
    assert.deepEqual(stderr.slice(0, 2), [
      'postmulti: postfix-off is disabled: checked in place of started',
      '/etc/postfix: started',
    ])
    assert.ok(stderr.indexOf('postfix-out: started') < stderr.indexOf('postfix-in: started'))
    assert.deepEqual(stderr.slice(2).sort(), [
      'postfix-alone: started',
      'postfix-in: started',
      'postfix-off: checked',
      'postfix-out: started',
    ])
  })

  it('stop is the mirror image of start', async () => {
    await mustSucceed('instances start')
    const {stderr} = await mustSucceed('instances stop --all --jobs 9')
    assert.equal(stderr[0], 'postmulti: postfix-off is disabled: skipped')
    assert.equal(stderr.at(-1), '/etc/postfix: stopped')
    assert.ok(stderr.indexOf('postfix-in: stopped') < stderr.indexOf('postfix-out: stopped'))
  })

  it('start of a group is given up after a failure, and programs see for whom', async () => {
    const restore = breakInstance('postfix-out')
    const {status, stdout} = await postmulti('instances start --group mta --json')
    restore()
    assert.equal(status, 1)
    const {results} = JSON.parse(stdout)
    assert.deepEqual(
      results.map((each: {skipped: string | null}) => each.skipped),
      [null, 'postfix-out goes before it and failed'],
    )
    assert.match(results[0].output, /fatal/)
  })

  it('start ends with 4 when others did start', async () => {
    const restore = breakInstance('postfix-out')
    const {status} = await postmulti('instances start out alone')
    restore()
    assert.equal(status, 4)
  })

  it('restart leaves an instance running that would not start again', async () => {
    await mustSucceed('instances start alone')
    const pid = sh('cat /var/spool/postfix-alone/pid/master.pid')
    const restore = breakInstance('postfix-alone')
    const {status, stderr} = await postmulti('instances restart alone')
    restore()
    assert.equal(status, 1)
    assert.match(stderr[0] ?? '', /^postfix-alone: check failed/)
    assert.equal(sh('cat /var/spool/postfix-alone/pid/master.pid'), pid)
    await mustSucceed('instances stop alone')
  })

  it('stop reaches a disabled instance that is named', async () => {
    await mustSucceed('-i off -x postfix start')
    await mustSucceed('instances stop off')
    assert.match((await mustSucceed('instances')).stdout, /^postfix-off +- +no +no /m)
  })

  it('SIGINT ends after what is in hand, tells what was done, and leaves nothing half-started', async () => {
    sh('rm -f /var/spool/postfix/pid/master.pid')
    const {pid, ended} = start(program, ['instances', 'start', '--jobs', '1'])
    await until(() => sh('ls /var/spool/postfix/pid/master.pid 2>/dev/null || true') !== '')
    process.kill(pid, 'SIGINT')
    const {status, stderr} = await ended
    assert.equal(status, 4)
    assert.ok(stderr.some((each) => / was not run: interrupted$/.test(each)))
    for (const [, name = ''] of stderr.join('\n').matchAll(/^(.*): started$/gm)) assert.ok(await isRunning(name), name)
    for (const [, name = ''] of stderr.join('\n').matchAll(/^(.*): start was not run: /gm)) {
      assert.ok(!(await isRunning(name)), name)
    }
  })

  describe('an interruption in the middle of a restart', () => {
    let restoreTool: () => void
    beforeEach(async () => {
      sh(': >/run/words')
      await mustSucceed('instances start')
      restoreTool = replaceTool('postfix', 'echo "$2" >>/run/words; test $2 != stop || sleep 1')
    })
    afterEach(() => restoreTool())

    const hasBegun = (word: string): boolean => sh('cat /run/words').split('\n').includes(word)
    const turnsOf = (word: string): number =>
      sh('cat /run/words')
        .split('\n')
        .filter((each) => each === word).length
    const restart = ['instances', 'restart', '--jobs', '1', '--all', '--yes']

    async function isWhole(): Promise<void> {
      assert.deepEqual([turnsOf('stop'), turnsOf('start')], [1, 1])
      for (const each of ['/etc/postfix', 'out', 'in', 'alone']) assert.ok(await isRunning(each), each)
    }

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`by ${signal} starts again what was stopped, and stops nothing else`, async () => {
        const {pid, ended} = start(program, restart)
        await until(() => hasBegun('stop'))
        process.kill(pid, signal)
        const {status, stderr} = await ended
        assert.equal(status, 4)
        assert.match(stderr.join('\n'), /^postmulti: interrupted: the current step ends or is taken back/m)
        assert.equal(stderr.filter((each) => / stop was not run: interrupted$/.test(each)).length, 3)
        await isWhole()
      })
    }

    it('by a terminal that closes does so as well', async () => {
      const terminal = start('script', ['-qefc', `${program} ${restart.join(' ')}`, '/run/screen'])
      await until(() => hasBegun('stop'))
      process.kill(terminal.pid, 'SIGKILL')
      await until(() => hasBegun('start') && sh('pgrep -f [i]nstances.restart || true') === '')
      await isWhole()
    })

    it('by a reader who is gone does so as well', async () => {
      const {ended} = start('sh', ['-c', `${program} ${restart.join(' ')} 2>&1 | head -n 2`])
      await ended
      await until(() => turnsOf('start') === turnsOf('stop') && sh('pgrep -f [i]nstances.restart || true') === '')
      assert.equal(turnsOf('start'), turnsOf('stop'))
      for (const each of ['/etc/postfix', 'out', 'in', 'alone']) assert.ok(await isRunning(each), each)
    })

    it('that the caller ignores is none', async () => {
      const {pid, ended} = start('nohup', [program, ...restart])
      await until(() => hasBegun('stop'))
      process.kill(pid, 'SIGHUP')
      assert.equal((await ended).status, 0)
      assert.deepEqual([turnsOf('stop'), turnsOf('start')], [4, 4])
    })

    it('is confirmed at once, while the list is drawn', async () => {
      const command = `stty cols 100 rows 30; exec ${program} ${restart.join(' ')}`
      const {ended} = start('sh', [
        '-c',
        `(until grep -qx stop /run/words; do sleep 0.1; done; printf '\\003'; sleep 4) |
          TERM=xterm script -qefc '${command}' /run/screen`,
      ])
      await until(() => sh('cat /run/screen').includes('interrupted:'))
      assert.ok(!hasBegun('start'))
      await ended
      await isWhole()
    })
  })

  it('before several are stopped the last line says what and how many, and Ctrl-C there is 130', () => {
    const typing = "(until grep -q 'y/N' /run/screen; do sleep 0.1; done; printf '\\003'; sleep 0.3)"
    const script = `script -qefc 'stty cols 80; ${program} instances stop' /run/screen >/dev/null && echo 0 || echo $?`
    assert.equal(sh(`: >/run/screen; export TERM=dumb; ${typing} | ${script}`), '130')
    assert.match(sh('cat /run/screen'), /^ {2}\/etc\/postfix +postfix-out.*Stop these 4 instances\? \[y\/N\]/ms)
  })

  it('the environment of run is that of -x', async () => {
    const ours = await mustSucceed(['instances', 'run', '--instance', 'out', '--', 'env'])
    assert.deepEqual(sorted(ours), sorted(await mustSucceed('-i out -x env')))
  })

  const inherited: [what: string, before: string, command: string][] = [
    ['ignored signals', "trap '' INT HUP", "sh -c 'kill -INT $$; kill -HUP $$; echo alive'"],
    ['other descriptors', 'echo alive >/run/f; exec 7</run/f', 'sh -c "cat <&7"'],
  ]
  for (const [what, before, command] of inherited) {
    it(`run hands on ${what}, as -x does`, () => {
      for (const manner of ['-i out -x', 'instances run --instance out --']) {
        assert.equal(sh(`${before}; ${program} ${manner} ${command}`), 'alive', manner)
      }
    })
  }

  it('run passes on bytes that are not UTF-8', () => {
    const printed = sh(`${program} instances run --instance out -- printf %s "$(printf 'caf\\351')" | od -An -tx1`)
    assert.equal(printed, '63 61 66 e9')
  })

  it('run with --prefix ends each line, the last one as well', async () => {
    const {stdout} = await mustSucceed(['instances', 'run', '-g', 'mta', '--prefix', '--', 'printf', 'a\\nb'])
    assert.equal(stdout, 'postfix-out: a\npostfix-out: b\npostfix-in: a\npostfix-in: b\n')
  })

  it('run with --jobs is told in start order, whoever ends first', async () => {
    const script = 'test $multi_instance_name = postfix-in || sleep 0.3; echo $multi_instance_name'
    const {stdout} = await mustSucceed(['instances', 'run', '-g', 'mta', '--jobs', '4', '--', 'sh', '-c', script])
    assert.equal(stdout, 'postfix-out\npostfix-in\n')
  })

  it('postfix hands on arguments as they were typed', async () => {
    const {status, stderr} = await postmulti('instances postfix --instance out -- nosuch a b a')
    assert.equal(status, 1)
    assert.equal(stderr[0], 'postfix-out: nosuch failed with status 1')
  })

  const rows = [
    'start',
    'reload',
    'flush',
    'check',
    'restart --all',
    'drain --all',
    'abort --all',
    'stop --all',
    'postfix status',
    'run --all -- true',
  ]
  for (const words of rows) {
    it(`instances ${words} --json prints what docs/json.md says`, async () => {
      const [command = '', ...rest] = words.split(' ')
      const {stdout} = await postmulti(['instances', command, '--json', ...rest])
      assert.deepEqual(faults(JSON.parse(stdout), schemas[`instances:${command}`]!), [])
    })
  }
}

/** Makes postfix(1) refuse to start it, although its files can be read. */
function breakInstance(name: string): () => void {
  const directory = `/etc/${name}`
  sh(`
    cp -p ${directory}/main.cf ${directory}/main.aside; cp -p ${directory}/master.cf ${directory}/master.aside
    postconf -c ${directory} -e maillog_file=/var/log/${name}.log
    postconf -c ${directory} -MX postlog/unix-dgram
    touch -d '-1 hour' ${directory}/main.cf ${directory}/master.cf`)
  return () => void sh(`cd ${directory}; mv main.aside main.cf; mv master.aside master.cf`)
}

async function isRunning(name: string): Promise<boolean> {
  return (await postmulti(['-i', name === '/etc/postfix' ? '-' : name, '-p', 'status'])).status === 0
}

function sorted({stdout}: Outcome): string[] {
  return stdout.split('\n').sort()
}
