/**
 * Where the C program runs, ours does: under what units, containers and limits forbid, each as it really is, and beside
 * the real one where it has the command.
 */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {
  antedate,
  exposeReal,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  program,
  realProgram,
  sh,
  start,
  until,
} from './inside.ts'

const memory = join(import.meta.dirname, 'memory.pl')

/** What is around the call, in sh; `"$@"` is the call. */
const places: [place: string, around: string][] = [
  ['a unit of a newer systemd with MemoryDenyWriteExecute=', `exec perl ${memory} prctl "$@"`],
  ['a unit of systemd 252 with MemoryDenyWriteExecute=', `exec perl ${memory} seccomp "$@"`],
  ['a shell with 800 MB of address space', 'ulimit -v 800000; exec "$@"'],
  ['a shell with 100 MB of data', 'ulimit -d 100000; exec "$@"'],
  ['a shell with 32 descriptors', 'ulimit -n 32; exec "$@"'],
  ['a root without /proc', 'mount -t tmpfs none /proc; exec "$@"'],
  [
    'a root without flock(1)',
    `less=$(mktemp -d) && mknod "$less/flock" c 0 0 && mount -t overlay -o lowerdir="$less:/usr/bin" none /usr/bin
     exec "$@"`,
  ],
  ['a root without /dev', 'mount -t tmpfs none /dev; exec "$@"'],
  [
    'a container where only /var/lib and /etc can be written, and nothing was learnt',
    `rm -rf /var/cache/postmulti
     for each in /tmp /var/cache; do mount --bind $each $each; done
     for each in /tmp /var/cache /run; do mount -o remount,ro,bind $each; done
     exec "$@"`,
  ],
]
const calls = ['-l', '-g mta -l', '-i postfix-out -x printenv config_directory', '-p status', '-i nobody -l']

onThrowAwayHost(import.meta.filename, 'places', () => {
  before(async () => {
    exposeReal()
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out -G mta -e create')
    await mustSucceed('-i postfix-out -e enable')
    antedate()
  })

  describe('on Debian', callThem)

  for (const [place, around] of places) {
    describe(`in ${place}`, () => {
      for (const words of calls) {
        it(`postmulti ${words} is as the real one`, async function () {
          const [theirs, ours] = [await call(around, realProgram, words), await call(around, program, words)]
          // The kernel does not know it, or has other numbers for its calls.
          if (ours.status === 77) this.skip()
          assert.deepEqual([ours.status, ours.stdout], [theirs.status, theirs.stdout], ours.stderr.join('\n'))
          assert.doesNotMatch(ours.stderr.join('\n'), /^\s+at |cannot open|trap/m)
          if (ours.status === 0) assert.deepEqual(ours.stderr, theirs.stderr)
        })
      }

      const isWhole = !place.startsWith('a root without')
      it(`sub-commands read${isWhole ? ' and change' : ', and say why nothing is changed'}`, async function () {
        const listed = await call(around, program, 'instances list --json')
        if (listed.status === 77) this.skip()
        assert.equal(JSON.parse(listed.stdout).instances.length, 2, listed.stderr.join('\n'))
        assert.equal((await call(around, program, 'flow')).status, 0)
        for (const words of ['instances disable out', 'instances enable out']) {
          const {status, stderr} = await call(around, program, words)
          assert.equal(status, isWhole ? 0 : 1, `${words}: ${stderr.join('\n')}`)
          if (!isWhole) assert.match(stderr.join('\n'), /^postmulti: [^\n]+: [^\n]+$/)
        }
      })
    })
  }
})

/** What real callers do there. */
function callThem(): void {
  before(async () => {
    await mustSucceed('-i - -e enable')
    sh(`postconf -e maillog_file=/var/log/mail.log; postconf -c /etc/postfix-out -e maillog_file=/var/log/mail.log`)
    antedate()
  })
  after(() => sh('postfix stop 2>/dev/null'))

  it('the init script starts, reports and stops all instances', async () => {
    // That of Debian 13 gives back what postfix(1) says.
    const stopped = sh('grep -c "exit 3" /etc/init.d/postfix || :') === '0' ? 1 : 3
    for (const [word, status] of [
      ['start', 0],
      ['status', 0],
      ['stop', 0],
      ['status', stopped],
    ] as const) {
      const found = await start('/etc/init.d/postfix', [word]).ended
      assert.equal(found.status, status, `${word}: ${found.stdout}${found.stderr.join('\n')}`)
    }
  })

  for (const way of ['prctl', 'seccomp']) {
    it(`a postrotate of logrotate.service, whose memory may not become executable (${way}), reaches all masters`, async function () {
      sh('postfix start 2>/dev/null || :; : >/var/log/mail.log')
      const {status, stderr} = await start('perl', [memory, way, 'postfix', 'reload']).ended
      if (status === 77) this.skip()
      assert.equal(status, 0, stderr.join('\n'))
      await until(() => sh('grep -c reload.*version /var/log/mail.log || :') === '2')
    })
  }
}

/** With mounts of its own. */
function call(around: string, command: string, words: string): Promise<Outcome> {
  return start('unshare', ['--mount', 'sh', '-c', around, 'sh', command, ...words.split(' ')]).ended
}
