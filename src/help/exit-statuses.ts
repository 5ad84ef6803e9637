/**
 * What the exit statuses of a sub-command mean: five for all, of which each command has some, and what is special
 * about one. The help and the manual page read it here.
 */

/** What decides which statuses a command has. */
export interface Described {
  /** As in oclif's manifest, with ':' or blanks. */
  id: string
  flags: Record<string, unknown>
  args: Record<string, {multiple?: boolean | undefined}>
}

const meanings: Record<string, string> = {
  0: 'All is well, or as it was asked for.',
  1: 'It failed.',
  2: 'It was typed wrongly: an unknown flag, command, instance or parameter. Nothing was changed.',
  3: 'A rule or the present state forbids it. Nothing was changed.',
  4: 'Some instances failed, and others did not.',
}

/** By id with blanks, where a status means something that one would not guess. */
const special: Record<string, Record<string, string>> = {
  'instances list': {1: 'An instance cannot be read; the others are listed.'},
}

/** Status and meaning, in order. */
export function exitStatusesOf(command: Described): [status: string, meaning: string][] {
  const own = special[command.id.replaceAll(':', ' ')] ?? {}
  const changes = 'dry-run' in command.flags || 'yes' in command.flags
  const several = ['group', 'all', 'jobs'].some((each) => each in command.flags) && isAboutInstances(command)
  const usual = ['0', '1', '2', ...(changes ? ['3'] : []), ...(several || hasNames(command) ? ['4'] : [])]
  const statuses = [...new Set([...usual, ...Object.keys(own)])].sort()
  return statuses.map((each) => [each, own[each] ?? meanings[each] ?? ''])
}

function isAboutInstances({id}: Described): boolean {
  return id.startsWith('instances')
}

function hasNames({args}: Described): boolean {
  return Object.values(args).some(({multiple}) => multiple)
}
