/**
 * One side of an SMTP session, for the servers and the client of the demo: lines, replies and message content.
 * Bytes travel as latin1 text, so that eight-bit content arrives as it was sent.
 * Source: RFC 5321. No limits on the length of lines: both ends are ours or Postfix's.
 */

import {connect, createServer, type Server, type Socket} from 'node:net'

export interface Place {
  address: string
  port: number
}

/** How long a client waits for a server, in milliseconds. */
const patience = 15_000

export interface Reply {
  code: string
  /** Without the code; one for each line of a multi-line reply. */
  texts: string[]
}

export class Session {
  readonly socket: Socket
  readonly #lines: AsyncGenerator<string, undefined>

  constructor(socket: Socket) {
    this.socket = socket
    this.#lines = linesOf(socket)
  }

  /** The next line without its end, or undefined when the other side has hung up. */
  async line(): Promise<string | undefined> {
    return (await this.#lines.next()).value
  }

  say(...lines: string[]): void {
    this.socket.write(`${lines.join('\r\n')}\r\n`, 'latin1')
  }

  /** Say a line and wait for the reply to it. */
  async ask(line: string): Promise<Reply> {
    this.say(line)
    return this.reply()
  }

  async reply(): Promise<Reply> {
    const texts: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === undefined) throw new Error('the SMTP server hung up')
      texts.push(line.slice(4))
      if (line[3] !== '-') return {code: line.slice(0, 3), texts}
    }
  }

  sayReply({code, texts}: Reply): void {
    this.say(...texts.map((text, index) => `${code}${index < texts.length - 1 ? '-' : ' '}${text}`))
  }

  /** Say goodbye as a client. */
  async hangUp(): Promise<void> {
    await this.ask('QUIT')
    this.socket.end()
  }

  /** The lines of a message up to the lone dot, without the dots that protect lines. */
  async content(): Promise<string[]> {
    const lines: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === undefined) throw new Error('the SMTP client hung up within a message')
      if (line === '.') return lines
      lines.push(line.replace(/^\./, ''))
    }
  }

  sayContent(lines: string[]): void {
    this.say(...lines.map((line) => line.replace(/^\./, '..')), '.')
  }
}

/** Listen; each session is given to `talk` and ends with it. */
export function serve(place: Place, talk: (session: Session) => Promise<void>): Promise<Server> {
  const server = createServer((socket) => {
    // A session that breaks off is the other side's to notice and to repeat.
    talk(new Session(socket))
      .catch(() => {})
      .finally(() => socket.end())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(place.port, place.address, () => resolve(server))
  })
}

/** Connect, from the given address when there is one, and wait for the greeting. */
export async function dial(place: Place, from?: string): Promise<Session & {greeting: string}> {
  const socket = connect({host: place.address, port: place.port, ...(from && {localAddress: from})})
  socket.setTimeout(patience, () => socket.destroy(new Error(`${place.address}:${place.port} does not answer`)))
  const session = new Session(socket)
  const {code, texts} = await session.reply()
  const greeting = `${code} ${texts[0]}`
  if (code !== '220') throw new Error(`${place.address}:${place.port} answered ${greeting}`)
  return Object.assign(session, {greeting})
}

async function* linesOf(socket: Socket): AsyncGenerator<string, undefined> {
  let rest = ''
  for await (const chunk of socket) {
    const lines = (rest + chunk.toString('latin1')).split('\r\n')
    rest = lines.pop()!
    yield* lines
  }
}
