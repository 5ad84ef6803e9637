import {Flags} from '@oclif/core'
import {fits, withScope} from '../../help/fits.ts'
import {Mistake} from '../../help/mistake.ts'
import {kindsOf, saysForWhom} from '../../help/typed-words.ts'
import type {Typed} from '../../help/wrong-usage.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import type {RunReport} from '../../model/change/run-report.ts'
import {type InstanceList, label} from '../../model/instance/instance.ts'
import type {ScheduledRun} from '../../plan/schedule.ts'
import {rawArguments} from '../../postfix/programs/arguments.ts'
import {callerEnvironment, toCommand} from '../../postfix/programs/child-environment.ts'
import {readInheritance} from '../../postfix/programs/inheritance.ts'
import {passBytes} from '../../postfix/programs/pass-bytes.ts'
import {type ProgramOutput, runBuffered} from '../../postfix/programs/run-buffered.ts'
import {runInherited} from '../../postfix/programs/run-inherited.ts'
import {runLines} from '../../postfix/programs/run-lines.ts'
import {describeRun, inOrder, sayPrefixed, sayRest} from '../../report/terminal/run-reports.ts'
import {runSchedule} from '../../run-schedule.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {listenForInterrupt, noteChange} from '../shared/interrupt.ts'
import {confirmRuns, type RunResults, readTargets, reportRuns, stopFlags} from '../shared/iterating.ts'
import {mustBeSaid, toScope} from '../shared/scope.ts'

/** `postmulti instances run -- COMMAND...`: the -x of people. Disabled instances are not skipped. */
export default class InstancesRun extends PostmultiCommand {
  static override summary = 'Run a command for each instance, with MAIL_CONFIG and the other variables of -x.'
  static override usage = ['<%= command.id %> -- COMMAND [ARGUMENT...]']
  static override strict = false
  static override flags = {
    ...stopFlags,
    jobs: Flags.integer({
      char: 'j',
      min: 1,
      default: 1,
      helpValue: 'N',
      description:
        'How many may run at once; with more than one they have no stdin, and their output comes in start order.',
    }),
    prefix: Flags.boolean({char: 'p', description: "Begin each line with the instance's name."}),
  }
  static override examples = [
    '<%= config.bin %> instances run --all -- postqueue -p',
    '<%= config.bin %> instances run --group mta --prefix -- postconf -n',
    "<%= config.bin %> instances run --instance postfix-out -- sh -c 'echo $MAIL_CONFIG'",
  ]

  async run(): Promise<RunResults> {
    // What is behind '--' is the command's: oclif would sort it.
    const at = [...this.argv, '--'].indexOf('--')
    const command = rawArguments(this.argv.slice(at + 1))
    const {flags, argv} = await this.parse(InstancesRun, this.argv.slice(0, at))
    if (command.length === 0 || argv.length > 0) throw misplacedCommand(this.typedLine(), this.listIfReadable())
    const scope = toScope(flags)
    mustBeSaid(typed(command), scope, flags)
    const targets = readTargets(this, scope)
    const {instances} = targets.choice
    await confirmRuns(`Run ${typed(command)} in`, instances, flags.yes)

    const caller = callerEnvironment(targets.primary)
    const inheritance = readInheritance()
    const jobs = Math.min(flags.jobs, instances.length)
    const readsStdin = jobs <= 1
    const runOne = ({run: {instance}}: ScheduledRun): Promise<ProgramOutput> => {
      const child = passBytes(toCommand(command, instance, targets.primary, caller), inheritance.ignored)
      if (this.jsonEnabled()) return runBuffered(child, {merged: true, readsStdin})
      if (flags.prefix) return runLines(child, {readsStdin}, sayPrefixed(label(instance)))
      return jobs > 1 ? runBuffered(child) : runInherited(child, inheritance)
    }
    const ended = this.jsonEnabled() ? () => {} : inOrder(sayRun)
    const {signal: interrupted, forget} = listenForInterrupt()
    const schedule = instances.map((instance) => ({run: {instance, words: command}, after: [], needs: []}))
    const options = {jobs: Math.max(1, jobs), interrupted, began: () => {}, ended}
    const reports = await runSchedule(schedule, async (entry) => ({...nothingToAdd, ...(await runOne(entry))}), options)
    forget()
    noteChange()
    return reportRuns(this, reports, command[0] ?? '', targets, interrupted, {isSaid: true})
  }
}

const nothingToAdd = {skipped: null, reason: null, suggestions: []}

function sayRun(report: RunReport): void {
  sayRest(report)
  if (report.status !== 0) process.stderr.write(`postmulti: ${describeRun(report)}\n`)
}

/** All from the first word on that is not a flag is the command, unless that word is the name of an instance. */
function misplacedCommand(command: Typed, list: InstanceList | undefined): Error {
  const {argv, flags} = command
  const kinds = kindsOf(argv, flags)
  const end = argv.findIndex((each, place) => each === '--' && kinds[place] === 'flag')
  const named = end < 0 ? undefined : withScope(argv.slice(0, end), flags, list)
  const at = argv.findIndex((each, place) => kinds[place] === 'operand' || each === '--')
  const scope = argv.slice(0, at < 0 ? argv.length : at)
  const words = argv.slice(scope.length).filter((each) => each !== '--')
  const lines = [
    ...(named === undefined ? [] : [[...named, ...argv.slice(end)]]),
    ...(scope.some(saysForWhom) ? [[...scope, '--', ...(words.length === 0 ? ['postqueue', '-p'] : words)]] : []),
  ]
  return new Mistake("The command goes after '--'", {
    suggestions: lines
      .filter((each) => fits(each, command, list))
      .slice(0, 1)
      .map((each) => suggest`postmulti instances run ${each}`),
  })
}
