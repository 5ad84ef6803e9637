/** The question before something that cannot be taken back. */
import {Errors} from '@oclif/core'
import {askPerson, type Confirmation} from '../../report/terminal/question.ts'
import {exitStatus} from './base.ts'

/** Throws unless the answer is yes. */
export async function confirm(question: string, otherwise = 'Nothing was done'): Promise<void> {
  const answer = await askPerson(question)
  if (answer !== 'yes') throw cancelled(answer, otherwise)
}

/** Ctrl-C ends a program with 130, whatever it does at the moment. */
export function cancelled(answer: Confirmation, message: string): Error {
  const exit = answer === 'interrupted' ? exitStatus.interrupted : exitStatus.failed
  return new Errors.CLIError(message, {code: 'CANCELLED', exit})
}
