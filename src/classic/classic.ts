/**
 * The classic interface from the first check to the exit status.
 * Source: main() in postmulti.c.
 */
import {quietly} from '../files/read.ts'
import {Refusal, ToolFailure} from '../model/base/errors.ts'
import {asFailure} from '../model/base/system-error.ts'
import {callerEnvironment} from '../postfix/programs/child-environment.ts'
import type {Inheritance} from '../postfix/programs/inheritance.ts'
import {primaryDirectory} from '../postfix/reader/defaults.ts'
import {readInstanceList} from '../postfix/reader/list.ts'
import {type Primary, readPrimary} from '../postfix/reader/primary.ts'
import {checkSharedDirectories} from '../postfix/survey/facts.ts'
import {type CommandLine, readCommandLine} from './command-line.ts'
import {iterate} from './iterate.ts'
import {type LogSeverity, log} from './log.ts'
import {isTerminal, print, printError, toPrintableLine} from './output.ts'

/** On stderr and in Postfix's log. */
type Report = (severity: LogSeverity, text: string) => void

/** Returns the exit status. `program` is the name that complaints begin with. */
export async function classic(program: string, words: string[], inheritance: Inheritance): Promise<number> {
  const say = (text: string): void => printError(`${program}: ${toPrintableLine(text)}\n`)
  const report: Report = (severity, text) => reportAs(program, severity, text, primary)
  const hint = (text: string | undefined): void => {
    if (text !== undefined && isTerminal(2)) say(`hint: ${text}`)
  }
  let primary: Primary | undefined
  try {
    const {MAIL_CONFIG} = process.env
    const compiledIn = primaryDirectory()
    primary = readPrimary(MAIL_CONFIG ?? compiledIn, (text) => say(`warning: ${text}`))
    if (MAIL_CONFIG !== undefined && MAIL_CONFIG !== compiledIn) {
      throw new Refusal(`Non-default configuration directory: MAIL_CONFIG=${MAIL_CONFIG}`)
    }
    const line = readCommandLine(words, program, (message) => printError(`${program}: ${message}\n`))
    checkSharedDirectories(primary)
    const status = await runCommandLine(line, primary, {report, hint}, inheritance)
    if (status !== 0 && isRestart(line) && isForPeople()) hint((await import('./mistyped.ts')).hintOnRestart(words))
    return status
  } catch (error) {
    const status = reportThrown(error, report, primary)
    if (error instanceof Refusal && primary !== undefined && isForPeople()) {
      const list = readInstanceList(primary, () => {})
      hint((await import('./mistyped.ts')).hintOnRefusal(error.message, words, list))
    }
    return status
  }
}

/** For people at a terminal only: a program gets postmulti(1)'s own words and no more. */
function isForPeople(): boolean {
  return isTerminal(0) && isTerminal(1) && isTerminal(2)
}

/** postfix(1) has no such word, unless the site has made it one. */
function isRestart(line: CommandLine): boolean {
  return 'iterate' in line && line.iterate.mode === 'postfix' && line.iterate.command[0] === 'restart'
}

async function runCommandLine(
  line: CommandLine,
  primary: Primary,
  {report, hint}: {report: Report; hint: (text: string | undefined) => void},
  inheritance: Inheritance,
): Promise<number> {
  const warn = (text: string): void => report('warning', text)
  if ('iterate' in line) {
    const fatal = (text: string): void => report('fatal', text)
    const environment = (): NodeJS.ProcessEnv => callerEnvironment(primary, line.verbose)
    return iterate(line.iterate, primary, {warn, fatal, hint, passOn: printError, environment, inheritance})
  }
  // Iterator mode does without all that a change needs: Node would read it at each start.
  const {perform, askPlugins, remarkOn} = await import('../engine.ts')
  const readAgain = (): Primary => readPrimary(primaryDirectory(), () => {})
  const tools = {ask: askPlugins({spoken: 'classic'}), warn, remark: warn, passOn: printError, classic: true as const}
  const {plan, findings, failures, printed} = await perform(line.edit, readAgain, tools)
  // The change is made: that no one reads this does not fail it.
  quietly(() => print(printed))
  for (const each of plan.warnings) reportAs(scriptOf(primary), 'warning', each, primary)
  const said = [...findings.filter(({verdict}) => verdict === 'warn'), ...failures]
  for (const each of said) warn(remarkOn(each))
  return failures.length === 0 ? 0 : 1
}

/** The one place where an error becomes text here. What is not a failure of the host is our defect. */
function reportThrown(thrown: unknown, report: Report, primary: Primary | undefined): number {
  const error = asFailure(thrown)
  if (error instanceof Refusal && error.speaker === 'postmulti-script' && primary !== undefined) {
    reportAs(scriptOf(primary), 'fatal', error.message, primary)
  } else if (error instanceof Refusal && error.plugin !== undefined) {
    report('fatal', `${error.message}; sub-commands can go on with --without-plugin ${error.plugin}`)
  } else if (error instanceof Refusal || error instanceof ToolFailure) report('fatal', error.message)
  else throw error
  return 1
}

function scriptOf(primary: Primary): string {
  return `${primary.parameter('syslog_name')}/postmulti-script`
}

function reportAs(speaker: string, severity: LogSeverity, text: string, primary: Primary | undefined): void {
  printError(`${speaker}: ${severity}: ${toPrintableLine(text)}\n`)
  log(primary, speaker, severity, toPrintableLine(text))
}
