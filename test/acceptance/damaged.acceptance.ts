/**
 * A secondary instance whose configuration cannot be used: the others go on, and the bad one is named.
 */
import assert from 'node:assert/strict'
import {
  antedate,
  differences,
  listed,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
  start,
} from './inside.ts'

const bad = '/etc/postfix-bad'

interface Damage {
  what: string
  make: string
  /** What is named: file, line where there is one, reason. */
  told: RegExp
  under?: string[]
  /** To the changes it is the same as a missing main.cf. */
  asMissing?: true
}

const damages: Damage[] = [
  {
    what: 'main.cf is missing',
    make: `rm ${bad}/main.cf`,
    told: /\/etc\/postfix-bad\/main\.cf: No such file or directory$/,
  },
  {
    what: 'its directory is missing',
    make: `mv ${bad} /etc/moved-away`,
    asMissing: true,
    told: /\/etc\/postfix-bad\/main\.cf: No such file or directory$/,
  },
  {
    what: 'main.cf is a directory',
    make: `rm ${bad}/main.cf; mkdir ${bad}/main.cf`,
    told: /\/etc\/postfix-bad\/main\.cf: Is a directory$/,
  },
  {
    what: 'main.cf is a link that leads nowhere',
    make: `ln -sf /nowhere/main.cf ${bad}/main.cf`,
    asMissing: true,
    told: /\/etc\/postfix-bad\/main\.cf: No such file or directory$/,
  },
  {
    what: "a line has no '='",
    make: `printf 'a = b\\nnonsense\\n' >${bad}/main.cf`,
    told: /\/etc\/postfix-bad\/main\.cf, line 2: missing '=' after attribute name: "nonsense"$/,
  },
  {
    what: 'a switch is neither on nor off',
    make: `sed -i '/^multi_instance_enable/d' ${bad}/main.cf; echo 'multi_instance_enable = maybe' >>${bad}/main.cf`,
    told: /\/etc\/postfix-bad\/main\.cf, line \d+: .*multi_instance_enable = maybe$/,
  },
  {
    what: 'master.cf has a bad line',
    make: `echo 'smtp inet n' >>${bad}/master.cf`,
    told: /\/etc\/postfix-bad\/master\.cf(?:, line \d+)?: \S.*$/,
  },
]

const unreadable: Damage = {
  what: 'main.cf may not be read',
  make: `chmod 600 ${bad}/main.cf`,
  told: /\/etc\/postfix-bad\/main\.cf: Permission denied$/,
  under: ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups'],
}

onThrowAwayHost(import.meta.filename, 'a damaged instance', damageThem)

function damageThem() {
  let restore: () => void

  before(async () => {
    await mustSucceed('-e init')
    for (const name of ['a', 'bad', 'b', 'stray']) await mustSucceed(`-I postfix-${name} -G mta -e create`)
    await mustSucceed('-i postfix-stray -e deport')
    await mustSucceed('-i postfix-b -e enable')
    restore = saveHost()
  })
  beforeEach(() => restore())
  afterEach(() => void sh('rm -rf /etc/moved-away'))

  for (const damage of [...damages, unreadable]) {
    describe(`when ${damage.what}`, () => {
      const read = (words: string): Promise<Outcome> => run(damage.under ?? [], words)
      beforeEach(() => {
        sh(damage.make)
        antedate()
      })

      it('keeps no other from being listed', async () => {
        const {status, stdout, stderr} = await read('-l')
        assert.deepEqual(directoriesOf(stdout), ['/etc/postfix', '/etc/postfix-a', '/etc/postfix-b'])
        assert.equal(status, 1)
        named(stderr)
      })

      it('fails a list of its group', async () => {
        const {status, stdout, stderr} = await read('-l -g mta')
        assert.deepEqual([directoriesOf(stdout), status], [['/etc/postfix-a', '/etc/postfix-b'], 1])
        named(stderr)
      })

      it('fails a list of itself', async () => {
        const {status, stdout, stderr} = await read(`-l -i ${bad}`)
        assert.deepEqual([stdout, status], ['', 1])
        named(stderr)
      })

      it('does not fail a list of a healthy one', async () => {
        const {status, stdout, stderr} = await read('-l -i postfix-a')
        assert.deepEqual([directoriesOf(stdout), status, stderr], [['/etc/postfix-a'], 0, []])
      })

      it('keeps no command from the others', async () => {
        const {status, stdout, stderr} = await run(damage.under ?? [], [
          '-a',
          '-x',
          'sh',
          '-c',
          'echo $config_directory',
        ])
        assert.deepEqual([stdout, status], ['/etc/postfix\n/etc/postfix-a\n/etc/postfix-b\n', 1])
        named(stderr)
      })

      it("leaves a healthy one's status to its command", async () => {
        const statuses: (number | null)[] = []
        for (const command of ['true', 'false']) statuses.push((await read(`-i postfix-a -x ${command}`)).status)
        assert.deepEqual(statuses, [0, 1])
      })

      if (damage.under !== undefined) return

      it('keeps no status from the others', async () => {
        const {status, stderr} = await postmulti('-p status')
        assert.equal(status, 1)
        named(stderr)
        // Before 3.8 only a terminal is told, and since 3.10 the log has nothing of an instance that does not run.
        const log = sh('cat /var/log/mail.log || :').split('\n')
        sh(': >/var/log/mail.log')
        const told = [...stderr, ...log].map(
          (line) => /(postfix[a-z-]*)\/post(?:fix-script|log).*not running/.exec(line)?.[1],
        )
        assert.deepEqual([...new Set(told)].filter(Boolean).sort(), ['postfix', 'postfix-a', 'postfix-b'])
      })

      it('can be deported by its path', async () => {
        const {status, stderr} = await postmulti(`-i ${bad} -e deport`)
        assert.equal(status, 0, stderr.join('\n'))
        assert.deepEqual(listed(), ['/etc/postfix-a', '/etc/postfix-b'])
      })

      if (damage.asMissing) return

      const changes: [words: string, isSo: () => boolean][] = [
        ['-i postfix-a -e enable', () => hasLine('/etc/postfix-a', 'multi_instance_enable = yes')],
        ['-i postfix-b -e disable', () => hasLine('/etc/postfix-b', 'multi_instance_enable = no')],
        ['-i postfix-a -G other -e assign', () => hasLine('/etc/postfix-a', 'multi_instance_group = other')],
        ['-i postfix-a -e deport', () => listed().join() === `${bad},/etc/postfix-b`],
        ['-i postfix-a -e destroy', () => listed().join() === `${bad},/etc/postfix-b`],
      ]
      for (const [words, isSo] of changes) {
        it(`does not hinder ${words}`, async () => {
          const {status, stderr} = await postmulti(words)
          assert.equal(status, 0, stderr.join('\n'))
          named(stderr)
          assert.ok(isSo())
        })
      }

      for (const words of [
        '-I postfix-c -e create',
        '-e import config_directory=/etc/postfix-stray',
        '-i postfix-a -I postfix-x -e assign',
      ]) {
        it(`refuses ${words}, whose claims cannot be checked, and names it`, async () => {
          await refuses(words)
        })
      }

      it('cannot be changed itself', async () => {
        await refuses(`-i ${bad} -e enable`)
      })
    })

    function named(stderr: string[]): void {
      const naming = stderr.filter((line) => line.includes(bad))
      assert.equal(naming.length, 1, stderr.join('\n'))
      assert.match(naming[0]!, /^postmulti: warning: /)
      assert.match(naming[0]!, damage.told)
    }

    async function refuses(words: string): Promise<void> {
      const before = readTree()
      const {status, stderr} = await postmulti(words)
      assert.equal(status, 1)
      assert.match(stderr.at(-1) ?? '', /^postmulti: fatal: .*\/etc\/postfix-bad/)
      assert.match(stderr.at(-1) ?? '', damage.told)
      assert.deepEqual(differences(before, readTree()), [])
    }
  }
}

function run(under: string[], words: string | string[]): Promise<Outcome> {
  const [command = '', ...rest] = [...under, program, ...(typeof words === 'string' ? words.split(' ') : words)]
  return start(command, rest).ended
}

/** The last column of a list. */
function directoriesOf(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').at(-1)!)
}

function hasLine(directory: string, line: string): boolean {
  return sh(`grep -cx '${line}' ${directory}/main.cf || :`) === '1'
}
