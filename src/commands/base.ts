/**
 * What all sub-commands share: reading the host, handing a Request to the engine, --json, and the one place where an
 * error becomes text and an exit status. Nothing about instances belongs here.
 */
import {Command, Errors} from '@oclif/core'
import {askNobody} from '../ask.ts'
import {type Outcome, perform} from '../engine.ts'
import {Refusal, ToolFailure} from '../model/errors.ts'
import type {InstanceList} from '../model/instance.ts'
import type {Request} from '../model/request.ts'
import {readInstanceList} from '../postfix/list.ts'
import {type Primary, readPrimary} from '../postfix/primary.ts'

/** Documented in docs/json.md; grows when a member changes its meaning. */
const schema = 1

/** The exit statuses of sub-commands. */
export const exitStatus = {failed: 1, usage: 2, refused: 3, partly: 4} as const

export abstract class PostmultiCommand extends Command {
  static override enableJsonFlag = true

  readonly #warnings: string[] = []

  protected readPrimary(): Primary {
    return readPrimary('/etc/postfix', (text) => this.remark(text))
  }

  protected readList(primary: Primary): InstanceList {
    return readInstanceList(primary, (text) => this.remark(text.trimEnd()))
  }

  /** The one path of every change. */
  protected async perform(request: Request, {dryRun = false} = {}): Promise<Outcome> {
    const outcome = await perform(
      request,
      () => this.readPrimary(),
      {ask: askNobody, warn: (text) => this.remark(text), passOn: (text) => this.remark(text.trimEnd())},
      {dryRun},
    )
    for (const each of outcome.plan.warnings) this.remark(each)
    for (const each of outcome.findings) this.remark(`${each.message} (${each.plugin})`)
    return outcome
  }

  /** A line on stderr, and a member of the object that --json prints. */
  protected remark(text: string): void {
    this.#warnings.push(text)
    if (!this.jsonEnabled()) process.stderr.write(`postmulti: ${text}\n`)
  }

  protected override toSuccessJson(result: unknown): unknown {
    return {schema, ...(result as object), warnings: this.#warnings}
  }

  /** oclif's own would print the whole configuration. */
  protected override toErrorJson(error: unknown): unknown {
    const {message, code = 'FAILED', suggestions = []} = error as Partial<Errors.CLIError>
    return {schema, error: {code, message, suggestions}, warnings: this.#warnings}
  }

  protected override async catch(error: Error): Promise<unknown> {
    return super.catch(explain(error))
  }
}

/** What the user can mend is explained; anything else is our defect and keeps its stack. */
function explain(error: Error): Error {
  if (error instanceof Refusal) {
    const [code, exit] = error.mistake
      ? (['NOT_FOUND', exitStatus.usage] as const)
      : (['REFUSED', exitStatus.refused] as const)
    return new Errors.CLIError(error.explained, {code, exit, suggestions: error.suggestions})
  }
  if (error instanceof ToolFailure)
    return new Errors.CLIError(error.message, {code: 'TOOL_FAILED', exit: exitStatus.failed})
  return error
}
