/**
 * One child of -x or -p: it inherits everything, and is waited for.
 * Source: run_user_command() in postmulti.c.
 */
import type {StdioOptions} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {explainError} from '../model/system-error.ts'
import {toBytes} from '../model/text.ts'
import type {Inheritance} from './inheritance.ts'

export interface Child {
  words: string[]
  environment: NodeJS.ProcessEnv
  inheritance: Inheritance
}

/** True when it failed in any way: could not be started, exited with a status, died of a signal. */
export function runChild(child: Child, complain: (text: string) => void): boolean {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {words, environment, inheritance} = throughOthers(child)
  const [program = '', ...rest] = words
  // execvp(3) does not find an empty name; Node would take it for a defect of ours.
  const {status, error} =
    program === ''
      ? {status: null, error: Object.assign(new Error(), {code: 'ENOENT'})}
      : spawnSync(program, rest, {stdio: stdioOf(inheritance), env: environment})
  if (error !== undefined) complain(`execvp ${child.words[0]}: ${explainError(error)}`)
  return status !== 0
}

/** Other programs do what Node cannot: keep signals ignored, and pass on bytes that are not UTF-8. */
function throughOthers(child: Child): Child {
  const {words, environment} = child
  const {ignored} = child.inheritance
  const settings = Object.entries(environment)
    .filter(([, value]) => hasBytes(value ?? ''))
    .map(([name, value]) => `${name}=${value}`)
  if (settings.length === 0 && !words.some(hasBytes)) {
    if (ignored.length === 0) return child
    return {...child, words: ['env', ...ignoring(ignored), ...words]}
  }
  const file = `${mkdtempSync('/tmp/postmulti-')}/words`
  writeFileSync(file, Buffer.concat([...settings, ...words].flatMap((each) => [toBytes(each), Buffer.of(0)])))
  process.once('exit', () => rmSync(dirname(file), {recursive: true}))
  return {...child, words: ['xargs', '-0', '-a', file, 'env', ...ignoring(ignored)]}
}

function ignoring(signals: NodeJS.Signals[]): string[] {
  return signals.length === 0 ? [] : [`--ignore-signal=${signals.map((each) => each.slice(3)).join(',')}`]
}

/** A lone surrogate stands for such a byte. */
function hasBytes(text: string): boolean {
  return /[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
}

function stdioOf({descriptors}: Inheritance): StdioOptions {
  const stdio: StdioOptions = ['inherit', 'inherit', 'inherit']
  for (const each of descriptors) stdio[each] = each
  return Array.from(stdio, (each) => each ?? 'ignore')
}
