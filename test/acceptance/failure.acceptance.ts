/**
 * What a change does on a host that fails it: full and read-only disks, missing rights, missing and failing tools. It
 * says so in the classic form, with status 1; the host is as before; and when the obstacle is gone it works.
 */
import assert from 'node:assert/strict'
import {statSync} from 'node:fs'
import {
  differences,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  program,
  readTree,
  replaceTool,
  saveHost,
  sh,
  start,
  whenItEdits,
} from './inside.ts'
import {chmod, disarm, fewInodes, fill, hide, needSetPermissions, readOnly, remove, takeAll} from './obstacles.ts'

interface Obstacle {
  what: string
  /** Which changes meet it. */
  for: string[]
  /** Shell script, or a function; what it returns takes the obstacle away. */
  raise: () => () => void
  /** What stderr has to tell. */
  says: RegExp
  /** Starts the program in another way. */
  under?: string[]
}

const changes: Record<string, string> = {
  create: '-I postfix-new -G mta -e create',
  import: '-I postfix-x -G mta -e import config_directory=/etc/postfix-stray',
  destroy: '-i postfix-in -e destroy',
  deport: '-i postfix-in -e deport',
  enable: '-i postfix-in -e enable',
}
const all = Object.keys(changes)

/** Root as one who must heed modes. */
const withoutPowers = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search,-fowner']
const asNobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups']

const obstacles: Obstacle[] = [
  {
    what: 'the disk with the main.cf that it edits is full',
    for: ['create', 'destroy', 'enable'],
    raise: () => takeAll(fill('/etc/postfix'), fill('/etc/postfix-in')),
    says: /postconf .*: No space left on device/,
  },
  {
    what: 'that disk is read-only',
    for: ['create', 'enable'],
    raise: () => takeAll(readOnly('/etc/postfix'), readOnly('/etc/postfix-in')),
    says: /Read-only file system/,
  },
  {
    what: 'the disk with the journal is full',
    for: all,
    raise: () => fill('/var/lib/postmulti'),
    says: /write \/var\/lib\/postmulti\/pending: .*No space left on device/,
  },
  {
    what: 'the disk with the journal is read-only',
    for: all,
    raise: () => readOnly('/var/lib/postmulti'),
    says: /open \/var\/lib\/postmulti\/lock: Read-only file system/,
  },
  ...[1, 2, 3, 4, 6, 8, 12].map((pages) => ({
    what: `the disk with the journal has ${4 * pages} kB left`,
    for: ['create'],
    raise: () => fill('/var/lib/postmulti', pages),
    says: /No space left on device|^$/,
  })),
  {
    what: 'the disk with the queues is read-only',
    for: ['create', 'destroy'],
    raise: () => readOnly('/var/spool'),
    says: /\/var\/spool\/\S+: Read-only file system/,
  },
  ...[1, 5, 12].map((inodes) => ({
    what: `the disk with the queues has ${inodes} inodes left`,
    for: ['create'],
    raise: () => fewInodes('/var/spool', inodes),
    says: /mkdir \/var\/spool\/postfix-new\S*: No space left on device/,
  })),
  {
    what: 'the disk with the queues is read-only',
    for: ['import'],
    raise: () => {
      sh('rmdir /var/spool/postfix-stray/hold')
      return readOnly('/var/spool')
    },
    says: /Read-only file system/,
  },
  {
    what: 'the disk with the new configuration is full',
    for: ['create'],
    raise: () => {
      sh('mkdir /etc/postfix-new')
      return fill('/etc/postfix-new')
    },
    says: /\/etc\/postfix-new\/main\.cf .*No space left on device/,
  },
  {
    what: 'the disk with the new configuration has room for main.cf only',
    for: ['create'],
    raise: () => {
      sh('mkdir /etc/postfix-new')
      return fill('/etc/postfix-new', Math.ceil((statSync('/etc/postfix/main.cf.proto').size + 512) / 4096))
    },
    says: /\/etc\/postfix-new\/master\.cf: .*No space left on device/,
  },
  {
    what: 'the configuration is a mount point',
    for: ['destroy'],
    raise: () => readOnly('/etc/postfix-in'),
    says: /Read-only file system/,
  },
  {
    what: 'it may not write the configuration',
    for: ['create', 'destroy'],
    raise: () => chmod('555', '/etc/postfix', '/etc/postfix-in'),
    says: /Permission denied/,
    under: withoutPowers,
  },
  {
    what: 'it may not write the queues',
    for: ['create', 'destroy'],
    raise: () => chmod('555', '/var/spool'),
    says: /\/var\/spool\/\S+: Permission denied/,
    under: withoutPowers,
  },
  {
    what: 'it may not write the journal',
    for: all,
    raise: () => {
      sh('mkdir -p /var/lib/postmulti')
      return chmod('555', '/var/lib/postmulti')
    },
    says: /Permission denied/,
    under: withoutPowers,
  },
  {
    what: 'its user is not root',
    for: all,
    raise: () => () => {},
    says: /open \/var\/lib\/postmulti\/lock: Permission denied|(?:list|read) \S+: Permission denied/,
    under: asNobody,
  },
  {
    what: 'postconf is missing',
    for: all,
    raise: () => remove('/usr/sbin/postconf'),
    says: /postconf.*: No such file or directory/,
  },
  {
    what: 'postconf may not be executed',
    for: ['enable'],
    raise: () => disarm('/usr/sbin/postconf'),
    says: /postconf -d: Permission denied/,
  },
  {
    what: 'postconf fails',
    for: all,
    raise: () => replaceTool('postconf', 'echo "postconf: fatal: no luck" >&2; exit 3'),
    says: /postconf .*: postconf: fatal: no luck/,
  },
  {
    what: 'postconf fails without a word',
    for: all,
    raise: () => replaceTool('postconf', 'exit 3'),
    says: /postconf -d failed with status 3/,
  },
  {
    what: 'postconf fails when it has done its work',
    for: all,
    raise: () => replaceTool('postconf', '', whenItEdits('exit 3')),
    says: /postconf .* failed with status 3/,
  },
  {
    what: 'postconf is killed',
    for: all,
    raise: () => replaceTool('postconf', whenItEdits('kill -9 $$')),
    says: /postconf .*: ended by SIGKILL/,
  },
  {
    what: 'flock is missing',
    for: all,
    raise: () => hide('/usr/bin/flock'),
    says: /flock: it is not installed, and no change is made without it/,
  },
  {
    what: 'postfix set-permissions fails',
    for: ['create'],
    raise: () => takeAll(needSetPermissions(), replaceTool('postfix', 'echo "postfix: fatal: no luck" >&2; exit 1')),
    says: /postfix .*set-permissions: postfix: fatal: no luck/,
  },
  {
    what: 'postfix set-permissions fails when it has done its work',
    for: ['create', 'import'],
    raise: () => takeAll(needSetPermissions(), replaceTool('postfix', '', 'exit 1')),
    says: /postfix .*set-permissions failed with status 1/,
  },
]

onThrowAwayHost(import.meta.filename, 'changes on a host that fails them', failThem)

function failThem() {
  let restore: () => void

  before(async () => {
    for (const each of ['-e init', '-I postfix-in -G mta -e create', '-I postfix-stray -e create'])
      await mustSucceed(each)
    await mustSucceed('-i postfix-stray -e deport')
    restore = saveHost()
  })
  beforeEach(() => restore())

  for (const {what, for: meeting, raise, says, under = []} of obstacles) {
    for (const action of meeting) {
      it(`${action} leaves all as it was and works later when ${what}`, async () => {
        const change = () => run(under, changes[action]!)
        const takeAway = raise()
        let outcome: Outcome
        try {
          const before = readTree()
          outcome = await change()
          const told = outcome.stderr.join('\n')
          assert.match(told, says)
          if (outcome.status !== 0) {
            assert.equal(outcome.status, 1, told)
            assert.match(outcome.stderr.at(-1) ?? '', /^postmulti: fatal: \S/)
            assert.deepEqual(
              outcome.stderr.filter((line) => !line.startsWith('postmulti: ')),
              [],
            )
            assert.deepEqual(differences(before, readTree()), [])
          }
        } finally {
          takeAway()
        }
        if (outcome.status === 0) return
        const later = await run([], changes[action]!)
        assert.deepEqual([later.status, later.stderr], [0, []])
      })
    }
  }

  it('postfix(1) sets no permissions in a configuration directory of others', async () => {
    // So that they are not set without it.
    sh("echo 'shlib_directory = $y' >>/etc/postfix-stray/main.cf; chown -hR nobody /etc/postfix-stray")
    const before = readTree()
    const {status, stderr} = await run([], changes.import!)
    assert.equal(status, 1)
    assert.match(
      stderr.at(-1) ?? '',
      /others than root can write \/etc\/postfix-stray, so postfix\(1\) may not do it either$/,
    )
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('a change goes on when only its note for those who wait finds no room', async () => {
    const takeAway = fill('/var/lib/postmulti')
    const outcome = await run([], '-i - -G - -e assign')
    takeAway()
    assert.deepEqual([outcome.status, outcome.stderr], [0, []])
  })

  it('a tree that cannot be restored on a full disk is restored by the next run', async () => {
    const before = readTree()
    // The disk is full from the moment that postconf has done its work: the old main.cf finds no room.
    const takeAway = fill('/etc/postfix', 400)
    const putBack = replaceTool('postconf', '', whenItEdits('cat /dev/zero >/etc/postfix/more 2>/dev/null; exit 3'))
    const {status, stderr} = await run([], changes.create!)
    putBack()
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /failed with status 3.* not undone yet: .*No space left on device/)
    sh('rm /etc/postfix/more')
    const next = await run([], '-i - -G - -e assign')
    assert.match(
      next.stderr.join('\n'),
      /^postmulti: warning: rolled back an unfinished create of \/etc\/postfix-new [^\n]*$/,
    )
    sh('rm /etc/postfix/filler')
    assert.deepEqual(differences(before, readTree()), [])
    takeAway()
  })
}

function run(under: string[], words: string): Promise<Outcome> {
  const [command = '', ...rest] = [...under, program, ...words.split(' ')]
  return start(command, rest).ended
}
