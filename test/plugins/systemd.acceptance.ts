/**
 * The systemd plugin beside a real systemd, which runs as process 1 of a PID namespace on the throw-away host, with a
 * control group of its own and hardly any units but Debian's of Postfix.
 */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {
  differences,
  type Outcome,
  onThrowAwayHost,
  program,
  type Running,
  readTree,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'

const systemd = '/lib/systemd/systemd'
const generator = '/lib/systemd/system-generators/postfix-instance-generator'
const whyNot = [systemd, generator].find((each) => !existsSync(each))
// Of the kernel, not of this host alone: another one counts its processes from 1, too.
const group = `/run/cgroup/postmulti-test-${randomUUID()}`

onThrowAwayHost(import.meta.filename, 'the systemd plugin', () => {
  if (whyNot !== undefined) return void it.skip(`follows the instance list: ${whyNot} is not there`)
  let machine: Machine

  before(async () => {
    machine = await boot()
    await machine.run('postmulti -e init')
    await machine.run('systemctl start postfix.service')
  })

  after(() => machine.end())

  it('lets postfix.service start an instance that was just made', async () => {
    await machine.run('postmulti -I postfix-out -G mta -e create')
    await machine.run('postmulti -i postfix-out -e enable')
    await machine.run('systemctl start postfix.service')
    assert.equal(await machine.unitOfMaster('postfix-out'), 'postfix@postfix-out.service')
  })

  it('lets the later members of a group start after the earlier ones', async () => {
    await machine.run('postmulti instances create postfix-in --group mta --enable')
    await machine.run('systemctl stop postfix.service')
    await machine.run('systemctl start postfix.service')
    const [started] = await machine.times('postfix-out', 'ActiveEnterTimestampMonotonic')
    const [begun] = await machine.times('postfix-in', 'InactiveExitTimestampMonotonic')
    assert.ok(started! > 0 && begun! >= started!, `${begun} is before ${started}`)
  })

  it('shows in a dry run what it would do, and does nothing', async () => {
    const before = [readTree(), readUnits()] as const
    const {stdout} = await machine.run('postmulti instances assign postfix-out --name postfix-relay --dry-run')
    assert.deepEqual(
      stdout.split('\n').flatMap((line) => /systemctl .*/.exec(line)?.[0] ?? []),
      [
        'systemctl stop postfix@postfix-out.service (systemd)',
        "systemctl reset-failed 'postfix@postfix-out.servic?' (systemd)",
        'systemctl daemon-reload (systemd)',
        'systemctl start postfix@postfix-relay.service (systemd)',
      ],
    )
    assert.deepEqual(differences(before[0], readTree()), [])
    assert.equal(readUnits(), before[1])
    assert.equal(await machine.unitOfMaster('postfix-out'), 'postfix@postfix-out.service')
  })

  it('lets a running instance go on under its new name', async () => {
    await machine.run('postmulti -i postfix-out -I postfix-relay -e assign')
    assert.equal(await machine.unitOfMaster('postfix-out'), 'postfix@postfix-relay.service')
    assert.deepEqual(await machine.failed(), [])
  })

  it('brings the unit back when the new name is taken back', async () => {
    await machine.run('postmulti undo --yes')
    assert.equal(await machine.unitOfMaster('postfix-out'), 'postfix@postfix-out.service')
    assert.deepEqual(await machine.failed(), [])
  })

  it('leaves a running instance running when its new unit does not start', async () => {
    mkdirSync('/etc/systemd/system/postfix@postfix-bad.service.d', {recursive: true})
    writeFileSync('/etc/systemd/system/postfix@postfix-bad.service.d/bad.conf', '[Service]\nExecStartPre=/bin/false\n')
    const before = [readTree(), readUnits()] as const
    const {status, stderr} = await machine.try('postmulti -i postfix-out -I postfix-bad -e assign')
    assert.equal(status, 1, stderr.join('\n'))
    // Stopped and started, it has another process.
    const others = differences(before[0], readTree()).filter((each) => !/master\.(?:pid|lock): /.test(each))
    assert.deepEqual(others, [])
    assert.equal(readUnits(), before[1])
    assert.deepEqual(await machine.failed(), [])
    assert.equal(await machine.unitOfMaster('postfix-out'), 'postfix@postfix-out.service')
  })

  it('takes the order back with the creation', async () => {
    const before = readUnits()
    await machine.run('postmulti instances create postfix-late --group mta')
    assert.match(readUnits(), /After=postfix@postfix-in\.service/)
    await machine.run('postmulti undo --yes')
    assert.equal(readUnits(), before)
    assert.ok(!existsSync('/run/systemd/generator/postfix.service.wants/postfix@postfix-late.service'))
  })

  it('warns of a start by hand, and says what to type', async () => {
    await machine.run('systemctl stop postfix@postfix-in.service')
    const {stderr} = await machine.run('postmulti instances start postfix-in')
    await machine.run('postmulti instances stop postfix-in')
    assert.match(stderr.join('\n'), /try: systemctl start postfix@postfix-in\.service/)
  })

  it('leaves neither unit nor order behind when an instance is destroyed', async () => {
    await machine.run('systemctl start postfix@postfix-in.service')
    await machine.run('postmulti -i postfix-in -p stop')
    await until(async () => (await machine.failed()).length > 0)
    await machine.run('postmulti -i postfix-in -e disable')
    assert.match(readUnits(), /After=/)
    await machine.run('postmulti -i postfix-in -e destroy')
    const {stdout} = await machine.run('systemctl list-units --all --plain --no-legend postfix@postfix-in*')
    assert.equal(stdout, '')
    assert.doesNotMatch(readUnits(), /After=/)
  })
})

/** All that is configured of units, with its place. */
function readUnits(): string {
  return sh("cd /etc/systemd/system; find . | sort; find . -type f | sort | xargs tail -n +1 '/dev/null'")
}

interface Machine {
  /** Words separated by blanks, run where systemd runs. */
  try(words: string): Promise<Outcome>
  /** As `try`, for what a test takes for granted. */
  run(words: string): Promise<Outcome>
  /** The unit in whose control group the master of this config_directory's instance runs. */
  unitOfMaster(directory: string): Promise<string>
  /** Properties of the instance's unit, in microseconds. */
  times(name: string, property: string): Promise<number[]>
  /** Units of Postfix that have failed. */
  failed(): Promise<string[]>
  end(): Promise<void>
}

/** Everything that systemd would start besides is left out. */
async function boot(): Promise<Machine> {
  sh(`
    rm -rf /etc/systemd/system/*
    mkdir -p /run/units /run/generators /run/cgroup
    cp /lib/systemd/system/postfix.service /lib/systemd/system/postfix@.service /run/units/
    cp ${generator} /run/generators/
    for each in sysinit basic shutdown network-online nss-lookup multi-user; do
        printf '[Unit]\\nDefaultDependencies=no\\n' >/run/units/$each.target
    done
    mount -t cgroup2 cgroup2 /run/cgroup
    mkdir ${group}`)
  const shell = `
    echo $$ >${group}/cgroup.procs
    exec unshare --cgroup --mount --pid --fork --kill-child --mount-proc --propagation private sh -c '
        umount --recursive /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=throw-away \\
            SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/systemd/generator:/run/units \\
            SYSTEMD_GENERATOR_PATH=/run/generators \\
            ${systemd} --system --unit=basic.target --show-status=no'`
  const host = start('sh', ['-c', shell])
  await until(async () => {
    const [pid] = childrenOf(host)
    return pid !== undefined && (await enter(pid, ['systemctl', 'is-active', 'basic.target'])).status === 0
  })
  return toMachine(host, childrenOf(host)[0]!)
}

function toMachine(host: Running, pid: string): Machine {
  const attempt = (words: string): Promise<Outcome> =>
    enter(pid, words.replace(/^postmulti /, `${program} `).split(' '))
  const run = async (words: string): Promise<Outcome> => {
    const outcome = await attempt(words)
    assert.equal(outcome.status, 0, `${words}: ${outcome.stderr.join('\n')}`)
    return outcome
  }
  return {
    try: attempt,
    run,
    async unitOfMaster(directory) {
      const master = readFileSync(`/var/spool/${directory}/pid/master.pid`, 'latin1').trim()
      const {stdout} = await run(`cat /proc/${master}/cgroup`)
      return /^0::.*\/(.*)$/m.exec(stdout)?.[1] ?? ''
    },
    async times(name, property) {
      const {stdout} = await run(`systemctl show --value --property ${property} postfix@${name}.service`)
      return stdout.trim().split('\n').map(Number)
    },
    async failed() {
      const {stdout} = await run('systemctl list-units --failed --plain --no-legend postfix*')
      return stdout.split('\n').filter(Boolean)
    },
    async end() {
      process.kill(host.pid, 'SIGKILL')
      await host.ended
      // The processes of its namespace die after it.
      sh(`timeout 10 sh -c 'until find ${group} -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.1; done'`)
    },
  }
}

function childrenOf({pid}: Running): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean)
}

function enter(pid: string, words: string[]): Promise<Outcome> {
  return start('nsenter', ['--target', pid, '--mount', '--pid', '--cgroup', '--', ...words]).ended
}
