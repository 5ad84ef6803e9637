/** Between us and the process in which a plugin is asked: one value of JSON on each line. */
import type {Duplex} from 'node:stream'

/** `take` gets each value, or undefined for a line that is not JSON. The returned function sends one. */
export function openChannel(stream: Duplex, take: (message: unknown) => void): (message: unknown) => void {
  let begun: string[] = []
  stream.setEncoding('utf8').on('data', (more: string) => {
    const [first = '', ...others] = more.split('\n')
    begun.push(first)
    for (const next of others) {
      const line = begun.join('')
      begun = [next]
      take(parseMessage(line))
    }
  })
  return (message) => void stream.write(`${JSON.stringify(message)}\n`)
}

function parseMessage(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
