/** Nothing reaches every instance because a name is missing, where nobody can say no. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mustSucceed, onThrowAwayHost, postmulti, program, readTree, replaceTool, sh} from '../acceptance/inside.ts'
import {makeTwoInstances, sendTo} from './two-instances.ts'

/** The lines that stop mail, or run anything; NAMES is where names may stand. */
const disturbing = [
  'instances stop NAMES',
  'instances restart NAMES',
  'instances abort NAMES',
  'instances drain NAMES',
  'instances run NAMES -- touch /run/was-run',
  'instances postfix NAMES stop',
]

onThrowAwayHost(import.meta.filename, 'what no name is said for', reachNobody)

function reachNobody() {
  let restoreTool: () => void
  before(async () => {
    await makeTwoInstances()
    restoreTool = replaceTool('postfix', 'echo "$*" >>/run/words')
  })
  beforeEach(() => void sh('rm -f /run/words /run/was-run'))
  after(async () => {
    restoreTool()
    await postmulti('instances abort --all')
  })

  const type = (line: string, names: string) => postmulti(line.replace('NAMES', names).split(' ').filter(Boolean))
  const hasRun = (): boolean =>
    sh('cat /run/words /run/was-run 2>/dev/null || true; ls /run/was-run 2>/dev/null || true') !== ''

  for (const line of disturbing) {
    for (const names of ['', '--yes', '--jobs 2 --json']) {
      it(`without a terminal, ${line.replace('NAMES', names)} is a mistake, and nothing is done`, async () => {
        const {status, stdout, stderr} = await type(line, names)
        assert.equal(status, 2)
        assert.match(`${stdout}${stderr.join('\n')}`, /for which instances\?/)
        assert.ok(!hasRun())
      })
    }

    it(`without a terminal, ${line.replace('NAMES', '--all')} is for all`, async () => {
      const {status, stderr} = await type(line, '--all')
      assert.notEqual(status, 2, stderr.join('\n'))
    })

    it(`at a terminal, ${line.replace('NAMES', '')} asks, and no is nothing`, () => {
      const words = `postmulti ${line.replace('NAMES', '')}`
      const {status, stdout} = spawnSync('script', ['-qec', words, '/dev/null'], {
        encoding: 'utf8',
        input: 'n\n',
        timeout: 10_000,
      })
      // A restart is for those that run, and none does.
      assert.match(stdout, /these 3 instances\?[\s\S]*Nothing was done/)
      assert.equal(status, 1)
      assert.ok(!hasRun())
    })
  }

  it('a group or an instance is said well enough', async () => {
    for (const names of ['--group mta', '--instance in']) {
      const {status, stderr} = await type('instances run NAMES -- true', names)
      assert.deepEqual([status, stderr], [0, []])
    }
    await mustSucceed('instances stop in out')
  })

  for (const words of ['--all in', '--all --group mta', '--all --instance in']) {
    it(`all and some exclude each other: instances stop ${words}`, async () => {
      const {status} = await postmulti(`instances stop ${words}`)
      assert.equal(status, 2)
      assert.ok(!hasRun())
    })
  }

  it('start, reload, flush and check go on to be for all', async () => {
    await mustSucceed('instances check')
    await mustSucceed('instances start')
    await mustSucceed('instances reload')
    await mustSucceed('instances flush')
    await mustSucceed('instances stop --all')
  })

  describe('an empty name', () => {
    const rows = [
      ...['restart', 'reload', 'flush', 'check', 'abort', 'drain', 'status'].map((each) => ['instances', each, '']),
      ...['start', 'stop'].flatMap((each) => [
        ['instances', each, 'in', ''],
        ['instances', each, '--instance', ''],
        ['instances', each, '--instance='],
        ['instances', each, '--group', ''],
      ]),
      ...['show', 'enable', 'disable', 'destroy', 'deport', 'import', 'edit', 'create'].map((each) => [
        'instances',
        each,
        '',
      ]),
      ['instances', 'destroy', '', '--yes'],
      ['instances', 'enable', 'in', ''],
      ['instances', 'create', 'new', '--like', ''],
      ['instances', 'create', 'new', '--group', ''],
      ['instances', 'create', 'new', '--before', ''],
      ['instances', 'create', 'new', '--queue-directory', ''],
      ['instances', 'assign', '', '--no-group'],
      ['instances', 'assign', 'in', '--name', ''],
      ['instances', 'assign', 'in', '--group', ''],
      ['instances', 'reorder', 'in', '--after', ''],
      ['instances', 'reorder', '', '--first'],
      ['instances', 'get', '', 'myhostname'],
      ['instances', 'get', '--group', '', 'myhostname'],
      ['instances', 'set', '', 'biff=no'],
      ['instances', 'set', '--group', '', 'biff=no'],
      ['instances', 'unset', '', 'biff'],
      ['instances', 'unset', '--group', '', 'biff'],
      ['instances', 'run', '--instance', '', '--', 'touch', '/run/was-run'],
      ['instances', 'run', '--group', '', '--', 'touch', '/run/was-run'],
      ['instances', 'postfix', '--instance', '', 'stop'],
      ['instances', 'list', '--instance', ''],
      ['queue', '--instance', ''],
      ['queue', 'list', '--group', ''],
      ['queue', 'delete', ''],
      ['queue', 'delete', '', '--yes'],
      ['queue', 'hold', ''],
      ['check', ''],
      ['check', '--group', ''],
      ['check', '--rule', ''],
      ['flow', '--instance', ''],
      ['flow', '--to', 'a@b.test', '--via', ''],
      ['top', '--group', '', '--json'],
      ['trace', ''],
      ['undo', ''],
      ['undo', '', '--yes'],
      ['history', ''],
      ['plugins', 'config', ''],
      ['plugins', 'uninstall', ''],
      ['plugins', 'rollback', ''],
      ['plugins', 'install', ''],
      ['plugins', 'new', ''],
    ]
    for (const words of rows) {
      it(`is a mistake: ${words.map((each) => each || "''").join(' ')}`, async () => {
        const was = readTree()
        const {status, stderr} = await postmulti(words)
        assert.equal(status, 2, stderr.join('\n'))
        assert.ok(!hasRun())
        assert.deepEqual(readTree(), was)
      })
    }

    it('is none where it is an address: that of a bounce', async () => {
      await mustSucceed(['flow', '--to', 'root', '--from', '', '--via', '-'])
    })
  })

  describe('several messages', () => {
    const ids = (): string[] => sh(`${program} queue list --ids`).split('\n').filter(Boolean)
    before(() => {
      // postsuper(1) writes it as postfix.
      sh('touch /var/log/mail.log; chown postfix /var/log/mail.log')
      for (const each of ['in', 'in', 'out']) sendTo(each)
    })

    it('are not deleted without --yes where there is no terminal', async () => {
      const all = ids()
      assert.equal(all.length, 3)
      const {status, stderr} = await postmulti(['queue', 'delete', ...all])
      assert.equal(status, 2)
      assert.match(stderr.join('\n'), /not a terminal: pass --yes to confirm/)
      assert.deepEqual(ids(), all)
    })

    it('are deleted with it, and one alone without', async () => {
      const [first = '', ...others] = ids()
      await mustSucceed(['queue', 'delete', first])
      await mustSucceed(['queue', 'delete', '--yes', ...others])
      assert.deepEqual(ids(), [])
    })
  })
}
