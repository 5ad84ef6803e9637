/**
 * A mail host beyond the border server: takes every message and keeps it for those who wait for it.
 * The walk-through has two, the hub of the inside network and a host far away that gets the bounces.
 */

import type {Server} from 'node:net'
import {type Place, type Session, serve} from './smtp.ts'
import {waitFor} from './wait.ts'

export interface Message {
  /** The parameters of MAIL and RCPT as they were sent, address first: `<a@example.org> SIZE=200 ENVID=x`. */
  sender: string
  recipients: string[]
  /** One for each header, folded ones with their line ends; newest trace header first. */
  headers: string[]
  body: string
}

export interface Hub {
  messages: Message[]
  server: Server
}

export async function startHub(place: Place, name: string): Promise<Hub> {
  const messages: Message[] = []
  const server = await serve(place, (client) => takeMessages(client, name, messages))
  return {messages, server}
}

/** Wait until the hub has a message with this subject. */
export function arrival(hub: Hub, subject: string): Promise<Message> {
  return waitFor(`a message with the subject "${subject}"`, () =>
    hub.messages.find((each) => headersOf(each, 'Subject').includes(subject)),
  )
}

/** The values of a header, in the order of the message. */
export function headersOf(message: Message, name: string): string[] {
  const start = `${name.toLowerCase()}: `
  return message.headers.filter((each) => each.toLowerCase().startsWith(start)).map((each) => each.slice(start.length))
}

async function takeMessages(client: Session, name: string, messages: Message[]): Promise<void> {
  let sender = ''
  let recipients: string[] = []
  client.say(`220 ${name} ESMTP`)
  for (;;) {
    const command = await client.line()
    if (command === undefined) return
    const [verb] = command.toUpperCase().split(' ')
    if (verb === 'DATA') {
      client.say('354 End data with <CR><LF>.<CR><LF>')
      messages.push({sender, recipients, ...parse(await client.content())})
      client.say('250 2.0.0 Ok: kept')
    } else if (verb === 'EHLO') {
      client.sayReply({code: '250', texts: [name, '8BITMIME', 'DSN', 'ENHANCEDSTATUSCODES']})
    } else if (verb === 'QUIT') {
      client.say('221 2.0.0 Bye')
      return
    } else {
      if (verb === 'MAIL') [sender, recipients] = [command.slice('MAIL FROM:'.length), []]
      if (verb === 'RCPT') recipients = [...recipients, command.slice('RCPT TO:'.length)]
      client.say('250 2.0.0 Ok')
    }
  }
}

function parse(lines: string[]): Pick<Message, 'headers' | 'body'> {
  const end = lines.indexOf('')
  const headers: string[] = []
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    if (/^[ \t]/.test(line)) headers.push(`${headers.pop() ?? ''}\n${line}`)
    else headers.push(line)
  }
  return {headers, body: end < 0 ? '' : lines.slice(end + 1).join('\n')}
}
