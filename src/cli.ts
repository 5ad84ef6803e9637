/**
 * Where the sub-commands begin: hands the words to oclif, with the host-wide places in place of the user's home, and
 * turns what comes back into text and an exit status.
 */

import type {Errors} from '@oclif/core'
import {findAlone, runAlone} from './commands/alone.ts'
import {faultOfCaller} from './commands/called-by-postfix.ts'
import {exitStatus} from './commands/shared/base.ts'
import {leaveStderr, leaveStdout, statusWhenTold} from './commands/shared/interrupt.ts'
import {readOwn} from './files/read.ts'
import {codeOf} from './help/exit-statuses.ts'
import {loadInstalled} from './hooks/installed-commands.ts'
import {linesWithoutControls} from './model/base/controls.ts'
import {ToolFailure} from './model/base/errors.ts'
import {toJsonText} from './model/base/json.ts'
import {cacheDirectory, policyDirectory, stateDirectory} from './model/base/places.ts'
import {asFailure} from './model/base/system-error.ts'
import {rawArguments} from './postfix/programs/arguments.ts'
import {takeInheritance} from './postfix/programs/inheritance.ts'

export {COMMANDS} from './commands/index.ts'
export {commandNotFound} from './commands/shared/command-not-found.ts'
export {exitStatuses, exitStatusesOf} from './help/exit-statuses.ts'

/** The launcher puts the program's own name before the words. */
export async function main([, ...decoded]: string[]): Promise<void> {
  const words = rawArguments(decoded)
  // Files and directories of a root tool are not writable by others, whatever the caller has set.
  process.umask(0o022)
  takeInheritance()
  process.env.POSTMULTI_DATA_DIR = stateDirectory
  process.env.POSTMULTI_CONFIG_DIR = policyDirectory
  process.env.POSTMULTI_CACHE_DIR = cacheDirectory
  process.argv = [process.execPath, 'postmulti', ...words]
  // That of oclif, which is there already, would show a stack.
  process.stdout.removeAllListeners('error').on('error', leaveStdout)
  process.stderr.removeAllListeners('error').on('error', leaveStderr)
  const json = isJson(words)
  const status = await runLine(words, json).catch((error) => reportError(error, json))
  if (status !== undefined) process.exitCode = statusWhenTold(status)
}

/** Returns the exit status; undefined where oclif has run it. */
async function runLine(words: string[], json: boolean): Promise<number | undefined> {
  const fault = faultOfCaller(process.env)
  if (fault !== undefined) {
    warnOnStderr(`fatal: Specify exactly one of '-e', '-l', '-p', '-x': multi_instance_wrapper ${fault}`)
    process.stderr.write('  try: postmulti instances init\n')
    return exitStatus.failed
  }
  if (json && words[0] === '--version') return printVersion()
  const root = `${__dirname}/..`
  const alone = findAlone(words)
  if (alone !== undefined) return runAlone(alone, root)
  const {run} = await import('@oclif/core/run')
  // Where they are missing oclif asks the system, which has no answer for a user without an account.
  process.env.HOME ??= '/'
  process.env.SHELL ??= '/bin/sh'
  // Else it would look for plugins where its environment says.
  const ours = {root, userPlugins: false}
  const warn = words[0] === 'completion' ? () => {} : warnOnStderr
  const plugins = words[0] === '--version' ? undefined : await loadInstalled(ours, words, warn)
  // Not oclif's execute(): it waits for a reader that may be gone.
  await run(words, plugins === undefined ? ours : {...ours, plugins})
  return undefined
}

/** What is after '--' is for other programs. */
function isJson(words: string[]): boolean {
  return words.slice(0, [...words, '--'].indexOf('--')).includes('--json')
}

function printVersion(): undefined {
  const {version} = JSON.parse(readOwn(`${__dirname}/../package.json`))
  console.log(toJsonText({schema: 1, version, warnings: []}))
}

/** Returns the exit status. An error without one, which is not a failure of the host, is our defect and shows its stack. */
function reportError(thrown: Partial<Errors.CLIError> & Error, json: boolean): number {
  const failure = asFailure(thrown)
  const failed = {code: 'TOOL_FAILED', oclif: {exit: exitStatus.failed}}
  const error =
    failure instanceof ToolFailure ? Object.assign<Error, Partial<Errors.CLIError>>(failure, failed) : thrown
  const exit = error.oclif?.exit
  if (error.code === 'EEXIT') return exit ?? 0
  const suggestions = error.suggestions ?? []
  if (json) {
    console.log(
      toJsonText({schema: 1, error: {code: codeOf(error), message: error.message, suggestions}, warnings: []}),
    )
  }
  // That of a defect is for its author.
  if (exit === undefined) process.stderr.write(linesWithoutControls(`${error.stack}\n`))
  else if (!json) {
    const [first, ...others] = error.message.split('\n')
    const tries = suggestions.map((each) => `  try: ${each}`)
    const lines = [`postmulti: ${first}`, ...others.map((each) => `  ${each}`), ...tries, '']
    process.stderr.write(linesWithoutControls(lines.join('\n')))
  }
  return exit ?? 1
}

function warnOnStderr(text: string): void {
  process.stderr.write(`postmulti: ${linesWithoutControls(text)}\n`)
}
