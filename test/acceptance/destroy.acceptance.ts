/**
 * destroy leaves nothing of what Postfix made and takes nothing else: no mail, no foreign file, no running instance.
 * Source: postmulti(1), "destroy".
 */
import assert from 'node:assert/strict'
import {existsSync, globSync, lstatSync, readFileSync} from 'node:fs'
import {
  antedate,
  differences,
  listed,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  readTree,
  replaceTool,
  saveHost,
  sh,
  until,
  whenItEdits,
} from './inside.ts'

const queue = '/var/spool/postfix-in'
const destroy = '-i postfix-in -e destroy'

onThrowAwayHost(import.meta.filename, 'destroy', destroyThem)

function destroyThem() {
  let restore: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-in -e create')
    sh(`
      postconf -c /etc/postfix-in mydestination=localhost local_transport=discard: default_transport=retry:later authorized_submit_users=root
      install -o postfix /dev/null /var/log/mail.log`)
    restore = saveHost()
  })
  beforeEach(() => restore())

  for (const name of ['maildrop', 'hold', 'incoming', 'active', 'deferred', 'corrupt']) {
    it(`refuses an instance with mail in ${name}, says how much, and what to do`, async () => {
      sh(`mkdir -p ${queue}/${name}; echo x >${queue}/${name}/4Xq1; echo x >${queue}/${name}/4Xq2`)
      await refuses(new RegExp(`Instance '/etc/postfix-in' has 2 messages in its queue \\(${name} 2\\): deliver them`))
    })
  }

  it('counts mail in hash directories', async () => {
    sh(`mkdir -p ${queue}/deferred/A/B; echo x >${queue}/deferred/A/B/AB1; echo x >${queue}/active/4Xq1`)
    await refuses(/2 messages in its queue \(active 1, deferred 1\)/)
  })

  it('does not say how to delete all of it, and is possible after that', async () => {
    sh(`install -o postfix -m 700 /dev/null ${queue}/deferred/4Xq1A2b3C4zZz`)
    const {stderr} = await postmulti(destroy)
    assert.doesNotMatch(stderr.join('\n'), /ALL/)
    await mustSucceed('-i postfix-in -x postsuper -d ALL')
    await mustSucceed(destroy)
  })

  it('leaves nothing of an instance that has run, delivered a message and deferred another', async () => {
    await run(async () => {
      sh(`
        echo hello | sendmail -C /etc/postfix-in root@localhost
        echo hello | sendmail -C /etc/postfix-in root@elsewhere.example`)
      await until(() => /status=sent/.test(log()) && /status=deferred/.test(log()))
    })
    await refuses(/has 1 message in its queue \(deferred 1\)/)
    await mustSucceed('-i postfix-in -x postsuper -d ALL')
    const {stderr} = await mustSucceed(destroy)
    assert.deepEqual(stderr, [])
    assert.deepEqual(globSync('/{etc,var/spool,var/lib}/{,.}*{postfix-in,postmulti-}*'), [])
    assert.deepEqual(listed(), [])
  })

  describe('of an instance whose jail Debian has filled', () => {
    const script = '/usr/lib/postfix/configure-instance.sh'
    const copies = `${queue}/{dev,etc,lib,usr}/**`

    beforeEach(function () {
      if (!existsSync(script)) {
        console.log(`      skipped: ${script} is not there`)
        this.skip()
      }
      // By systemd at its start, before Debian 13.
      sh(`
        postconf -c /etc/postfix-in -F smtp/unix/chroot=y
        find /etc/postfix* -name 'ma*.cf' -exec touch -d '-1 hour' {} +
        if grep -q configure-instance $(postconf -h daemon_directory)/post-install
        then postfix -c /etc/postfix-in check; else ${script} postfix-in; fi`)
      assert.ok(globSync(copies).length >= 8, `${globSync(copies)}`)
    })

    it('leaves nothing, and undo brings the copies back', async () => {
      const before = globSync(`${queue}/{etc,lib,usr}/**`).sort()
      assert.deepEqual((await mustSucceed(destroy)).stderr, [])
      assert.deepEqual(globSync('/{etc,var/spool,var/lib}/{,.}*{postfix-in,postmulti-}*'), [])
      await mustSucceed('undo --yes')
      const isThere = (path: string) => before.includes(path) && !lstatSync(path).isSymbolicLink()
      assert.deepEqual(
        globSync(`${queue}/{etc,lib,usr}/**`).filter(isThere).sort(),
        before.filter((path) => existsSync(path) && isThere(path)),
      )
    })

    it('leaves nothing of copies that are old, and names them', async () => {
      sh('echo 192.0.2.99 new >>/etc/hosts')
      try {
        const {stderr} = await mustSucceed(destroy)
        assert.deepEqual(stderr, [
          `postfix/postmulti-script: warning: ${queue}/etc/hosts: goes as a copy of /etc/hosts, though they differ`,
        ])
        assert.deepEqual(globSync(`${queue}*`), [])
      } finally {
        sh("sed -i '/192.0.2.99/d' /etc/hosts")
      }
    })

    it('leaves what somebody keeps there, alone', async () => {
      sh(`echo mine >${queue}/etc/mine; rm -f ${queue}/etc/services; ln -s hosts ${queue}/etc/services`)
      const {stderr} = await mustSucceed(destroy)
      assert.deepEqual(
        stderr.map((each) => each.split(' ').slice(2).join(' ')),
        ['', '/etc/mine', '/etc/services'].map((each) => `${queue}${each}: please verify contents and remove by hand`),
      )
      assert.deepEqual(globSync(`${queue}/**`).sort(), [
        queue,
        `${queue}/etc`,
        `${queue}/etc/mine`,
        `${queue}/etc/services`,
      ])
    })
  })

  const foreign: [what: string, make: string, path: string][] = [
    ['a file in the configuration', 'touch /etc/postfix-in/access', '/etc/postfix-in/access'],
    [
      'a directory in the configuration',
      'mkdir -p /etc/postfix-in/certs/new; touch /etc/postfix-in/certs/key.pem',
      '/etc/postfix-in/certs',
    ],
    ['a file in the queue', `touch ${queue}/notes`, `${queue}/notes`],
    ['a file among the sockets', `touch ${queue}/private/notes`, `${queue}/private/notes`],
    ['a library in the chroot jail', `mkdir -p ${queue}/lib; touch ${queue}/lib/libc.so.6`, `${queue}/lib`],
    ['a file in the data', 'touch /var/lib/postfix-in/site.db', '/var/lib/postfix-in/site.db'],
    ['a symbolic link in the queue', `ln -s /etc/passwd ${queue}/passwd`, `${queue}/passwd`],
    [
      'a symbolic link in the place of a directory',
      `mkdir /var/lib/elsewhere; touch /var/lib/elsewhere/file; rmdir ${queue}/trace; ln -s /var/lib/elsewhere ${queue}/trace`,
      `${queue}/trace`,
    ],
    [
      'a mount point with a file in it',
      `mount -t tmpfs tmpfs ${queue}/saved; touch ${queue}/saved/file`,
      `${queue}/saved`,
    ],
    ['an empty mount point', `mount -t tmpfs tmpfs ${queue}/saved`, `${queue}/saved`],
  ]
  for (const [what, make, path] of foreign) {
    it(`leaves ${what} alone, and names it`, async () => {
      sh(make)
      const before = contents(path)
      try {
        const {status, stderr} = await postmulti(destroy)
        assert.equal(status, 0, stderr.join('\n'))
        assert.ok(
          stderr.some((line) => line.includes(`warning: ${path}`)),
          `${path} is not named: ${stderr.join('\n')}`,
        )
        assert.deepEqual(contents(path), before)
        assert.deepEqual(listed(), [])
      } finally {
        sh(`umount ${queue}/saved 2>/dev/null || :; rm -rf /var/lib/elsewhere`)
      }
    })
  }

  it('removes all that Postfix made round a foreign file', async () => {
    sh(`touch ${queue}/notes`)
    await mustSucceed(destroy)
    assert.deepEqual(globSync(`{${queue},${queue}/*,/etc/postfix-in,/var/lib/postfix-in}`).sort(), [
      queue,
      `${queue}/notes`,
    ])
  })

  it('refuses an instance that is running', async () => {
    await run(async () => refuses(/Instance '\/etc\/postfix-in' is not stopped/))
  })

  it('can be started by nobody while it is being destroyed, once it has run', async () => {
    await run(async () => {})
    const release = replaceTool(
      'postconf',
      whenItEdits('/usr/sbin/postfix -c /etc/postfix-in start >/run/started 2>&1'),
    )
    const {status, stderr} = await postmulti(destroy)
    release()
    assert.equal(status, 0, stderr.join('\n'))
    assert.equal(masters(), '')
    assert.deepEqual(globSync('/{etc,var/spool,var/lib}/{,.}*{postfix-in,postmulti-}*'), [])
  })

  it('is taken back when somebody starts an instance that has never run', async () => {
    const release = replaceTool(
      'postconf',
      whenItEdits('/usr/sbin/postfix -c /etc/postfix-in start >/run/started 2>&1; sleep 1'),
    )
    const {status, stderr} = await postmulti(destroy)
    release()
    const running = masters()
    if (running !== '') sh('postfix -c /etc/postfix-in stop')
    assert.equal(status, 1, 'the instance was started and destroyed')
    assert.match(stderr.join('\n'), /postmulti: fatal: /)
    assert.notEqual(running, '')
    assert.deepEqual(listed(), ['/etc/postfix-in'])
  })

  async function refuses(reason: RegExp): Promise<void> {
    const before = readTree()
    const {status, stderr} = await postmulti(destroy)
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), reason)
    assert.deepEqual(differences(before, readTree()), [])
    assert.deepEqual(listed(), ['/etc/postfix-in'])
  }
}

/** Lets the instance run for as long as `act` takes. */
async function run(act: () => Promise<void>): Promise<void> {
  sh(`postconf -c /etc/postfix-in master_service_disable=inet; : >/var/log/mail.log`)
  antedate()
  sh('postfix -c /etc/postfix-in start >/dev/null 2>&1')
  try {
    await act()
  } finally {
    antedate()
    sh('postfix -c /etc/postfix-in stop >/dev/null 2>&1')
    await until(() => masters() === '')
  }
}

function masters(): string {
  return sh('pgrep -x master || :')
}

function log(): string {
  return readFileSync('/var/log/mail.log', 'utf8')
}

function contents(path: string): string[] {
  assert.ok(existsSync(path), `${path} is gone`)
  return sh(`find ${path} ! -type d -printf '%p %y %m %u %s %l\\n'; find ${path} -type d`).split('\n').sort()
}
