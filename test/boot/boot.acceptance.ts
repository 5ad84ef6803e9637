/** Real boots of Debian 13, whose units go by directories, and of Debian 12, whose units go by names. */
import assert from 'node:assert/strict'
import {inRoot, Machine, prepare} from './machine.ts'

const releases = [
  {
    root: 'trixie-boot',
    layout: 'a unit for each /etc/postfix-NAME',
    own: 'postfix.service',
    unit: (name: string) => `postfix@${name}.service`,
  },
  {
    root: 'bookworm-boot',
    layout: 'a unit for each multi_instance_name',
    own: 'postfix@-.service',
    unit: (name: string) => `postfix@postfix-${name}.service`,
  },
]

for (const {root, layout, own, unit} of releases) {
  inRoot(import.meta.filename, root, () => {
    const isByDirectory = own === 'postfix.service'
    let machine: Machine
    const reboot = async (): Promise<void> => {
      await machine.halt()
      machine = await Machine.boot()
    }

    before(async () => {
      prepare()
      machine = await Machine.boot()
    })
    after(() => machine?.end())

    it('say their layout in one line', async () => {
      await machine.run('postmulti instances init && systemctl start postfix.service')
      assert.match((await machine.try('postmulti doctor')).stdout, new RegExp(`^ok +systemd +${layout}, /`, 'm'))
    })

    it('start what was created and enabled, in order, and no unit fails', async () => {
      await machine.run('postmulti instances create a b c --enable && postmulti instances reorder c --first')
      await machine.run('postmulti instances create d')
      await reboot()
      assert.deepEqual(await machine.running(), ['postfix', 'postfix-a', 'postfix-b', 'postfix-c'])
      const order = [...(isByDirectory ? [] : [own]), ...['c', 'a', 'b'].map(unit), ...(isByDirectory ? [own] : [])]
      const times = await Promise.all(order.map((each) => machine.times(each)))
      for (const [at, {begun}] of times.entries()) {
        assert.ok(at === 0 || begun >= times[at - 1]!.ready, `${order[at]} began before ${order[at - 1]} was ready`)
      }
      // Before Debian 13 the generator starts what is disabled, too, and its unit fails.
      assert.match(await machine.failed(), isByDirectory ? /^$/ : /^postfix@postfix-d\.service [^\n]*$/)
      for (const each of ['a', 'b', 'c']) assert.equal(await machine.unitOf(`postfix-${each}`), unit(each))
    })

    it('have metrics by the units of the package, hardened as they are', async () => {
      await machine.run(
        'cp /srv/postmulti/packaging/systemd/* /etc/systemd/system/ && systemctl daemon-reload && systemctl start postmulti-metrics.socket',
      )
      const ask = "exec 3<>/dev/tcp/127.0.0.1/9154; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
      const {stdout} = await machine.try(`bash -c '${ask.replaceAll("'", "'\\''")}'`)
      for (const each of ['/etc/postfix', 'postfix-a', 'postfix-d']) {
        assert.match(
          stdout,
          new RegExp(`^postfix_instance_up\\{[^}]*name="${each}"[^}]*\\} ${each === 'postfix-d' ? 0 : 1}$`, 'm'),
        )
      }
      await machine.run(
        'systemctl stop postmulti-metrics.socket postmulti-metrics.service; rm /etc/systemd/system/postmulti-metrics.*',
      )
    })

    it('find nothing to complain of units', async () => {
      const rules = ['not-started-at-boot', 'started-though-disabled', 'outside-its-unit', 'unit-order', 'left-stopped']
      const {status, stdout} = await machine.try(
        `postmulti check --strict ${rules.map((each) => `--rule ${each}`).join(' ')}`,
      )
      assert.equal(status, 0, stdout)
    })

    it('let a stop of the primary alone reach nobody else', async () => {
      await machine.run('postmulti instances stop -')
      assert.deepEqual(await machine.running(), ['postfix-a', 'postfix-b', 'postfix-c'])
      // Its unit has not failed to systemd because of that.
      assert.doesNotMatch(await machine.failed(), /^postfix(?:@-)?\.service /m)
      await machine.run('postmulti instances start -')
      assert.deepEqual(await machine.running(), ['postfix', 'postfix-a', 'postfix-b', 'postfix-c'])
      assert.equal(await machine.unitOf('postfix'), own)
      await machine.run("systemctl reset-failed 'postfix@postfix-d*'")
    })

    it('let a restart and a reload of the primary alone reach nobody else', async () => {
      const before = await machine.run('cat /var/spool/postfix-?/pid/master.pid')
      await machine.run('postmulti instances restart - && postmulti instances reload -')
      assert.equal(await machine.run('cat /var/spool/postfix-?/pid/master.pid'), before)
      assert.equal(await machine.unitOf('postfix'), own)
      assert.equal(await machine.failed(), '')
    })

    it('stop, start and restart one instance in its unit', async () => {
      await machine.run('postmulti instances stop a')
      assert.deepEqual(await machine.running(), ['postfix', 'postfix-b', 'postfix-c'])
      await machine.run('postmulti instances start a')
      assert.equal(await machine.unitOf('postfix-a'), unit('a'))
      await machine.run('postmulti instances restart a && postmulti instances reload a')
      assert.equal(await machine.unitOf('postfix-a'), unit('a'))
      assert.equal(await machine.failed(), '')
    })

    it('restart more often than systemd allows', async () => {
      for (let round = 0; round < 7; round++) await machine.run('postmulti instances restart a')
      assert.equal(await machine.unitOf('postfix-a'), unit('a'))
    })

    it('stop and start all', async () => {
      await machine.run('postmulti instances stop --all --yes')
      assert.deepEqual(await machine.running(), [])
      await machine.run('postmulti instances start')
      assert.deepEqual(await machine.running(), ['postfix', 'postfix-a', 'postfix-b', 'postfix-c'])
      assert.equal(await machine.failed(), '')
      for (const each of ['a', 'b', 'c']) assert.equal(await machine.unitOf(`postfix-${each}`), unit(each))
    })

    it('tell what runs outside its unit, and bring it back', async () => {
      await machine.run('postmulti instances stop a')
      await machine.run(
        'INVOCATION_ID=x systemd-run --quiet --scope --unit login postmulti instances start a --no-systemd',
      )
      const {stdout} = await machine.try('postmulti check --rule outside-its-unit')
      assert.match(stdout, /postfix-a runs in login\.scope, and not in postfix@/)
      await machine.run('postmulti instances restart a')
      assert.equal(await machine.unitOf('postfix-a'), unit('a'))
    })

    it('tell what systemctl stop postfix leaves stopped, or bring it back', async () => {
      await machine.run('systemctl stop postfix.service; systemctl start postfix.service')
      const left = ['postfix-a', 'postfix-b', 'postfix-c']
      if (!isByDirectory) return assert.deepEqual(await machine.running(), ['postfix', ...left])
      const {stdout} = await machine.try('postmulti check --rule left-stopped --json')
      const {findings} = JSON.parse(stdout)
      assert.deepEqual(
        findings.flatMap(({instances}: {instances: string[]}) => instances).sort(),
        left.map((each) => `/etc/${each}`),
      )
      await machine.run('postmulti instances start')
      assert.deepEqual(await machine.running(), ['postfix', ...left])
    })

    it('start an instance with its directory elsewhere', async () => {
      await machine.run('postmulti instances create out --config-directory /srv/mail/50% --enable --start')
      assert.equal(await machine.unitOf('postfix-out'), unit('out'))
      await reboot()
      assert.equal(await machine.unitOf('postfix-out'), unit('out'))
    })

    it('do not rename what runs in a unit of its name, and move its unit when it is stopped', async () => {
      assert.equal((await machine.try('postmulti instances assign out --name other')).status, 3)
      await machine.run('postmulti instances stop out && postmulti instances assign out --name other')
      await reboot()
      assert.equal(await machine.unitOf('postfix-out'), unit('other'))
    })

    it('leave a disabled instance alone, and nothing behind of a destroyed one', async () => {
      await machine.run('postmulti instances disable a other && postmulti instances stop a other')
      await machine.run('postmulti instances destroy other --yes && postmulti instances destroy d --yes')
      await reboot()
      assert.deepEqual(await machine.running(), ['postfix', 'postfix-b', 'postfix-c'])
      assert.equal(await machine.run("find /etc/systemd/system -name '*other*' -o -name '*out*'"), '')
      assert.match(await machine.failed(), isByDirectory ? /^$/ : /^postfix@postfix-a\.service [^\n]*$/)
    })
  })
}
