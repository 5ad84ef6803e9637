/**
 * Runs our own commands without looking for plugins: they start in half the time, and a broken plugin never keeps an
 * administrator from seeing how the mail is, or from starting it. Those that ask plugins do so for themselves.
 */
import type {Interfaces} from '@oclif/core'
import {COMMANDS} from './index.ts'
import type {PostmultiCommand} from './shared/base.ts'

interface CommandConstructor {
  new (argv: string[], config: Interfaces.Config): PostmultiCommand
  id: string
  aliases: string[]
}

interface Alone {
  command: CommandConstructor
  /** The words behind its name. */
  argv: string[]
}

/** Undefined when the words are something else: oclif must look at them. So it must where all commands are asked for. */
export function findAlone(words: readonly string[]): Alone | undefined {
  const end = words.indexOf('--')
  if (words.slice(0, end < 0 ? words.length : end).includes('--help')) return undefined
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(':')
    const argv = words.slice(length)
    const command = classes().find(({id, aliases}) => {
      // Behind an alias of a topic a word may be the rest of a command's name.
      return id === name || (aliases.includes(name) && (argv[0] ?? '-').startsWith('-'))
    })
    if (command !== undefined) return command.id === 'completion:words' ? undefined : {command, argv}
  }
  return undefined
}

/** Returns the exit status. */
export function runAlone({command, argv}: Alone, root: string): Promise<number> {
  return new command(argv, configuration(root)).start()
}

function classes(): CommandConstructor[] {
  return Object.entries(COMMANDS as unknown as Record<string, CommandConstructor>).map(([id, each]) =>
    Object.assign(each, {id}),
  )
}

/** All that a command asks of oclif's configuration; test/oclif.test.ts tells when a new oclif asks for more. */
export function configuration(root: string): Interfaces.Config {
  const scopedEnvVarKey = (name: string): string => `POSTMULTI_${name}`
  const asked = {
    bin: 'postmulti',
    root,
    pjson: {oclif: {}},
    // With another one it would look for the command's name in the words once more.
    topicSeparator: ':',
    runHook: async () => ({successes: [], failures: []}),
    scopedEnvVar: (name: string) => process.env[scopedEnvVarKey(name)],
    scopedEnvVarKey,
    scopedEnvVarKeys: (name: string) => [scopedEnvVarKey(name)],
  }
  return asked as unknown as Interfaces.Config
}
