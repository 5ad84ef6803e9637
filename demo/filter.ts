/**
 * The content filter of the walk-through: an SMTP proxy that hands every command on to the re-injection service, so
 * that DSN, 8BITMIME and XFORWARD (IDENT included) pass unchanged, with any number of messages in a session.
 * It marks what it lets through and rejects what carries the test header.
 * Source: MULTI_INSTANCE_README, "Setting up the content-filter proxy"; XFORWARD_README.
 */

import type {Server} from 'node:net'
import {dial, type Place, type Reply, type Session, serve} from './smtp.ts'

/** A message with this header is rejected. Only the header counts: a bounce that quotes it must get through. */
export const testHeader = 'X-Filter-Test: reject me'

const mark = 'X-Content-Filter: clean'

/** Extensions that need nothing of a proxy but to hand them on; not PIPELINING, CHUNKING or STARTTLS. */
const transparent = ['8BITMIME', 'DSN', 'ENHANCEDSTATUSCODES', 'SIZE', 'SMTPUTF8', 'XFORWARD']

export function startFilter(listen: Place, reinject: Place): Promise<Server> {
  return serve(listen, async (client) => {
    const server = await dial(reinject)
    client.say('220 filter.example.com ESMTP')
    try {
      await handOn(client, server)
    } finally {
      server.socket.end()
    }
  })
}

async function handOn(client: Session, server: Session): Promise<void> {
  for (;;) {
    const command = await client.line()
    if (command === undefined) return
    const verb = command.slice(0, 4).toUpperCase()
    if (verb === 'DATA') {
      client.sayReply(await passMessage(client, server))
    } else {
      const reply = await server.ask(command)
      client.sayReply(verb === 'EHLO' ? offerTransparent(reply) : reply)
    }
    if (verb === 'QUIT') return
  }
}

/** Read the whole message before the re-injection service hears of it; the answer to it. */
async function passMessage(client: Session, server: Session): Promise<Reply> {
  client.say('354 End data with <CR><LF>.<CR><LF>')
  const message = await client.content()
  if (isUnwanted(message)) {
    await server.ask('RSET')
    return {code: '550', texts: ['5.7.1 Rejected by the content filter']}
  }
  const accepted = await server.ask('DATA')
  if (accepted.code !== '354') return accepted
  server.sayContent([mark, ...message])
  return server.reply()
}

function isUnwanted(message: string[]): boolean {
  const header = message.slice(0, message.indexOf(''))
  return header.some((line) => line.toLowerCase() === testHeader.toLowerCase())
}

function offerTransparent({code, texts}: Reply): Reply {
  const [greeting, ...offered] = texts
  return {code, texts: [greeting!, ...offered.filter((each) => transparent.includes(each.split(' ')[0]!))]}
}
