/** Measures programs from outside: wall-clock time, memory, system calls. What they print goes to /dev/null. */
import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'

/** Milliseconds for commands one after the other. Another exit status than this one is an Error. */
export function timeInTurn(program: string, commands: readonly string[][], expected: number): number {
  const began = performance.now()
  const statuses = commands.map((words) => spawnSync(program, words, {stdio: 'ignore'}).status)
  const took = performance.now() - began
  const wrong = statuses.findIndex((each) => each !== expected)
  if (wrong >= 0) throw new Error(`${program} ${commands[wrong]!.join(' ')}: exit status ${statuses[wrong]}`)
  return took
}

/** Milliseconds until the last of commands that are started at the same time has ended, in whatever way. */
export async function timeAtOnce(program: string, commands: readonly string[][]): Promise<number> {
  const began = performance.now()
  await Promise.all(commands.map((words) => once(spawn(program, words, {stdio: 'ignore'}), 'exit')))
  return performance.now() - began
}

/** getrusage(2) by its number, since Perl as every Debian has it knows it by no name. */
const getrusage: Partial<Record<string, number>> = {x64: 98, arm64: 165}
const childrenOfSelf = -1

/**
 * Peak resident memory, in MB, of the largest process of a command; undefined without Perl. A small program has to
 * start it: the kernel counts what a process was before its exec(2), and after a vfork(2) that would be all of Node.
 */
export function peakMemory(program: string, words: readonly string[]): number | undefined {
  const script = `open STDOUT, '>', '/dev/null';
    system {$ARGV[0]} @ARGV;
    my $usage = "\\0" x 144;
    syscall(${getrusage[process.arch]}, ${childrenOfSelf}, $usage) == 0 or die;
    print STDERR "\\n", unpack 'x32 q', $usage`
  const {error, stderr} = spawnSync('perl', ['-e', script, program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (error !== undefined) return undefined
  return Number(stderr.split('\n').at(-1)) / 1024
}

/** How many a command makes, with all its children; undefined without strace. */
export function systemCalls(program: string, words: readonly string[]): number | undefined {
  const directory = mkdtempSync('/run/bench-')
  try {
    const file = join(directory, 'calls')
    const {error} = spawnSync('strace', ['-f', '-c', '-o', file, program, ...words], {stdio: 'ignore'})
    if (error !== undefined) return undefined
    const [, calls] = /^\s*\S+\s+\S+\s+\S+\s+(\d+)(?:\s+\d+)?\s+total$/m.exec(readFileSync(file, 'utf8')) ?? []
    return Number(calls)
  } finally {
    rmSync(directory, {recursive: true})
  }
}
