import assert from 'node:assert/strict'
import {dropInOf, escapeName, staleDropIns, startsAtBoot, unitFiles, unitsOf} from '../../../src/model/units/units.ts'
import {byDirectory, byName, dropIn} from '../../units.ts'
import {broken, primary, secondary} from '../../values.ts'

describe('the name of a unit', () => {
  const escaped = [
    ['out', 'out'],
    ['a-b', 'a\\x2db'],
    ['a.b_c:d', 'a.b_c:d'],
    ['.a', '\\x2ea'],
    ['a@b%c+d', 'a\\x40b\\x25c\\x2bd'],
    ['ä', '\\xc3\\xa4'],
    ['a b', 'a\\x20b'],
    ['a\udce4', 'a\\xe4'],
  ]
  for (const [text, name] of escaped) {
    it(`of ${JSON.stringify(text)} is what systemd-escape makes of it`, () => assert.equal(escapeName(text!), name))
  }
})

describe('the unit of an instance', () => {
  const elsewhere = (directory: string, name: string) => secondary(name, {config_directory: directory})
  const names = (list: Parameters<typeof unitsOf>[0], units = byDirectory()) =>
    [...unitsOf(list, units).values()].map((each) => each.name ?? each.why)

  it('is named after its directory on Debian 13', () => {
    const list = [primary, secondary('postfix-out'), elsewhere('/etc/postfix-a-b', 'postfix-other')]
    assert.deepEqual(names(list), ['postfix.service', 'postfix@out.service', 'postfix@a\\x2db.service'])
  })

  it('is named after the instance before Debian 13', () => {
    const list = [primary, secondary('postfix-out'), elsewhere('/etc/postfix-b', 'postfix-other')]
    assert.deepEqual(names(list, byName()), [
      'postfix@-.service',
      'postfix@postfix-out.service',
      'postfix@postfix-other.service',
    ])
  })

  it('is postfix.service where there is one unit for all', () => {
    const units = byDirectory([], {layout: 'one unit'})
    assert.deepEqual(names([primary, secondary('postfix-out')], units), ['postfix.service', 'postfix.service'])
  })

  it('is named after the instance, or the last part of its directory, for a directory elsewhere', () => {
    const list = [primary, elsewhere('/srv/mail', 'postfix-out'), elsewhere('/srv/in', ''), elsewhere('/etc/x', 'mx')]
    assert.deepEqual(names(list).slice(1), ['postfix@out.service', 'postfix@in.service', 'postfix@mx.service'])
  })

  it('is not that of another instance, wherever that stands', () => {
    const list = [primary, elsewhere('/srv/mail', 'postfix-out'), secondary('postfix-out')]
    assert.equal(unitsOf(list, byDirectory()).get('/srv/mail')?.name, undefined)
    assert.equal(unitsOf(list, byDirectory()).get('/etc/postfix-out')?.name, 'postfix@out.service')
  })

  it('is not that of a directory which is there and not listed', () => {
    const units = byDirectory([], {occupied: new Set(['/etc/postfix-out/main.cf'])})
    const unit = unitsOf([primary, elsewhere('/srv/mail', 'postfix-out')], units).get('/srv/mail')
    assert.deepEqual(unit, {why: 'postfix@out.service is the unit of another instance'})
  })

  it('does not exist for a directory elsewhere that others can write', () => {
    const units = byDirectory([], {foreign: new Set(['/srv/mail'])})
    const unit = unitsOf([primary, elsewhere('/srv/mail', 'postfix-out')], units).get('/srv/mail')
    assert.deepEqual(unit, {why: 'others than root can write /srv/mail, or a directory above it'})
  })

  for (const [name, why] of [
    ['', 'it has no name'],
    ['postfix-a+b', "a unit name cannot contain '+'"],
  ]) {
    it(`does not exist for the name '${name}' before Debian 13`, () => {
      const unit = unitsOf([primary, elsewhere('/etc/postfix-a', name!)], byName()).get('/etc/postfix-a')
      assert.deepEqual(unit, {why})
    })
  }

  it('is known by its directory when its main.cf cannot be read', () => {
    assert.deepEqual(names([primary, broken('/etc/postfix-a')]), ['postfix.service', 'postfix@a.service'])
  })
})

describe('the files of units', () => {
  it('are a link for each enabled instance, and a drop-in that waits for the enabled one before it', () => {
    const list = [
      primary,
      secondary('postfix-a'),
      secondary('postfix-b', {multi_instance_enable: false}),
      secondary('postfix-c'),
    ]
    const files = unitFiles(list, byDirectory())
    assert.deepEqual(
      [...files.keys()],
      [
        '/etc/systemd/system/multi-user.target.wants/postfix@a.service',
        '/etc/systemd/system/multi-user.target.wants/postfix@c.service',
        '/etc/systemd/system/postfix@c.service.d/50-postmulti.conf',
      ],
    )
    assert.match(files.get(dropInOf('postfix@c.service')) ?? '', /^After=postfix@a\.service$/m)
  })

  it('never name the primary where it starts last', () => {
    const files = unitFiles([primary, secondary('postfix-a'), secondary('postfix-b')], byDirectory())
    for (const text of files.values()) assert.doesNotMatch(text ?? '', /postfix\.service/)
  })

  it('let the first one wait for the primary before Debian 13, and are no links', () => {
    const files = unitFiles([primary, secondary('postfix-a')], byName())
    assert.deepEqual([...files.keys()], [dropInOf('postfix@postfix-a.service')])
    assert.match(files.get(dropInOf('postfix@postfix-a.service')) ?? '', /^After=postfix@-\.service$/m)
  })

  it('say where a directory elsewhere is, quoted', () => {
    const strange = secondary('postfix-x', {config_directory: '/srv/50%"\\x', multi_instance_enable: false})
    const [[, text] = []] = unitFiles([primary, strange], byDirectory())
    assert.match(text ?? '', /^AssertPathExists=\nAssertPathExists=\/srv\/50%%"\\x\/main\.cf$/m)
    assert.match(text ?? '', /^Environment="MAIL_CONFIG=\/srv\/50%%\\"\\\\x"$/m)
  })

  it('that are ours and belong to no unit any more are stale', () => {
    const stale = '/etc/systemd/system/postfix@postfix-a.service.d/50-postmulti-order.conf'
    const units = byDirectory(['postfix@a.service'], {dropIns: dropIn(stale, ['After=x'])})
    assert.deepEqual(staleDropIns([primary, secondary('postfix-a')], units), [stale])
  })

  it('of an instance that cannot be read are left alone', () => {
    const units = byDirectory(['postfix@a.service'], {dropIns: dropIn('postfix@a.service', ['After=x'])})
    assert.deepEqual(staleDropIns([primary, broken('/etc/postfix-a')], units), [])
  })

  it('are left alone where the unit is unknown', () => {
    const units = byDirectory([], {layout: undefined, dropIns: dropIn('postfix@a.service', ['After=x'])})
    assert.deepEqual(staleDropIns([primary], units), [])
  })
})

describe('a start at boot', () => {
  const unit = {name: 'postfix@out.service', elsewhere: false}
  const rows: [string, Parameters<typeof startsAtBoot>[1], boolean, typeof unit?][] = [
    ['is no matter of course on Debian 13', byDirectory(), false],
    ['needs a link on Debian 13', byDirectory(['postfix@out.service']), true],
    ['is one of all that are listed before Debian 13', byName(), true],
    ['needs postfix.service before Debian 13', byName({wants: new Map()}), false],
    ['does not take place when the unit is masked', byDirectory([unit.name], {masked: [unit.name]}), false],
    ['needs a drop-in for a directory elsewhere', byDirectory([unit.name]), false, {...unit, elsewhere: true}],
  ]
  for (const [title, units, expected, of = unit] of rows) {
    it(title, () => assert.equal(startsAtBoot(of, units), expected))
  }
})
