import assert from 'node:assert/strict'
import fc from 'fast-check'
import {Refusal} from '../../../src/model/base/errors.ts'
import {type Claims, claim, claimAll, claimInstance, settleClaims} from '../../../src/model/instance/claims.ts'
import {type Instance, isDamaged} from '../../../src/model/instance/instance.ts'
import {broken, deepFreeze, listOf, primary, refusal, secondary} from '../../values.ts'

describe('claims', () => {
  const shared = {command_directory: '/usr/sbin', daemon_directory: '/usr/lib/postfix/sbin', shlib_directory: 'no'}
  const outgoing = secondary('postfix-out', {multi_instance_group: 'mta'})

  it('has each name and directory once, with its owner', () => {
    assert.deepEqual(
      [...claimAll(listOf(outgoing), shared)],
      [
        ['/usr/sbin', '/etc/postfix, command_directory'],
        ['/usr/lib/postfix/sbin', '/etc/postfix, daemon_directory'],
        ['/etc/postfix', '/etc/postfix, config_directory'],
        ['/var/spool/postfix', '/etc/postfix, queue_directory'],
        ['/var/lib/postfix', '/etc/postfix, data_directory'],
        ['postfix-out', '/etc/postfix-out, multi_instance_name'],
        ['/etc/postfix-out', '/etc/postfix-out, config_directory'],
        ['/var/spool/postfix-out', '/etc/postfix-out, queue_directory'],
        ['/var/lib/postfix-out', '/etc/postfix-out, data_directory'],
      ],
    )
  })

  const conflicts: [title: string, instance: Instance, message: string][] = [
    [
      'a name that somebody has',
      secondary('postfix-in', {multi_instance_name: 'postfix-out'}),
      '/etc/postfix-in, multi_instance_name=postfix-out conflicts with instance /etc/postfix-out, multi_instance_name=postfix-out',
    ],
    [
      'the queue of another',
      secondary('postfix-in', {queue_directory: '/var/spool/postfix-out'}),
      '/etc/postfix-in, queue_directory=/var/spool/postfix-out conflicts with instance /etc/postfix-out, queue_directory=/var/spool/postfix-out',
    ],
    [
      "the primary's queue, as when queue_directory is missing",
      secondary('postfix-in', {queue_directory: '/var/spool/postfix'}),
      '/etc/postfix-in, queue_directory=/var/spool/postfix conflicts with instance /etc/postfix, queue_directory=/var/spool/postfix',
    ],
    [
      'a directory that is something else to another',
      secondary('postfix-in', {data_directory: '/etc/postfix-out'}),
      '/etc/postfix-in, data_directory=/etc/postfix-out conflicts with instance /etc/postfix-out, config_directory=/etc/postfix-out',
    ],
    [
      'one directory for two things',
      secondary('postfix-in', {data_directory: '/var/spool/postfix-in'}),
      '/etc/postfix-in, data_directory=/var/spool/postfix-in conflicts with instance /etc/postfix-in, queue_directory=/var/spool/postfix-in',
    ],
    [
      'a directory that all share',
      secondary('postfix-in', {queue_directory: '/usr/lib/postfix/sbin'}),
      '/etc/postfix-in, queue_directory=/usr/lib/postfix/sbin conflicts with instance /etc/postfix, daemon_directory=/usr/lib/postfix/sbin',
    ],
  ]
  for (const [title, instance, message] of conflicts) {
    it(`refuses ${title}`, () => {
      assert.throws(() => claimAll(listOf(outgoing, instance), shared), refusal(`instance ${message}`))
    })
  }

  const peaceful: [title: string, instance: Instance][] = [
    ['a group that somebody else is in', secondary('postfix-in', {multi_instance_group: 'mta'})],
    ['a group that is called like an instance', secondary('postfix-in', {multi_instance_group: 'postfix-out'})],
    ['two instances without a name', secondary('postfix-in', {multi_instance_name: ''})],
    ['a name that ends like another', secondary('postfix-in-out')],
    ['an instance that is listed twice', outgoing],
    ['the primary in its own list', primary],
    ['a directory spelled in another way', secondary('postfix-in', {queue_directory: '/var/spool/postfix-out/'})],
  ]
  for (const [title, instance] of peaceful) {
    it(`takes ${title}`, () => assert.doesNotThrow(() => claimAll(listOf(outgoing, instance), shared)))
  }

  it('knows nothing of an instance that cannot be read', () => {
    assert.equal(claimAll(listOf(broken('/var/spool/postfix')), {}).size, 3)
  })

  it('leaves the owner as it was after a conflict', () => {
    const claims: Claims = new Map()
    claim(claims, '/etc/postfix-out', 'queue_directory', '/q')
    assert.throws(() => claim(claims, '/etc/postfix-in', 'queue_directory', '/q'), Refusal)
    claim(claims, '/etc/postfix-out', 'queue_directory', '/q')
    assert.deepEqual([...claims], [['/q', '/etc/postfix-out, queue_directory']])
  })

  describe('of two that claim the same', () => {
    const [one, two] = [secondary('postfix-one'), secondary('postfix-two')]
    const rivals: [title: string, secondaries: Instance[], damaged: string, parameter: string][] = [
      [
        'the primary keeps what it has',
        [{...one, queue_directory: primary.queue_directory}, two],
        '/etc/postfix-one',
        'queue_directory',
      ],
      [
        'each keeps its config_directory',
        [{...one, data_directory: two.config_directory}, two],
        '/etc/postfix-one',
        'data_directory',
      ],
      [
        'the one that is called so keeps its queue',
        [{...one, queue_directory: two.queue_directory}, two],
        '/etc/postfix-one',
        'queue_directory',
      ],
      [
        'the one that is called so keeps its data',
        [one, {...two, data_directory: one.data_directory}],
        '/etc/postfix-two',
        'data_directory',
      ],
      [
        'the earlier one keeps its name',
        [one, {...two, multi_instance_name: 'postfix-one'}],
        '/etc/postfix-two',
        'multi_instance_name',
      ],
      [
        "what all share is nobody else's",
        [one, {...two, data_directory: '/usr/sbin'}],
        '/etc/postfix-two',
        'data_directory',
      ],
      [
        'an instance at odds with itself harms no other',
        [{...one, data_directory: one.queue_directory}, two],
        '/etc/postfix-one',
        'data_directory',
      ],
    ]
    for (const [title, secondaries, damaged, parameter] of rivals) {
      it(`${title}, and the other one counts as damaged`, () => {
        const list = deepFreeze({primary, secondaries})
        const settled = settleClaims(list, shared).secondaries
        const faults = settled.filter(isDamaged)
        assert.deepEqual(
          faults.map((each) => [each.config_directory, each.contested?.parameter]),
          [[damaged, parameter]],
        )
        assert.match(faults[0]!.reason, /^instance \S+, \S+ conflicts with instance \S+, \S+$/)
        assert.deepEqual(
          settled.map((each) => each.config_directory),
          secondaries.map((each) => each.config_directory),
        )
      })
    }

    it('there is peace afterwards, whatever they claim', () => {
      const value = fc.constantFrom('/a', '/b', '/c', '/d', '/e', '/f')
      const any = fc.tuple(value, value, fc.constantFrom('', 'postfix-a', 'postfix-b'))
      fc.assert(
        fc.property(fc.array(any, {maxLength: 5}), (all) => {
          const secondaries = all.map(([queue_directory, data_directory, multi_instance_name], at) =>
            secondary(`postfix-${at}`, {queue_directory, data_directory, multi_instance_name}),
          )
          const settled = settleClaims(listOf(...secondaries), shared)
          claimAll(settled, shared)
          assert.equal(settled.secondaries.length, secondaries.length)
        }),
      )
    })
  })

  it('adds one instance to those that are there', () => {
    const claims = claimAll(listOf(), shared)
    claimInstance(claims, outgoing)
    assert.deepEqual(claims, claimAll(listOf(outgoing), shared))
  })

  it('refuses exactly when a value has two claimants, in whatever order they are listed', () => {
    const value = fc.constantFrom('/a', '/b', '/c', '/d', '/e', '/f', '/g', '/h', '/i')
    const instance = fc
      .tuple(value, value, value, fc.constantFrom('', 'postfix-a', 'postfix-b'))
      .map(([config_directory, queue_directory, data_directory, multi_instance_name]) =>
        secondary('x', {config_directory, queue_directory, data_directory, multi_instance_name}),
      )
    fc.assert(
      fc.property(fc.array(instance, {maxLength: 3}), (secondaries) => {
        const claimants = new Map<string, Set<string>>()
        for (const each of secondaries) {
          const {config_directory, queue_directory, data_directory, multi_instance_name} = each
          const owned = Object.entries({config_directory, queue_directory, data_directory, multi_instance_name})
          for (const [parameter, wanted] of owned) {
            claimants.set(wanted, (claimants.get(wanted) ?? new Set()).add(`${config_directory} ${parameter}`))
          }
        }
        claimants.delete('')
        const isPeaceful = [...claimants.values()].every((each) => each.size === 1)
        assert.equal(refuses(secondaries), !isPeaceful)
        assert.equal(refuses(secondaries.toReversed()), !isPeaceful)
      }),
      {numRuns: 1000},
    )

    function refuses(secondaries: Instance[]): boolean {
      try {
        claimAll({primary, secondaries}, {})
        return false
      } catch (error) {
        assert.ok(error instanceof Refusal)
        return true
      }
    }
  })
})
