/** What Prometheus is told of a running, a stopped and a damaged instance with mail. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {antedate, mustSucceed, onThrowAwayHost, postmulti, program, sh, until} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'
import {makeTwoInstances, sendTo} from './two-instances.ts'

const directory = '/run/textfile'
const file = `${directory}/postfix.prom`

onThrowAwayHost(import.meta.filename, 'metrics', metrics)

function metrics() {
  before(async () => {
    await makeTwoInstances()
    await mustSucceed('instances start out')
    for (const each of ['out', 'in']) sendTo(each)
    await until(async () => (await read()).get('messages postfix-out deferred') === 1)
    sh(`mkdir ${directory}`)
  })
  after(() => postmulti('instances abort --all'))

  it('tell which instances run, since when, and with how many processes', async () => {
    const found = await read()
    assert.deepEqual(
      ['/etc/postfix', 'postfix-out', 'postfix-in'].map((each) => found.get(`up ${each}`)),
      [0, 1, 0],
    )
    const master = sh('cat /var/spool/postfix-out/pid/master.pid').trim()
    assert.equal(found.get('processes postfix-out'), Number(sh(`pgrep -c -P ${master}`)))
    assert.equal(found.get('processes postfix-in'), 0)
    const started = found.get('start_time_seconds postfix-out') ?? 0
    assert.ok(Math.abs(Date.now() / 1000 - started) < 120, String(started))
    assert.equal(found.has('start_time_seconds postfix-in'), false)
  })

  it('tell how much mail waits where, and since when', async () => {
    const found = await read()
    assert.equal(found.get('messages postfix-out deferred'), 1)
    assert.equal(found.get('messages postfix-in maildrop'), 1)
    assert.equal(found.get('messages /etc/postfix deferred'), 0)
    const came = found.get('oldest_message_timestamp_seconds postfix-out') ?? 0
    assert.ok(Math.abs(Date.now() / 1000 - came) < 120, String(came))
    assert.equal(found.has('oldest_message_timestamp_seconds /etc/postfix'), false)
  })

  it('are well-formed for promtool', async function () {
    if (spawnSync('promtool', ['--version']).status !== 0) this.skip()
    const {stdout} = await mustSucceed('metrics')
    const {status, stderr} = spawnSync('promtool', ['check', 'metrics'], {input: stdout, encoding: 'utf8'})
    assert.equal(status, 0, stderr)
  })

  it('--json prints what docs/json.md says', async () => {
    const answer = JSON.parse((await mustSucceed('metrics --json')).stdout)
    assert.deepEqual(faults(answer, schemas.metrics!), [])
  })

  it('--output puts the same text into a file that everybody may read, and nothing beside it', async () => {
    sh(`echo old >${file}; chmod 600 ${file}`)
    const {stdout, stderr} = await mustSucceed(`metrics --output ${file}`)
    assert.deepEqual([stdout, stderr], ['', []])
    assert.equal(readFileSync(file, 'utf8'), (await mustSucceed('metrics')).stdout)
    assert.equal(statSync(file).mode & 0o777, 0o644)
    assert.deepEqual(readdirSync(directory), ['postfix.prom'])
  })

  it('--output keeps the old file where the new one cannot be written whole', async () => {
    sh(`mkdir /run/full; mount -t tmpfs -o size=4k none /run/full; echo old >/run/full/postfix.prom`)
    const {status, stderr} = await postmulti('metrics --output /run/full/postfix.prom')
    const [left, text] = [readdirSync('/run/full'), readFileSync('/run/full/postfix.prom', 'utf8')]
    sh('umount /run/full')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /write \/run\/full\/postfix\.prom: No space left on device/)
    assert.deepEqual([left, text], [['postfix.prom'], 'old\n'])
  })

  it('--output refuses where there is no directory, and says how to make it', async () => {
    const {status, stderr} = await postmulti('metrics --output /run/nowhere/postfix.prom')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /no directory \/run\/nowhere.*\n +try: mkdir -p \/run\/nowhere$/)
    assert.equal(existsSync('/run/nowhere'), false)
  })

  it('--output without a file ends with 2 and says what to type', () => {
    const {status, stderr} = spawnSync(program, ['metrics', '--output', ''], {encoding: 'utf8'})
    assert.equal(status, 2)
    assert.match(stderr, /^postmulti: --output is empty\n/)
  })

  it('--output leaves devices and links alone', async () => {
    sh(`ln -s ${file} /run/link.prom; mknod /run/device c 1 3`)
    for (const each of ['/run/link.prom', '/run/device', directory]) {
      const {status, stderr} = await postmulti(`metrics --output ${each}`)
      assert.equal(status, 3, stderr.join('\n'))
      assert.match(stderr.join('\n'), /is not a regular file/)
    }
  })

  it('that only root may see are left out for others', () => {
    const {status, stdout, stderr} = spawnSync('setpriv', ['--reuid=nobody', '--clear-groups', program, 'metrics'], {
      encoding: 'utf8',
      cwd: '/',
    })
    const found = parse(stdout)
    assert.equal(found.get('enabled postfix-out'), 1)
    assert.equal(found.has('messages postfix-out deferred'), false)
    assert.match(stderr, /some of it needs root to be seen/)
    assert.equal(status, 4)
  })

  it('tell of a damaged instance, and of the others all the same', async () => {
    sh('echo oops >>/etc/postfix-in/main.cf')
    antedate()
    const {status, stderr} = await postmulti(`metrics --output ${file}`)
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /postfix-in\/main\.cf, line \d+: missing '='/)
    const found = parse(readFileSync(file, 'utf8'))
    assert.equal(found.get('damaged /etc/postfix-in'), 1)
    assert.equal(found.get('damaged postfix-out'), 0)
    assert.equal(found.get('messages postfix-out deferred'), 1)
  })
}

async function read(): Promise<Map<string, number>> {
  return parse((await mustSucceed('metrics')).stdout)
}

/** Values by what is behind postfix_instance_, the name of the instance, and the queue. */
function parse(text: string): Map<string, number> {
  assert.ok(text.endsWith('\n'))
  const samples = text.matchAll(/^postfix_instance_(\w+)\{name="([^"]*)"(?:,queue="(\w+)")?[^}]*\} ([\d.]+)$/gm)
  return new Map(
    [...samples].map(([, what, name, queue, value]) => [[what, name, queue].filter(Boolean).join(' '), Number(value)]),
  )
}
