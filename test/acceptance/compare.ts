/** Holds what ours did against what the real postmulti did in an identical host. */

import type {Outcome, Tree} from './host.ts'
import {type Difference, expectedDifference, type RowDetails} from './rows.ts'

export interface Visit {
  outcomes: Outcome[]
  tree: Tree
}

/** Everything that is not as it should be, ready to print; empty when all is well. */
export function compare(theirs: Visit, ours: Visit, before: Tree, details: RowDetails): string {
  const real = withoutCopies(theirs, ours)
  const complaints: string[] = []
  const differs = expectedDifference(details)
  const last = real.outcomes.length - 1
  for (const [index, expected] of real.outcomes.entries()) {
    for (const what of ['status', 'stdout', 'stderr'] as const) {
      const wanted = index === last ? (differs?.[what] ?? withoutUpdates(expected, differs)[what]) : expected[what]
      if (!agrees(ours.outcomes[index]![what], wanted)) {
        complaints.push(`${what} of command ${index + 1}:`, ...both(wanted, ours.outcomes[index]![what]))
      }
    }
  }
  complaints.push(...compareTrees(real.tree, ours.tree, before, details, differs))
  if (differs && complaints.length === 0 && isSame(real, ours, details)) {
    complaints.push(`no longer different (${differs.because}): take the mark away`)
  }
  return complaints.join('\n')
}

/** What is refused on purpose gets no chroot, of which the scripts of Debian 13 would speak. */
function withoutUpdates(real: Outcome, differs: Difference | undefined): Outcome {
  return differs?.tree === 'untouched' ? {...real, stdout: real.stdout.replace(/^updating \/.* => \/.*\n/gm, '')} : real
}

const copy =
  /^(.*)\/(?:etc(?:\/(?:localtime|services|resolv\.conf|hosts|host\.conf|nsswitch\.conf|nss_mdns\.config))?|lib|usr(?:\/lib(?:\/sasl2|\/[^/]+-linux-gnu)?)?|(?:usr\/)?lib\/(?:[^/]+\/)?libnss_[^/]*): /

/**
 * From Debian 13 on each create fills the chroot of the instance: a destroy of Postfix's own leaves that, and complains.
 * Ours takes it along, which is no row's purpose.
 */
function withoutCopies(real: Visit, ours: Visit): Visit {
  const isThere = (tree: Tree, path: string): boolean => tree.some((each) => each.startsWith(`${path}: `))
  const queues = new Set(real.tree.flatMap((each) => copy.exec(each)?.[1] ?? []))
  const isDestroyed = (queue: string): boolean => [real, ours].every(({tree}) => !isThere(tree, `${queue}/active`))
  const isClean = (queue: string): boolean => !ours.tree.some((each) => copy.exec(each)?.[1] === queue)
  const left = [...queues].filter((each) => isDestroyed(each) && isClean(each))
  if (left.length === 0) return real
  const tree = real.tree.filter((each) => !left.includes(copy.exec(each)?.[1] ?? ''))
  const gone = left.filter((each) => !isThere(ours.tree, each) && !tree.some((line) => line.startsWith(`${each}/`)))
  const isAbout = (line: string): boolean =>
    gone.some((each) => line.includes(`'${each}'`) || line.includes(` ${each}: please verify`))
  return {
    tree: tree.filter((each) => !gone.some((queue) => each.startsWith(`${queue}: `))),
    outcomes: real.outcomes.map((each) => ({
      ...each,
      stderr: each.stderr
        .split('\n')
        .filter((line) => !isAbout(line))
        .join('\n'),
    })),
  }
}

function agrees(found: string | number, wanted: string | number | RegExp) {
  if (wanted instanceof RegExp) return wanted.test(String(found))
  return withoutChance(found) === withoutChance(wanted)
}

/** Process ids are chance, and so is whether a master has ended at the first look. */
function withoutChance(text: string | number) {
  return String(text)
    .replace(/\[\d+\]/g, '[pid]')
    .replace(/PID: \d+/g, 'PID: pid')
    .replace(/^.*: waiting for the Postfix mail system to terminate\n/gm, '')
}

/** The lines that are not in both; all of them when only their order differs. */
function both(wanted: string | number | RegExp, found: string | number) {
  const [lines, others] = [toLines(wanted), toLines(found)]
  const [missing, surplus] = [subtract(lines, others), subtract(others, lines)]
  const isMoved = missing.length + surplus.length === 0
  return show(isMoved ? lines : missing, isMoved ? others : surplus)
}

const toLines = (text: string | number | RegExp) => String(text).replace(/\n$/, '').split('\n')

const show = (wanted: string[], found: string[]) => [
  ...wanted.map((line) => `    wanted |${line}`),
  ...found.map((line) => `    found  |${line}`),
]

function compareTrees(real: Tree, ours: Tree, before: Tree, details: RowDetails, differs?: Difference): string[] {
  const expectation = differs?.tree
  if (Array.isArray(expectation)) return expectation.flatMap((line) => checkLine(ours, line))
  const wanted = comparable(expectation === 'untouched' ? before : real, details)
  const found = comparable(ours, details)
  const complaints = show(subtract(wanted, found), subtract(found, wanted))
  return complaints.length === 0 ? [] : ['tree:', ...complaints]
}

function checkLine(tree: Tree, line: string) {
  const isThere = tree.some((each) => each.startsWith(line.replace(/^!/, '')))
  return isThere === line.startsWith('!')
    ? [`tree: ${isThere ? 'there should be no' : 'there is no'} line ${line}`]
    : []
}

/** A list minus another, where lines may repeat. */
function subtract(from: string[], what: string[]) {
  const counts = new Map<string, number>()
  for (const line of what) counts.set(line, (counts.get(line) ?? 0) + 1)
  return from.filter((line) => {
    const count = counts.get(line) ?? 0
    counts.set(line, count - 1)
    return count <= 0
  })
}

function comparable(tree: Tree, {daemons}: RowDetails) {
  return daemons ? tree.filter((line) => !/^\/var\/(spool|lib)\/postfix[^/:]*\//.test(line)) : tree
}

function isSame(real: Visit, ours: Visit, details: RowDetails) {
  const sameOutcome = (expected: Outcome, index: number) => {
    const found = ours.outcomes[index]!
    return (['status', 'stdout', 'stderr'] as const).every((what) => agrees(found[what], expected[what]))
  }
  return real.outcomes.every(sameOutcome) && compareTrees(real.tree, ours.tree, [], details).length === 0
}
