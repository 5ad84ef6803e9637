/**
 * Races of a process of the mail owner's with root, each as often as ATTACK_TRIES says, and beside it the real postmulti
 * where it has the action.
 */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {exposeReal, onThrowAwayHost, realProgram, sh, start} from '../acceptance/inside.ts'
import {canaryFor, listCanaries, makeCanaries, mirror} from './canary.ts'
import {accounts, type Ended, endWithin, findNode, judge, keepHost, prepareHost, scratch} from './victim.ts'

const whole = process.env.ATTACK === 'whole'
const only = process.env.ATTACK_ONLY ?? ''
const tries = Number(process.env.ATTACK_TRIES ?? (whole ? 20 : 1))

const queue = '/var/spool/postfix-out'
const data = '/var/lib/postfix-out'

interface Race {
  title: string
  user: keyof typeof accounts
  given: string
  /** For the attacker. */
  way: 'swap' | 'flip' | 'plant'
  path: string
  watched?: string
  /** Of root, one after the other, while the attacker acts. */
  commands: string[]
  /** The same without sub-commands, for the real one. */
  real?: string
  /** Then the attacker has gone. */
  afterwards?: string[]
}

const many = (directory: string, name: string): string =>
  `touch $(seq -f '${directory}/${name}%g' 100 299)
   chown -R postfix:postfix ${directory}; chmod 4777 ${directory}/${name}*`
const importOut = '-I postfix-out -e import config_directory=/etc/postfix-out'
const deport = '/run/project/bin/postmulti -i postfix-out -e deport'
/** Without mail, so that it is not refused. */
const emptied = `rm -r ${queue}/active/A`
const files = many(`${queue}/active/A`, 'f')

const races: Race[] = [
  ...(['swap', 'flip'] as const).flatMap((way): Race[] => [
    {
      title: `import, a directory of the queue becomes a link (A1, ${way})`,
      user: 'postfix',
      given: `${files}; ${deport}`,
      way,
      path: `${queue}/active/A`,
      watched: `${queue}/active/A`,
      commands: [importOut],
      real: importOut,
    },
    {
      title: `undo of an import, the same (A2, ${way})`,
      user: 'postfix',
      given: `${files}; ${deport}; /run/project/bin/postmulti ${importOut}`,
      way,
      path: `${queue}/active/A`,
      watched: `${queue}/active/A`,
      commands: ['undo --yes'],
    },
    {
      title: `destroy, a directory of the queue becomes a link (A6, ${way})`,
      user: 'postfix',
      given: `${emptied}; ${many(`${queue}/flush/A`, 'f')}`,
      way,
      path: `${queue}/flush/A`,
      watched: `${queue}/flush/A`,
      commands: ['-i postfix-out -e destroy'],
      real: '-i postfix-out -e destroy',
    },
  ]),
  {
    title: 'undo of a destroy, what is written becomes a link (A4)',
    user: 'postfix',
    given: `${emptied}; ${many(data, 'smtp_scache.')}; /run/project/bin/postmulti -i postfix-out -e destroy || :`,
    way: 'plant',
    path: data,
    commands: ['undo --yes'],
  },
  {
    title: 'destroy and undo, a file that is a link at times (A8)',
    user: 'postfix',
    given: emptied,
    way: 'flip',
    path: `${data}/verify_cache.db`,
    commands: ['-i postfix-out -e destroy'],
    afterwards: ['undo --yes'],
  },
  {
    title: 'metrics --listen, the socket becomes a link (F23)',
    user: 'nobody',
    given: 'rm -rf /run/prom; mkdir /run/prom; chown nobody /run/prom',
    way: 'plant',
    path: '/run/prom',
    commands: ['metrics --listen /run/prom/m.sock'],
  },
]

onThrowAwayHost(import.meta.filename, 'an attacker who races', raceThem, 5 + tries * 6)

function raceThem() {
  let restoreHost: () => void
  const results: string[] = []

  before(async () => {
    await prepareHost()
    exposeReal()
    makeCanaries()
    restoreHost = keepHost()
  })
  after(() => {
    console.log(`      ${'race'.padEnd(70)} tries  canary touched  other faults  real: tries  touched`)
    for (const each of results) console.log(`      ${each}`)
  })

  for (const race of races.filter(({title}) => title.includes(only))) {
    it(`gets nothing by ${race.title}`, async () => {
      restoreHost()
      sh(race.given)
      const restore = keepHost()
      const ours = await repeat(race, restore, '/usr/sbin/postmulti', race.commands)
      const real = race.real === undefined ? undefined : await repeat(race, restore, realProgram, [race.real])
      const told = real === undefined ? ['-', '-'] : [tries, real.canary]
      const numbers = [tries, ours.canary, ours.wrong.size - ours.canary, ...told]
      const widths = [5, 16, 14, 13, 9]
      results.push(race.title.padEnd(70) + numbers.map((each, at) => String(each).padStart(widths[at]!)).join(''))
      assert.deepEqual(
        [...ours.wrong].flatMap(([count, found]) => found.slice(0, 3).map((each) => `try ${count}: ${each}`)),
        [],
      )
    })
  }

  async function repeat(race: Race, restore: () => void, program: string, commands: string[]) {
    const wrong = new Map<number, string[]>()
    let canary = 0
    for (let count = 1; count <= tries; count++) {
      restore()
      const found = await attempt(race, program, commands)
      if (found.length > 0) wrong.set(count, found)
      if (found.some((each) => /^(?:canary|journal|leak)/.test(each))) canary++
    }
    return {wrong, canary}
  }
}

async function attempt(race: Race, program: string, commands: string[]): Promise<string[]> {
  const {way, path, watched = '', user, afterwards = []} = race
  const isDirectory = sh(`test -d ${path} && echo yes || :`) === 'yes'
  const prey = isDirectory && way !== 'plant' ? mirror(path) : `${canaryFor(path)}/shadow`
  const before = listCanaries()
  const end = await startAttacker(user, [way, path, prey, watched])
  const outcomes: Ended[] = []
  try {
    for (const each of commands) outcomes.push(await runFor(program, each))
  } finally {
    await end()
  }
  for (const each of afterwards) outcomes.push(await runFor(program, each))
  const wrong: string[] = []
  for (const each of outcomes) wrong.push(...(await judge(each, before)))
  return [...new Set(wrong)]
}

/** A server is ended as soon as it listens. */
function runFor(program: string, command: string): Promise<Ended> {
  const run = start(program, command.split(' '), {detached: true})
  return endWithin(run, command.startsWith('metrics') ? command.split(' ').at(-1) : undefined)
}

/** The function that it returns ends it. */
async function startAttacker(user: keyof typeof accounts, words: string[]): Promise<() => Promise<void>> {
  const {uid, gid} = accounts[user]
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
  const child = spawn('setpriv', [...become, findNode(), `${scratch}/attacker.cjs`, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
  return () => {
    child.kill('SIGKILL')
    return ended
  }
}
