/** Completion of postmulti(1)'s own options. */
import {asTyped, type Candidate, type Completed, type Live} from './candidate.ts'

const optionCandidates: Candidate[] = [
  {word: '-l', about: 'list instances'},
  {word: '-p', about: 'run a command of postfix(1) for each instance'},
  {word: '-x', about: 'run any command for each instance'},
  {word: '-e', about: 'change an instance, or the list of instances'},
  {word: '-a', about: 'for all instances'},
  {word: '-g', about: 'for the instances of a group'},
  {word: '-i', about: 'for one instance'},
  {word: '-I', about: 'the new name of an instance'},
  {word: '-G', about: 'the new group of an instance'},
  {word: '-R', about: 'in reverse order'},
  {word: '-j', about: 'list as JSON'},
  {word: '-v', about: 'verbose'},
]

const actionWords = ['create', 'import', 'destroy', 'deport', 'enable', 'disable', 'assign', 'init']
const postfixWords = [
  'start',
  'stop',
  'reload',
  'status',
  'check',
  'flush',
  'abort',
  'drain',
  'quick-stop',
  'set-permissions',
]

export function completeClassic(before: readonly string[], current: string, live: Live): Completed {
  const found = completeWord(before, current, live)
  return {...found, candidates: found.candidates.filter(({word}) => word.startsWith(current))}
}

function completeWord(before: readonly string[], current: string, live: Live): Completed {
  const last = before.at(-1) ?? ''
  if (/^-\w*e$/.test(last)) return {candidates: plainCandidates(actionWords)}
  if (/^-\w*i$/.test(last)) return {candidates: live.names().map((each) => asTyped(each, current))}
  if (/^-\w*[gG]$/.test(last)) return {candidates: live.groups()}
  if (/^-\w*I$/.test(last)) return {candidates: [{word: 'postfix-', about: 'names begin like this'}]}
  if (current.startsWith('-')) return {candidates: optionCandidates}
  const mode = before.findLast((each) => /^-\w*[px]\w*$/.test(each)) ?? ''
  const behindMode = before.slice(before.indexOf(mode) + 1).filter((each, at, all) => !isOptionAt(each, all[at - 1]))
  if (mode !== '' && behindMode.length > 0) return {candidates: [], besides: 'files'}
  if (mode.includes('p')) return {candidates: plainCandidates(postfixWords)}
  if (mode.includes('x')) return {candidates: [], besides: 'commands'}
  return {candidates: before.includes('-e') ? plainCandidates(directories) : []}
}

const directories = ['config_directory=', 'queue_directory=', 'data_directory=']

/** An option, or the argument of the one before it. */
function isOptionAt(word: string, previous = ''): boolean {
  return word.startsWith('-') || /^-\w*[egiGI]$/.test(previous)
}

function plainCandidates(words: readonly string[]): Candidate[] {
  return words.map((word) => ({word, about: ''}))
}
