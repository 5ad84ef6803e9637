/** One program that has stdin, stdout and stderr to itself, as a shell would run it. */
import type {Command} from './child-environment.ts'
import {describeEnding, statusOf} from './ending.ts'
import {type Inheritance, stdioOf} from './inheritance.ts'
import type {ProgramOutput} from './run-buffered.ts'

export async function runInherited({words, environment}: Command, inheritance: Inheritance): Promise<ProgramOutput> {
  const {execa} = await import('execa')
  const [program = '', ...rest] = words
  const ended = await execa(program, rest, {
    stdio: stdioOf(['inherit', 'inherit', 'inherit'], inheritance) as 'inherit',
    env: environment,
    extendEnv: false,
    cleanup: false,
    reject: false,
  })
  return {status: statusOf(ended), stdout: Buffer.alloc(0), stderr: Buffer.from(describeEnding(words, ended))}
}
