/**
 * What the exit statuses of the sub-commands mean. Five for all of them, of which each command has some; and what is
 * special about one. The help and the manual page read it here.
 */

/** What decides which statuses a command has. */
export interface Described {
  /** As in oclif's manifest, with ':' or blanks. */
  id: string
  flags: Record<string, unknown>
  args: Record<string, {multiple?: boolean | undefined}>
}

export const exitStatuses: Record<string, string> = {
  0: 'All is well.',
  1: 'It failed.',
  2: 'Wrong usage: an unknown flag, command, instance or parameter. Nothing was done.',
  3: 'Refused by a rule or by the present state. Nothing was done.',
  4: 'Some instances failed, and others did not.',
  130: 'Ctrl-C, at a question too. Nothing was changed.',
}

/**
 * The codes of errors in JSON, each with its exit status. Where something was changed before the error the status is 4; after
 * Ctrl-C it is 130.
 */
export const errorCodes = {
  USAGE: 2,
  NOT_FOUND: 2,
  NEEDS_YES: 2,
  CONFLICT: 3,
  REFUSED: 3,
  TOOL_FAILED: 1,
  CANCELLED: 1,
  DEFECT: 1,
} as const

export type ErrorCode = keyof typeof errorCodes

/** Of whatever was thrown: what has no exit status is our defect. */
export function codeOf({
  code,
  oclif,
}: {
  code?: string | undefined
  oclif?: {exit?: number | undefined} | undefined
}): string {
  return oclif?.exit === undefined ? 'DEFECT' : (code ?? 'USAGE')
}

const unreadableStatus = 'An instance cannot be read. What is known of the others is printed.'

const cannotBeSeen = {
  1: 'An instance cannot be read, or none could be looked at. What is known of the others is printed.',
  4: 'Some instances could not be looked at. What is known of the others is printed.',
}

const partly = 'The change is made, but something after it failed.'

const outOfReach = {
  1: 'None of the messages was there any more.',
  4: 'Some of the messages were not there any more. The action was done for the others.',
}

/** By id with blanks, where a status means something that one would not guess. */
const special: Record<string, Record<string, string>> = {
  'instances list': {1: unreadableStatus},
  'instances get': {1: `${unreadableStatus} With --quiet: there is no such instance.`},
  check: {1: 'There are errors; with --strict, or warnings. With --fix, those that remain count.'},
  flow: {1: unreadableStatus},
  metrics: cannotBeSeen,
  queue: cannotBeSeen,
  'queue count': cannotBeSeen,
  'queue list': {
    1: 'An instance cannot be read, or none that holds mail could be asked. What is known of the others is printed.',
    4: 'Some instances could not be asked. The messages of the others are printed.',
  },
  'queue hold': outOfReach,
  'queue release': outOfReach,
  'queue requeue': outOfReach,
  'queue delete': outOfReach,
  'queue flush': outOfReach,
  top: cannotBeSeen,
  doctor: {1: 'This host is not ready: there is a fault.'},
  wait: {1: 'The time was up before it was so, or an instance cannot be read.'},
  trace: {
    1: unreadableStatus,
    2: 'Wrong usage, or the log says nothing of it.',
    4: 'Some files of the log cannot be read. What the others say is printed.',
  },
  'instances status': {
    0: 'All enabled instances run.',
    1: 'None of them runs.',
    4: 'Some of them do not run, or cannot be read.',
  },
  'instances set': {4: 'An instance cannot be read. The others have the settings.'},
  'instances unset': {4: 'An instance cannot be read. The others have lost the settings.'},
  'instances edit': {1: 'The editor failed.'},
  ...Object.fromEntries(
    ['install', 'uninstall', 'rollback', 'config', 'new'].map((each) => [`plugins ${each}`, {4: partly}]),
  ),
  'plugins doctor': {1: 'A plugin cannot be used.'},
  'instances run': {1: 'The command failed for all instances.', 4: 'It failed for some instances.'},
}

/** Status and meaning, in order. */
export function exitStatusesOf({id, flags, args}: Described): [status: string, meaning: string][] {
  const own = special[id.replaceAll(':', ' ')] ?? special[`${id} list`] ?? {}
  // What is in several places at once can fail in some of them.
  const isForSeveral = 'jobs' in flags || ('if-needed' in flags && args.name?.multiple === true)
  const isAboutHost = id !== 'completion' && id !== 'help'
  const isChange = 'dry-run' in flags
  const usual = ['0', '1', '2', ...(isAboutHost ? ['3'] : []), ...(isForSeveral || isChange ? ['4'] : [])]
  return [...new Set([...usual, ...Object.keys(own)])]
    .sort()
    .map((each) => [each, own[each] ?? (each === '4' && !isForSeveral ? partly : exitStatuses[each]) ?? ''])
}
