/** What becomes of a command whose output cannot be printed: it ends, with the status of what it did. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mustSucceed, onThrowAwayHost, program} from '../acceptance/inside.ts'
import {makeTwoInstances, sendTo} from './two-instances.ts'

/** How the streams are, in the shell; the statuses below are in this order. */
const ways = ['>/dev/full', '2>/dev/full', '>/dev/full 2>&1', '>&- 2>&-', '2>&1 | true'] as const

const commands: [words: (number: number) => string, statuses: number[]][] = [
  [() => 'instances', [1, 0, 1, 0, 141]],
  [() => 'instances show out', [1, 0, 1, 0, 141]],
  [() => 'instances get out mail_version nosuch', [2, 2, 2, 2, 141]],
  [() => 'queue list', [1, 0, 1, 0, 141]],
  [() => 'trace nosuch --log /etc/passwd', [2, 2, 2, 2, 141]],
  [() => 'history', [1, 0, 1, 0, 141]],
  [(number) => `instances set out relayhost=[10.0.0.${number}]`, [4, 0, 4, 0, 141]],
  [(number) => `instances create new${number}`, [4, 0, 4, 0, 0]],
  // The second one is left alone where it is known in time that the first one cannot be told.
  [(number) => `instances create one${number} other${number}`, [4, 0, 4, 0, 4]],
  [() => 'instances enable nosuch', [2, 2, 2, 2, 2]],
  [() => 'undo --yes', [4, 0, 4, 0, 141]],
  [() => 'instances start out', [4, 0, 4, 0, 141]],
  [() => 'instances reload out', [4, 0, 4, 0, 141]],
  [() => 'instances run -i out -- true', [4, 0, 4, 0, 0]],
]

onThrowAwayHost(import.meta.filename, 'output that cannot be printed', printNothing)

function printNothing() {
  before(async () => {
    await makeTwoInstances()
    sendTo('out')
  })
  after(async () => {
    await mustSucceed('instances stop --all')
  })

  for (const [words, statuses] of commands) {
    for (const [at, way] of ways.entries()) {
      const status = statuses[at]
      it(`postmulti ${words(at)} ${way} ends with ${status}`, () => {
        const [redirection, reader] = way.split(' | ')
        const command = `${program} ${words(at)} ${redirection}`
        const line = reader === undefined ? command : `{ sleep 0.1; ${command}; exit $?; } | ${reader}`
        const script = `${line}; exit \${PIPESTATUS[0]}`
        const ended = spawnSync('bash', ['-c', script], {encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL'})
        assert.deepEqual([ended.signal, ended.status], [null, status], ended.stderr)
        assert.doesNotMatch(ended.stderr, /^ +at /m)
        const told = ended.stderr.match(/cannot be written/g) ?? []
        assert.ok(told.length <= 1, ended.stderr)
      })
    }
  }
}
