/**
 * What an instance is: a configuration, queue and data directory with a name, a group and a switch.
 * Source: postfix-wrapper(5), "private to each instance"; struct instance in postmulti.c.
 */

/** Those of which every instance has its own. */
export const privateParameters = ['config_directory', 'queue_directory', 'data_directory'] as const

export type PrivateParameter = (typeof privateParameters)[number]

/** One readable instance. Names are Postfix's own; paths are spelled as main.cf spells them. */
export interface Instance {
  config_directory: string
  queue_directory: string
  data_directory: string
  /** Empty when nameless. */
  multi_instance_name: string
  /** Empty when the instance stands alone. */
  multi_instance_group: string
  multi_instance_enable: boolean
}

/** A listed instance whose main.cf cannot be used; little but its place is known. */
export interface Damaged {
  config_directory: string
  /** As far as its main.cf can be read; absent where it does not say that. */
  multi_instance_name?: string
  /** The file at fault. */
  file: string
  /** Line number in that file, where the fault has one. */
  line?: number
  /** What is wrong with it, in the words of the Postfix library. */
  reason: string
  /** It cannot be opened, and that is the reason. */
  isClosed?: true
  /** It can be read, but this parameter claims what is another's: what it would be. */
  contested?: {parameter: string; instance: Instance}
}

/** An element of multi_instance_directories, as it was found. */
export type Listed = Instance | Damaged

/** The primary, then the secondaries in start order. */
export interface InstanceList {
  primary: Instance
  secondaries: Listed[]
}

export function isDamaged(listed: Listed): listed is Damaged {
  return 'reason' in listed
}

/** Primary first, in start order. */
export function allListed({primary, secondaries}: InstanceList): Listed[] {
  return [primary, ...secondaries]
}

/** Everything that can be read, primary first, in start order. */
export function readable(list: InstanceList): Instance[] {
  return [list.primary, ...list.secondaries.filter((each): each is Instance => !isDamaged(each))]
}

/** The listed instances that cannot be read, in start order. */
export function damaged(list: InstanceList): Damaged[] {
  return list.secondaries.filter(isDamaged)
}

/** What people call it: its name, or its config_directory when nameless. */
export function label(instance: Instance): string {
  return instance.multi_instance_name || instance.config_directory
}

/** What selects it on a command line: of the names only one that is not a flag, a setting or the primary's '-'. */
export function operandOf({multi_instance_name = '', config_directory}: Listed): string {
  return /^postfix-[^=]*$/s.test(multi_instance_name) ? multi_instance_name : config_directory
}

/** As postconf(1) says it of this instance: published scripts look for that word. */
export function describeAsPostconf(broken: Damaged): string {
  return `fatal: ${broken.isClosed ? 'open ' : ''}${describeDamage(broken)}`
}

/** Where the fault is and what it is, on one line: FILE, line N: REASON. */
export function describeDamage({file, line, reason}: Damaged): string {
  return line === undefined ? `${file}: ${reason}` : `${file}, line ${line}: ${reason}`
}

/** What people call one that may be damaged. */
export function labelOf(listed: Listed): string {
  return isDamaged(listed) ? listed.config_directory : label(listed)
}
