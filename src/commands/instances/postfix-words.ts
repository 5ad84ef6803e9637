/** `postmulti instances start|stop|... [NAME...]`: a word of postfix(1), or several, for many instances. A row for each. */
import {PostmultiCommand} from '../shared/base.ts'
import {
  iterateArgs,
  iterateFlags,
  type RunResults,
  reloadFlags,
  restart,
  runWord,
  startFlags,
  stopFlags,
} from '../shared/iterating.ts'
import {toScope} from '../shared/scope.ts'

export const wordCommands = {
  abort: rowOf('abort', 'Stop instances at once, and cut deliveries short.', stopFlags, 'postfix-out'),
  check: rowOf(
    'check',
    'Look for bad ownership, permissions and missing files or directories; creates missing directories.',
    iterateFlags,
    '',
  ),
  drain: rowOf('drain', 'Stop instances, but let current deliveries finish.', stopFlags, 'postfix-out'),
  flush: rowOf('flush', 'Try again to deliver all mail that is waiting in the queues.', iterateFlags, 'postfix-out'),
  reload: rowOf('reload', 'Let running instances read their configuration again.', reloadFlags, '', 'postfix-out'),
  restart: rowOf(
    'restart',
    'Check instances, stop those that passed, and start them again; others keep running.',
    {...stopFlags, ...startFlags},
    'postfix-out',
    '--group mta --yes',
  ),
  start: rowOf(
    'start',
    'Start instances: the primary first, within a group one after the other, everything else at the same time.',
    startFlags,
    '',
    'postfix-out postfix-in',
    '--group mta',
  ),
  stop: rowOf(
    'stop',
    'Stop instances, in the reverse of the order in which they start.',
    stopFlags,
    '--all --yes',
    'postfix-out',
  ),
}

/** postfix(1) has no restart: it is a check, a stop and a start. */
function rowOf(
  word: string,
  summary: string,
  flags: typeof iterateFlags & Partial<typeof stopFlags & typeof startFlags>,
  ...examples: string[]
) {
  return class InstancesWord extends PostmultiCommand {
    static override summary = summary
    static override args = iterateArgs
    static override flags = flags
    static override examples = examples.map((each) => `<%= config.bin %> instances ${word} ${each}`.trimEnd())

    async run(): Promise<RunResults> {
      const {args, flags: given} = await this.parse(InstancesWord)
      const scope = toScope(given, args.name)
      return word === 'restart' ? restart(this, scope, given) : runWord(this, [word], scope, given)
    }
  }
}
