import assert from 'node:assert/strict'
import {parseDirectories} from '../../src/model/change/new-directories.ts'
import type {InitRequest, NewInstanceRequest, Request} from '../../src/model/change/request.ts'
import {isAlreadySo, isInitialised} from '../../src/plan/already.ts'
import {broken, deepFreeze, hostOf, secondary} from '../values.ts'

const out = secondary('postfix-out', {multi_instance_group: 'mta'})
const spare = secondary('postfix-spare', {multi_instance_enable: false})
const host = hostOf([out, spare])
const directories = ['/etc/postfix', '/etc/postfix-out', '/etc/postfix-spare']
const said = {
  settings: new Map(directories.map((each) => [each, new Map([['relayhost', '[mx] x']])])),
  services: new Map(directories.map((each) => [each, ['smtp inet n - n - - smtpd']])),
}
const birth = {settings: {}, services: [], uncomment: [], enabled: false}
const create: NewInstanceRequest = {action: 'create', newName: 'postfix-out', directories: {}, birth}
const name = (named: string) => ({by: 'name', name: named}) as const

describe('if needed', () => {
  const rows: [asked: string, request: Exclude<Request, InitRequest>, isSo: boolean][] = [
    ['create of one that is there', create, true],
    ['create of another', {...create, newName: 'postfix-in'}, false],
    ['create in its group', {...create, newGroup: 'mta'}, true],
    ['create in another group', {...create, newGroup: 'mt'}, false],
    [
      'create in its directory',
      {...create, ...parseDirectories('create', ['queue_directory = /var/spool/postfix-out//'])},
      true,
    ],
    ['create in another directory', {...create, ...parseDirectories('create', ['queue_directory=/srv/out'])}, false],
    ['create, enabled, of an enabled one', {...create, birth: {...birth, enabled: true}}, true],
    [
      'create, enabled, of a disabled one',
      {...create, newName: 'postfix-spare', birth: {...birth, enabled: true}},
      false,
    ],
    ['create with its settings', {...create, birth: {...birth, settings: {relayhost: '[mx]  x'}}}, true],
    ['create with other settings', {...create, birth: {...birth, settings: {relayhost: 'x'}}}, false],
    ['create with its services', {...create, birth: {...birth, services: ['smtp  inet n - n - - smtpd']}}, true],
    ['create with another service', {...create, birth: {...birth, services: ['smtps inet n - n - - smtpd']}}, false],
    ['create with a service that is open', {...create, birth: {...birth, uncomment: ['smtp/inet']}}, true],
    ['create with a service that is not', {...create, birth: {...birth, uncomment: ['submission/inet']}}, false],
    ['create in its place', {...create, place: {by: 'all'}}, true],
    ['create in another place', {...create, after: name('spare')}, false],
    [
      'import of a listed one',
      {action: 'import', ...parseDirectories('import', ['config_directory=/etc/postfix-out/'])},
      true,
    ],
    [
      'import under its name',
      {action: 'import', newName: 'postfix-out', ...parseDirectories('import', ['config_directory=/etc/postfix-out'])},
      true,
    ],
    [
      'import under another name',
      {action: 'import', newName: 'postfix-x', ...parseDirectories('import', ['config_directory=/etc/postfix-out'])},
      false,
    ],
    [
      'import of the primary',
      {action: 'import', ...parseDirectories('import', ['config_directory=/etc/postfix'])},
      false,
    ],
    [
      'import of another',
      {action: 'import', ...parseDirectories('import', ['config_directory=/etc/postfix-old'])},
      false,
    ],
    ['destroy of nobody', {action: 'destroy', target: name('nobody')}, true],
    ['destroy of one that is there', {action: 'destroy', target: name('out')}, false],
    ['deport of nobody', {action: 'deport', target: name('/etc/postfix-nobody')}, true],
    ['enable of an enabled one', {action: 'enable', target: name('out')}, true],
    ['enable of a disabled one', {action: 'enable', target: name('spare')}, false],
    ['disable of a disabled one', {action: 'disable', target: name('spare')}, true],
    [
      'assign of what it is called',
      {action: 'assign', target: name('out'), newName: 'postfix-out', newGroup: 'mta'},
      true,
    ],
    ['assign of no group', {action: 'assign', target: name('out'), newGroup: ''}, false],
    ['set of what is set', {action: 'set', targets: [name('out')], set: {relayhost: '[mx] x'}, unset: []}, true],
    ['set of something else', {action: 'set', targets: [{by: 'all'}], set: {relayhost: ''}, unset: []}, false],
    ['unset of what is not set', {action: 'set', targets: [{by: 'all'}], set: {}, unset: ['mynetworks']}, true],
    ['unset of what is set', {action: 'set', targets: [name('out')], set: {}, unset: ['relayhost']}, false],
    ['set in an empty group', {action: 'set', targets: [{by: 'group', group: 'x'}], set: {}, unset: ['x']}, false],
    ['reorder to where it is', {action: 'reorder', target: name('out'), place: name('spare')}, true],
    ['reorder to elsewhere', {action: 'reorder', target: name('out'), after: name('spare')}, false],
    ['undo', {action: 'undo'}, false],
  ]
  for (const [asked, request, isSo] of rows) {
    it(`${asked} ${isSo ? 'is nothing to do' : 'is to be done'}`, () => {
      assert.equal(isAlreadySo(deepFreeze(request), host, said), isSo)
    })
  }

  it('an instance that cannot be read may be the one that is to go', () => {
    const torn = hostOf([out, broken('/etc/postfix-torn')])
    assert.equal(isAlreadySo({action: 'destroy', target: name('torn')}, torn, said), false)
    assert.equal(isAlreadySo({action: 'deport', target: name('/etc/postfix-torn')}, torn, said), false)
    assert.equal(isAlreadySo({action: 'deport', target: name('/etc/postfix-other')}, torn, said), true)
  })

  it('enable of nobody is refused', () => {
    assert.throws(() => isAlreadySo({action: 'enable', target: name('nobody')}, host, said), /No instance named nobody/)
  })

  it('the switch of the primary counts as main.cf has it, though a single instance starts without', () => {
    const single = hostOf([], {multi_instance_enable: 'no'})
    assert.equal(isAlreadySo({action: 'enable', target: name('-')}, single, said), false)
  })

  const wrapper = '/opt/postmulti -p --'
  const inits: [settings: Record<string, string>, isSo: boolean][] = [
    [{multi_instance_wrapper: wrapper, multi_instance_enable: 'yes'}, true],
    [{multi_instance_wrapper: '/opt/postmulti  -p --', multi_instance_enable: 'YES'}, true],
    [{multi_instance_wrapper: wrapper, multi_instance_enable: 'no'}, false],
    [{multi_instance_wrapper: wrapper}, false],
    [{multi_instance_wrapper: '/usr/sbin/postmulti -p --', multi_instance_enable: 'yes'}, false],
  ]
  for (const [settings, isSo] of inits) {
    it(`init with ${JSON.stringify(settings)} ${isSo ? 'is nothing to do' : 'is to be done'}`, () => {
      assert.equal(isInitialised({action: 'init', wrapper}, settings), isSo)
    })
  }
})
