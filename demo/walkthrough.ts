/**
 * The steps of the multi-instance walk-through, one function each, in the order of the README. The demo shows them;
 * the acceptance test asserts what they lead to. They need the host that plugins/plugin-api/host makes.
 * Source: MULTI_INSTANCE_README, "Multi-instance walk-through".
 */

import {execFileSync} from 'node:child_process'
import * as configuration from './configuration.ts'
import {startFilter} from './filter.ts'
import {type Hub, startHub} from './hub.ts'
import {type Keyboard, readText} from './keyboard.ts'
import {dial, type Place} from './smtp.ts'
import {waitFor} from './wait.ts'

/** The mail hosts around the border server. */
export interface Neighbours {
  /** mailhub.example.com, where all mail for example.com ends. */
  inside: Hub
  /** outside.example.org, which sends mail and gets the bounces. */
  outside: Hub
}

export async function startNeighbours(): Promise<Neighbours> {
  return {
    inside: await startHub(configuration.hubPlace, 'mailhub.example.com'),
    outside: await startHub(configuration.outsidePlace, 'outside.example.org'),
  }
}

export async function setUpNullClient(at: Keyboard): Promise<void> {
  const type = tableType()
  addLines(at, '/etc/postfix/main.cf', configuration.nullClient(type))
  addLines(at, '/etc/postfix/virtual', configuration.virtual)
  addLines(at, '/etc/postfix/Makefile', configuration.makefile(type))
  await at.type('cd /etc/postfix; make')
  await at.type('postfix start')
}

/** A message of root to root, which sendmail(1) hands to the null client. */
export async function sendLocalMail(at: Keyboard, subject: string): Promise<void> {
  await at.type(`printf 'From: root\\nTo: root\\nSubject: ${subject}\\n\\nAll is well.\\n' |\n  sendmail -i -f root -t`)
}

export async function turnMultiInstanceOn(at: Keyboard): Promise<void> {
  await at.type('postmulti -e init')
}

/** Disabled, and with no service on the network: safe to start, but of no use yet. */
export async function createInstance(at: Keyboard, name: string): Promise<void> {
  await at.type(`postmulti -I ${name} -G mta -e create`)
}

export function configureOutput(at: Keyboard): void {
  addLines(at, '/etc/postfix-out/main.cf', configuration.output)
  at.edit('/etc/postfix-out/master.cf', [configuration.reinjectService], (text) =>
    text.replace(/^smtp +inet.*$/m, configuration.reinjectService),
  )
}

export function configureInput(at: Keyboard): void {
  addLines(at, '/etc/postfix-in/main.cf', configuration.input)
}

export async function putIntoService(at: Keyboard, name: string): Promise<void> {
  await at.type(`postmulti -i ${name} -x postconf -e \\\n  "master_service_disable =" "authorized_submit_users = root"`)
  await at.type(`postmulti -i ${name} -e enable`)
  await at.type(`postmulti -i ${name} -p start`)
}

/** What an SMTP server says first. It is the README's telnet. */
export async function greetingOf(place: Place): Promise<string> {
  const session = await dial(place)
  await session.hangUp()
  return session.greeting
}

export function startContentFilter() {
  return startFilter(configuration.filterPlace, configuration.reinjectPlace)
}

export interface Envelope {
  sender: string
  /** Each with its ESMTP parameters, if any: `<a@example.com> NOTIFY=SUCCESS`. */
  recipients: string[]
}

/** Send from the host outside to the border server; its answer to the message. A refusal before that is an error. */
export async function sendFromOutside({sender, recipients}: Envelope, message: string[]): Promise<string> {
  const session = await dial(configuration.inputPlace, configuration.outsidePlace.address)
  const commands = ['EHLO outside.example.org', `MAIL FROM:${sender}`, ...recipients.map((each) => `RCPT TO:${each}`)]
  for (const command of [...commands, 'DATA']) {
    const reply = await session.ask(command)
    if (!/^[23]/.test(reply.code)) throw new Error(`${command}: ${reply.code} ${reply.texts.join(' ')}`)
  }
  session.sayContent(message)
  const {code, texts} = await session.reply()
  await session.hangUp()
  return `${code} ${texts.join(' ')}`
}

/** The examples of the README for one instance or group alone; in the end the null client is stopped. */
export async function controlSomeInstances(at: Keyboard): Promise<void> {
  await at.type('postmulti -i - -p stop')
  await at.type('postmulti -g mta -p status')
  await at.type('postmulti -i postfix-out -p flush')
  await at.type('postmulti -i postfix-in -p reload')
}

/** Stop, disable and destroy an instance. Whatever is in its queue would be refused. */
export async function removeInstance(at: Keyboard, name: string): Promise<void> {
  await at.type(`postmulti -i ${name} -p stop`)
  await at.type(`postmulti -i ${name} -e disable`)
  await at.type(`postmulti -i ${name} -e destroy`)
}

/** The lines of the mail log that match, once there is one. */
export function logged(pattern: RegExp): Promise<string[]> {
  return waitFor(`${pattern} in the mail log`, () => {
    const lines = mailLog().filter((line) => pattern.test(line))
    return lines.length > 0 ? lines : undefined
  })
}

export function mailLog(): string[] {
  return readText('/var/log/mail.log').split('\n')
}

function addLines(at: Keyboard, file: string, {shown, text}: configuration.Text): void {
  at.edit(file, shown, (present) => present + text)
}

function tableType(): configuration.TableType {
  const known = execFileSync('postconf', ['-m'], {encoding: 'utf8'}).split('\n')
  return known.includes('cdb') ? 'cdb' : 'hash'
}
