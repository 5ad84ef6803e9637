/**
 * A copy of the root of a Debian release that is booted: systemd is process 1 of a PID namespace, with all units of the
 * release. What it writes is there after a reboot, and gone with the copy. Runs in test/releases/enter.
 */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {existsSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {runAgain} from '../acceptance/again.ts'
import {type Outcome, type Running, sh, start, until} from '../acceptance/inside.ts'

/** In the environment of the mocha that runs in the copy. */
const inside = 'POSTMULTI_BOOTED'
const minutes = 60_000
const enter = join(import.meta.dirname, '../releases/enter')

const roots = ['bookworm-boot', 'trixie-boot']

/** Where CI is set and nobody has said which, one root is booted, and shown what these words choose. */
const short = 'say their layout|start what was created'
const seed = Number(process.env.BOOT_SEED ?? Date.now() % 1_000_000)
const wanted = process.env.BOOTS?.split(' ') ?? (process.env.CI ? [roots[seed % roots.length]!] : [])

/**
 * Defines a suite whose tests run in one copy of this root. BOOTS has the names of those that are wanted, or is all. What
 * is done in the same root twice has a `way` each.
 */
export function inRoot(file: string, name: string, define: () => void, {network = false, way = ''} = {}): void {
  const title = way === '' ? name : `${name}, ${way}`
  describe(`boots of ${title}`, function () {
    this.timeout(30 * minutes)
    if (process.env[inside] === title) return define()
    if (process.env[inside] !== undefined) return
    const whyNot = findWhyNot(name, network)
    // Of a file that was named: `-g words` chooses there, and is in the title so that it chooses this one, too.
    const said = process.argv.slice(2).filter((each) => !each.endsWith('.ts'))
    if (whyNot !== undefined) return void it.skip(`keep their promises: ${whyNot}`)
    it(['keep their promises', ...said].join(' '), () => {
      const words = process.env.BOOTS === undefined ? ['-g', short] : said
      if (process.env.BOOTS === undefined) console.log(`      BOOT_SEED=${seed}`)
      const mocha = ['node', 'node_modules/mocha/bin/mocha.js']
      return runAgain(
        [enter, ...(network ? ['--network'] : []), name, ...mocha],
        [`test/boot/${basename(file)}`, ...words],
        {variables: {[inside]: title}, limit: 30},
      )
    })
  })
}

function findWhyNot(name: string, network: boolean): string | undefined {
  const isWanted = wanted.includes('all') || wanted.includes(name)
  if (!isWanted || (network && process.env.BOOTS === undefined)) return 'npm run test:boot does it'
  const cache = join(process.env.XDG_CACHE_HOME ?? '/var/cache', 'postmulti-test/roots')
  if (!existsSync(join(cache, name, '.recipe'))) return `test/releases/build ${name} builds it`
  return process.getuid?.() === 0 ? undefined : 'only root can'
}

/** In the place of Postfix's postmulti. SOURCE_DATE_EPOCH: a worktree has its history elsewhere. */
const inPlace = {
  'a clone': `
    dpkg-divert --quiet --local --rename --add /usr/sbin/postmulti
    ln -s /srv/postmulti/bin/postmulti /usr/sbin/postmulti`,
  'the package': `
    SOURCE_DATE_EPOCH=0 node packaging/package.js amd64 --uncompressed >/var/log/package
    dpkg -i out/postmulti_*_amd64.deb >>/var/log/package
    rm -r out`,
}

/** Postfix as Debian's package would configure it, and this program in the place of its postmulti. */
export function prepare(way: keyof typeof inPlace = 'a clone'): void {
  sh(`
    printf '%s\\n' 'compatibility_level = 3.6' 'inet_interfaces = loopback-only' 'mydestination = localhost' >/etc/postfix/main.cf
    [ -e /etc/postfix/master.cf ] || cp /etc/postfix/master.cf.proto /etc/postfix/master.cf
    touch -d '-1 hour' /etc/postfix/ma*.cf
    mkdir -p /etc/systemd/system/multi-user.target.wants
    ${inPlace[way]}
    systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer man-db.timer systemd-modules-load.service`)
}

export class Machine {
  readonly #host: Running
  readonly #pid: string
  readonly #group: string

  private constructor(host: Running, pid: string, group: string) {
    this.#host = host
    this.#pid = pid
    this.#group = group
  }

  /** Returns when systemd has started all that it starts at boot. */
  static async boot(): Promise<Machine> {
    // Of the kernel, not of this host alone.
    const group = `/run/cgroup/postmulti-boot-${randomUUID()}`
    sh(`mkdir -p /run/cgroup; mountpoint -q /run/cgroup || mount -t cgroup2 cgroup2 /run/cgroup; mkdir ${group}`)
    const shell = `
      echo $$ >${group}/cgroup.procs
      exec unshare --net --cgroup --mount --pid --fork --kill-child --mount-proc --propagation private sh -c '
          ip link set lo up
          umount --quiet --recursive /sys/fs/cgroup
          mount -t cgroup2 cgroup2 /sys/fs/cgroup
          mount -t tmpfs -o mode=755 tmpfs /run
          exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=throw-away \\
              /lib/systemd/systemd --system --show-status=no'`
    const host = start('sh', ['-c', shell])
    await until(() => childrenOf(host).length > 0)
    const machine = new Machine(host, childrenOf(host)[0]!, group)
    await until(async () => /^(?:running|degraded)$/m.test((await machine.try('systemctl is-system-running')).stdout))
    return machine
  }

  /** A line for the shell, run where systemd runs; not in a session or unit of it. */
  try(line: string): Promise<Outcome> {
    return start('nsenter', ['--target', this.#pid, '--mount', '--pid', '--cgroup', '--net', '--', 'sh', '-c', line])
      .ended
  }

  /** As `try`, for what a test takes for granted; its stdout. */
  async run(line: string): Promise<string> {
    const {status, stdout, stderr} = await this.try(line)
    assert.equal(status, 0, `${line}: ${stdout}${stderr.join('\n')}`)
    return stdout.trim()
  }

  /** Those whose master(8) runs, by the names of their directories in /var/spool. */
  async running(): Promise<string[]> {
    const names = await this.run(
      'for each in /var/spool/postfix*; do flock -n $each/pid/master.pid true 2>/dev/null || { [ ! -e $each/pid/master.pid ] || basename $each; }; done',
    )
    return names.split('\n').filter(Boolean)
  }

  /** The unit in whose control group the master(8) of this queue runs. */
  async unitOf(name: string): Promise<string> {
    const cgroup = await this.run(`cat /proc/$(tr -d ' ' </var/spool/${name}/pid/master.pid)/cgroup`)
    return /^0::.*\/(.*)$/m.exec(cgroup)?.[1] ?? ''
  }

  /** When it was ready and when it was begun, in microseconds since the boot. */
  async times(unit: string): Promise<{begun: number; ready: number}> {
    const show = (property: string): Promise<string> =>
      this.run(`systemctl show --value --property ${property} '${unit}'`)
    return {
      begun: Number(await show('InactiveExitTimestampMonotonic')),
      ready: Number(await show('ActiveEnterTimestampMonotonic')),
    }
  }

  /** Units of Postfix that have failed. */
  async failed(): Promise<string> {
    return this.run("systemctl list-units --failed --plain --no-legend 'postfix*'")
  }

  /** As a power button would; all that is on disk stays. */
  async halt(): Promise<void> {
    await this.try('systemctl poweroff --no-block')
    await Promise.race([this.#host.ended, new Promise((resolve) => setTimeout(resolve, 30_000).unref())])
    await this.end()
  }

  /** As a power cut. */
  async end(): Promise<void> {
    try {
      process.kill(this.#host.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
    await this.#host.ended
    // The processes of its namespace die after it.
    sh(`timeout 20 sh -c 'until find ${this.#group} -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.1; done'`)
  }
}

function childrenOf({pid}: Running): string[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'latin1').split(' ').filter(Boolean) : []
}
