/**
 * All instances of the host: what the primary lists, read one after the other.
 * Source: load_all_instances() in postmulti.c, which stops at the first one that cannot be read.
 */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {resolve} from 'node:path'
import type {InstanceList, Listed} from '../model/instance.ts'
import {toBytes} from '../model/text.ts'
import type {Answer} from './postconf.ts'
import type {Primary} from './primary.ts'
import {fromAnswer, readNatively, readSecondary, wanted} from './secondary.ts'

/** `passOn` gets what postconf prints on stderr where it had to be asked. */
export function readInstanceList(primary: Primary, passOn: (text: string) => void): InstanceList {
  const read = primary.directories.map(readNatively)
  const unsure = primary.directories.filter((_, at) => read[at] === 'unsure')
  const answers = unsure.length > 1 ? askAll(unsure, primary.parameter('command_directory')) : undefined
  const secondaries = read.map((each, at): Listed => {
    if (each !== 'unsure') return each
    const directory = primary.directories[at]!
    const answer = answers?.shift()
    return answer === undefined ? readSecondary(directory, primary, passOn) : fromAnswer(directory, answer, passOn)
  })
  return {primary: primary.instance, secondaries}
}

/** One postconf for each, as many at once as there are processors. Answers in the same order. */
function askAll(directories: string[], command_directory: string): Answer[] {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const answers = mkdtempSync('/tmp/postmulti-')
  try {
    const ask = `cd ${answers} && "$0" -xc "$2" ${wanted.join(' ')} >"$1.stdout" 2>"$1.stderr"; echo $? >"$1.status"`
    const words = [
      '-0',
      '-n',
      '2',
      '-P',
      String(availableParallelism()),
      'sh',
      '-c',
      ask,
      `${command_directory}/postconf`,
    ]
    const input = directories.flatMap((each, at) => [String(at), resolve(each)]).map((each) => `${each}\0`)
    spawnSync('xargs', words, {input: Buffer.concat(input.map(toBytes)), stdio: ['pipe', 'ignore', 'ignore']})
    return directories.map((_, at) => ({
      status: Number(readFileSync(`${answers}/${at}.status`, 'latin1')),
      stdout: readFileSync(`${answers}/${at}.stdout`, 'latin1'),
      stderr: readFileSync(`${answers}/${at}.stderr`, 'latin1'),
    }))
  } finally {
    rmSync(answers, {recursive: true})
  }
}
