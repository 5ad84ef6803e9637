/** The services that Postfix itself asks. Source: master.cf as Postfix ships it. */

export interface StockService {
  name: string
  type: string
  /** As it is written there. */
  line: string
  /** Postfix asks it only where a setting or a table names it. */
  isTransport: boolean
}

export const stockServices: readonly StockService[] = [
  ...[
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'proxywrite unix - - n - 1 proxymap',
    'showq unix n - n - - showq',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ].map((line) => ({...nameAndType(line), line, isTransport: false})),
  ...[
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'discard unix - - n - - discard',
    'local unix - n n - - local',
    'virtual unix - n n - - virtual',
    'lmtp unix - - n - - lmtp',
  ].map((line) => ({...nameAndType(line), line, isTransport: true})),
]

/** Empty where there is none. */
export function stockLineOf(name: string): string {
  return stockServices.find((each) => each.name === name)?.line ?? ''
}

function nameAndType(line: string): {name: string; type: string} {
  const [name = '', type = ''] = line.split(' ')
  return {name, type}
}
