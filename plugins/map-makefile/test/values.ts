import type {InstanceView} from '@postmulti/plugin-api'

/** postfix-out, enabled, with these tables; each with the parameters that name it. */
export function refersTo(tables: Record<string, string[]>): InstanceView {
  return {
    config_directory: '/etc/postfix-out',
    queue_directory: '/var/spool/postfix-out',
    data_directory: '/var/lib/postfix-out',
    multi_instance_name: 'postfix-out',
    multi_instance_group: 'mta',
    multi_instance_enable: true,
    primary: false,
    parameters: {},
    services: [],
    listeners: [],
    tables: Object.entries(tables).map(([table, parameters]) => ({table, parameters})),
  }
}
