/** Where any program on this host listens for TCP connections. Source: proc_pid_net(5), "tcp". */
import {networkInterfaces} from 'node:os'
import {quietly, readText} from '../../files/read.ts'
import type {Socket} from '../../model/survey/check-input.ts'

export function addressesOfHost(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => each?.map(({address}) => address) ?? [])
}

/** ADDRESS PORT, with 0.0.0.0 and :: for all addresses. Null where the kernel does not tell. */
export function readOpenPorts(): ReadonlySet<string> | null {
  const texts = tables.flatMap((each) => readSocketTable(each, 'self'))
  return texts.length === 0 ? null : new Set(texts.flatMap(parseOpenPorts))
}

/** The text of one of the kernel's tables. */
export function parseOpenPorts(text: string): string[] {
  return parseSockets(text).map(({address, port}) => `${address} ${port}`)
}

/** The same with the sockets behind them, in the network of this process; none where the kernel does not tell. */
export function readSockets(pid: number | 'self' = 'self'): Socket[] {
  return tables.flatMap((each) => readSocketTable(each, pid)).flatMap(parseSockets)
}

function parseSockets(text: string): Socket[] {
  return text.split('\n').flatMap((line) => {
    const [, address = '', port = '', state] = /^\s*\d+: ([\dA-F]+):([\dA-F]{4}) \S+ ([\dA-F]{2}) /.exec(line) ?? []
    if (state !== listening) return []
    const inode = line.trim().split(/\s+/)[9] ?? ''
    return [{address: parseAddress(address), port: Number.parseInt(port, 16), inode}]
  })
}

const tables = ['tcp', 'tcp6']
const listening = '0A'

/** Four bytes or sixteen, each word of four in the order of the processor, which is backwards on all that Postfix is used on. */
function parseAddress(hex: string): string {
  const bytes = hex.replace(/(..)(..)(..)(..)/g, '$4$3$2$1')
  if (bytes.length === 8) return bytes.replace(/../g, (each) => `.${Number.parseInt(each, 16)}`).slice(1)
  return new URL(`http://[${bytes.replace(/....(?=.)/g, '$&:')}]`).hostname.slice(1, -1)
}

function readSocketTable(name: string, pid: number | 'self'): string[] {
  return quietly(() => [readText(`/proc/${pid}/net/${name}`, 'latin1')]) ?? []
}
