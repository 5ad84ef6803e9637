/**
 * Other programs do what Node cannot for a child: keep signals ignored, and pass on bytes that are not UTF-8, in its
 * words and in its environment.
 */
import {dirname} from 'node:path'
import {removeTree} from '../../files/act.ts'
import {toBytes} from '../../model/base/text.ts'
import {makeScratch, writeScratch} from '../reader/scratch.ts'
import type {Command} from './child-environment.ts'

/** The same command where there is no need. `ignored` are the signals that it is to ignore. */
export function passBytes({words, environment}: Command, ignored: readonly NodeJS.Signals[] = []): Command {
  const settings = Object.entries(environment)
    .filter(([, value]) => hasBytes(value ?? ''))
    .map(([name, value]) => `${name}=${value}`)
  if (settings.length === 0 && !words.some(hasBytes)) {
    return {words: ignored.length === 0 ? words : ['/usr/bin/env', ...ignoring(ignored), ...words], environment}
  }
  const file = `${makeScratch()}/words`
  writeScratch(file, Buffer.concat([...settings, ...words].flatMap((each) => [toBytes(each), Buffer.of(0)])))
  process.once('exit', () => removeTree(dirname(file)))
  return {words: ['/usr/bin/xargs', '-0', '-a', file, '/usr/bin/env', ...ignoring(ignored)], environment}
}

function ignoring(signals: readonly NodeJS.Signals[]): string[] {
  return signals.length === 0 ? [] : [`--ignore-signal=${signals.map((each) => each.slice(3)).join(',')}`]
}

/** A lone surrogate stands for such a byte. */
function hasBytes(text: string): boolean {
  return /[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
}
