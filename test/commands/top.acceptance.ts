/** `postmulti top` beside real masters with mail: at a terminal, without one, and for programs. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {
  antedate,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  sh,
  sleep,
  start,
  until,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'
import {closeTerminals, openTerminal, type Terminal} from './terminal.ts'

onThrowAwayHost(import.meta.filename, 'top', top)

function top() {
  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['out', 'in', 'old']) {
      await mustSucceed(`-I postfix-${each} -G mta -e create`)
      const settings = `authorized_submit_users=root defer_transports=smtp maillog_file=/var/log/${each}.log`
      sh(`postconf -c /etc/postfix-${each} -e ${settings}`)
    }
    await mustSucceed('instances enable out in')
    antedate()
    await mustSucceed('instances start out')
    for (const each of ['out', 'out', 'in']) send(each)
    await until(() => sh('grep -c status=deferred /var/log/out.log || :') === '2')
  })
  afterEach(closeTerminals)
  after(() => postmulti('instances abort --all'))

  describe('at a terminal', () => {
    it('shows each instance with state, queues and rates, and at q all is as it was', async () => {
      const terminal = openTerminal(`${program} top`)
      const screen = await terminal.until(/q quit/)
      assert.match(screen, /^postmulti top {2}mta1/)
      assert.match(screen, /4 instances, 1 running, 2 stopped, 1 disabled; 3 messages waiting/)
      assert.match(screen, /postfix-out +running +0 +0 +0 +2 +0 +2 +0 +2 +0 +0 /)
      assert.match(screen, /postfix-in +stopped +1 +0 +0 +0 +0 +0 /)
      assert.match(screen, /postfix-old +disabled /)
      terminal.press('q')
      assert.equal(await terminal.ended(), 0)
      assert.deepEqual(await terminal.unlike(), [])
    })

    for (const how of ['prctl', 'seccomp']) {
      it(`fills the screen where memory may not become executable (${how})`, async () => {
        const memory = join(import.meta.dirname, '../acceptance/memory.pl')
        const terminal = openTerminal(`perl ${memory} ${how} ${program} top`)
        assert.match(await terminal.until(/q quit/), /^postmulti top {2}mta1/)
        terminal.press('q')
        assert.equal(await terminal.ended(), 0)
      })
    }

    it('does what the keys say', async () => {
      const terminal = openTerminal(`${program} top --interval 60`)
      const steps: [wanted: RegExp, keys: string][] = [
        [/in start order/, 'd'],
        [/by deferred messages[\s\S]*>postfix-out/, 'r'],
        [/reversed[\s\S]*>\/etc\/postfix /, '\x1b[B'],
        [/>postfix-in[\s\S]*postfix-in in mta/, '/'],
        [/Filter: _/, 'out'],
        [/1 with 'out'/, '\r'],
        [/>postfix-out[\s\S]*q quit/, '?'],
        [/Any key goes back/, 'x'],
        [/1 with 'out'/, '\x1b'],
      ]
      for (const [wanted, keys] of steps) {
        await terminal.until(wanted)
        terminal.press(keys)
      }
      assert.match(await terminal.until(/postfix-old/), />postfix-in/)
      terminal.press('q')
      assert.equal(await terminal.ended(), 0)
      assert.deepEqual(await terminal.unlike(), [])
    })

    it('sees what happens meanwhile: mail, another instance, a broken one, a stop', async () => {
      const terminal = openTerminal(`${program} top --interval 1`)
      await terminal.until(/postfix-out +running +0 +0 +0 +2 /)
      send('out')
      await terminal.until(/postfix-out +running +0 +0 +0 +3 /)
      await mustSucceed('instances create new')
      await terminal.until(/postfix-new +disabled/)
      sh('cp /etc/postfix-new/main.cf /run/main.cf; echo oops >>/etc/postfix-new/main.cf')
      await terminal.until(/postfix-new +broken +\/etc\/postfix-new\/main.cf, line \d+: missing '='/)
      sh('cp /run/main.cf /etc/postfix-new/main.cf')
      await mustSucceed('instances destroy new --yes')
      await mustSucceed('instances stop out')
      await terminal.until(/postfix-out +stopped/)
      terminal.press('q')
      assert.equal(await terminal.ended(), 0)
      await mustSucceed('instances start out')
    })

    const ends: [what: string, end: (terminal: Terminal) => void, status: number][] = [
      ['Ctrl-C', (terminal) => terminal.press('\x03'), 0],
      ['SIGTERM', (terminal) => sh(`kill -TERM ${terminal.pid()}`), 143],
      ['SIGHUP', (terminal) => sh(`kill -HUP ${terminal.pid()}`), 129],
    ]
    for (const [what, end, status] of ends) {
      it(`ends at ${what}, and all is as it was`, async () => {
        const terminal = openTerminal(`${program} top`)
        await terminal.until(/q quit/)
        end(terminal)
        assert.equal(await terminal.ended(), status)
        assert.deepEqual(await terminal.unlike(), [])
      })
    }

    it('ends after so many looks', async () => {
      const terminal = openTerminal(`${program} top --count 2 --interval 1`)
      assert.equal(await terminal.ended(), 0)
      assert.deepEqual(await terminal.unlike(), [])
    })

    for (const what of ['', 'nohup ']) {
      it(`leaves no process when the terminal closes${what === '' ? '' : ', also where SIGHUP is ignored'}`, async () => {
        const terminal = openTerminal(`trap '' ${what === '' ? '0' : 'HUP'}; ${program} top`)
        await terminal.until(/q quit/)
        terminal.close()
        await until(() => sh(`pgrep -f '[p]ostmulti top' || :`) === '')
      })
    }

    it('gives the terminal back at Ctrl-Z, and comes back at fg', async () => {
      const terminal = openTerminal('bash --norc -i')
      await terminal.until(/# $/m)
      terminal.press(`${program} top; echo status $?\n`)
      await terminal.until(/q quit/)
      terminal.press('\x1a')
      await terminal.until(/Stopped/)
      terminal.press('echo shell is here; fg\n')
      await terminal.until(/q quit/)
      terminal.press('q')
      // Before the prompt is there, top would read what is typed.
      await terminal.until(/# $/m)
      assert.match(terminal.text(), /shell is here/)
      terminal.press('exit\n')
      await terminal.ended()
      assert.deepEqual(await terminal.unlike(), [])
    })

    it('has no colours where NO_COLOR is set, and some otherwise', async () => {
      for (const [environment, wanted] of [
        [{NO_COLOR: '1'}, false],
        [{}, true],
      ] as const) {
        const terminal = openTerminal(`${program} top --count 1`, environment)
        await terminal.ended()
        assert.equal(/\x1b\[[\d;]*m/.test(terminal.text()), wanted)
      }
    })

    for (const [name, why] of [
      ['dumb', 'TERM is dumb'],
      ['', 'TERM is not set'],
    ] as const) {
      it(`refuses where ${why}, and says what to type`, async () => {
        const terminal = openTerminal(`${program} top`, {TERM: name})
        assert.equal(await terminal.ended(), 3)
        assert.match(terminal.text(), new RegExp(`${why}\r\n +try: postmulti top \\| cat`))
      })
    }
  })

  describe('without a terminal', () => {
    it('is one table', async () => {
      const {stdout, stderr} = await mustSucceed('top')
      assert.deepEqual(stderr, [])
      assert.match(stdout, /^NAME +STATE +PID /)
      assert.match(stdout, /^postfix-out +running +\d+ +\d+ +(?:-|\S+ \d+ of 100) +0 +0 +0 +3 /m)
      assert.equal(stdout.trim().split('\n').length, 5)
    })

    it('is sorted, and for one group, as it was asked for', async () => {
      const {stdout} = await mustSucceed('top --group mta --sort deferred')
      assert.match(stdout, /^NAME.*\npostfix-out .*\npostfix-in .*\npostfix-old /)
    })

    it('has the processes that there are, and rates of the last minute', async () => {
      const answer = JSON.parse((await mustSucceed('top --instance out --json')).stdout)
      assert.deepEqual(faults(answer, schemas.top!), [])
      const [out] = answer.instances
      const master = sh('cat /var/spool/postfix-out/pid/master.pid').trim()
      assert.equal(out.processes, Number(sh(`pgrep -c -P ${master}`)))
      send('out')
      await sleep(1500)
      const later = JSON.parse((await mustSucceed('top --instance out --json')).stdout)
      assert.equal(later.instances[0].rates.in, out.rates.in + 1)
    })

    it('--json-lines is an object on a line for each look', async () => {
      const {stdout, took} = await mustSucceed('top --json-lines --count 3 --interval 1')
      const lines = stdout.trim().split('\n')
      assert.equal(lines.length, 3)
      for (const each of lines) assert.deepEqual(faults(JSON.parse(each), schemas.top!), [])
      assert.ok(took > 2000, String(took))
    })

    it('--json-lines goes on until nobody reads any more', async () => {
      const {ended} = start('sh', ['-c', `${program} top --json-lines --interval 1 | head -n 2`])
      const {stdout, stderr} = await ended
      assert.equal(stdout.trim().split('\n').length, 2)
      assert.deepEqual(stderr, [])
    })

    it('--json does not go with what prints several objects', async () => {
      for (const words of ['top --json --json-lines', 'top --json --count 2']) {
        const {status, stdout} = await postmulti(words)
        assert.equal(status, 2)
        assert.equal(JSON.parse(stdout).error.code, 'USAGE')
      }
    })

    it('tells of an instance that cannot be read, and of the others all the same', async () => {
      sh('cp /etc/postfix-in/main.cf /run/main.cf; echo oops >>/etc/postfix-in/main.cf')
      antedate()
      const {status, stdout} = await postmulti('top')
      sh('cp /run/main.cf /etc/postfix-in/main.cf')
      assert.equal(status, 1)
      assert.match(stdout, /postfix-out +running/)
      assert.match(stdout, /\/etc\/postfix-in\/main\.cf, line \d+: missing '='/)
    })

    it('says that others than root do not see all', () => {
      const said = sh(`setpriv --reuid=nobody --clear-groups ${program} top 2>&1 || echo status $?`)
      assert.match(said, /some of it needs root to be seen/)
      assert.match(said, /^status 4$/m)
      assert.match(said, /^postfix-out .* \?/m)
    })
  })
}

function send(name: string): void {
  sh(`echo hello | sendmail -C /etc/postfix-${name} b@example.com 2>/dev/null`)
}
