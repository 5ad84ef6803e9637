/**
 * The addresses of this host, also of interfaces without a carrier, and those that a program can bind to. Source: proc_pid_net(5),
 * "fib_trie" and "if_inet6"; ip(7), ip_nonlocal_bind.
 */
import {quietly, readText} from '../../files/read.ts'
import {addressesOfHost} from './open-ports.ts'

export interface OwnAddresses {
  /** Whether an interface has this address, numeric; undefined where the kernel does not tell all. */
  has(address: string): boolean | undefined
  /** The same of what a program can bind to, which may be more. */
  canBind(address: string): boolean | undefined
}

export function readOwnAddresses(): OwnAddresses {
  const listed = addressesOfHost()
  const trie = quietly(() => readText('/proc/net/fib_trie', 'latin1'))
  const networks = trie === undefined ? undefined : parseLocalNetworks(trie)
  // Without IPv6 in the kernel there is no such file, and no such address.
  const v6 = parseInet6(quietly(() => readText('/proc/net/if_inet6', 'latin1')) ?? '')
  const isFree = (family: string): boolean =>
    quietly(() => readText(`/proc/sys/net/${family}/ip_nonlocal_bind`))?.trim() === '1'
  const has = (address: string): boolean | undefined => {
    if (listed.includes(address)) return true
    if (address.includes(':')) return v6.includes(inFull(address))
    return networks?.some(({bits, length}) => length === 32 && bits === bitsOf(address))
  }
  return {
    has,
    canBind(address) {
      if (has(address) || address === '0.0.0.0' || address === '::') return true
      const isV6 = address.includes(':')
      if (isFree(isV6 ? 'ipv6' : 'ipv4')) return true
      return isV6 ? false : networks?.some((each) => isLocalTo(bitsOf(address), each))
    },
  }
}

interface LocalNetwork {
  bits: number
  /** Of 1 to 32. */
  length: number
}

/** Those that the kernel takes for its own, addresses of interfaces among them. */
export function parseLocalNetworks(trie: string): LocalNetwork[] {
  return [...trie.matchAll(/\|-- ([\d.]+)\n((?:\s+\/\d+ .*\n?)+)/g)].flatMap(([, address = '', kinds = '']) =>
    [...kinds.matchAll(/\/(\d+) host LOCAL/g)].map(([, length]) => ({bits: bitsOf(address), length: Number(length)})),
  )
}

function isLocalTo(bits: number, network: LocalNetwork): boolean {
  const size = 2 ** (32 - network.length)
  return Math.floor(bits / size) === Math.floor(network.bits / size)
}

function bitsOf(address: string): number {
  return address.split('.').reduce((bits, each) => bits * 256 + Number(each), 0)
}

/** 32 figures in base 16 each. */
function parseInet6(text: string): string[] {
  return text.split('\n').map((line) => line.slice(0, 32))
}

function inFull(address: string): string {
  const url = `http://[${address}]`
  const [before = '', behind] = URL.canParse(url) ? new URL(url).hostname.slice(1, -1).split('::') : []
  const split = (part = ''): string[] => part.split(':').filter((each) => each !== '')
  const [start, end] = [split(before), split(behind)]
  const zeros = Array.from({length: behind === undefined ? 0 : 8 - start.length - end.length}, () => '0')
  return [...start, ...zeros, ...end].map((each) => each.padStart(4, '0')).join('')
}
