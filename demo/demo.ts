/**
 * npm run demo: the multi-instance walk-through with real daemons and real mail, shown step by step.
 * Has to run on the host that plugins/plugin-api/host makes.
 */

import {filterPlace, inputPlace, reinjectPlace} from './configuration.ts'
import {testHeader} from './filter.ts'
import {arrival, headersOf, type Message} from './hub.ts'
import {CommandFailure, keyboard} from './keyboard.ts'
import {pageOn} from './page.ts'
import type {Place} from './smtp.ts'
import * as walkthrough from './walkthrough.ts'

const began = Date.now()
const page = pageOn(process.stdout)
const at = keyboard(page)

try {
  await show()
} catch (error) {
  const reason = error instanceof CommandFailure ? error.summary : (error as Error).message
  pageOn(process.stderr).failure(`The demo failed: ${reason}`, walkthrough.mailLog().slice(-8))
  process.exit(1)
}
process.exit(0)

async function show(): Promise<void> {
  const {inside, outside} = await walkthrough.startNeighbours()
  page.heading('A border mail server of three Postfix instances, on a throw-away host')
  page.quote(`Internet --> postfix-in --> content filter --> postfix-out --> mail hub
             192.0.2.25:25  127.0.0.1:10025    127.0.0.1:10026 10.1.1.25:25
local users --> postfix, the null client ---------------------> mail hub`)

  page.heading('1. The null client hands local mail to the hub')
  await walkthrough.setUpNullClient(at)
  await walkthrough.sendLocalMail(at, 'nightly report')
  const [from] = headersOf(await arrival(inside, 'nightly report'), 'From')
  page.result(`it is at the hub, from ${from}`)

  page.heading('2. The output instance takes mail back from the filter')
  await walkthrough.turnMultiInstanceOn(at)
  await walkthrough.createInstance(at, 'postfix-out')
  walkthrough.configureOutput(at)
  await walkthrough.putIntoService(at, 'postfix-out')
  await showGreeting(reinjectPlace)

  page.heading('3. The content filter')
  await walkthrough.startContentFilter()
  await showGreeting(filterPlace)

  page.heading('4. The input instance takes mail from the Internet')
  await walkthrough.createInstance(at, 'postfix-in')
  walkthrough.configureInput(at)
  await walkthrough.putIntoService(at, 'postfix-in')
  await showGreeting(inputPlace)

  page.heading('5. All three run')
  await at.type('postmulti -l')
  await at.type('postfix status')

  page.heading('6. Mail from outside: postfix-in, filter, postfix-out, hub')
  await sendMail('Hello')
  const message = await arrival(inside, 'Hello')
  page.result('it is at the hub, which sees where it came from:')
  page.quote(traceOf(message))

  page.heading('7. Mail that the filter rejects')
  await sendMail('Buy now', testHeader)
  const bounce = await arrival(outside, 'Undelivered Mail Returned to Sender')
  page.result('the sender gets it back:')
  page.quote(reasonIn(bounce))

  page.heading('8. One instance, one group, and all of them')
  await walkthrough.controlSomeInstances(at)
  await at.type('postmulti -i - -p start')
  await at.type('postfix stop')

  page.heading(`Done in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  page.quote(
    `Two instances created, three started and stopped. Of three messages\n` +
      `${inside.messages.length} reached the hub and ${outside.messages.length} came back to its sender.\n` +
      'The throw-away host goes now, with all its files. Yours was not changed.',
  )
}

async function showGreeting(place: Place): Promise<void> {
  page.result(`${place.address}:${place.port} says ${await walkthrough.greetingOf(place)}`)
}

async function sendMail(subject: string, ...headers: string[]): Promise<void> {
  const [sender, recipient] = ['alice@outside.example.org', 'support@example.com']
  page.event(`${sender} writes to ${recipient}: "${subject}"`)
  const message = [`From: ${sender}`, `To: ${recipient}`, `Subject: ${subject}`, ...headers, '', 'Good morning!']
  page.answered(await walkthrough.sendFromOutside({sender: `<${sender}>`, recipients: [`<${recipient}>`]}, message))
}

/** What the instances and the filter wrote on top of a message, as it arrived. */
function traceOf(message: Message): string {
  return message.headers.filter((each) => /^(Received|X-Content-Filter):/.test(each)).join('\n')
}

/** The paragraph of a bounce that says who refused what and why. */
function reasonIn(bounce: Message): string {
  return /^<.*?(?=\n\n)/ms.exec(bounce.body)?.[0] ?? bounce.body
}
