/** Hosts as values, written nearly as one writes main.cf and master.cf. */
import type {FlowHost, View} from '../../src/flow/view.ts'
import {findListeners} from '../../src/model/master-cf/listeners.ts'
import {secondary} from '../values.ts'

const defaults = {
  append_at_myorigin: 'yes',
  append_dot_mydomain: 'no',
  authorized_submit_users: '',
  default_transport: 'smtp',
  inet_interfaces: 'all',
  lmtp_tcp_port: '24',
  local_transport: 'local:$myhostname',
  mydestination: '',
  mydomain: 'example.com',
  myhostname: 'host.example.com',
  myorigin: 'example.com',
  parent_domain_matches_subdomains: 'relay_domains',
  propagate_unmatched_extensions: 'canonical, virtual',
  recipient_delimiter: '+',
  relay_transport: 'relay',
  virtual_transport: 'virtual',
}

const stock = [
  'pickup unix n - y 60 1 pickup',
  ...['smtp', 'lmtp', 'local', 'virtual', 'error', 'discard'].map((each) => `${each} unix - - y - - ${each}`),
  'relay unix - - y - - smtp',
  'retry unix - - y - - error',
]

interface Written {
  main?: Record<string, string>
  /** Besides the stock transports. */
  master?: string[]
  group?: string
  enabled?: boolean
  trustsXforward?: boolean
}

export function view(
  name: string,
  {main = {}, master = [], group = 'mta', enabled = true, trustsXforward = false}: Written = {},
): View {
  const parameters = {...defaults, ...main}
  const lines = [...master, ...stock]
  const settings = {
    inet_protocols: 'ipv4',
    master_service_disable: main.master_service_disable ?? '',
    inet_interfaces: parameters.inet_interfaces,
  }
  const places = {loopback: ['127.0.0.1'], addressesOf: network.addressesOf, portOf: network.portOf}
  return {
    ...secondary(name, {multi_instance_group: group, multi_instance_enable: enabled}),
    parameters,
    services: lines.map((line) => {
      const [service = '', type = '', , , , , , ...command] = line.split(' ')
      return {name: service, type, command}
    }),
    listeners: findListeners(lines, settings, places),
    trustsXforward,
  }
}

const network = {
  own: ['127.0.0.1', '192.0.2.25'],
  addressesOf: (name: string) => (name === 'localhost' ? ['127.0.0.1'] : []),
  portOf: (service: string) => ({smtp: 25, submission: 587})[service] ?? null,
}

/** `tables` by TYPE:NAME; one that is missing cannot be read. `open`: where other programs listen. */
export function hostOf(
  views: View[],
  {tables = {}, open}: {tables?: Record<string, Record<string, string>>; open?: string[]} = {},
): FlowHost {
  const entries = (table: string) => (tables[table] === undefined ? null : new Map(Object.entries(tables[table])))
  return {
    views,
    network: {...network, open: open === undefined ? null : new Set(open)},
    tables: {
      entries,
      find: (table, key) => {
        const all = entries(table)
        return all === null ? undefined : (all.get(key) ?? null)
      },
    },
  }
}

/** As the README has them. */
export function readmeHost(): FlowHost {
  const output = view('postfix-out', {
    main: {
      inet_interfaces: 'loopback-only',
      relay_domains: 'example.com, .example.com',
      relay_transport: 'relay:[mailhub.example.com]',
      local_transport: 'error:5.1.1 Mailbox unavailable',
      authorized_submit_users: 'root',
    },
    master: ['127.0.0.1:10026 inet n - n - - smtpd'],
    trustsXforward: true,
  })
  const input = view('postfix-in', {
    main: {
      inet_interfaces: '192.0.2.25',
      relay_domains: 'example.com',
      default_transport: 'smtp:[127.0.0.1]:10025',
      relay_transport: 'smtp:[127.0.0.1]:10025',
      virtual_transport: 'smtp:[127.0.0.1]:10025',
      local_transport: 'error:5.1.1 Mailbox unavailable',
    },
    master: ['smtp inet n - y - - smtpd'],
  })
  const nullClient = view('postfix', {
    main: {
      relayhost: '[mailhub.example.com]',
      authorized_submit_users: 'static:anyone',
      master_service_disable: 'inet',
      virtual_alias_maps: 'cdb:/etc/postfix/virtual',
      virtual_alias_domains: 'cdb:/etc/postfix/virtual',
    },
    master: ['smtp inet n - y - - smtpd'],
    group: '',
  })
  return hostOf([nullClient, output, input], {
    tables: {'cdb:/etc/postfix/virtual': {root: 'mtaadmin', postmaster: 'root'}},
    open: ['127.0.0.1 10025', '127.0.0.1 10026', '192.0.2.25 25'],
  })
}
