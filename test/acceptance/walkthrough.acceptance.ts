/**
 * The multi-instance walk-through of the README, with real daemons and real mail.
 * The steps are the demo's; they run on one throw-away host, in which mocha is started again for this file.
 * Source: MULTI_INSTANCE_README, "Multi-instance walk-through" and "Destroying a Postfix instance".
 */

import assert from 'node:assert/strict'
import {existsSync, globSync} from 'node:fs'
import {join} from 'node:path'
import {filterPlace, inputPlace, reinjectPlace} from '../../demo/configuration.ts'
import {testHeader} from '../../demo/filter.ts'
import {arrival, headersOf} from '../../demo/hub.ts'
import {keyboard, readText} from '../../demo/keyboard.ts'
import {dial} from '../../demo/smtp.ts'
import * as walkthrough from '../../demo/walkthrough.ts'
import {runAgain} from './again.ts'
import {whyNoHost} from './host.ts'

const recipient = '<support@example.com> NOTIFY=FAILURE ORCPT=rfc822;help@example.com'

/** In the environment of the mocha that runs on the throw-away host. */
const inside = 'POSTMULTI_WALKTHROUGH_HOST'

if (process.env[inside]) describe('walk-through of the README', walk)
else describe('walk-through of the README', runOnThrowAwayHost)

function runOnThrowAwayHost() {
  const missing = whyNoHost()
  if (missing) return void it.skip(`does what it says: ${missing}`)
  it('does what it says', function () {
    this.timeout('5m')
    const root = join(import.meta.dirname, '../..')
    const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
    const host = join(root, 'plugins/plugin-api/host')
    return runAgain([host, process.execPath, mocha], ['--bail', import.meta.filename], {
      variables: {[inside]: 'yes'},
      limit: 280 / 60,
    })
  })
}

function walk(this: Mocha.Suite) {
  this.timeout('2m')
  const at = keyboard()
  let neighbours: walkthrough.Neighbours

  before(async () => {
    neighbours = await walkthrough.startNeighbours()
  })

  after(() => {
    for (const {server} of [neighbours.inside, neighbours.outside]) server.close()
  })

  it('sends local mail to the hub, with a sender that tells the host', async () => {
    await walkthrough.setUpNullClient(at)
    await walkthrough.sendLocalMail(at, 'nightly report')
    const message = await arrival(neighbours.inside, 'nightly report')
    assert.match(message.sender, /^<mtaadmin\+root=mta1@example\.com>/)
    assert.match(message.recipients.join(), /^<mtaadmin@example\.com>/)
    assert.deepEqual(headersOf(message, 'From'), ['mtaadmin+root=mta1@example.com'])
    assert.deepEqual(headersOf(message, 'To'), ['mtaadmin+root=mta1@example.com'])
    assert.equal(message.body, 'All is well.')
  })

  it('turns multi-instance support on once', async () => {
    await walkthrough.turnMultiInstanceOn(at)
    assert.equal(await at.type('postconf -h multi_instance_enable'), 'yes')
    assert.equal(await at.type('postconf -h multi_instance_wrapper'), `\${command_directory}/postmulti -p --`)
    assert.deepEqual(await instances(), ['- - y /etc/postfix'])
  })

  it('creates an output instance that is safe to start: disabled, no service on the network, no submission', async () => {
    await walkthrough.createInstance(at, 'postfix-out')
    assert.deepEqual(await instances(), ['- - y /etc/postfix', 'postfix-out mta n /etc/postfix-out'])
    assert.equal(
      await at.type('postconf -c /etc/postfix-out master_service_disable authorized_submit_users queue_directory'),
      'master_service_disable = inet\nauthorized_submit_users =\nqueue_directory = /var/spool/postfix-out',
    )
  })

  it('puts the output instance into service, where it takes mail with XFORWARD', async () => {
    walkthrough.configureOutput(at)
    await walkthrough.putIntoService(at, 'postfix-out')
    assert.deepEqual(await offered(reinjectPlace), ['8BITMIME', 'DSN', 'XFORWARD'])
  })

  it('lets root, and nobody else, submit to the output instance', async () => {
    await at.type('postmulti -i postfix-out -x sendmail -bv support@example.com')
    await at.type('su -s /bin/sh nobody -c "echo hello | sendmail -C /etc/postfix-out support@example.com"', 75)
  })

  it('puts a content filter before it that offers DSN, 8BITMIME and XFORWARD', async () => {
    const filter = await walkthrough.startContentFilter()
    after(() => filter.close())
    assert.deepEqual(await offered(filterPlace), ['8BITMIME', 'DSN', 'XFORWARD'])
  })

  it('puts the input instance into service, after the output instance in the start order', async () => {
    await walkthrough.createInstance(at, 'postfix-in')
    walkthrough.configureInput(at)
    await walkthrough.putIntoService(at, 'postfix-in')
    assert.deepEqual(await instances(), [
      '- - y /etc/postfix',
      'postfix-out mta y /etc/postfix-out',
      'postfix-in mta y /etc/postfix-in',
    ])
    assert.match(await walkthrough.greetingOf(inputPlace), /^220 mx1\.example\.com ESMTP/)
    assert.deepEqual(await running(), ['postfix', 'postfix-out', 'postfix-in'])
  })

  it('takes mail from outside through input, filter and output to the hub', async () => {
    // Eight-bit text, and a line that begins with a dot.
    const body = ['Gr\xfc\xdfe', '.', '..']
    await send('<alice@outside.example.org> BODY=8BITMIME RET=HDRS ENVID=e1', ['Subject: Hello', '', ...body])
    const message = await arrival(neighbours.inside, 'Hello')
    assert.equal(message.body, body.join('\n'))
    assert.deepEqual(words(message.sender), ['<alice@outside.example.org>', 'BODY=8BITMIME', 'ENVID=e1', 'RET=HDRS'])
    assert.equal(message.recipients.length, 1)
    assert.deepEqual(words(message.recipients[0]!), words(recipient))
    assert.deepEqual(headersOf(message, 'X-Content-Filter'), ['clean'])
    const [byOutput, byInput, ...more] = headersOf(message, 'Received')
    assert.match(byOutput!, /^from mx1\.example\.com \(localhost \[127\.0\.0\.1\]\)\s+by mta1-out\.example\.com /)
    assert.match(
      byInput!,
      /^from outside\.example\.org \(outside\.example\.org \[203\.0\.113\.9\]\)\s+by mx1\.example\.com /,
    )
    assert.deepEqual(more, [])
  })

  it('tells the output instance by XFORWARD who sent a message, and its queue ID at the input', async () => {
    const [received] = await walkthrough.logged(/postfix-in\/smtpd.*: client=outside\.example\.org/)
    const id = /: (\w+): client=/.exec(received!)![1]
    const [forwarded] = await walkthrough.logged(new RegExp(`orig_queue_id=${id}`))
    assert.match(forwarded!, /postfix-out\/smtpd.* orig_client=outside\.example\.org\[203\.0\.113\.9\]/)
  })

  it('takes several messages through the filter in one session', async () => {
    const session = await dial(filterPlace)
    for (const subject of ['first of two', 'second of two']) {
      for (const command of ['EHLO test', 'MAIL FROM:<a@outside.example.org>', 'RCPT TO:<b@example.com>']) {
        assert.equal((await session.ask(command)).code, '250')
      }
      assert.equal((await session.ask('DATA')).code, '354')
      session.sayContent([`Subject: ${subject}`, '', 'Hello'])
      assert.equal((await session.reply()).code, '250')
    }
    await session.hangUp()
    await arrival(neighbours.inside, 'first of two')
    await arrival(neighbours.inside, 'second of two')
  })

  it('returns mail that the filter rejects to its sender', async () => {
    await send('<alice@outside.example.org>', ['Subject: Buy now', testHeader, '', 'Now!'])
    const bounce = await arrival(neighbours.outside, 'Undelivered Mail Returned to Sender')
    assert.match(bounce.body, /550 5\.7\.1 Rejected by the content filter/)
    assert.ok(!neighbours.inside.messages.some((each) => headersOf(each, 'Subject').includes('Buy now')))
  })

  it('controls one instance or one group alone', async () => {
    await walkthrough.controlSomeInstances(at)
    assert.deepEqual(await running(), ['postfix-out', 'postfix-in'])
    await walkthrough.logged(/postfix-in\/master.* reload -- version/)
  })

  it('stops and starts all instances by postfix(1), sinks last and first', async () => {
    await at.type('postmulti -i - -p start')
    assert.deepEqual(speakers(await at.type('postfix stop')), ['postfix-in', 'postfix-out', 'postfix'])
    assert.deepEqual(await running(), [])
    assert.deepEqual(speakers(await at.type('postfix start')), ['postfix', 'postfix-out', 'postfix-in'])
    assert.deepEqual(await running(), ['postfix', 'postfix-out', 'postfix-in'])
  })

  it('destroys the secondary instances without a trace', async () => {
    await walkthrough.removeInstance(at, 'postfix-in')
    await walkthrough.removeInstance(at, 'postfix-out')
    assert.deepEqual(await instances(), ['- - y /etc/postfix'])
    assert.deepEqual(globSync('/{etc,var/spool,var/lib}/postfix-*'), [])
    assert.equal(await at.type('postconf -h multi_instance_directories'), '')
  })

  it('leaves the null client as it was', async () => {
    await walkthrough.sendLocalMail(at, 'still here')
    await arrival(neighbours.inside, 'still here')
    await at.type('postfix stop')
    assert.ok(existsSync('/etc/postfix/main.cf'))
    assert.ok(!readText('/var/log/mail.log').includes('panic:'))
  })

  /** The instance list with single spaces. */
  async function instances() {
    return (await at.type('postmulti -l')).split('\n').map((line) => line.replaceAll(/ +/g, ' '))
  }

  /** Which instances run, by their syslog names in start order. `|| :`, because a stopped one is no error here. */
  async function running() {
    return speakers(await at.type('postfix status || :'))
  }

  function send(sender: string, message: string[]) {
    return walkthrough.sendFromOutside({sender, recipients: [recipient]}, message)
  }
}

/** The address and the parameters of an SMTP command; their order is free. */
function words(parameters: string) {
  return parameters.split(' ').sort()
}

/** Whose postfix-script speaks, in order; that one has to wait for its daemons is no news of another instance. */
function speakers(answer: string) {
  const lines = answer.split('\n').filter((line) => / (starting|stopping|is running)/.test(line))
  return lines.map((line) => line.split('/')[0])
}

/** Which of the extensions that the README asks of a filter a server offers. */
async function offered(place: {address: string; port: number}) {
  const session = await dial(place)
  const {texts} = await session.ask('EHLO test')
  await session.hangUp()
  return texts
    .map((text) => text.split(' ')[0]!)
    .filter((each) => ['8BITMIME', 'DSN', 'XFORWARD'].includes(each))
    .sort()
}
