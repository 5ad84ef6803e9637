/** A question as a hook gets it: plain data that cannot be changed, and two ways to look at the host. */

import {apiVersion, type InstanceView, type Question, type Wanted, type When} from '@postmulti/plugin-api'
import type {Asked} from '../ask.ts'
import {realUserId} from '../files/caller.ts'
import {type InstanceList, readable} from '../model/instance/instance.ts'
import {toChangeRequest} from './change-request.ts'
import {describeThrown} from './hook.ts'

/** What can be sent to another process. */
export type QuestionData = Omit<Question, 'read' | 'text'>

/** How a question looks at the host. */
export interface HostView {
  read(when: When, wanted: Wanted): Promise<readonly InstanceView[]>
  text(when: When, path: string): Promise<string | null>
}

export function toQuestionData(
  {event, request, plan, subjects, before, after, dryRun}: Asked,
  spoken: 'classic' | 'sub-command',
  settings: Readonly<Record<string, unknown>>,
): QuestionData {
  return {
    api: apiVersion,
    event,
    request: toChangeRequest(request),
    plan,
    subjects,
    before: listed(before),
    after: listed(after),
    asker: {uid: realUserId(), sudoUser: process.env.SUDO_USER ?? null, interface: spoken, dryRun},
    settings,
  }
}

/** For a plugin in our own process. */
export function toSight({read, text}: Pick<Asked, 'read' | 'text'>): HostView {
  return {
    read: async (...words) => explained(() => read(...words)),
    text: async (...words) => explained(() => text(...words)),
  }
}

/** As across a process: an Error with one line of why, whatever the system or a program has thrown. */
function explained<Value>(look: () => Value): Value {
  try {
    return look()
  } catch (error) {
    throw new Error(describeThrown(error))
  }
}

export function toQuestion(data: QuestionData, {read, text}: HostView): Question {
  return Object.freeze({...freeze(structuredClone(data)), read, text})
}

function listed(list: InstanceList): QuestionData['before'] {
  return readable(list).map((each) => ({...each, primary: each === list.primary}))
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each)
  return Object.freeze(value)
}
