/** What Debian's script makes of a jail, with values; that it is the same as the script is for the tests on Debian 13. */
import assert from 'node:assert/strict'
import {isJailNeeded, type Jail, type JailChange, planJail} from '../../../src/postfix/permissions/jail.ts'
import {isJailWanted, type JailScript} from '../../../src/postfix/permissions/jail-script.ts'
import {Unsure} from '../../../src/postfix/permissions/unsure.ts'
import {deepFreeze} from '../../values.ts'
import {defaults} from '../reader/some-defaults.ts'

const queue_directory = '/var/spool/postfix-a'
const trixie: JailScript = {
  libraries: 'lib, by cp',
  old: ['usr/lib/zoneinfo', 'lib/x86_64-linux-gnu/libgcc_s.so.1'],
  unneeded: /^(?:etc\/ssl\/certs|lib\/libnss_[^/]*\.so\.2)$/,
  multiarch: 'x86_64-linux-gnu',
}
const sid: JailScript = {...trixie, libraries: 'usr/lib, by syncfiles.pl', old: ['lib']}
const file = {kind: 'file', mode: 0o644, size: 10, seconds: 1000} as const
const directory = {kind: 'directory', mode: 0o755, size: 40, seconds: 1000} as const
const link = {kind: 'link', mode: 0o777, size: 4, seconds: 1000} as const
const library = '/usr/lib/x86_64-linux-gnu/libnss_systemd.so.2'
const filled = {etc: directory, 'etc/hosts': file, 'etc/services': file}

type Things = Record<string, {kind: 'file' | 'directory' | 'link'; mode: number; size: number; seconds: number}>

describe('a jail', () => {
  it('gets a directory and copies, and each is told as the script tells it', () => {
    assert.deepEqual(plan(), [
      {do: 'make', path: '/var/spool/postfix-a/etc'},
      copy('/etc/services', 'etc/services'),
      copy('/etc/hosts', 'etc/hosts'),
    ])
  })

  it('is left alone where it is up to date, in whole seconds', () => {
    assert.deepEqual(plan({inside: {...filled, 'etc/hosts': {...file, seconds: 1000.75}}}), [])
  })

  const differences: [what: string, copy: Things[string]][] = [
    ['longer', {...file, size: 11}],
    ['older', {...file, seconds: 999.9}],
    ['newer', {...file, seconds: 1001}],
  ]
  for (const [what, old] of differences) {
    it(`gets a new copy of a file that is ${what}`, () => {
      assert.deepEqual(plan({inside: {...filled, 'etc/hosts': old}}), [copy('/etc/hosts', 'etc/hosts')])
    })
  }

  it('loses a copy of which there is no model any more, be it a link', () => {
    for (const each of [file, link]) {
      assert.deepEqual(plan({inside: {...filled, 'etc/nss_mdns.config': each}}), [
        {do: 'remove', path: '/var/spool/postfix-a/etc/nss_mdns.config'},
      ])
    }
  })

  it('stays empty where nothing is to be filled', () => {
    assert.deepEqual(plan({script: null}), [])
  })

  describe('of a service that looks up names', () => {
    const needed = {isNeeded: true, host: {[library]: file}, libraries: [library]}

    it('gets libraries, and a directory for SASL: on Debian 13 as cp tells them', () => {
      assert.deepEqual(plan({...needed, inside: filled}), [
        {do: 'make', path: '/var/spool/postfix-a/lib'},
        copy(library, 'lib/libnss_systemd.so.2', `'${library}' -> 'lib/libnss_systemd.so.2'\n`),
        ...['usr', 'usr/lib', 'usr/lib/sasl2'].map((each) => ({do: 'make', path: `/var/spool/postfix-a/${each}`})),
      ])
    })

    it('gets them as any other copy on sid', () => {
      assert.deepEqual(plan({...needed, script: sid, inside: filled}), [
        ...['usr', 'usr/lib', 'usr/lib/x86_64-linux-gnu'].map((each) => ({
          do: 'make',
          path: `/var/spool/postfix-a/${each}`,
        })),
        copy(library, library.slice(1)),
        {do: 'make', path: '/var/spool/postfix-a/usr/lib/sasl2'},
      ])
    })

    it('keeps a library that is as new', () => {
      const inside = {...filled, usr: directory, 'usr/lib': directory, 'usr/lib/sasl2': directory, lib: directory}
      assert.deepEqual(plan({...needed, inside: {...inside, 'lib/libnss_systemd.so.2': file}}), [])
    })

    const unusual: [what: string, jail: Wish][] = [
      [
        'a library that is old',
        {inside: {...filled, lib: directory, 'lib/libnss_systemd.so.2': {...file, seconds: 1}}},
      ],
      ['a library with parts of a second', {host: {[library]: {...file, seconds: 1.5}}}],
      ['a library with an odd name', {host: {'/usr/lib/x y': file}, libraries: ['/usr/lib/x y']}],
    ]
    for (const [what, jail] of unusual) it(`is left to the script: ${what}`, () => isUnsure({...needed, ...jail}))
  })

  const unusual: [what: string, jail: Wish][] = [
    ['what older versions have left', {inside: {...filled, 'usr/lib/zoneinfo': directory}}],
    ['libraries that nobody needs', {inside: {...filled, 'lib/libnss_systemd.so.2': file}}],
    ['certificates that nobody needs', {inside: {...filled, 'etc/ssl/certs': directory}}],
    ['a link in place of a copy', {inside: {...filled, 'etc/hosts': link}}],
    ['a link in place of a directory', {inside: {etc: link}}],
    ['a directory in place of a copy', {inside: {...filled, 'etc/nss_mdns.config': directory}}],
    ['a copy that was interrupted', {inside: {etc: directory, 'etc/hosts.tmp': file}}],
    ['a program that runs with the rights of its owner', {host: {'/etc/hosts': {...file, mode: 0o4755}}}],
  ]
  for (const [what, jail] of unusual) it(`is left to the script: ${what}`, () => isUnsure(jail))
})

describe('settings of the jail', () => {
  const rows: [text: string, wanted: boolean][] = [
    ['', true],
    ['# SYNC_CHROOT=\n\n', true],
    ['SYNC_CHROOT=y\n', true],
    ['SYNC_CHROOT="n"\n', true],
    ['SYNC_CHROOT=', false],
    ['  SYNC_CHROOT=\'\'\nchroot_extra_files=""\nchroot_extra_CAdir=\n', false],
    ['SYNC_CHROOT=\nSYNC_CHROOT=y\n', true],
  ]
  for (const [text, wanted] of rows) {
    it(`${JSON.stringify(text)}: ${wanted ? 'filled' : 'not filled'}`, () => assert.equal(isJailWanted(text), wanted))
  }

  for (const text of [
    'chroot_extra_files=etc/x',
    'SYNC_CHROOT=$x',
    'SYNC_CHROOT=\r',
    'umask 077',
    'SYNC_CHROOT=y # so',
  ]) {
    it(`${JSON.stringify(text)} is left to the shell`, () => assert.throws(() => isJailWanted(text), Unsure))
  }
})

describe('whether a service needs its jail', () => {
  const rows: [line: string, level: string, needed: boolean][] = [
    ['smtp inet n - y - - smtpd', '3.6', true],
    ['smtp inet n - n - - smtpd', '3.6', false],
    ['smtp inet n - - - - smtpd', '3.6', false],
    ['smtp inet n - - - - smtpd', '2', true],
    ['cleanup unix n - y - 0 cleanup', '3.6', false],
    ['local unix - n y - - local', '3.6', false],
    ['policy unix - n y - - policyd', '3.6', true],
    ['smtp unix - - n - - smtp\n  -o a=b', '3.10', false],
  ]
  for (const [line, level, needed] of rows) {
    it(`${line}, level ${level}: ${needed}`, () => {
      assert.equal(
        isJailNeeded(`${line}\n`, () => level, defaults),
        needed,
      )
    })
  }

  it('is left to the script where master.cf or the level is unusual', () => {
    for (const [line, level] of [
      ['smtp inet n - y', '3.6'],
      ['smtp inet n - y - - smtpd', '$x'],
    ] as const) {
      assert.throws(() => isJailNeeded(`${line}\n`, () => level, defaults), Unsure)
    }
  })
})

interface Wish {
  script?: JailScript | null
  isNeeded?: boolean
  host?: Things
  libraries?: string[]
  inside?: Things
}

function plan({script = trixie, isNeeded = false, host = {}, libraries = [], inside = {}}: Wish = {}): JailChange[] {
  const models = new Map(Object.entries({'/etc/hosts': file, '/etc/services': file, ...host}))
  const jail: Jail = {queue_directory, isNeeded, host: models, libraries, inside: new Map(Object.entries(inside))}
  return planJail(deepFreeze(script === null ? jail : {...jail, script}))
}

function isUnsure(jail: Wish): void {
  assert.throws(() => plan(jail), Unsure)
}

function copy(from: string, to: string, printed = `updating ${from} => ${queue_directory}/${from}\n`): JailChange {
  return {do: 'copy', from, path: `${queue_directory}/${to}`, printed}
}
