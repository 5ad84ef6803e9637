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
  abort: wordCommandOf('abort', stopFlags, 'Stop instances at once, and cut deliveries short.', ['postfix-out']),
  check: wordCommandOf(
    'check',
    iterateFlags,
    'Look for bad ownership, permissions and missing files or directories; creates missing directories.',
    [''],
  ),
  drain: wordCommandOf('drain', stopFlags, 'Stop instances, and let deliveries that are under way finish.', [
    'postfix-out',
  ]),
  flush: wordCommandOf('flush', iterateFlags, 'Try again to deliver all mail that is waiting in the queues.', [
    'postfix-out',
  ]),
  reload: wordCommandOf('reload', reloadFlags, 'Let running instances read their configuration again.', [
    '',
    'postfix-out',
  ]),
  restart: wordCommandOf(
    'restart',
    {...stopFlags, ...startFlags},
    'Check instances, stop those that passed, and start them again; others keep running.',
    ['postfix-out', '--group mta --yes'],
  ),
  start: wordCommandOf(
    'start',
    startFlags,
    'Start instances: the primary first, within a group one after the other, everything else at the same time.',
    ['', 'postfix-out postfix-in', '--group mta'],
  ),
  stop: wordCommandOf('stop', stopFlags, 'Stop instances, in the reverse of the order in which they start.', [
    '--all --yes',
    'postfix-out',
  ]),
}

/** postfix(1) has no restart: it is a check, a stop and a start. */
function wordCommandOf(
  word: string,
  flags: typeof iterateFlags & Partial<typeof stopFlags & typeof startFlags>,
  summary: string,
  examples: string[],
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
