/** `npm run bench`, on the throw-away host: measure, print, write. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {availableParallelism, cpus, loadavg} from 'node:os'
import {dirname} from 'node:path'
import {compare} from './compare.ts'
import {postfixVersion} from './host.ts'
import {type Options, parseOptions, usage} from './options.ts'
import {toSvg} from './plot.ts'
import type {Results} from './results.ts'
import {toText} from './table.ts'

const options = understand(process.argv.slice(2))
const began = new Date().toISOString()
const compared = await compare(options, (what) => console.error(`bench: ${what}`))
const results: Results = {began, machine: machine(), rounds: options.rounds, ...compared}
console.log(toText(results))
write(options.json, JSON.stringify(results, null, 1))
write(options.plot, toSvg(results.timings))

function understand(words: string[]): Options {
  try {
    return parseOptions(words)
  } catch (error) {
    console.error(`bench: ${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

function machine(): Results['machine'] {
  const processors = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`
  const load = loadavg()[1]!.toFixed(1)
  return {node: process.version, postfix: postfixVersion(), processors, load}
}

function write(file: string | undefined, text: string): void {
  if (file === undefined) return
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, text)
  console.log(`Written: ${file}`)
}
