/**
 * What all sub-commands share: reading the host, handing a Request to the engine, --json, and the one place where an
 * error becomes text and an exit status. Nothing about instances belongs here.
 */

import {Command, Errors, type Interfaces} from '@oclif/core'
import {describeFinding, type PluginFinding, remarkOn} from '../../ask.ts'
import {askRules} from '../../checking.ts'
import {type Outcome, type PerformOptions, perform} from '../../engine.ts'
import {isRoot} from '../../files/caller.ts'
import {codeOf, type ErrorCode, errorCodes} from '../../help/exit-statuses.ts'
import {fits} from '../../help/fits.ts'
import {asRoot, lineWith, suggestionsFor} from '../../help/instead.ts'
import {Mistake} from '../../help/mistake.ts'
import {explainEmpty, explainWrongUsage, isParserError, type Typed} from '../../help/wrong-usage.ts'
import {askPlugins} from '../../hooks/bridge.ts'
import {colouredWithoutControls, linesWithoutControls} from '../../model/base/controls.ts'
import {Refusal, type RefusalKind, ToolFailure} from '../../model/base/errors.ts'
import {toJsonText} from '../../model/base/json.ts'
import {type Suggestion, toLines} from '../../model/base/suggestion.ts'
import {asFailure} from '../../model/base/system-error.ts'
import {toBytes} from '../../model/base/text.ts'
import type {Request} from '../../model/change/request.ts'
import {allListed, type InstanceList} from '../../model/instance/instance.ts'
import {primaryDirectory} from '../../postfix/reader/defaults.ts'
import {readInstanceList} from '../../postfix/reader/list.ts'
import {type Primary, readPrimary} from '../../postfix/reader/primary.ts'
import {hasChanged, noteChange} from './interrupt.ts'

/** Documented in docs/json.md; grows when a member changes its meaning. */
const jsonSchema = 1

/** The exit statuses of sub-commands. */
export const exitStatus = {failed: 1, usage: 2, refused: 3, partly: 4, interrupted: 130} as const

type FlagValues = Record<string, unknown>

/** How a request is carried out. */
export interface RequestOptions extends PerformOptions {
  /** Without remarks, because they come another time. */
  quiet?: boolean
  /** What a plugin has found; a remark when absent. */
  reportFinding?: ((finding: PluginFinding, text: string) => void) | undefined
}

/** What the plan and the history tell as well: copies in the chroot. Source: syncfiles.pl of Debian, cp(1) and rm(1). */
const copyRemark = /^(?:updating \/.* => \/.*|'.*' -> '.*'|removed '.*')$/

export abstract class PostmultiCommand extends Command {
  static override enableJsonFlag = true

  /** What the program ends with, unless an error is thrown. */
  status = 0

  readonly #warnings: string[] = []

  /** oclif takes words out of its own. */
  readonly #words = [...this.argv]

  /** What oclif does with a command that it has found. Returns the exit status. */
  async start(): Promise<number> {
    await this._run()
    return this.status
  }

  /** A variable of a script that is not set names nothing; but the empty sender is that of a bounce. */
  protected override async parse<F extends FlagValues, B extends FlagValues, A extends FlagValues>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse<F, B, A>(options, argv)
    const isEmpty = ([name, value]: [string, unknown]): boolean => [value].flat().includes('') && name !== 'from'
    const [flag] = Object.entries(parsed.flags).find(isEmpty) ?? []
    const [arg] = Object.entries(parsed.args).find(isEmpty) ?? []
    if (flag !== undefined || arg !== undefined) throw explainEmpty({flag, arg}, this.typedLine())
    return parsed
  }

  readPrimary(): Primary {
    return readPrimary(primaryDirectory(), (text) => this.remark(text))
  }

  /** What is odd about instances is for `postmulti check` to say: most commands are about others. */
  readList(primary: Primary): InstanceList {
    return readInstanceList(primary, () => {})
  }

  readHost(): {primary: Primary; list: InstanceList} {
    const primary = this.readPrimary()
    return {primary, list: this.readList(primary)}
  }

  /** What keeps it from being read is not what was asked for. */
  listIfReadable(): InstanceList | undefined {
    try {
      return this.readHost().list
    } catch {
      return undefined
    }
  }

  /** The one path of every change. */
  async perform(request: Request, {quiet = false, ...manner}: RequestOptions = {}): Promise<Outcome> {
    const remark = (text: string): void => {
      if (!quiet) this.remark(text.trimEnd())
    }
    const {without = [], reason, dryRun = false, reportFinding = (_, text) => this.remark(text)} = manner
    const readQuietly = (): Primary => readPrimary(primaryDirectory(), remark)
    const tools = {
      ask: askPlugins({spoken: 'sub-command', without, reason}),
      warn: remark,
      remark: (text: string) => this.remark(text),
      passOn: remark,
      check: askRules,
    }
    const outcome = await perform(request, readQuietly, tools, manner)
    // It comes once more, as it is now.
    if (manner.shown !== undefined && !outcome.applied && outcome.plan.steps.length > 0) return outcome
    if (outcome.applied) noteChange()
    for (const each of outcome.plan.warnings) remark(each)
    for (const each of outcome.printed.split('\n')) if (each !== '' && !copyRemark.test(each)) remark(each)
    const {before} = outcome.plan
    const isThere = ({instance}: PluginFinding): boolean =>
      instance === null || !dryRun || allListed(before).some((each) => each.config_directory === instance)
    for (const each of [...outcome.findings, ...outcome.failures]) {
      if (!quiet) reportFinding(each, isThere(each) ? remarkOn(each) : describeFinding(each))
    }
    if (outcome.failures.length > 0) this.status = exitStatus.partly
    return outcome
  }

  /** A line on stderr, and a member of the object that --json prints. */
  remark(text: string): void {
    this.#warnings.push(text)
    if (!this.jsonEnabled()) process.stderr.write(`postmulti: ${linesWithoutControls(text)}\n`)
  }

  /** Bytes of a file or of the command line that are not UTF-8 go out as they came in, but not what a terminal obeys. */
  override log(text = '', end = '\n'): void {
    const shown = process.stdout.isTTY ? colouredWithoutControls(text) : text
    if (!this.jsonEnabled()) process.stdout.write(toBytes(`${shown}${end}`))
  }

  /** Without oclif's colours. */
  protected override logJson(json: unknown): void {
    process.stdout.write(`${toJsonText(json)}\n`)
  }

  protected override toSuccessJson(result: unknown): unknown {
    return {schema: jsonSchema, ...(result as object), warnings: this.#warnings.splice(0)}
  }

  /** oclif's own would print the whole configuration. */
  protected override toErrorJson(error: unknown): unknown {
    const {message, suggestions = []} = error as Partial<Errors.CLIError>
    return {
      schema: jsonSchema,
      error: {code: codeOf(error as Errors.CLIError), message, suggestions},
      warnings: this.#warnings,
    }
  }

  protected override async catch(thrown: Error): Promise<void> {
    const error: Partial<Errors.CLIError> & Error = orHelp(
      explain(thrown, this.typedLine(), () => this.listIfReadable()),
      this.id ?? '',
    )
    if (!this.jsonEnabled()) throw error
    this.status = error.oclif?.exit ?? exitStatus.failed
    this.logJson(this.toErrorJson(error))
  }

  /** What was typed is wrong. */
  usage(what: string, suggestions: readonly Suggestion[] = []): never {
    throw new Mistake(what, {suggestions})
  }

  /** What was typed, with these flags besides; none where that is wrong, too. */
  lineWith(flags: readonly string[]): Suggestion[] {
    const line = lineWith(flags, this.typedLine())
    const words = line.slice(1 + (this.id ?? '').split(':').length)
    return fits(words, this.typedLine(), this.listIfReadable()) ? [line] : []
  }

  /** What was typed. */
  typedLine(): Typed {
    const {flags, baseFlags, args, strict} = this.ctor
    return {
      id: this.id ?? '',
      argv: this.#words,
      flags: {...baseFlags, ...flags, json: {type: 'boolean'}},
      args,
      strict,
    }
  }
}

/** Without a terminal, nothing that cannot be taken back is done without --yes. */
export function missingYes(suggestions: readonly Suggestion[]): Error {
  return new Errors.CLIError('not a terminal: pass --yes to confirm', {
    code: 'NEEDS_YES',
    exit: exitStatus.usage,
    suggestions: toLines(suggestions),
  })
}

const codeOfKind = {
  usage: 'USAGE',
  'not found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  refused: 'REFUSED',
} as const satisfies Record<RefusalKind, ErrorCode>

/**
 * What the user can mend is explained; anything else is our defect and keeps its stack. It does not fail a change that is
 * already made.
 */
function explain(thrown: Error, command: Typed, readList: () => InstanceList | undefined): Error {
  if (isParserError(thrown)) return explainWrongUsage(thrown, command, readList())
  const error = asFailure(thrown) as Error
  if (error instanceof Refusal) {
    const code = hasChanged() ? 'TOOL_FAILED' : codeOfKind[error.kind]
    const exit = hasChanged() ? exitStatus.partly : errorCodes[code]
    return new Errors.CLIError(error.explained, {code, exit, suggestions: toLines(suggestionsFor(error, command))})
  }
  if (error instanceof ToolFailure) {
    return new Errors.CLIError(error.message, {
      code: 'TOOL_FAILED',
      exit: hasChanged() ? exitStatus.partly : exitStatus.failed,
      suggestions: isForRoot(error) ? toLines([asRoot(command)]) : [],
    })
  }
  return error
}

/** Of a mistake for which there is nothing better to type. */
function orHelp(error: Error, id: string): Error {
  if (error instanceof Errors.CLIError && error.oclif.exit === exitStatus.usage && !error.suggestions?.length) {
    error.suggestions = toLines([['postmulti', ...id.split(':'), '--help']])
  }
  return error
}

function isForRoot({message}: ToolFailure): boolean {
  return !isRoot() && /(?:Permission denied|Operation not permitted)$/.test(message)
}
