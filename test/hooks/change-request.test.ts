/** What a plugin gets to see of each request, member by member, and that it gets no more. */
import assert from 'node:assert/strict'
import type {ChangeRequest} from '@postmulti/plugin-api'
import {toChangeRequest} from '../../src/hooks/change-request.ts'
import {parseDirectories} from '../../src/model/change/new-directories.ts'
import type {Request} from '../../src/model/change/request.ts'

const out = {by: 'name', name: 'out'} as const
const mta = {by: 'group', group: 'mta'} as const
const birth = {
  settings: {relayhost: 'hub'},
  services: ['smtp inet n - y - - smtpd'],
  uncomment: ['submission/inet'],
  enabled: true,
}

const rows: [what: string, request: Request | {action: 'start'}, seen: ChangeRequest][] = [
  ['an init', {action: 'init', wrapper: 'w'}, {action: 'init', wrapper: 'w'}],
  [
    'a create',
    {action: 'create', newName: 'postfix-out', newGroup: 'mta', directories: {}, place: out, after: mta},
    {action: 'create', newName: 'postfix-out', newGroup: 'mta', set: {}},
  ],
  [
    'a create with directories, settings and services',
    {
      action: 'create',
      newName: 'postfix-out',
      ...parseDirectories('create', ['queue_directory = /srv/q/']),
      birth: {...birth, like: out},
    },
    {action: 'create', newName: 'postfix-out', set: {queue_directory: '/srv/q', relayhost: 'hub'}},
  ],
  [
    'an import',
    {action: 'import', newGroup: '', ...parseDirectories('import', ['config_directory=/etc/postfix-old'])},
    {action: 'import', newGroup: '', set: {config_directory: '/etc/postfix-old'}},
  ],
  ['a destroy', {action: 'destroy', target: out}, {action: 'destroy', target: out}],
  ['a deport', {action: 'deport', target: out}, {action: 'deport', target: out}],
  ['an enable', {action: 'enable', target: out}, {action: 'enable', target: out}],
  ['a disable of what nobody named', {action: 'disable'}, {action: 'disable'}],
  ['an assign', {action: 'assign', target: out, newName: ''}, {action: 'assign', target: out, newName: ''}],
  [
    'a set',
    {action: 'set', targets: [out, mta], set: {relayhost: ''}, unset: ['mynetworks']},
    {action: 'set', targets: [out, mta], set: {relayhost: ''}, unset: ['mynetworks']},
  ],
  ['a reorder', {action: 'reorder', target: out, place: mta}, {action: 'reorder', target: out}],
  [
    'an edit',
    {action: 'edit', target: out, file: 'master.cf', was: 'old', becomes: 'new'},
    {action: 'edit', target: out, file: 'master.cf'},
  ],
  ['an undo', {action: 'undo'}, {action: 'undo'}],
  ['an undo of an older change', {action: 'undo', id: '7', force: true}, {action: 'undo', id: '7', force: true}],
  [
    'a fix',
    {
      action: 'fix',
      findings: [1, 2].map((each) => ({rule: 'owner-or-mode', instances: ['/etc/postfix'], message: `${each}`})),
    },
    {action: 'fix', rules: ['owner-or-mode']},
  ],
  ['a start', {action: 'start'}, {action: 'start'}],
]

describe('a request as plugins see it', () => {
  for (const [what, request, seen] of rows) it(what, () => assert.deepEqual(toChangeRequest(request), seen))
})
