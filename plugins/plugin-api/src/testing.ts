/** What a plugin is tested with: a question from a few lines, a hook that is asked, and a host that it may break. */
export type {Asked} from './ask.ts'
export {ask} from './ask.ts'
export type {Draft, InstanceDraft} from './question.ts'
export {question} from './question.ts'
export type {HostOptions, Ran} from './throw-away-host.ts'
export {onThrowAwayHost, whyNoHost} from './throw-away-host.ts'
