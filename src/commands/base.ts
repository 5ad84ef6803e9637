/**
 * What all sub-commands share: --json, and one place where an error becomes text.
 * Nothing about instances belongs here.
 */
import {Command, Errors} from '@oclif/core'
import {Refusal, ToolFailure} from '../model/errors.ts'

export abstract class PostmultiCommand extends Command {
  static override enableJsonFlag = true

  /** Refusals and failed tools are explained with what to type next; oclif's usage errors stay as they are. */
  protected override async catch(error: Error): Promise<unknown> {
    return super.catch(explain(error))
  }

  /** oclif's own would print the whole configuration. */
  protected override toErrorJson(error: unknown): unknown {
    const {message, code, suggestions} = error as Errors.CLIError
    return {error: {code: code ?? 'FAILED', message, suggestions: suggestions ?? []}}
  }
}

function explain(error: Error): Error {
  if (error instanceof Refusal) {
    return new Errors.CLIError(error.explained, {code: 'REFUSED', exit: 3, suggestions: error.suggestions})
  }
  if (error instanceof ToolFailure) return new Errors.CLIError(error.message, {code: 'TOOL_FAILED', exit: 1})
  return error
}
