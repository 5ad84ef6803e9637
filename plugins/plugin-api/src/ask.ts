/** A hook that is asked as a host asks it, and held to what it may answer. */
import assert from 'node:assert/strict'
import {checkAnswer} from './answer.ts'
import type {Answer, Finding, Hook, Question, Step} from './index.ts'

export interface Asked {
  findings: Finding[]
  steps: Step[]
  /** The messages of the findings, by verdict. */
  refusals: string[]
  warnings: string[]
  notes: string[]
}

/**
 * Asks twice, because a dry run and the change itself do. Throws what the hook throws, and what is wrong with its
 * answer.
 */
export async function ask(hook: Hook, question: Question): Promise<Asked> {
  const answer = await hook(question)
  const fault = checkAnswer(answer, question.event)
  if (fault !== undefined) throw new Error(fault)
  const asReceived = received(answer)
  assert.deepEqual(received(await hook(question)), asReceived, 'asked again, the hook answered something else')
  const findings = asReceived.filter((each): each is Finding => 'verdict' in each)
  const messages = (verdict: Finding['verdict']): string[] =>
    findings.filter((each) => each.verdict === verdict).map(({message}) => message)
  return {
    findings,
    steps: asReceived.filter((each): each is Step => 'do' in each),
    refusals: messages('refuse'),
    warnings: messages('warn'),
    notes: messages('note'),
  }
}

/** An answer travels as JSON, which has no undefined. */
function received(answer: Answer): Answer {
  return JSON.parse(JSON.stringify(answer))
}
