/** The program that postfix(1) calls when it is ours: an absolute path that survives in main.cf. */
import {readOwn, realPath} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'

/** By which this program is called when a package has brought it; undefined for a tree that somebody has made. */
export function packagedLauncher(root: string): string | undefined {
  return JSON.parse(readOwn(`${root}/package.json`)).launcher
}

/** `root` is the directory of this program. Refuses where postfix(1) could not call it. */
export function findLauncher(root: string): string {
  const path = packagedLauncher(root) ?? `${realPath(root)}/bin/postmulti`
  // postfix(1) splits the value at white space and expands what looks like a parameter.
  if (/[\s$]/.test(path)) throw new Refusal(`${path} cannot be a wrapper: white space or a '$' is in the path`)
  return path
}
