/** Real mail through the three instances of the walk-through, followed in the log. */
import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import {testHeader} from '../../demo/filter.ts'
import {arrival} from '../../demo/hub.ts'
import * as walkthrough from '../../demo/walkthrough.ts'
import {closeAround, setUpWalkthrough} from '../../demo/whole-host.ts'
import {
  antedate,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  replaceJournal,
  sh,
  sleep,
  start,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

const envelope = {sender: '<alice@outside.example.org>', recipients: ['<support@example.com>']}

onThrowAwayHost(import.meta.filename, 'trace of a message', traces)

function traces() {
  before(async () => {
    const host = await setUpWalkthrough()
    const {inside, outside} = host
    after(() => closeAround(host))
    await walkthrough.sendFromOutside(envelope, ['Message-ID: <hello@outside.example.org>', 'Subject: Hello', '', 'x'])
    await arrival(inside, 'Hello')
    const unwanted = ['Message-ID: <buy@outside.example.org>', 'Subject: Buy', testHeader, '', 'x']
    await walkthrough.sendFromOutside(envelope, unwanted)
    await arrival(outside, 'Undelivered Mail Returned to Sender')
    await assert.rejects(
      walkthrough.sendFromOutside({...envelope, recipients: ['<eve@elsewhere.example.net>']}, ['', 'x']),
      /Relay access denied/,
    )
    await walkthrough.logged(/orig_queue_id=/)
    await logQuiet()
  })
  after(() => postmulti('instances abort --all'))

  it('goes from the input instance through the filter and the output instance to the hub', async () => {
    const {messages} = await trace('<hello@outside.example.org>')
    assert.equal(messages.length, 1)
    const [{fate, hops, took}] = messages
    assert.equal(fate, 'delivered')
    assert.deepEqual(hops.map(summary), [
      'postfix-in from outside.example.org[203.0.113.9] to support@example.com by 127.0.0.1[127.0.0.1]:10025: sent',
      'postfix-out from localhost[127.0.0.1] to support@example.com by mailhub.example.com[10.1.1.25]:25: sent',
    ])
    for (const each of hops) assert.ok(each.took < 5 && each.took <= took)
    assert.ok(hops[0].took > 0)
  })

  it('is the same for its id in either instance, and without the instance', async () => {
    const {messages} = await trace('<hello@outside.example.org>')
    const [first, second] = messages[0].hops
    for (const id of [first.id, second.id, first.queue_id]) assert.deepEqual((await trace(id)).messages, messages)
  })

  it('follows the bounce of the filter back to the sender', async () => {
    const {messages} = await trace('<buy@outside.example.org>')
    const [{fate, hops}] = messages
    assert.equal(fate, 'bounced')
    assert.deepEqual(
      hops.map(({instance}: {instance: string}) => instance),
      ['postfix-in', 'postfix-out', 'postfix-in', 'postfix-out'],
    )
    assert.match(hops[0].deliveries[0].reply, /550 5\.7\.1 Rejected by the content filter/)
    assert.match(hops[1].remarks[0], /gave up/)
    assert.match(
      summary(hops[3]),
      /to alice@outside\.example\.org by outside\.example\.org\[203\.0\.113\.9\]:25: sent$/,
    )
  })

  it('of an address is that of its newest messages', async () => {
    const all = await trace('Alice@outside.example.org')
    assert.deepEqual(
      all.messages.map(({fate}: {fate: string}) => fate),
      ['delivered', 'bounced'],
    )
    const {messages, warnings} = await trace('alice@outside.example.org', '--newest', '1')
    assert.deepEqual(messages, all.messages.slice(1))
    assert.match(warnings.join(), /there is more/)
  })

  it('tells why mail was refused that never had a queue id', async () => {
    const {messages, refused} = await trace('eve@elsewhere.example.net')
    assert.deepEqual(messages, [])
    assert.equal(refused[0].instance, 'postfix-in')
    assert.match(refused[0].text, /Relay access denied/)
  })

  it('is for people to read, one line for each hop and delivery', async () => {
    const {stdout} = await mustSucceed(['trace', '<hello@outside.example.org>'])
    const lines = stdout.trimEnd().split('\n')
    assert.equal(lines.length, 5, stdout)
    assert.match(lines[0]!, /^<hello@outside\.example\.org>: delivered after [\d.]+ s$/)
    assert.match(lines[3]!, /^ {2}\d{4}-\d\d-\d\d [\d:]{8} {2}postfix-out\/\w+ {2}from localhost/)
  })

  it('reads several files as one log', async () => {
    sh('head -n 40 /var/log/mail.log >/run/old.log; tail -n +41 /var/log/mail.log >/run/new.log')
    const {messages} = await trace('<buy@outside.example.org>', '--log', '/run/old.log', '--log', '/run/new.log')
    assert.deepEqual(messages, (await trace('<buy@outside.example.org>')).messages)
  })

  it('reads older files of the log where the newest one has not all of it', async () => {
    const whole = (await trace('<buy@outside.example.org>')).messages
    sh(`cp -p /var/log/mail.log /run/whole.log
      head -n 30 /run/whole.log | gzip >/var/log/mail.log.2.gz; touch -d '-2 days' /var/log/mail.log.2.gz
      tail -n +31 /run/whole.log | head -n 10 >/var/log/mail.log.1; touch -d '-1 day' /var/log/mail.log.1
      tail -n +41 /run/whole.log >/var/log/mail.log`)
    const {messages, warnings} = await trace('<buy@outside.example.org>')
    sh('cat /run/whole.log >/var/log/mail.log; rm /var/log/mail.log.1 /var/log/mail.log.2.gz')
    assert.deepEqual(messages, whole)
    assert.match(warnings.join(), /read 2 older files of the log, too/)
  })

  it('says which id may have been meant', async () => {
    const [{id, queue_id}] = (await trace('<hello@outside.example.org>')).messages[0].hops
    for (const [typed, meant] of [
      [`postfix-out/${queue_id}`, id],
      [queue_id.slice(0, -2), queue_id],
      // It may be that it has no letters.
      ...(/[A-Z]/.test(queue_id) ? [[queue_id.toLowerCase(), queue_id]] : []),
    ]) {
      const {status, stderr} = await postmulti(['trace', typed])
      assert.equal(status, 2, typed)
      assert.ok(stderr.includes(`  try: postmulti trace ${meant}`), stderr.join('\n'))
    }
  })

  it('reads the journal, too', async () => {
    const putBack = replaceJournal('cat /var/log/mail.log')
    const {messages} = await trace('<hello@outside.example.org>', '--log', 'journal')
    putBack()
    assert.deepEqual(messages, (await trace('<hello@outside.example.org>')).messages)
  })

  it('knows an instance without a name by its own log', async () => {
    await mustSucceed(
      '-e create config_directory=/etc/postfix-plain queue_directory=/var/spool/postfix-plain data_directory=/var/lib/postfix-plain',
    )
    sh(`postconf -c /etc/postfix-plain -e maillog_file=/var/log/plain.log
      echo 'Nov 25 08:00:00 mx postfix/qmgr[1]: 4ABC123: from=<a@plain.example.org>, size=1, nrcpt=1' >/var/log/plain.log`)
    antedate()
    const {messages} = await trace('a@plain.example.org')
    assert.equal(messages[0].hops[0].id, '/etc/postfix-plain/4ABC123')
  })

  it('where no instance logs to a file says so, and reads nothing', async () => {
    sh(`for i in postfix postfix-in postfix-out postfix-plain; do
        cp -p /etc/$i/main.cf /run/$i.cf; postconf -c /etc/$i -e maillog_file=/dev/stdout
      done`)
    antedate()
    const {status, stderr} = await postmulti('trace x')
    const {messages} = await trace('<hello@outside.example.org>', '--log', '/var/log/mail.log')
    sh('for i in postfix postfix-in postfix-out postfix-plain; do cp -p /run/$i.cf /etc/$i/main.cf; done')
    assert.equal(status, 3)
    assert.match(
      stderr[0]!,
      /the mail log of .*postfix-in.* goes to \/dev\/stdout, which is not a file: name another with --log$/,
    )
    assert.equal(stderr[1], 'postmulti: There is no mail log that can be read: name one with --log FILE')
    assert.equal(messages[0].hops[0].instance, 'postfix-in')
  })

  it('does not wait for what is no file', async () => {
    sh('mkfifo /run/fifo')
    for (const each of ['/run/fifo', '/dev/zero', '/dev/stdin', '/run']) {
      const {status, stderr} = await postmulti(`trace x --log ${each}`)
      assert.equal(status, 1)
      assert.match(stderr.join('\n'), /^postmulti: read \S+: (?:Not a regular file|Is a directory)/)
    }
  })

  const mistakes: [words: string, tries: RegExp][] = [
    ['trace 0ABCDEF0', /try: postmulti trace --help$/m],
    ['trace oin/0ABCDEF', /try: postmulti trace postfix-in\/0ABCDEF$/m],
    // Older files are read anyway, where there are any.
    ['trace nobody@example.net', /Nothing about .*\n {2}try: postmulti trace --help$/],
    ['trace', /try: postmulti trace --help$/],
    // It was sought in every line, for ever.
    ['trace in/', /^postmulti: in\/ names no message\n {2}try: postmulti queue list$/],
  ]
  for (const [words, tries] of mistakes) {
    it(`ends with 2 and says what to type: ${words}`, async () => {
      const {status, stderr} = await postmulti(words)
      assert.equal(status, 2)
      assert.match(stderr.join('\n'), tries)
    })
  }

  it('of a large log takes no more memory than of a small one', async () => {
    const line =
      'Nov 25 08:00:00 mx1 postfix-in/qmgr[1]: A%06d: from=<alice@outside.example.org>, size=1, nrcpt=1 (queue active)'
    sh(`awk 'BEGIN {for (i = 0; i < 1000000; i++) printf "${line}\\n", i}' >/run/large.log`)
    const watch = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))"
    writeFileSync('/run/watch.cjs', watch)
    const words = ['-r', '/run/watch.cjs', `${import.meta.dirname}/../../dist/cli.cjs`, program]
    const {stderr} = await start(process.execPath, [
      ...words,
      'trace',
      'alice@outside.example.org',
      '--log',
      '/run/large.log',
    ]).ended
    assert.ok(Number(stderr.at(-1)) < 150 * 1024, `${stderr.at(-1)} KiB`)
  })
}

async function trace(...words: string[]) {
  const answer = JSON.parse((await mustSucceed(['trace', ...words, '--json'])).stdout)
  assert.deepEqual(faults(answer, schemas.trace!), [])
  return answer
}

interface HopJson {
  instance: string
  source: string
  deliveries: {to: string; relay: string; status: string}[]
}

function summary({instance, source, deliveries}: HopJson): string {
  const [{to, relay, status} = {to: '', relay: '', status: ''}] = deliveries
  return `${instance} from ${source} to ${to} by ${relay}: ${status}`
}

/** The last line about a message comes a moment after its arrival. */
async function logQuiet(): Promise<void> {
  for (let before = -1, now = walkthrough.mailLog().length; now !== before; now = walkthrough.mailLog().length) {
    before = now
    await sleep(300)
  }
}
