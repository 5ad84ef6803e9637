/** The way of mail on a host, and what it was drawn from. */
import type {Flow} from './graph.ts'
import type {FlowHost} from './view.ts'

export interface MailFlow {
  flow: Flow
  host: FlowHost
}
