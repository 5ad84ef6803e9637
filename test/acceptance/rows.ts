/** What a row of the comparison is, and the hosts that rows start from. The rows themselves are in cases/. */

import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
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
  /** Ours is different on purpose. */
  differs?: Difference
}

/** Why, and what ours does in the last command line of the row; whatever is not named here is the same. */
export interface Difference {
  because: string
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

/** `instance SUFFIX 'name = value' ...` adds a secondary without the two seconds that create takes. */
const prelude = `
instance() {
  mkdir -p /etc/postfix-$1 /var/spool/postfix-$1
  install -d -m 700 -o postfix /var/lib/postfix-$1
  cp -p /etc/postfix/master.cf /etc/postfix-$1
  printf '%s\\n' "compatibility_level = 3.6" "queue_directory = /var/spool/postfix-$1" \\
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
