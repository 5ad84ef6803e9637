/** The types of lookup tables that this Postfix has. Source: postconf(1), "-m". */
import {askPostconf} from './postconf.ts'
import type {Primary} from './primary.ts'

/** Undefined where it does not say. */
export function readTableTypes({parameter}: Pick<Primary, 'parameter'>): string[] | undefined {
  const {status, stdout} = askPostconf(parameter('command_directory'), ['-m'])
  return status === 0 ? stdout.split('\n').filter((each) => each !== '') : undefined
}
