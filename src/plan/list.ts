/**
 * The primary's record of its secondaries.
 * Source: update_cfdirs in postmulti-script; export_helper_environment() in postmulti.c.
 */
import type {Host} from '../model/change/facts.ts'
import type {Step} from '../model/change/plan.ts'
import type {InstanceList, Listed} from '../model/instance/instance.ts'

/**
 * One edit of the primary's main.cf: absolute paths, single blanks, one line, because others read it without expansion.
 * `drop` leaves alternate_config_directories, `add` joins them; that parameter is not touched where this is so already.
 */
export function editList(host: Host, after: InstanceList, change: {drop: string} | {add: string}): Step {
  const alternate = host.alternate_config_directories
  const set: Record<string, string> = {
    multi_instance_directories: after.secondaries.map((each) => each.config_directory).join(' '),
  }
  if ('drop' in change && alternate.includes(change.drop)) {
    set.alternate_config_directories = alternate.filter((each) => each !== change.drop).join(' ')
  }
  if ('add' in change && !alternate.includes(change.add)) {
    set.alternate_config_directories = [...alternate, change.add].join(' ')
  }
  return {do: 'edit main.cf', config_directory: after.primary.config_directory, set}
}

/** Those with these config_directories, in this order; `others` holds what is not listed so far. */
export function findAll(
  directories: readonly string[],
  {secondaries}: InstanceList,
  others: ReadonlyMap<string, Listed>,
): Listed[] {
  const known = new Map([...others, ...secondaries.map((each) => [each.config_directory, each] as const)])
  return directories.flatMap((each) => known.get(each) ?? [])
}
