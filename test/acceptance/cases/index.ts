/** All rows of the comparison with the real postmulti, in the order of postmulti(1). */

import assign from './assign.ts'
import callers from './callers.ts'
import chroot from './chroot.ts'
import combinations from './combinations.ts'
import create from './create.ts'
import createDirectories from './create-directories.ts'
import createUnusable from './create-unusable.ts'
import damaged from './damaged.ts'
import descriptors from './descriptors.ts'
import destroy from './destroy.ts'
import environment from './environment.ts'
import importDeport from './import-deport.ts'
import instanceList from './instance-list.ts'
import list from './list.ts'
import options from './options.ts'
import postfix from './postfix.ts'
import primary from './primary.ts'
import random from './random.ts'
import run from './run.ts'
import secondaries from './secondaries.ts'
import switches from './switches.ts'

export default [
  options,
  combinations,
  primary,
  secondaries,
  damaged,
  list,
  instanceList,
  run,
  environment,
  descriptors,
  postfix,
  create,
  chroot,
  createDirectories,
  createUnusable,
  importDeport,
  destroy,
  switches,
  assign,
  callers,
  random,
]
