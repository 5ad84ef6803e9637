/**
 * Where both ways of speaking begin: words that start with '-' are classic flags, all others are sub-commands.
 * The launcher puts the program's own name before the words. The classic path loads nothing else, and of Node
 * only what it needs: each module of Node's that is imported here and below costs every call its start-up.
 */
import {classic} from './classic/classic.ts'
import {isTerminal} from './classic/output.ts'
import {rawArguments} from './postfix/arguments.ts'
import {takeInheritance} from './postfix/inheritance.ts'

export {Refusal, ToolFailure} from './model/errors.ts'

const [invokedAs = 'postmulti', ...words] = process.argv.slice(2)

// Like the C program: files and directories of a root tool are not writable by others, whoever called it.
process.umask(0o022)
const inheritance = takeInheritance()
void main()

async function main(): Promise<void> {
  if (isClassic(words)) {
    const program = invokedAs.slice(invokedAs.lastIndexOf('/') + 1)
    // All is written, and no child is left: Node would clear away what the kernel takes anyhow.
    process.exit(await classic(program, rawArguments(words), inheritance))
  } else {
    const {runCommand} = await import('./cli.ts')
    await runCommand(words)
  }
}

/** Without a word people get help, and scripts get postmulti(1)'s complaint. */
function isClassic([first]: string[]): boolean {
  if (first === undefined) return !isTerminal(1)
  return first.startsWith('-') && first !== '--help' && first !== '--version'
}
