/** The sub-commands that change something: plans change nothing, and undo brings everything back. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {appendFileSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {type ErrorCode, errorCodes} from '../../src/help/exit-statuses.ts'
import {
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
} from '../acceptance/inside.ts'

/** What an administrator types, and what the host needs for it. */
const changes: [words: string, given?: string][] = [
  ['instances init --wrapper ours'],
  ['instances create new --group mta --first --set smtpd_banner=hello'],
  ['instances create like-out --like out'],
  [
    'instances import /etc/postfix-stray',
    'mv /etc/postfix-b /etc/postfix-stray && postconf -e "multi_instance_directories = /etc/postfix-out"',
  ],
  ['instances destroy b --yes'],
  ['instances deport b'],
  ['instances enable b'],
  ['instances disable out'],
  ['instances assign b --name postfix-c --group other'],
  ['instances set --all mail_name=Mail'],
  ['instances unset out maillog_file', 'postconf -c /etc/postfix-out -e maillog_file=/var/log/out.log'],
  ['instances reorder b --before out'],
]

onThrowAwayHost(import.meta.filename, 'sub-commands that change something', changeThings)

function changeThings() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out -G mta -e create')
    await mustSucceed('-I postfix-b -e create')
    await mustSucceed('-i out -e enable')
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  for (const [words, given] of changes) {
    it(`postmulti ${words} --dry-run changes nothing`, async () => {
      if (given !== undefined) sh(given)
      const before = readTree()
      const {stdout} = await mustSucceed(`${words} --dry-run`)
      assert.match(stdout, /This would be done:\n {2}1\. /)
      assert.deepEqual(differences(before, readTree()), [])
    })

    it(`postmulti ${words} can be undone to the last byte`, async () => {
      if (given !== undefined) sh(given)
      const before = readTree()
      await mustSucceed(words)
      assert.notDeepEqual(differences(before, readTree()), [])
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  it('no program of Postfix has to wait for a main.cf that was changed', async () => {
    const isCool = (path: string): boolean => Date.now() - statSync(path).mtimeMs > 2000
    await mustSucceed('-i b -e enable')
    await mustSucceed('instances unset out queue_minfree --if-needed')
    await mustSucceed('instances set out mail_name=Mail')
    await mustSucceed('-I postfix-new -e create')
    const files = ['postfix', 'postfix-out', 'postfix-b', 'postfix-new'].map((each) => `/etc/${each}/main.cf`)
    assert.deepEqual(
      files.filter((each) => !isCool(each)),
      [],
    )
  })

  it('set writes the bytes that were typed, also where they are no UTF-8', () => {
    const found = sh(`
      postmulti instances set out "mail_name=$(printf 'a\\2331')" >/dev/null
      grep -a '^mail_name' /etc/postfix-out/main.cf | od -An -c`)
    assert.equal(found.replace(/\s+/g, ' '), 'm a i l _ n a m e = a 233 1 \\n')
  })

  it('undo is refused when somebody has touched the file since', async () => {
    await mustSucceed('instances set out mail_name=Mail')
    appendFileSync('/etc/postfix-out/main.cf', '# mine\n')
    const {status, stderr} = await postmulti('undo --yes')
    assert.equal(status, 3)
    assert.match(stderr[0] ?? '', /\/etc\/postfix-out\/main\.cf has changed since/)
  })

  it('init of a host that is initialised has nothing to do', async () => {
    const before = readTree()
    assert.equal((await mustSucceed('instances init')).stdout, 'Nothing to do.\n')
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('undo takes back one change after the other', async () => {
    const before = readTree()
    await mustSucceed('instances set out mail_name=Mail')
    await mustSucceed('instances enable b')
    await mustSucceed('undo --yes')
    await mustSucceed('undo --yes')
    assert.deepEqual(differences(before, readTree()), [])
    const {status} = await postmulti('undo --yes')
    assert.equal(status, 3)
  })

  it('set changes none of them when one cannot have it', async () => {
    sh('chattr +i /etc/postfix-b 2>/dev/null || mount --bind -o ro /etc/postfix-b /etc/postfix-b')
    const before = readTree()
    const {status} = await postmulti('instances set --all mail_name=Mail')
    const after = readTree()
    sh('chattr -i /etc/postfix-b 2>/dev/null; umount /etc/postfix-b 2>/dev/null || true')
    assert.notEqual(status, 0)
    assert.deepEqual(differences(before, after), [])
  })

  for (const words of [
    'create postfix-out',
    'enable out',
    'disable b',
    'destroy nobody --yes',
    'init',
    'set out mail_name=Postfix',
  ]) {
    it(`postmulti instances ${words} --if-needed has nothing to do`, async () => {
      if (words.startsWith('set')) await mustSucceed('instances set out mail_name=Postfix')
      const before = readTree()
      const {stdout} = await mustSucceed(`instances ${words} --if-needed`)
      assert.match(stdout, /^Nothing to do(?:: it is so already)?\.\n$/)
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  it('create takes a short name as it is meant, without a word about it', async () => {
    const {stdout, stderr} = await mustSucceed('instances create short --set myhostname=short.example.com')
    assert.match(stdout, /^Created postfix-short, disabled\./)
    assert.deepEqual(stderr, [])
    await mustSucceed('undo --yes')
  })

  it('disable of the primary says what it means, and how it is taken back', async () => {
    const {stdout} = await mustSucceed('instances disable -')
    assert.match(stdout, /mail of local users is not sent, and other instances cannot be changed/)
    const [, back] = /Back: postmulti (.*)$/m.exec(stdout) ?? assert.fail(stdout)
    await mustSucceed(back!)
    assert.equal((await mustSucceed('instances get - multi_instance_enable')).stdout, 'yes\n')
  })

  it('an attempt without the right to it comes with what root would type', () => {
    const {stderr} = spawnSync('setpriv', ['--reuid=nobody', '--clear-groups', program, 'instances', 'enable', 'out'], {
      encoding: 'utf8',
    })
    assert.match(stderr, /Permission denied\n +try: sudo postmulti instances enable out\n$/)
  })

  it('a start by somebody else is refused once, and not by postfix(1) for each instance', () => {
    const words = ['--reuid=nobody', '--clear-groups', program, 'instances', 'start']
    const {status, stderr} = spawnSync('setpriv', words, {encoding: 'utf8'})
    assert.equal(status, 3)
    assert.equal(stderr, 'postmulti: Only root can use postfix(1)\n  try: sudo postmulti instances start\n')
  })

  const refusals: [words: string, status: number, said: RegExp][] = [
    ['instances destroy out --yes', 3, /postfix-out is enabled/],
    ['instances destroy b', 2, /not a terminal: pass --yes to confirm/],
    ['instances create postfix-b', 3, /already in use/],
    ['instances enable ', 2, /NAME is empty/],
    ['instances enable nobody', 2, /No instance named nobody/],
    ['instances enable postfix-uot', 2, /No instance named postfix-uot/],
    ['instances set out mail_nam=Mail', 2, /no parameter mail_nam/],
    ['instances set out multi_instance_enable=yes', 2, /multi_instance_enable is not set by hand/],
    ['instances create x --nosuch', 2, /--nosuch/],
    ['instances create x mail_name=X', 2, /try: postmulti instances create x --set mail_name=X$/],
    ['instances restrat', 2, /Unknown command instances restrat/],
  ]
  for (const [words, wanted, said] of refusals) {
    it(`postmulti ${words} ends with status ${wanted} and changes nothing`, async () => {
      const before = readTree()
      const {status, stderr} = await postmulti(words)
      assert.equal(status, wanted)
      assert.match(stderr.join('\n'), said)
      assert.doesNotMatch(stderr.join('\n'), /^ +at /m)
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  it('a mistyped name is answered with the command that was meant', async () => {
    const {stderr} = await postmulti('instances enable postfix-uot')
    assert.ok(stderr.includes('  try: postmulti instances enable postfix-out'), stderr.join('\n'))
  })

  const errors: [code: ErrorCode, words: string, given?: string][] = [
    ['USAGE', 'instances enable b --nosuch'],
    ['USAGE', 'instances set b myhostname'],
    ['USAGE', 'instances reorder b --before b'],
    ['NOT_FOUND', 'instances enable postfix-none'],
    ['NOT_FOUND', 'instances set b relayhots=x'],
    ['NOT_FOUND', 'undo 12345 --yes'],
    ['NEEDS_YES', 'instances destroy b'],
    ['CONFLICT', 'instances create new --config-directory /etc/postfix-b'],
    ['CONFLICT', 'undo --yes', 'postmulti instances set out mail_name=A; echo "# x" >>/etc/postfix-out/main.cf'],
    ['REFUSED', 'instances destroy out --yes'],
    [
      'TOOL_FAILED',
      'instances enable b',
      'mount --bind /etc/postfix-b /etc/postfix-b; mount -o remount,ro,bind /etc/postfix-b',
    ],
  ]
  for (const [code, words, given = ''] of errors) {
    it(`${words} is ${code} in JSON, with its exit status${given === '' ? '' : `, after: ${given}`}`, async () => {
      if (given !== '') sh(given)
      const {status, stdout} = await postmulti(`${words} --json`)
      sh('! mountpoint -q /etc/postfix-b || umount /etc/postfix-b')
      assert.deepEqual([JSON.parse(stdout).error?.code, status], [code, errorCodes[code]], stdout)
    })
  }

  it('history tells who did what, newest first', async () => {
    await mustSucceed('instances enable b')
    await mustSucceed('instances assign b --group other')
    const {changes: past} = JSON.parse((await mustSucceed('history --json')).stdout)
    assert.deepEqual(
      past.slice(0, 2).map(({action}: {action: string}) => action),
      ['assign', 'enable'],
    )
  })

  it('a classic change does without node:crypto, which V8 would make anew each time', () => {
    const tell = `process.on('exit', () => require('node:fs').writeFileSync('/run/loaded', process.moduleLoadList.join(' ')))`
    writeFileSync('/run/tell.cjs', tell)
    const entry = `${import.meta.dirname}/../../dist/postmulti.cjs`
    for (const words of ['-I postfix-new -e create', '-i postfix-new -e destroy']) {
      const options = ['--jitless', '--require=/run/tell.cjs', entry, program, ...words.split(' ')]
      assert.equal(spawnSync(process.execPath, options).status, 0)
      assert.deepEqual(readFileSync('/run/loaded', 'utf8').match(/\S*crypto\/\S*/g) ?? [], [])
    }
  })

  it('create opens the listener that was asked for and no other', async () => {
    await mustSucceed(['instances', 'create', 'new', '--service', '127.0.0.1:2525 inet n - n - - smtpd'])
    assert.match(readFileSync('/etc/postfix-new/master.cf', 'utf8'), /^127\.0\.0\.1:2525 inet n - n - - smtpd$/m)
    const {listeners} = JSON.parse((await mustSucceed('instances show new --json')).stdout)
    const open = listeners.filter(({enabled}: {enabled: boolean}) => enabled)
    assert.deepEqual(
      open.map(({port}: {port: number}) => port),
      [2525],
    )
  })
}
