import assert from 'node:assert/strict'
import type {Host, NewInstanceFacts} from '../../src/model/change/facts.ts'
import {parseDirectories} from '../../src/model/change/new-directories.ts'
import type {NewInstanceRequest} from '../../src/model/change/request.ts'
import {changedNames, type NewInstance, settleNewInstance} from '../../src/plan/new-instance.ts'
import {broken, deepFreeze, hostOf, primary, refusal, secondary} from '../values.ts'

const outgoing = secondary('postfix-out', {multi_instance_group: 'mta'})
const incoming = secondary('postfix-in', {multi_instance_group: 'mta-in'})
const host = hostOf([outgoing, incoming])

describe('new instance', () => {
  describe('by its name', () => {
    it('gets directories beside those of the primary, and is disabled', () => {
      const {instance, names} = create({newName: 'postfix-hub', newGroup: 'mta'})
      assert.deepEqual(instance, secondary('postfix-hub', {multi_instance_group: 'mta', multi_instance_enable: false}))
      assert.deepEqual(names, {multi_instance_name: 'postfix-hub', multi_instance_group: 'mta'})
    })

    it('gets a queue beside a queue whose path ends in slashes, not inside it', () => {
      const slashed = {...primary, queue_directory: '/srv//spool/postfix//', data_directory: '/postfix'}
      const {instance} = create({newName: 'postfix-hub'}, hostOf([], {list: {primary: slashed, secondaries: []}}))
      assert.equal(instance.queue_directory, '/srv//spool/postfix-hub')
      assert.equal(instance.data_directory, '/postfix-hub')
    })

    it('is refused where the primary has a relative directory', () => {
      const relative = {...primary, queue_directory: 'spool'}
      assertRefused(
        {newName: 'postfix-hub'},
        "Invalid default queue_directory parameter value: 'spool': specify an absolute pathname",
        hostOf([], {list: {primary: relative, secondaries: []}}),
      )
    })
  })

  describe('by its parameters', () => {
    const own = {config_directory: '/c', queue_directory: '/q', data_directory: '/d'}

    it('needs no name', () => {
      const {instance, names} = create({directories: own})
      assert.deepEqual(instance, {
        config_directory: '/c',
        queue_directory: '/q',
        data_directory: '/d',
        multi_instance_name: '',
        multi_instance_group: '',
        multi_instance_enable: false,
      })
      assert.deepEqual(names, {})
    })

    it('takes from the name only what no parameter says', () => {
      const {instance} = create({newName: 'postfix-hub', ...parseDirectories('create', ['queue_directory=/q'])})
      assert.equal(instance.queue_directory, '/q')
      assert.equal(instance.data_directory, '/var/lib/postfix-hub')
    })

    const spellings: [parameter: string, value: string][] = [
      ['queue_directory = /q', '/q'],
      [' queue_directory\t=\n/q\r ', '/q'],
      ['queue_directory=/q///', '/q'],
      ['queue_directory=/q/=/x', '/q/=/x'],
      ['queue_directory=//q', '//q'],
      ['queue_directory=/q\u00a0', '/q\u00a0'],
    ]
    for (const [parameter, value] of spellings) {
      it(`${JSON.stringify(parameter)} means ${value}`, () => {
        assert.equal(
          create({newName: 'postfix-hub', ...parseDirectories('create', [parameter])}).instance.queue_directory,
          value,
        )
      })
    }

    it('takes the last of a repeated one', () => {
      const repeated = parseDirectories('create', ['queue_directory=/a', 'queue_directory=/b'])
      assert.equal(create({newName: 'postfix-hub', ...repeated}).instance.queue_directory, '/b')
    })

    const malformed: [parameter: string, message: string][] = [
      ['queue_directory', "Malformed parameter setting 'queue_directory'"],
      ['', "Malformed parameter setting ''"],
      ['=/q', "Malformed parameter setting '=/q'"],
      [' = /q', "Malformed parameter setting ' = /q'"],
      ['queue directory=/q', "Malformed parameter setting 'queue directory=/q'"],
      ['myhostname=x.example', "Parameter 'myhostname' not valid with action create"],
      ['meta_directory=/m', "Parameter 'meta_directory' not valid with action create"],
      ['QUEUE_DIRECTORY=/q', "Parameter 'QUEUE_DIRECTORY' not valid with action create"],
      ['queue_directory=', "Parameter setting 'queue_directory' is not an absolute path"],
      ['queue_directory=q', "Parameter setting 'queue_directory' is not an absolute path"],
      ['data_directory = $queue_directory', "Parameter setting 'data_directory' is not an absolute path"],
      ['config_directory=/', "Parameter setting 'config_directory' is the root directory"],
      ['config_directory= /// ', "Parameter setting 'config_directory' is the root directory"],
    ]
    for (const [parameter, message] of malformed) {
      it(`${JSON.stringify(parameter)} is refused: ${message}`, () => {
        assertRefused({newName: 'postfix-hub', ...parseDirectories('create', [parameter])}, message)
      })
    }

    for (const missing of ['config', 'queue', 'data'] as const) {
      it(`misses ${missing}_directory when there is no name`, () => {
        const {[`${missing}_directory` as const]: _, ...directories} = own
        assertRefused({directories}, `Missing ${missing}_directory parameter value`)
        assertRefused({directories, newName: ''}, `Missing ${missing}_directory parameter value`)
      })
    }

    it('import takes config_directory only', () => {
      assertRefused(
        {action: 'import', ...parseDirectories('import', ['config_directory=/c', 'queue_directory=/q'])},
        "Parameter 'queue_directory' not valid with action import",
      )
    })
  })

  describe('with what is taken already', () => {
    it('is refused for the config_directory of another', () => {
      assertRefused(
        {newName: 'postfix-out'},
        'new config_directory=/etc/postfix-out is already in use by instance /etc/postfix-out, config_directory=/etc/postfix-out',
      )
    })

    it('is refused for a config_directory that is the queue of another', () => {
      assertRefused(
        {...parseDirectories('create', ['config_directory=/var/spool/postfix/'])},
        'new config_directory=/var/spool/postfix is already in use by instance /etc/postfix, queue_directory=/var/spool/postfix',
      )
    })

    it('is refused for the name of another', () => {
      assertRefused(
        {
          newName: 'postfix-out',
          ...parseDirectories('create', ['config_directory=/c', 'queue_directory=/q', 'data_directory=/d']),
        },
        'instance /c, multi_instance_name=postfix-out conflicts with instance /etc/postfix-out, multi_instance_name=postfix-out',
      )
    })

    it('is refused for the queue of another', () => {
      assertRefused(
        {newName: 'postfix-hub', ...parseDirectories('create', ['queue_directory=/var/spool/postfix-in'])},
        'instance /etc/postfix-hub, queue_directory=/var/spool/postfix-in conflicts with instance /etc/postfix-in, queue_directory=/var/spool/postfix-in',
      )
    })

    it('is refused where the others are at odds already', () => {
      assertRefused(
        {newName: 'postfix-hub'},
        /postfix-twin.*conflicts with/,
        hostOf([outgoing, {...outgoing, config_directory: '/etc/postfix-twin'}]),
      )
    })

    it('is refused while an instance with unknown names and directories is listed', () => {
      assertRefused(
        {newName: 'postfix-hub'},
        `Cannot create while instance /etc/postfix-torn cannot be read: /etc/postfix-torn/main.cf, line 7: missing '=' after attribute name: "oops"`,
        hostOf([outgoing, broken('/etc/postfix-torn')]),
      )
    })

    it('may have a group that others are in, and a name that ends like theirs', () => {
      assert.equal(create({newName: 'postfix-in-out', newGroup: 'mta'}).instance.multi_instance_group, 'mta')
    })
  })

  describe('place', () => {
    const third = secondary('postfix-third', {multi_instance_group: 'mta'})
    const rows: [typed: string, place: NewInstanceRequest['place'], order: string][] = [
      ['nothing', undefined, 'out in third NEW'],
      ['-a', {by: 'all'}, 'NEW out in third'],
      ['-g mta', {by: 'group', group: 'mta'}, 'NEW out in third'],
      ['-g mta-in', {by: 'group', group: 'mta-in'}, 'out NEW in third'],
      ['-i third', {by: 'name', name: 'third'}, 'out in NEW third'],
      ['-i /etc/postfix-in', {by: 'name', name: '/etc/postfix-in'}, 'out NEW in third'],
    ]
    for (const [typed, place, order] of rows) {
      it(`${typed} means ${order}`, () => {
        const {list} = create(
          {newName: 'postfix-NEW', ...(place === undefined ? {} : {place})},
          hostOf([outgoing, incoming, third]),
        )
        const found = list.secondaries.map((each) => each.config_directory.replace('/etc/postfix-', ''))
        assert.equal(found.join(' '), order)
        assert.equal(list.primary, primary)
      })
    }

    it('-a is the end of an empty list', () => {
      assert.equal(create({newName: 'postfix-NEW', place: {by: 'all'}}, hostOf([])).list.secondaries.length, 1)
    })

    const nowhere: [typed: string, place: NewInstanceRequest['place']][] = [
      ['-i -', {by: 'name', name: '-'}],
      ['-i nobody', {by: 'name', name: 'nobody'}],
      ['-i NEW', {by: 'name', name: 'NEW'}],
      ['-g m', {by: 'group', group: 'm'}],
    ]
    for (const [typed, place] of nowhere) {
      it(`${typed} is refused: the primary and the new instance are no candidates`, () => {
        assertRefused({newName: 'postfix-NEW', place: place!}, 'No matching secondary instances')
      })
    }
  })

  describe('by import', () => {
    const found = secondary('postfix-old', {multi_instance_name: 'postfix-was', multi_instance_group: 'mta'})
    const directories = {config_directory: '/etc/postfix-old'}
    const empty = hostOf([outgoing])

    it('keeps what its main.cf says, the switch too', () => {
      const {instance, names, list} = settle({action: 'import', directories}, empty, found)
      assert.deepEqual(instance, found)
      assert.deepEqual(names, {})
      assert.deepEqual(list.secondaries, [outgoing, found])
    })

    it('changes the names that the request changes, and no others', () => {
      const {instance, names} = settle(
        {action: 'import', directories, newName: 'postfix-old', newGroup: 'mta'},
        empty,
        found,
      )
      assert.deepEqual(instance, {...found, multi_instance_name: 'postfix-old'})
      assert.deepEqual(names, {multi_instance_name: 'postfix-old'})
    })

    it('clears names', () => {
      const {instance, names} = settle({action: 'import', directories, newName: '', newGroup: ''}, empty, found)
      assert.deepEqual(instance, {...found, multi_instance_name: '', multi_instance_group: ''})
      assert.deepEqual(names, {multi_instance_name: '', multi_instance_group: ''})
    })

    it('finds its directory by the name', () => {
      const {instance} = settle({action: 'import', directories: {}, newName: 'postfix-old'}, empty, found)
      assert.equal(instance.queue_directory, found.queue_directory)
    })

    it('is refused when its main.cf cannot be read', () => {
      assertRefused(
        {action: 'import', ...parseDirectories('import', ['config_directory=/etc/postfix-new'])},
        `Cannot import instance /etc/postfix-new: /etc/postfix-new/main.cf, line 7: missing '=' after attribute name: "oops"`,
        empty,
        broken('/etc/postfix-new'),
      )
    })

    it('is refused when its main.cf claims what another has', () => {
      const thief = {...found, data_directory: outgoing.data_directory}
      assertRefused(
        {action: 'import', directories},
        /data_directory=\/var\/lib\/postfix-out conflicts with/,
        empty,
        thief,
      )
    })
  })

  describe('with two things wrong', () => {
    const rows: [title: string, request: Partial<NewInstanceRequest>, message: RegExp | string][] = [
      [
        'the name before the parameters',
        {newName: 'x y', ...parseDirectories('create', ['nonsense'])},
        /Unsafe characters/,
      ],
      [
        'parameters from left to right',
        {...parseDirectories('create', ['queue_directory=q', 'x'])},
        /not an absolute path/,
      ],
      ['parameters before the missing ones', {...parseDirectories('create', ['x=/y'])}, /not valid with action/],
      [
        'config_directory in use before the missing queue',
        {...parseDirectories('create', ['config_directory=/etc/postfix'])},
        /already in use/,
      ],
      ['the missing ones before the place', {place: {by: 'group', group: 'x'}}, /Missing config_directory/],
      [
        'the claims before the place',
        {
          newName: 'postfix-out',
          place: {by: 'group', group: 'x'},
          ...parseDirectories('create', ['config_directory=/c']),
        },
        /conflicts/,
      ],
    ]
    for (const [title, request, message] of rows) {
      it(`complains of ${title}`, () => assertRefused(request, message))
    }
  })
})

describe('changed names', () => {
  const rows: [typed: string, newName: string | undefined, newGroup: string | undefined, changed: object][] = [
    ['nothing', undefined, undefined, {}],
    ['-I postfix-out -G mta', 'postfix-out', 'mta', {}],
    ['-I postfix-in', 'postfix-in', undefined, {multi_instance_name: 'postfix-in'}],
    ['-G m', undefined, 'm', {multi_instance_group: 'm'}],
    ['-I - -G -', '', '', {multi_instance_name: '', multi_instance_group: ''}],
  ]
  for (const [typed, newName, newGroup, changed] of rows) {
    it(`of postfix-out in mta with ${typed}: ${Object.keys(changed).join(', ') || 'none'}`, () => {
      assert.deepEqual(changedNames(outgoing, newName, newGroup), changed)
    })
  }
})

function create(request: Partial<NewInstanceRequest>, on: Host = host, found?: NewInstanceFacts['found']): NewInstance {
  return settle({action: 'create', directories: {}, ...request}, on, found)
}

function settle(request: NewInstanceRequest, on: Host, found?: NewInstanceFacts['found']): NewInstance {
  return settleNewInstance(deepFreeze(request), on, found === undefined ? {} : {found})
}

function assertRefused(
  request: Partial<NewInstanceRequest>,
  message: string | RegExp,
  on: Host = host,
  found?: NewInstanceFacts['found'],
): void {
  const expected = typeof message === 'string' ? refusal(message) : message
  assert.throws(() => create(request, on, found), expected)
}
