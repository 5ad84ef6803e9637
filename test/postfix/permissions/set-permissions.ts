/** The native set-permissions as a program, to be run in a throw-away host: `set-permissions.ts NAME`. */
import {applyChange, planPermissions} from '../../../src/postfix/permissions/permissions.ts'

const [name = ''] = process.argv.slice(2)
const instance = {
  config_directory: `/etc/${name}`,
  queue_directory: `/var/spool/${name}`,
  data_directory: `/var/lib/${name}`,
}
const shared = {meta_directory: '/etc/postfix', mail_owner: 'postfix', setgid_group: 'postdrop'}
const planned = planPermissions(instance, shared)
if ('unsure' in planned) {
  console.log(`unsure: ${planned.unsure}`)
} else {
  for (const change of planned.changes) applyChange(change)
  const again = planPermissions(instance, shared)
  console.log(`changes: ${planned.changes.length}, again: ${'changes' in again ? again.changes.length : again.unsure}`)
}
