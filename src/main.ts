/**
 * Where the classic flags begin; the launcher decides what is classic, and puts the program's own name before the words.
 * They load nothing else, and of Node only what they need: each module of Node's that is imported here and below costs
 * every call its start-up.
 */
import {classic} from './classic/classic.ts'
import {rawArguments} from './postfix/programs/arguments.ts'
import {takeInheritance} from './postfix/programs/inheritance.ts'

export {Refusal, ToolFailure} from './model/base/errors.ts'

export async function main([invokedAs = 'postmulti', ...words]: string[]): Promise<void> {
  // Like the C program: files and directories of a root tool are not writable by others, whatever the caller has set.
  process.umask(0o022)
  const inheritance = takeInheritance()
  const program = invokedAs.slice(invokedAs.lastIndexOf('/') + 1)
  // All is written, and no child is left: Node would clear away what the kernel takes anyhow.
  process.exit(await classic(program, rawArguments(words), inheritance))
}
