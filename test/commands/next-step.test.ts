/** What is said of running instances after a change. */
import assert from 'node:assert/strict'
import {needsOf} from '../../src/commands/shared/next-step.ts'
import type {PastChange} from '../../src/model/change/past.ts'
import type {Request} from '../../src/model/change/request.ts'

const target = {by: 'name', name: 'out'} as const
const set = (name: string): Request => ({action: 'set', targets: [target], set: {[name]: 'x'}, unset: []})

describe('what instances that run need to get to know of an undo', () => {
  const rows: [what: string, request: Request, needs: string | null][] = [
    ['a parameter', set('relayhost'), 'reload'],
    ['one that master(8) reads when it starts', set('inet_interfaces'), 'restart'],
    ['an edited master.cf', {action: 'edit', target, file: 'master.cf', was: 'a', becomes: 'b'}, 'reload'],
    ['another name, which is in the log', {action: 'assign', target, newName: 'postfix-x'}, 'reload'],
    ['another group', {action: 'assign', target, newGroup: 'mta'}, null],
    ['the switch', {action: 'enable', target}, null],
  ]
  for (const [what, request, needs] of rows) {
    it(`of ${what} is ${needs ?? 'nothing'}, and so it is when the undo is undone`, () => {
      const history = [past('1', request), past('2', {action: 'undo', id: '1'})]
      assert.equal(needsOf({action: 'undo', id: '1'}, history), needs)
      assert.equal(needsOf({action: 'undo', id: '2'}, history), needs)
    })
  }
})

function past(id: string, request: Request): PastChange {
  const begin = {request, config_directory: '/etc/postfix-out', began: '', pid: 1, uid: 0, sudoUser: null}
  return {id, begin, end: 'done'}
}
