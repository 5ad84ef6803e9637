/** Tables are built whenever an instance changes, and an instance without its tables is not enabled. */
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {waitFor} from '../../demo/wait.ts'
import {
  antedate,
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  replaceTool,
  saveHost,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'map-makefile', buildTables)

const out = '/etc/postfix-out'

/** As in MULTI_INSTANCE_README, and a hash table. */
const settings = [
  'default_database_type=cdb',
  'indexed=${default_database_type}:${config_directory}/',
  'smtp_generic_maps=${indexed}generic',
  'virtual_alias_maps=${indexed}virtual',
  'transport_maps=hash:${config_directory}/transport',
]

/** Others in the place of those of the same name. */
function settingsWith(...others: string[]): string[] {
  const names = others.map((each) => each.split('=')[0]!)
  return [...settings.filter((each) => !names.includes(each.split('=')[0]!)), ...others]
}

function buildTables() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out -e create')
    restoreHost = saveHost()
  })
  beforeEach(() => {
    mkdirSync('/etc/postmulti', {recursive: true})
    writeFileSync('/etc/postmulti/plugins.json', JSON.stringify({'map-makefile': {mode: 'on'}}))
    writeFileSync(`${out}/generic`, 'root mtaadmin+root=mta1\n')
    writeFileSync(`${out}/virtual`, 'root mtaadmin@example.com\n')
    writeFileSync(`${out}/transport`, 'example.com relay:[mailhub.example.com]\n')
  })
  afterEach(() => {
    rmSync('/etc/postmulti', {recursive: true})
    restoreHost()
  })

  it('builds the tables that set refers to, and make serves what is edited later', async () => {
    await mustSucceed(['instances', 'set', 'out', ...settings])
    assert.equal(lookUp('cdb:generic', 'root'), 'mtaadmin+root=mta1')
    assert.equal(lookUp('hash:transport', 'example.com'), 'relay:[mailhub.example.com]')

    writeFileSync(`${out}/virtual`, 'root postmaster@example.com\n')
    writeFileSync(`${out}/transport`, 'example.com discard:\n')
    sh(`make -C ${out}`)
    assert.equal(lookUp('cdb:virtual', 'root'), 'postmaster@example.com')
    assert.equal(lookUp('hash:transport', 'example.com'), 'discard:')
    assert.match(sh(`make -C ${out}`), /Nothing to be done/)
  })

  for (const type of ['cdb', 'hash']) {
    it(`has an edited ${type} table served by an instance that runs`, async () => {
      const running = ['authorized_submit_users=static:all', 'default_transport=error:no', 'transport_maps=']
      const table = `virtual_alias_maps=${type}:\${config_directory}/virtual`
      await mustSucceed(['instances', 'set', 'out', ...settingsWith(...running, table)])
      await mustSucceed('instances enable out')
      antedate()
      await mustSucceed('-i out -p start')
      try {
        await leadsTo('mtaadmin@example.com')
        writeFileSync(`${out}/virtual`, 'root postmaster@example.com\n')
        sh(`make -C ${out}`)
        await leadsTo('postmaster@example.com')
      } finally {
        await mustSucceed('-i out -p stop')
      }
    })
  }

  for (const words of ['-i out -e enable', 'instances enable out']) {
    it(`builds what is older than its source: ${words}`, async () => {
      await mustSucceed(['instances', 'set', 'out', ...settings])
      writeFileSync(`${out}/generic`, 'root other\n')
      await mustSucceed(words)
      assert.equal(lookUp('cdb:generic', 'root'), 'other')
    })
  }

  it('a table that becomes a FIFO keeps nobody: a signal ends make and all below it, and nothing was changed', async () => {
    const restore = replaceTool('postmap', `rm ${out}/transport; mkfifo ${out}/transport; echo >/run/reads`)
    const before = sh(`cat ${out}/main.cf`)
    const run = start(program, ['instances', 'set', 'out', ...settings])
    await until(() => existsSync('/run/reads'))
    process.kill(run.pid, 'SIGTERM')
    const {status, stderr} = await run.ended
    restore()
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /interrupted by SIGTERM/)
    assert.equal(sh(`cat ${out}/main.cf`), before)
    // Nobody holds the lock any more.
    rmSync(`${out}/transport`)
    await mustSucceed('instances enable out')
  })

  it('builds the tables in a directory of somebody else as they, and those beside main.cf as root', async () => {
    sh(`mkdir ${out}/lists; echo 'a@example.com root' >${out}/lists/virtual; chown -R nobody ${out}/lists`)
    const both = settingsWith('virtual_alias_maps=hash:${config_directory}/lists/virtual')
    const {stdout} = await mustSucceed(['instances', 'set', 'out', ...both, '--dry-run'])
    assert.match(stdout, /run make -f Makefile lists\/virtual\.db as nobody \(map-makefile\)$/m)
    assert.match(stdout, /run make -f Makefile generic\.cdb transport\.db \(map-makefile\)$/m)
    await mustSucceed(['instances', 'set', 'out', ...both])
    assert.equal(sh(`stat -c %U ${out}/lists/virtual.db ${out}/generic.cdb`), 'nobody\nroot')
  })

  it('is refused with its name where a directory of root is open to others', async () => {
    sh(`mkdir ${out}/lists; chmod 777 ${out}/lists; echo 'a@example.com root' >${out}/lists/virtual`)
    const before = readTree()
    const set = await postmulti([
      'instances',
      'set',
      'out',
      'virtual_alias_maps=hash:${config_directory}/lists/virtual',
    ])
    assert.equal(set.status, 3)
    assert.match(set.stderr.join('\n'), /lists is root's, and anybody may write it \(plugin map-makefile\)/)
    assert.match(set.stderr.join('\n'), /try: chmod go-w \/etc\/postfix-out\/lists/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('builds the tables of an instance that is like another one', async () => {
    await mustSucceed(['instances', 'set', 'out', ...settings])
    await mustSucceed('instances create in --like out')
    assert.equal(sh('postmap -q example.com hash:/etc/postfix-in/transport'), 'relay:[mailhub.example.com]')
  })

  it('builds the tables of an instance that is imported', async () => {
    await mustSucceed(['instances', 'set', 'out', ...settings])
    await mustSucceed('instances deport out')
    rmSync(`${out}/Makefile`)
    sh(`rm ${out}/*.cdb ${out}/*.db`)
    await mustSucceed(`instances import ${out}`)
    assert.equal(lookUp('hash:transport', 'example.com'), 'relay:[mailhub.example.com]')
  })

  it('refuses to enable an instance whose table is missing, in both ways of speaking, and changes nothing', async () => {
    rmSync(`${out}/virtual`)
    const {stderr} = await mustSucceed(['instances', 'set', 'out', ...settings])
    const missing = /postfix-out refers to cdb:\/etc\/postfix-out\/virtual \(virtual_alias_maps\), but there is no /
    assert.match(stderr.join('\n'), missing)
    const before = readTree()
    const classic = await postmulti('-i out -e enable')
    assert.equal(classic.status, 1)
    assert.match(classic.stderr.join('\n'), missing)
    const people = await postmulti('instances enable out')
    assert.equal(people.status, 3)
    assert.match(people.stderr.join('\n'), missing)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('takes everything back when a table cannot be built after all', async () => {
    const before = readTree()
    const putBack = replaceTool('postmap', 'case "$*" in *hash:*) echo "postmap: fatal: no space" >&2; exit 1;; esac')
    try {
      const {status, stderr} = await postmulti(['instances', 'set', 'out', ...settings])
      assert.equal(status, 1)
      assert.match(stderr.join('\n'), /postmap: fatal: no space/)
    } finally {
      putBack()
    }
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('neither changes nor runs the Makefile of somebody else', async () => {
    writeFileSync(`${out}/Makefile`, 'all:\n\ttouch /run/make-was-here\n')
    const before = readFileSync(`${out}/Makefile`, 'utf8')
    const {stderr} = await mustSucceed(['instances', 'set', 'out', ...settings])
    assert.match(stderr.join('\n'), /Makefile was not written by map-makefile/)
    assert.equal(readFileSync(`${out}/Makefile`, 'utf8'), before)
    assert.ok(!existsSync('/run/make-was-here'))
    assert.equal((await postmulti('-i out -e enable')).status, 1)
    sh(`cd ${out}; postmap cdb:generic cdb:virtual hash:transport`)
    await mustSucceed('-i out -e enable')
  })

  it('is undone with the change: Makefile and databases are what they were', async () => {
    const before = readTree()
    await mustSucceed(['instances', 'set', 'out', ...settings])
    assert.ok(existsSync(`${out}/Makefile`) && existsSync(`${out}/generic.cdb`))
    await mustSucceed('undo --yes')
    assert.deepEqual(differences(before, readTree()), [])
  })
}

function lookUp(table: string, key: string): string {
  return sh(`cd ${out}; postmap -q ${key} ${table}`)
}

/** Waits for mail to root that the log shows at this address. */
async function leadsTo(address: string): Promise<void> {
  sh(`echo | sendmail -C ${out} -f root root`)
  await waitFor(`mail to ${address}`, () => {
    return readFileSync('/var/log/mail.log', 'utf8').includes(`to=<${address}>`) || undefined
  })
}
