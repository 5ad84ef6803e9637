/** A gateway is upgraded from Debian 12 to 13, in place: one command and a reboot, and all is as before. */
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {sh} from '../acceptance/inside.ts'
import {inRoot, Machine, prepare} from './machine.ts'

const names = ['postfix-a', 'postfix-b', 'postfix-c']

for (const way of ['a clone', 'the package'] as const) {
  inRoot(
    import.meta.filename,
    'bookworm-boot',
    () => {
      let machine: Machine
      const mail = (): Promise<string> =>
        machine.run('find /var/spool/postfix-b/deferred -type f | xargs -r stat -c %s')
      let waiting: string
      let fix = 'postmulti check --fix --yes'

      before(async () => {
        prepare(way)
        machine = await Machine.boot()
        await machine.run('postmulti instances init && systemctl start postfix.service')
        await machine.run(
          'postmulti instances create b c a --enable --set authorized_submit_users=root --set defer_transports=local,smtp',
        )
        await machine.run('postmulti instances start')
        await machine.run('for each in 1 2 3; do echo x | postmulti -i b -x sendmail root@localhost; done')
        await machine.run('until [ "$(find /var/spool/postfix-b/deferred -type f | wc -l)" = 3 ]; do sleep 0.2; done')
        waiting = await mail()
        await machine.halt()
        // The machine itself has no network.
        sh(`
          rm -f /etc/apt/sources.list.d/*
          echo 'deb http://deb.debian.org/debian trixie main' >/etc/apt/sources.list
          apt-get -q update >/var/log/upgrade 2>&1
          apt-get -q -y --download-only full-upgrade >>/var/log/upgrade 2>&1 || { tail -n 20 /var/log/upgrade >&2; exit 1; }`)
        machine = await Machine.boot()
        await machine.run(`
          rm /usr/sbin/policy-rc.d
          export DEBIAN_FRONTEND=noninteractive LC_ALL=C
          apt-get -q -y --no-download -o Dpkg::Options::=--force-confold full-upgrade >>/var/log/upgrade 2>&1 || { tail -n 20 /var/log/upgrade; exit 1; }`)
      })
      after(() => machine?.end())

      if (way === 'the package') {
        it('is told the command by the package', () => {
          const told =
            /^postmulti: doctor: advice +systemd .*\npostmulti: doctor: +try: (postmulti check --fix --yes .*)$/m
          // dpkg has a terminal of apt's.
          const log = readFileSync('/var/log/upgrade', 'utf8').replaceAll('\r', '')
          assert.match(log, told)
          fix = told.exec(log)![1]!
        })
      }

      it('starts the primary alone at first, and check says so', async () => {
        await machine.halt()
        machine = await Machine.boot()
        assert.deepEqual(await machine.running(), ['postfix'])
        const {stdout} = await machine.try('postmulti check --rule not-started-at-boot --json')
        const instances = JSON.parse(stdout).findings.flatMap((each: {instances: string[]}) => each.instances)
        assert.deepEqual(
          instances.sort(),
          names.map((each) => `/etc/${each}`),
        )
      })

      it('starts all in order after this command and a reboot, and no unit fails', async () => {
        await machine.try(fix)
        await machine.halt()
        machine = await Machine.boot()
        assert.deepEqual(await machine.running(), ['postfix', ...names])
        const times = await Promise.all(['b', 'c', 'a'].map((each) => machine.times(`postfix@${each}.service`)))
        for (const [at, {begun}] of times.entries()) assert.ok(at === 0 || begun >= times[at - 1]!.ready)
        assert.equal(await machine.failed(), '')
      })

      it('loses no mail', async () => assert.equal(await mail(), waiting))

      it('leaves nothing of the units of Debian 12', async () => {
        assert.equal(await machine.run("find /etc/systemd/system -name 'postfix@postfix-*'"), '')
        const {status, stdout} = await machine.try(
          'postmulti check --strict --rule unit-order --rule not-started-at-boot',
        )
        assert.equal(status, 0, stdout)
      })
    },
    {network: true, way},
  )
}
