import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {surveyRemoval} from '../../../src/postfix/removal/leftovers.ts'

const subdirectories =
  'active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace'.split(' ')

const isRoot = process.geteuid?.() === 0

describe('survey before destroy', () => {
  let root: string
  let all: string[]

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leftovers-'))
    all = ['queue', 'data', 'config'].map((each) => `${root}/${each}`)
    for (const each of subdirectories) mkdirSync(`${root}/queue/${each}`, {recursive: true})
    mkdirSync(`${root}/data`)
    put('config/master.cf', 'smtp unix - - y - - smtp\nmine unix - n n - - pipe\n')
    put('config/main.cf', 'address_verify_map = btree:$data_directory/addresses\n')
    put('meta/master.cf.proto', 'qmgr unix n - y 300 1 qmgr\n')
  })
  afterEach(() => rmSync(root, {recursive: true}))

  it('finds that all of a new instance may go', () => {
    assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
  })

  it('takes its time with no directory that is missing', () => {
    rmSync(`${root}/queue`, {recursive: true})
    assert.deepEqual(survey(), {remove: all.slice(1), keep: [], differing: []})
  })

  const made: [title: string, ...paths: string[]][] = [
    [
      'pid files',
      'queue/pid/master.pid',
      'queue/pid/inet.2525',
      'queue/pid/unix.smtp',
      'queue/pid/inet.127.0.0.1:10025',
    ],
    [
      'stale logs, in hash directories too',
      'queue/defer/A/B/AB96E5C',
      'queue/bounce/B03B263',
      'queue/trace/4bQ2Xz0Wz8zK',
    ],
    ['flush logs', 'queue/flush/example_org'],
    ['the lock and the random numbers of the data directory', 'data/master.lock', 'data/prng_exch'],
    [
      'usual caches',
      'data/smtp_scache.db',
      'data/smtpd_scache.lmdb',
      'data/postscreen_cache.db',
      'data/verify_cache.db',
    ],
    ['a cache of its own main.cf', 'data/addresses.db'],
    ['interrupted edits', 'config/main.cf.tmp', 'config/master.cf.tmp'],
  ]
  for (const [title, ...paths] of made) {
    it(`lets go ${title}`, () => {
      for (const each of paths) put(each)
      assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
    })
  }

  it('lets go sockets and FIFOs of services', () => {
    makeFifo('queue/public/qmgr')
    makeFifo('queue/private/mine')
    assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
  })

  it('lets go empty hash directories', () => {
    mkdirSync(`${root}/queue/deferred/A/0/F`, {recursive: true})
    assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
  })

  const foreign: [title: string, path: string][] = [
    ['a file in the queue directory', 'queue/README'],
    ['a directory in the queue directory', 'queue/etc/mine'],
    ['a file where logs are', 'queue/defer/notes.txt'],
    ['a regular file where sockets are', 'queue/private/smtp'],
    ['a database that nobody has named', 'data/whitelist.db'],
    ['a lookup table', 'config/transport'],
    ['a copy of main.cf', 'config/main.cf.orig'],
    ['a file in pid', 'queue/pid/backup.pid'],
  ]
  for (const [title, path] of foreign) {
    it(`keeps ${title}, and the directories above it`, () => {
      put(path)
      const {remove, keep} = survey()
      const top = path
      assert.ok(keep.includes(`${root}/${top}`), keep.join(' '))
      assert.ok(keep.includes(`${root}/${path.split('/')[0]}`), keep.join(' '))
      assertStays(path, remove)
      assert.equal(remove.filter((each) => all.includes(each)).length, 2)
    })
  }

  describe('of the copies that Debian puts into the queue directory', () => {
    it('lets go those that are as on the host, and what else it makes there', () => {
      for (const each of ['hosts', 'services']) put(`queue/etc/${each}`, readFileSync(`/etc/${each}`))
      for (const each of ['lib/sasl2', 'lib/zoneinfo']) mkdirSync(`${root}/queue/usr/${each}`, {recursive: true})
      if (isRoot) symlinkSync('/etc/localtime', `${root}/queue/usr/lib/zoneinfo/localtime`)
      assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
    })

    it('lets go one of which the host has another version by now, and names it', function () {
      if (!isRoot) this.skip()
      put('queue/etc/hosts', 'old')
      const differing = [{path: `${root}/queue/etc/hosts`, from: '/etc/hosts'}]
      assert.deepEqual(survey(), {remove: all, keep: [], differing})
    })

    const kept: [title: string, path: string, make: (path: string) => void][] = [
      ['a link', 'etc/hosts', (path) => symlinkSync('/etc/hosts', path)],
      [
        'a file of somebody else',
        'etc/hosts',
        (path) => {
          writeFileSync(path, 'old')
          chownSync(path, 12, 12)
        },
      ],
      [
        'a file with several names',
        'etc/hosts',
        (path) => {
          writeFileSync(path, 'old')
          linkSync(path, `${root}/other`)
        },
      ],
      ['one of which the host has none', 'etc/nss_mdns.config', (path) => writeFileSync(path, 'old')],
      ['a library that the host does not have', 'lib/libnss_nosuch.so.2', (path) => writeFileSync(path, '')],
      ['one at any other place, though it is the same', 'etc/passwd', (path) => copyFileSync('/etc/passwd', path)],
      ['a link of its own', 'usr/lib/zoneinfo/localtime', (path) => symlinkSync('/usr/share/zoneinfo/Etc/UTC', path)],
      ['a file where a directory is copied to', 'usr/lib', (path) => writeFileSync(path, '')],
      ['an empty directory that nobody copies to', 'etc/ssl', (path) => mkdirSync(path)],
    ]
    for (const [title, path, make] of kept) {
      it(`keeps ${title}`, function () {
        if (!isRoot || existsSync('/etc/nss_mdns.config')) this.skip()
        mkdirSync(dirname(`${root}/queue/${path}`), {recursive: true})
        make(`${root}/queue/${path}`)
        const {remove, keep, differing} = survey()
        assert.deepEqual(keep, [`${root}/queue`, `${root}/queue/${path}`])
        assert.deepEqual(differing, [])
        assertStays(`queue/${path}`, remove)
      })
    }

    it('knows certificates where main.cf names their directory', () => {
      mkdirSync(`${root}/ca`)
      writeFileSync(`${root}/ca/one.pem`, 'one')
      put(`queue${root}/ca/one.pem`, 'one')
      symlinkSync('one.pem', `${root}/queue${root}/ca/0123abcd.0`)
      assert.equal(survey().keep.length, 2)
      writeFileSync(`${root}/config/main.cf`, `smtp_tls_CApath = ${root}/ca/\n`)
      if (isRoot) assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
    })
  })

  it('keeps a socket that no service of Postfix has', () => {
    makeFifo('queue/private/auth')
    const {remove, keep} = survey()
    assert.ok(keep.includes(`${root}/queue/private/auth`))
    assertStays('queue/private/auth', remove)
  })

  for (const queue of ['active', 'corrupt', 'deferred', 'hold', 'incoming', 'maildrop', 'saved']) {
    it(`keeps a message in ${queue}`, () => {
      put(`queue/${queue}/AB96E5C`)
      const {remove, keep} = survey()
      assert.ok(keep.includes(`${root}/queue/${queue}`))
      assertStays(`queue/${queue}/AB96E5C`, remove)
    })
  }

  it('keeps the log of a message that is there', () => {
    put('queue/deferred/A/AB96E5C')
    put('queue/defer/A/AB96E5C')
    put('queue/defer/B/B03B263')
    const {remove} = survey()
    assertStays('queue/defer/A/AB96E5C', remove)
    assert.ok(remove.some((each) => each === `${root}/queue/defer/B`))
  })

  it('keeps a table that somebody maintains, whatever its parameter is called', () => {
    put(
      'config/main.cf',
      'postscreen_dnsbl_reply_map = hash:$data_directory/reply\nmy_map = hash:$data_directory/mine\n',
    )
    for (const each of ['data/reply', 'data/reply.db', 'data/mine', 'data/mine.db']) put(each)
    const {remove} = survey()
    for (const each of ['data/reply', 'data/reply.db', 'data/mine', 'data/mine.db']) assertStays(each, remove)
  })

  it('lets go the cache that postscreen keeps', () => {
    put('config/main.cf', 'postscreen_cache_map = proxy:btree:${data_directory}/clients\n')
    put('data/clients.db')
    assert.deepEqual(survey(), {remove: all, keep: [], differing: []})
  })

  it('keeps links, and what they lead to', () => {
    put('elsewhere/AB96E5C')
    for (const each of ['queue/defer/A', 'data/master.lock', 'queue/hold/AB96E5C', 'config/link']) {
      symlinkSync(`${root}/elsewhere`, `${root}/${each}`)
    }
    const {remove} = survey()
    for (const each of ['queue/defer/A', 'data/master.lock', 'queue/hold/AB96E5C', 'config/link'])
      assertStays(each, remove)
    assert.ok(!remove.some((each) => each.startsWith(`${root}/elsewhere`)))
  })

  it('changes nothing', () => {
    put('queue/README')
    const before = readdirSync(root, {recursive: true}).sort()
    survey()
    assert.deepEqual(readdirSync(root, {recursive: true}).sort(), before)
  })

  function survey() {
    const [queue_directory = '', data_directory = '', config_directory = ''] = all
    const names = {multi_instance_name: 'postfix-x', multi_instance_group: '', multi_instance_enable: false}
    return surveyRemoval({config_directory, queue_directory, data_directory, ...names}, `${root}/meta`)
  }

  function put(path: string, text: string | Buffer = ''): void {
    mkdirSync(dirname(`${root}/${path}`), {recursive: true})
    writeFileSync(`${root}/${path}`, text)
  }

  function makeFifo(path: string): void {
    assert.equal(spawnSync('mkfifo', [`${root}/${path}`]).status, 0)
  }

  function assertStays(path: string, remove: string[]): void {
    const full = `${root}/${path}`
    assert.deepEqual(
      remove.filter((each) => full === each || full.startsWith(`${each}/`)),
      [],
    )
  }
})
