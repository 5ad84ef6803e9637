/** What the edge says of an instance of a real master(8): while it runs, with mail in its queue, and after that. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {runInHost, whyNoHost} from '../../acceptance/host.ts'

const look = `${process.execPath} --disable-warning=ExperimentalWarning ${join(import.meta.dirname, 'look-at.ts')} postfix-out`
const start = `
postmulti -e init && postmulti -I postfix-out -e create
postconf -c /etc/postfix-out -e inet_interfaces=loopback-only master_service_disable= authorized_submit_users=static:all \\
  hash_queue_depth=2 'hash_queue_names=deferred defer hold bounce' 'relayhost=[127.0.0.1]:2' fast_flush_domains=example.org \\
  transport_maps='inline:{example.net=discard:,example.invalid=error:no}' maillog_file=/var/log/mail.log \\
  'smtp_tls_session_cache_database=btree:$data_directory/smtp_scache' smtp_tls_security_level=may \\
  'address_verify_map=btree:\${data_directory}/addresses'
sed -i 's/^smtp  *inet/2525 inet/' /etc/postfix-out/master.cf
touch -d '-1 hour' /etc/postfix*/main.cf
postfix -c /etc/postfix-out start
for each in one@example.org two@example.org three@example.net four@example.invalid; do
  echo hello | sendmail -C /etc/postfix-out -f me@example.com $each
done
sendmail -C /etc/postfix-out -bv five@example.net
for each in 1 2 3 4 5 6 7 8 9 10; do
  test "$(find /var/spool/postfix-out/deferred -type f | wc -l)" -ge 2 && break
  sleep 0.5
done
`
const stop = 'postfix -c /etc/postfix-out stop >/dev/null 2>&1'

describe('an instance that has run', function () {
  this.timeout(120_000)
  let running: Seen, stopped: Seen, emptied: Seen, others: Seen
  let pid: string

  before(async function () {
    if (whyNoHost() !== undefined) this.skip()
    const {outcomes} = await runInHost(
      [
        start,
        'cat /var/spool/postfix-out/pid/master.pid',
        look,
        `${stop}; ${look}`,
        `postsuper -c /etc/postfix-out -d ALL >/dev/null 2>&1; ${look}`,
        `touch /etc/postfix-out/transport /var/lib/postfix-out/mine; mkdir /var/spool/postfix-out/srv; ${look}`,
      ],
      {terminal: true},
    )
    pid = outcomes[1]!.stdout.trim()
    ;[running, stopped, emptied, others] = outcomes.slice(2).map(({stdout, stderr}) => parse(stdout, stderr)) as [
      Seen,
      Seen,
      Seen,
      Seen,
    ]
  })

  const all = ['/var/spool/postfix-out', '/var/lib/postfix-out', '/etc/postfix-out']

  it('is seen running, under the number in its pid file', () => {
    assert.deepEqual([running.stopped, running.running], [false, Number(pid)])
  })

  it('is seen stopped, although its pid file stays', () => {
    assert.deepEqual([stopped.stopped, stopped.running], [true, null])
  })

  it('keeps the queue while there is mail in it', () => {
    assert.notEqual(stopped.messages, 0)
    assert.ok(!stopped.remove.includes('/var/spool/postfix-out'))
    assert.ok(stopped.keep.includes('/var/spool/postfix-out/deferred'), String(stopped.keep))
    assert.ok(!stopped.remove.some((each) => each.startsWith('/var/spool/postfix-out/deferred')))
  })

  it('leaves nothing that must stay once its mail is gone', () => {
    assert.equal(emptied.messages, 0)
    assert.deepEqual(emptied.keep, [])
    assert.deepEqual(emptied.remove.toSorted(), all.toSorted())
  })

  it('keeps what others put into its directories, and the directories with it', () => {
    const foreign = ['/etc/postfix-out/transport', '/var/lib/postfix-out/mine', '/var/spool/postfix-out/srv']
    assert.deepEqual(others.keep.toSorted(), [...foreign, ...all].toSorted())
    assert.ok(others.remove.includes('/etc/postfix-out/main.cf'))
    assert.ok(![...foreign, ...all].some((each) => others.remove.includes(each)))
  })
})

interface Seen {
  stopped: boolean
  running: number | null
  messages: number
  remove: string[]
  keep: string[]
}

function parse(stdout: string, stderr: string): Seen {
  assert.match(stdout, /^\{/, stderr)
  return JSON.parse(stdout)
}
