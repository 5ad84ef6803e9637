import assert from 'node:assert/strict'
import fc from 'fast-check'
import {type Instance, label} from '../../../src/model/instance/instance.ts'
import {matches, mayMean, type Selection, select} from '../../../src/model/instance/selection.ts'
import {broken, listOf, primary, secondary} from '../../values.ts'

const all: Selection = {by: 'all'}
const byName = (name: string): Selection => ({by: 'name', name})
const byGroup = (group: string): Selection => ({by: 'group', group})

describe('selection', () => {
  const list = listOf(
    secondary('postfix-out', {multi_instance_group: 'mta'}),
    secondary('postfix-in', {multi_instance_group: 'mta-in'}),
    secondary('postfix-in-out', {multi_instance_group: 'mta', multi_instance_enable: false}),
    broken('/etc/postfix-torn'),
    secondary('postfix-nameless', {multi_instance_name: ''}),
    secondary('plain'),
    secondary('postfix-plain'),
    secondary('postfix-'),
    secondary('postfix-moved', {config_directory: '/srv/mail/etc/'}),
    secondary('two words', {config_directory: '/etc/postfix-words', multi_instance_group: 'm t a'}),
  )
  const everybody = [
    '/etc/postfix postfix-out postfix-in postfix-in-out /etc/postfix-nameless plain postfix-plain postfix-',
    'postfix-moved two_words',
  ]

  const rows: [typed: string, selection: Selection, found: string][] = [
    ['-a', all, everybody.join(' ')],
    ['-g mta', byGroup('mta'), 'postfix-out postfix-in-out'],
    ['-g mta-in', byGroup('mta-in'), 'postfix-in'],
    ['-g m', byGroup('m'), ''],
    ['-g MTA', byGroup('MTA'), ''],
    ["-g 'm t a'", byGroup('m t a'), 'two_words'],
    ["-g ''", byGroup(''), ''],
    ['-g -', byGroup('-'), ''],
    ['-i -', byName('-'), '/etc/postfix'],
    ['-i /etc/postfix', byName('/etc/postfix'), '/etc/postfix'],
    ['-i postfix', byName('postfix'), ''],
    ['-i out', byName('out'), 'postfix-out'],
    ['-i postfix-out', byName('postfix-out'), 'postfix-out'],
    ['-i /etc/postfix-out', byName('/etc/postfix-out'), 'postfix-out'],
    ['-i /etc/postfix-out/', byName('/etc/postfix-out/'), ''],
    ['-i in-out', byName('in-out'), 'postfix-in-out'],
    ['-i nameless', byName('nameless'), ''],
    ['-i /etc/postfix-nameless', byName('/etc/postfix-nameless'), '/etc/postfix-nameless'],
    ['-i plain', byName('plain'), 'plain postfix-plain'],
    ['-i postfix-plain', byName('postfix-plain'), 'postfix-plain'],
    ["-i ''", byName(''), 'postfix-'],
    ['-i postfix-', byName('postfix-'), 'postfix-'],
    ['-i /srv/mail/etc', byName('/srv/mail/etc'), ''],
    ['-i /srv/mail/etc/', byName('/srv/mail/etc/'), 'postfix-moved'],
    ["-i 'two words'", byName('two words'), 'two_words'],
    ['-i torn', byName('torn'), ''],
    ['-i /etc/postfix-torn', byName('/etc/postfix-torn'), ''],
  ]
  for (const [typed, selection, found] of rows) {
    it(`${typed} finds ${found.replaceAll('_', ' ') || 'nobody'}`, () => {
      assert.deepEqual(select(list, selection).map(label), found.split(' ').filter(Boolean).map(spaced))
    })
  }

  it("'-' and the name both find a primary that has a name", () => {
    const named = {primary: {...primary, multi_instance_name: 'postfix-hub'}, secondaries: []}
    for (const each of ['-', 'hub', 'postfix-hub', '/etc/postfix']) {
      assert.deepEqual(select(named, byName(each)), [named.primary], each)
    }
  })

  it('agrees with the words that an instance answers to', () => {
    fc.assert(
      fc.property(anyInstance(), anyWord(), fc.boolean(), (instance, word, isPrimary) => {
        assert.equal(matches(byName(word), instance, isPrimary), answersTo(instance, isPrimary).includes(word))
      }),
      {numRuns: 2000},
    )
  })

  it('keeps start order, repeats nobody, and of a group takes all its members', () => {
    fc.assert(
      fc.property(fc.array(anyInstance()), anyGroup(), (secondaries, group) => {
        assert.deepEqual(select({primary, secondaries}, all), [primary, ...secondaries])
        assert.deepEqual(
          select({primary, secondaries}, byGroup(group)),
          secondaries.filter((each) => group !== '' && each.multi_instance_group === group),
        )
      }),
    )
  })
})

describe('selection of an instance that cannot be read', () => {
  const torn = broken('/etc/postfix-torn')
  const rows: [typed: string, selection: Selection, foundOther: boolean, may: boolean][] = [
    ['-a', all, true, true],
    ['-g mta', byGroup('mta'), true, true],
    ['-g mta', byGroup('mta'), false, true],
    ['-i torn', byName('torn'), false, true],
    ['-i out', byName('out'), true, false],
    ['-i -', byName('-'), false, false],
    ['-i /etc/postfix-torn', byName('/etc/postfix-torn'), false, true],
    ['-i /etc/postfix-tor', byName('/etc/postfix-tor'), false, false],
  ]
  for (const [typed, selection, foundOther, may] of rows) {
    it(`${typed} ${may ? 'may' : 'cannot'} mean it ${foundOther ? 'beside one that was found' : ''}`.trim(), () => {
      assert.equal(mayMean(selection, torn, foundOther), may)
    })
  }
})

/** The manual's rule from the other side: all that can be typed after -i to reach this one. */
function answersTo({multi_instance_name: name, config_directory}: Instance, isPrimary: boolean): string[] {
  const words = isPrimary ? ['-'] : []
  if (name === '') return [...words, config_directory]
  if (config_directory.startsWith('/')) words.push(config_directory)
  if (!name.startsWith('/')) words.push(name)
  const suffix = name.startsWith('postfix-') ? name.slice('postfix-'.length) : undefined
  if (suffix !== undefined && !suffix.startsWith('/') && !suffix.startsWith('postfix-')) words.push(suffix)
  return words
}

function anyInstance(): fc.Arbitrary<Instance> {
  return fc
    .tuple(anyName(), anyName(), anyGroup())
    .map(([multi_instance_name, place, multi_instance_group]) =>
      secondary('x', {multi_instance_name, config_directory: `/etc/${place}`, multi_instance_group}),
    )
}

function anyName(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('', 'postfix-', 'postfix-postfix-'), fc.constantFrom('', 'a', 'ab', '-', '/a', 'postfix'))
    .map((parts) => parts.join(''))
}

function anyWord(): fc.Arbitrary<string> {
  return fc.oneof(
    anyName(),
    anyName().map((name) => `/etc/${name}`),
  )
}

function anyGroup(): fc.Arbitrary<string> {
  return fc.constantFrom('', 'mta', 'mta-in', '-')
}

function spaced(name: string): string {
  return name.replaceAll('_', ' ')
}
