/** All that `postmulti instances show` knows of an instance. */

import type {Instance} from '../instance/instance.ts'
import type {Queued, State} from '../instance/state.ts'
import type {Difference} from '../main-cf/comparison.ts'
import type {Listener} from '../master-cf/listeners.ts'
import type {NamedTable} from '../master-cf/lookup-tables.ts'

export interface Details {
  instance: Instance
  primary: boolean
  state: State
  /** Whether systemd starts it at boot; null where that does not matter. */
  atBoot: boolean | null
  listeners: Listener[]
  /** Null where the reader has not the right to look. */
  queued: Queued | null
  /** When the oldest message came; null when there is none, or no right to look. */
  oldest: Date | null
  /** From the main.cf of the primary; none of the primary itself. */
  settings: Difference[]
  tables: NamedTable[]
}

/** Two instances side by side; `other` in a difference is what the other one has. */
export interface Contrast {
  instance: Instance
  other: Instance
  settings: Difference[]
  /** By NAME/TYPE, with what follows that in master.cf. */
  services: Difference[]
}

/** Skipped in a comparison: names and directories are shown elsewhere, and always differ. */
export const ownByNature = [
  'queue_directory',
  'data_directory',
  'multi_instance_name',
  'multi_instance_group',
  'multi_instance_enable',
  'multi_instance_directories',
  'multi_instance_wrapper',
  'alternate_config_directories',
]
