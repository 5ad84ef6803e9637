/** What `postmulti flow` says of the README's host, beside what Postfix does with real mail there. */
import assert from 'node:assert/strict'
import {appendFileSync, writeFileSync} from 'node:fs'
import {arrival} from '../../demo/hub.ts'
import {keyboard} from '../../demo/keyboard.ts'
import {waitFor} from '../../demo/wait.ts'
import * as walkthrough from '../../demo/walkthrough.ts'
import {closeAround, setUpWalkthrough, type WalkthroughHost} from '../../demo/whole-host.ts'
import {antedate, mustSucceed, onThrowAwayHost, postmulti, sh} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'flow of mail', showFlow)

interface Way {
  from: string
  to: string
}

function showFlow() {
  const at = keyboard()
  let host: WalkthroughHost

  before(async () => {
    host = await setUpWalkthrough(addOwnRules)
  })
  after(async () => {
    await postmulti('-p abort')
    closeAround(host)
  })

  for (const words of ['flow', 'flow --to support@example.com', 'flow --group mta']) {
    it(`postmulti ${words} --json prints what docs/json.md says`, async () => {
      const printed = JSON.parse((await mustSucceed(`${words} --json`)).stdout)
      assert.deepEqual(faults(printed, schemas[words.includes('--to') ? 'flow --to' : 'flow']!), [])
    })
  }

  it('has exactly the ways on which mail is seen in the log', async () => {
    await walkthrough.sendLocalMail(at, 'from within')
    await walkthrough.sendFromOutside({sender: '<alice@outside.example.org>', recipients: ['<support@example.com>']}, [
      'Subject: from outside',
      '',
      'Hello',
    ])
    await arrival(host.inside, 'from within')
    await arrival(host.inside, 'from outside')
    await walkthrough.logged(/postfix-out\/.*status=sent/)
    const {nodes, edges} = JSON.parse((await mustSucceed('flow --json')).stdout)
    const label = (id: string): string => nodes.find((each: {id: string}) => each.id === id).label
    const drawn: string[] = edges
      .filter(({into, asks}: {into: string | null; asks: boolean}) => into === null && !asks)
      .map(({from, to}: Way) => `${label(from)} -> ${label(to)}`)
    const used = hopsInLog()
    assert.deepEqual(used, [
      '/etc/postfix -> [mailhub.example.com]:25',
      'postfix-in -> [127.0.0.1]:10025',
      'postfix-out -> [mailhub.example.com]:25',
    ])
    assert.deepEqual(
      used.filter((each) => !drawn.includes(each)),
      [],
    )
  })

  it('guesses rightly where the filter hands mail on', async () => {
    const {edges} = JSON.parse((await mustSucceed('flow --json')).stdout)
    const guesses = edges.filter(({assumed}: {assumed: string | null}) => assumed !== null)
    assert.deepEqual(
      guesses.map(({to, into}: {to: string; into: string}) => `${to} ${into}`),
      ['/etc/postfix-out 127.0.0.1:10026/inet'],
    )
    // The log proves it: mail at the output instance has a queue id of the input instance.
    await walkthrough.logged(/postfix-out\/smtpd.* orig_queue_id=\w+/)
  })

  const addresses: [address: string, sender: string][] = [
    ['support@example.com', 'root@example.com'],
    ['you@sub.example.com', 'root@example.com'],
    ['you@listed.example', 'root@example.com'],
    ['me@listed.example', 'root@example.com'],
    ['me+tag@listed.example', 'root@example.com'],
    ['you@a.b.listed.example', 'root@example.com'],
    ['you@hop.example', 'root@example.com'],
    ['you@noop.example', 'root@example.com'],
    ['you@bad.example', 'root@example.com'],
    ['you@pattern.example', 'root@example.com'],
    ['me@pattern.example', 'root@example.com'],
    ['you@other.example', 'root@example.com'],
    ['you@other.example', 'boss@x.example'],
    ['you@other.example', 'clerk@x.example'],
    ['you@other.example', 'clerk@y.example'],
    ['support@example.com', 'boss@x.example'],
    ['bare', 'root@example.com'],
    ['"me"@listed.example', 'root@example.com'],
    ['Me Myself <me@listed.example>', 'root@example.com'],
    ['"me too"@listed.example', 'root@example.com'],
    ['you%listed.example', 'root@example.com'],
    ['listed.example!you', 'root@example.com'],
    ['you@listed.example.', 'root@example.com'],
    ['you@[203.0.113.9]', 'root@example.com'],
    ['you@203.0.113.9', 'root@example.com'],
    ['you@other..example', 'root@example.com'],
    ['gone+tag@other.example', 'root@example.com'],
    ['you@in.line.example', 'root@example.com'],
    ['you@piped.example', 'root@example.com'],
    ['you@other.example', 'BOSS@X.example'],
    ['you@other.example', 'boss'],
    ['you@other.example', 'me@x.example'],
    ['you@other.example', '<>'],
  ]
  for (const [address, sender] of addresses) {
    it(`follows ${address} from ${sender} as sendmail -bv does`, async () => {
      const {journey} = JSON.parse(
        (await mustSucceed(['flow', '--to', address, '--from', sender, '--via', 'out', '--json'])).stdout,
      )
      const [way] = journey.ways
      const before = walkthrough.mailLog().length
      await mustSucceed(['-i', 'out', '-x', 'sendmail', '-f', sender, '-bv', address])
      const recipient = way.address.replaceAll(/[+.[\]]/g, '\\$&')
      const pattern = new RegExp(`postfix-out/.*to=<${recipient}>.* status=(?:un)?deliverable`)
      const seen = await waitForLine(pattern, before)
      const [, relay] = /relay=([^,[]+)/.exec(seen)!
      assert.equal(way.to.replace(/^\[(.*)\]:25$/, '$1').replace(/^returned: .*/, 'none'), relay)
    })
  }

  it('the way of an address says where it begins, and what was not looked at', async () => {
    const guess = /^Assumed: it comes in at postfix-in; name another instance with --via\.$/m
    assert.match((await mustSucceed('flow --to you@other.example')).stdout, guess)
    const {stdout} = await mustSucceed('flow --to you@other.example --via in')
    assert.doesNotMatch(stdout, guess)
    assert.match(stdout, /^Not checked: whether access restrictions, /m)
    assert.equal((await postmulti(['flow', '--to', 'a b@other.example'])).status, 2)
  })

  it('a way that leads back is a loop', async () => {
    sh(`cp -a /etc/postfix-out/main.cf /run/main.cf
      postconf -c /etc/postfix-out -e 'default_transport = smtp:[192.0.2.25]'`)
    antedate()
    const {stdout} = await mustSucceed('flow')
    assert.match(stdout, /^loop: mail for the rest of the world goes round: postfix-out, postfix-in, .*, postfix-out$/m)
    sh('cp -a /run/main.cf /etc/postfix-out/main.cf')
  })

  it('a port where nobody listens any more is marked', async () => {
    host.filter.close()
    const {stdout} = await mustSucceed('flow')
    assert.match(stdout, /! no listener on \[127\.0\.0\.1\]:10025: mail that postfix-in sends there is deferred/)
    host.filter = await walkthrough.startContentFilter()
  })

  it('an instance that cannot be read is skipped, and the others are shown', async () => {
    sh('echo oops >>/etc/postfix-in/main.cf')
    antedate()
    const {status, stdout, stderr} = await postmulti('flow')
    sh("sed -i '$d' /etc/postfix-in/main.cf")
    antedate()
    assert.equal(status, 1)
    assert.match(stdout, /^postfix-out /m)
    assert.match(stderr.join('\n'), /^postmulti: skipping \/etc\/postfix-in: .*missing '='/m)
  })

  const mistakes = [
    'flow --via in',
    'flow --from a@b.example',
    'flow --format png',
    'flow --to a@b.example --via otu',
    'flow --to= --via in',
    'flow --to a@b.example --group mta',
    'flow --to a@b.example --via in --format svg',
    'flow --to a@b.example --via in --each',
  ]
  for (const words of mistakes) {
    it(`postmulti ${words} ends with 2 and says what to type`, async () => {
      const {status, stdout, stderr} = await postmulti(words)
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr.join('\n'), /^ {2}try: postmulti flow/m)
    })
  }
}

function addOwnRules(): void {
  appendFileSync('/etc/postfix-out/main.cf', ownRules)
  writeFileSync('/etc/postfix-out/transport', transport)
  writeFileSync('/etc/postfix-out/patterns', '/^you@pattern\\.example$/ smtp:[203.0.113.9]\n')
  writeFileSync('/etc/postfix-out/senders', 'boss@x.example [203.0.113.9]\n@y.example [203.0.113.9]\n')
  antedate()
  // The stock relay service logs under the name of the primary.
  sh(`cd /etc/postfix-out; postmap hash:transport hash:senders
    postconf -c /etc/postfix-out -P relay/unix/syslog_name=postfix-out/relay`)
}

const ownRules = `
relayhost = [10.1.1.25]
transport_maps = hash:/etc/postfix-out/transport, regexp:/etc/postfix-out/patterns,
  inline:{{in.line.example = smtp:[203.0.113.9]}},
  pipemap:{inline:{piped.example=next}, inline:{next=smtp:[203.0.113.9]}}
relocated_maps = inline:{{gone@other.example = new@other.example}}
sender_canonical_maps = inline:{me@x.example=boss@x.example, boss@example.com=boss@x.example}
sender_dependent_relayhost_maps = hash:/etc/postfix-out/senders
`

const transport = `
listed.example smtp:[203.0.113.9]
.listed.example smtp:[10.1.1.25]
me@listed.example smtp:[10.1.1.25]
hop.example :[203.0.113.9]
noop.example :
bad.example error:5.7.1 not here
`

/** INSTANCE -> [HOST]:PORT for all mail that was handed on. */
function hopsInLog(): string[] {
  const hops = walkthrough.mailLog().flatMap((line) => {
    const [, name, host, address, port] =
      / (postfix(?:-\w+)?)\/.*relay=([^[]+)\[([\d.]+)\]:(\d+),.* status=sent/.exec(line) ?? []
    if (name === undefined) return []
    const place = host === '127.0.0.1' || host === 'localhost' ? address : host
    return [`${name === 'postfix' ? '/etc/postfix' : name} -> [${place}]:${port}`]
  })
  return [...new Set(hops)].sort()
}

/** The first one behind so many lines. */
function waitForLine(pattern: RegExp, after: number): Promise<string> {
  return waitFor(`${pattern} in the mail log`, () =>
    walkthrough
      .mailLog()
      .slice(after - 1)
      .find((line) => pattern.test(line)),
  )
}
