/** The second way of speaking: hands the words to oclif, with the host-wide places in place of the user's home. */
import {handle, run} from '@oclif/core'
import {cacheDirectory, policyDirectory, stateDirectory} from './model/places.ts'

export {COMMANDS} from './commands/index.ts'

export async function runCommand(words: string[]): Promise<void> {
  process.env.POSTMULTI_DATA_DIR = stateDirectory
  process.env.POSTMULTI_CONFIG_DIR = policyDirectory
  process.env.POSTMULTI_CACHE_DIR = cacheDirectory
  process.stdout.on('error', leaveQuietly)
  process.stderr.on('error', leaveQuietly)
  // Not oclif's execute(): it waits for a reader that may be gone.
  await run(words, {root: `${__dirname}/..`}).catch(handle)
}

/** Nobody reads what we print: end as SIGPIPE would have ended a C program. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(128 + 13)
}
