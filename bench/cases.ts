/** What is measured: the words for ours, and those that do the same with the real postmulti. */

export interface Case {
  title: string
  /** Commands, one after the other. */
  ours: string[][]
  real: string[][]
  /** Numbers of secondary instances for which it is measured. */
  sizes: number[]
  /** Exit status; 0 when absent. */
  status?: number
  /** postfix-new is there before each run. */
  onNewInstance?: true
  /** All run before each run, the secondaries being enabled. */
  onRunning?: true
  /** All commands are started at the same time. */
  atOnce?: true
  /** Takes the real one minutes: not for a quick run. */
  slow?: true
}

/** Instances that are made, and unmade, while measuring have this name, which a number may follow. */
export const newInstance = 'postfix-new'
export const howMany = 20

const newInstances = Array.from({length: howMany}, (_, at) => `${newInstance}${at + 1}`)
const creates = newInstances.map((name) => ['-I', name, '-e', 'create'])
const few = [1, 10]
const small = [...few, 100]
const upToThousand = [...small, 1000]

export const cases: Case[] = [
  same('-l', ['-l'], {sizes: [...upToThousand, 5000]}),
  same('-i one -x true', ['-i', 't1', '-x', 'true'], {sizes: upToThousand}),
  // Found before anything is read.
  same('an error', ['-l', 'foo'], {sizes: small, status: 1}),
  same('-e create', ['-I', newInstance, '-e', 'create'], {sizes: small}),
  same('-e destroy', ['-i', newInstance, '-e', 'destroy'], {sizes: small, onNewInstance: true}),
  same('-e enable', ['-i', 't1', '-e', 'enable'], {sizes: small}),
  // All are stopped, which the status tells.
  same('-p status', ['-p', 'status'], {sizes: small, status: 1}),
  {title: 'instances list --json', ours: [['instances', 'list', '--json']], real: [['-l']], sizes: upToThousand},
  {
    title: 'instances status',
    ours: [['instances', 'status']],
    real: [['-p', 'status']],
    sizes: upToThousand,
    status: 1,
  },
  same('-p stop', ['-p', 'stop'], {sizes: few, onRunning: true, slow: true}),
  {
    title: 'instances stop',
    slow: true,
    ours: [['instances', 'stop', '--all']],
    real: [['-p', 'stop']],
    sizes: few,
    onRunning: true,
  },
  {
    title: `instances create, ${howMany} names`,
    ours: [['instances', 'create', ...newInstances]],
    real: creates,
    sizes: [1],
    slow: true,
  },
  {title: `${howMany} creates at once`, ours: creates, real: creates, sizes: [1], atOnce: true, slow: true},
]

function same(title: string, words: string[], more: Omit<Case, 'title' | 'ours' | 'real'>): Case {
  return {title, ours: [words], real: [words], ...more}
}
