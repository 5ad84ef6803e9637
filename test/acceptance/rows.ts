/** What a row of the comparison is, and the hosts that rows start from. The rows themselves are in cases/. */

import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isRelease} from '../../src/model/base/release.ts'
import {makeImage, runInHost, type Tree} from './host.ts'

/** A sentence, and what a user types: one command line or several, in the same host. */
export type Row = [title: string, run: string | string[], details?: RowDetails]

export interface RowDetails {
  /** The host to start from; `mta` when absent. */
  on?: keyof typeof bases
  /** Shell text that changes the host first, with Postfix's own tools. */
  given?: string
  /** Postfix's own programs speak, and only to a terminal: give ours one, too. */
  terminal?: boolean
  /** Daemons run: what is in queue and data directories is theirs. */
  daemons?: boolean
  /** Ours is different on purpose; of several the first that is so of the installed Postfix. */
  differs?: Difference | Difference[]
}

/** Why, and what ours does in the last command line of the row; whatever is not named here is the same. */
export interface Difference {
  because: string
  /** The first release of Postfix that the real one differs in, and the first in which it does no more. */
  since?: `${number}.${number}`
  until?: `${number}.${number}`
  /** For a change that went back into older releases, too. */
  unless?: keyof typeof probes
  status?: number
  stdout?: string | RegExp
  stderr?: string | RegExp
  /** `untouched`: as before the row. Otherwise lines that are there, or with '!' in front are not. */
  tree?: 'untouched' | string[]
}

export interface Case {
  about: string
  rows: Row[]
}

/** What only a try can tell of the installed Postfix. */
const probes = {
  /** Since 3.7.15, 3.8.10, 3.9.4 and 3.10.2. */
  'postconf ends the last line': () => {
    const directory = mkdtempSync(join(tmpdir(), 'probe-'))
    try {
      writeFileSync(join(directory, 'main.cf'), 'b = 1')
      execFileSync('postconf', ['-c', directory, '-e', 'a = 1'])
      return readFileSync(join(directory, 'main.cf'), 'utf8') === 'b = 1\na = 1\n'
    } finally {
      rmSync(directory, {recursive: true})
    }
  },
}

const outcomes = new Map<keyof typeof probes, boolean>()

/** The difference that is to be expected of the installed Postfix. */
export function expectedDifference({differs}: RowDetails): Difference | undefined {
  return [differs ?? []].flat().find(({since, until, unless}) => {
    version ??= execFileSync('postconf', ['-dh', 'mail_version'], {encoding: 'utf8'})
    if (since !== undefined && !isRelease(version, since)) return false
    if (until !== undefined && isRelease(version, until)) return false
    if (unless === undefined) return true
    const outcome = outcomes.get(unless) ?? probes[unless]()
    outcomes.set(unless, outcome)
    return !outcome
  })
}

let version: string | undefined

const bases = {
  /** A host with one Postfix that never heard of postmulti. */
  bare: 'postfix set-permissions',
  /** The same after `postmulti -e init`. */
  alone: 'postfix set-permissions\npostmulti -e init',
  /** Three secondaries: two in a group, of which one is disabled, and one without a group. */
  mta: `
    postfix set-permissions
    postmulti -e init
    postmulti -I postfix-out -G mta -e create
    postmulti -I postfix-in -G mta -e create
    postmulti -I postfix-lists -e create
    postmulti -i out -e enable
    postmulti -i lists -e enable`,
}

/**
 * `instance SUFFIX 'name = value' ...` adds a secondary without the two seconds that create takes; `prototypes` has what
 * create copies in /etc/postfix, where a row can change it; $level is the setting of the primary.
 */
const prelude = `
level=$(grep '^compatibility_level' /etc/postfix/main.cf)
prototypes() {
  meta=$(postconf -h meta_directory)
  if test "$meta" = /etc/postfix; then return; fi
  cp -an "$meta"/. /etc/postfix || :
  postconf -e meta_directory=/etc/postfix
}
instance() {
  mkdir -p /etc/postfix-$1 /var/spool/postfix-$1
  install -d -m 700 -o postfix /var/lib/postfix-$1
  cp -p /etc/postfix/master.cf /etc/postfix-$1
  printf '%s\\n' "$level" "queue_directory = /var/spool/postfix-$1" \\
    "data_directory = /var/lib/postfix-$1" >/etc/postfix-$1/main.cf
  listed=$(sed -n 's/^multi_instance_directories = *//p' /etc/postfix/main.cf)
  sed -i /^multi_instance_directories/d /etc/postfix/main.cf
  echo "multi_instance_directories = \${listed:+$listed }/etc/postfix-$1" >>/etc/postfix/main.cf
  suffix=$1; shift
  for setting; do echo "$setting" >>/etc/postfix-$suffix/main.cf; done
}
`

let imageDirectory: string | undefined
let count = 0
const images = new Map<string, Promise<string>>()

/** The saved trees of a row's host, made once for all rows that start alike. */
export function imageFor({on = 'mta', given = ''}: RowDetails): Promise<string> {
  const key = `${on}\n${given}`
  const image = images.get(key) ?? makeRowImage(on, given)
  images.set(key, image)
  return image
}

async function makeRowImage(on: keyof typeof bases, given: string) {
  imageDirectory ??= mkdtempSync(join(tmpdir(), 'images-of-hosts-'))
  const image = join(imageDirectory, `${count++}.tar`)
  if (given === '') await makeImage(bases[on], image)
  else await makeImage(prelude + given, image, {image: await imageFor({on})})
  return image
}

const treesBefore = new Map<string, Promise<Tree>>()

/** What a row's host looks like before the row. */
export function treeBefore(image: string): Promise<Tree> {
  const tree = treesBefore.get(image) ?? runInHost(['true'], {image}).then((visit) => visit.tree)
  treesBefore.set(image, tree)
  return tree
}

export function forgetImages() {
  images.clear()
  if (imageDirectory) rmSync(imageDirectory, {recursive: true})
}
