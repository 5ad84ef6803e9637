/** Where our server listens, as a user types it: /run/x.sock, 127.0.0.1:9154, [::1]:9154, or systemd. */

export type ListenAddress =
  | {at: 'path'; path: string}
  | {at: 'port'; host: string; port: number}
  /** A socket that systemd has opened. */
  | {at: 'systemd'}

/** Undefined for anything else: names are for the DNS, which may tell another address tomorrow. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === 'systemd') return {at: 'systemd'}
  if (text.startsWith('/')) return text.isWellFormed() && !text.endsWith('/') ? {at: 'path', path: text} : undefined
  const [, v6, v4 = '', digits] = /^(?:\[([\da-f:.]+)\]|([\d.]+|localhost)):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  if (!(port > 0 && port < 65_536)) return undefined
  return {at: 'port', host: v6 ?? (v4 === 'localhost' ? '127.0.0.1' : v4), port}
}

/** Only programs of this host reach it. systemd's sockets are the business of who wrote the unit. */
export function isOfThisHost(address: ListenAddress): boolean {
  return address.at !== 'port' || /^127\.|^::1$/.test(address.host)
}
