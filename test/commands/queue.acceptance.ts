/** Mail in the queues of several instances, under load, with queue ids that two of them have. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {isRelease} from '../../src/model/base/release.ts'
import {
  antedate,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  replaceTool,
  sh,
  sleep,
  start,
  until,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'
import {makeTwoInstances, sendTo} from './two-instances.ts'

/** In each of the two instances. */
const many = 3000
const ids = Array.from({length: many}, (_, at) => `${'0123456789ABCDEF'[at % 16]}AB${String(at).padStart(4, '0')}`)

onThrowAwayHost(import.meta.filename, 'mail in the queues', queues)

function queues() {
  before(async () => {
    await makeTwoInstances()
    await mustSucceed('instances start --group mta')
    for (const each of ['out', 'in']) {
      sendTo(each)
      await until(() => [...listQueue(each).values()].join() === 'deferred')
      multiply(each)
    }
  })
  after(() => postmulti('instances abort --all'))

  it('is counted', async () => {
    const {stdout} = await mustSucceed('queue --json')
    assert.deepEqual(faults(JSON.parse(stdout), schemas['queue:count']!), [])
    const {total, instances} = JSON.parse(stdout)
    assert.equal(total.deferred, 2 * many + 2)
    assert.equal(instances[0].oldest, null)
    assert.ok(Math.abs(Date.parse(instances[1].oldest) - Date.now()) < 60_000)
  })

  it('is counted twice for its growth', async () => {
    const {pid, ended} = start(program, 'queue --interval 5 --json'.split(' '))
    // It has looked once, and waits.
    let used = ''
    await until(async () => {
      const before = used
      await sleep(500)
      used = sh(`cut -d ' ' -f 14,15 /proc/${pid}/stat`)
      return used === before
    })
    sendTo('out')
    const {instances} = JSON.parse((await ended).stdout)
    assert.deepEqual(
      instances.map(({growth}: {growth: number}) => growth),
      [0, 1, 0],
    )
  })

  it('is compared with the last look of root at all instances', async () => {
    const look = async (words: string): Promise<{since: string | null; growths: (number | null)[]}> => {
      const answer = JSON.parse((await mustSucceed(`queue --json ${words}`.trim())).stdout)
      assert.deepEqual(faults(answer, schemas['queue:count']!), [])
      return {since: answer.since, growths: answer.instances.map(({growth}: {growth: number | null}) => growth)}
    }
    sh('rm -f /var/cache/postmulti/last-look.json')
    assert.deepEqual(await look(''), {since: null, growths: [null, null, null]})
    sendTo('out')
    const {since, growths} = await look('--group mta')
    assert.deepEqual(growths, [1, 0])
    assert.ok(Math.abs(Date.parse(since!) - Date.now()) < 60_000)
    assert.deepEqual(await look(''), {since, growths: [0, 1, 0]})
    assert.match((await mustSucceed('queue')).stdout, /^total .*\nGrowth since .*, \d seconds? ago$/m)
    const others = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', program, 'queue'], {
      encoding: 'utf8',
      cwd: '/',
    })
    assert.doesNotMatch(others.stdout, /growth/i)
    sh('postmulti queue >/dev/null')
    assert.deepEqual((await look('')).growths, [0, 0, 0])
  })

  it('is listed with ids that are unique on the host, with sender, recipients and reason', async () => {
    const answer = JSON.parse((await mustSucceed('queue list --json')).stdout)
    assert.deepEqual(faults(answer, schemas['queue:list']!), [])
    const found = new Set(answer.messages.map(({id}: {id: string}) => id))
    assert.equal(found.size, answer.messages.length)
    for (const each of ids) assert.ok(found.has(`postfix-out/${each}`) && found.has(`postfix-in/${each}`))
    const {sender, recipients} = answer.messages.at(-1)
    assert.deepEqual([sender, recipients], ['a@in.test', [{address: 'b@example.com', reason: 'deferred transport'}]])
  })

  const lists: [words: string, count: number][] = [
    ['--instance in', many + 1],
    ['--from a@in.test', many + 1],
    ['--from *@IN.test --to b@example.com', many + 1],
    // Copies of a queue file have no log of their deliveries.
    ['--reason transport --instance in', 1],
    ['--reason refused', 0],
    ['--queue hold', 0],
    ['--older 1d', 0],
  ]
  for (const [words, count] of lists) {
    it(`queue list ${words} finds ${count}`, async () => {
      const {stdout} = await mustSucceed(`queue list --ids ${words}`)
      assert.equal(stdout.split('\n').length - 1, count)
    })
  }

  it('is deleted, held and released where it is named, and left alone elsewhere, while more of it comes in', async () => {
    await until(() => [...listQueue('out').values()].every((each) => each === 'deferred'))
    const before = {out: listQueue('out'), in: listQueue('in')}
    const load = start('sh', [
      '-c',
      'for i in 1 2 3 4 5 6 7 8 9 10; do for n in out in; do echo hello | sendmail -C /etc/postfix-$n -f load@example.org b@example.com; done; done',
    ])
    const [deleted, held] = [ids.filter((_, at) => at % 3 === 0), ids.filter((_, at) => at % 3 === 1)]
    const released = held.filter((_, at) => at % 2 === 0)
    for (const [word, named] of [
      ['delete', deleted],
      ['hold', held],
      ['release', released],
    ] as const) {
      const {stdout} = await mustSucceed(['queue', word, '--yes', ...named.map((each) => `postfix-out/${each}`)])
      assert.equal(stdout.split('\n').length - 1, named.length)
    }
    assert.equal((await load.ended).status, 0)
    const now = {out: listQueue('out'), in: listQueue('in')}
    const isOurs = ([id]: [string, string]): boolean => before.out.has(id) || before.in.has(id)
    assert.deepEqual([...now.in].filter(isOurs), [...before.in])
    const wanted = new Map(before.out)
    for (const each of deleted) wanted.delete(each)
    for (const each of held) if (!released.includes(each)) wanted.set(each, 'hold')
    assert.deepEqual(Object.fromEntries([...now.out].filter(isOurs)), Object.fromEntries(wanted))
  })

  it('is queued anew under another id', async () => {
    const before = listQueue('out').size
    const [first = '', second = ''] = freshIds()
    await mustSucceed(`queue requeue postfix-out/${first} out/${second}`)
    // pickup(8) looks into maildrop once a minute, and when there is something new.
    sendTo('out')
    await until(() => !listQueue('out').has(first) && !listQueue('out').has(second))
    await until(() => listQueue('out').size === before + 1)
  })

  it('is shown whole', async () => {
    const [first = ''] = freshIds()
    const {stdout} = await mustSucceed(`queue show in/${first}`)
    assert.match(stdout, /^sender: a@in\.test$/m)
    assert.match(stdout, /^hello$/m)
    const {messages} = JSON.parse((await mustSucceed(`queue show in/${first} --json`)).stdout)
    assert.equal(messages[0].id, `postfix-in/${first}`)
  })

  it('does with a terminal nothing that its sender wants, and is shown to a program byte by byte', async () => {
    sh(
      `printf 'Subject: \\033]0;evil\\007 \\2332J\\n\\nhello\\n' | sendmail -C /etc/postfix-in -f evil@in.test b@example.com`,
    )
    const idOf = (): string => sh(`${program} queue list --from evil@in.test --ids`).trim()
    await until(() => idOf() !== '')
    const line = `postmulti queue show ${idOf()}`
    const {stdout} = spawnSync('script', ['-qec', line, '/dev/null'], {encoding: 'latin1', timeout: 10_000})
    const bytes = spawnSync('sh', ['-c', line], {encoding: 'latin1'}).stdout
    await mustSucceed(`queue delete ${idOf()}`)
    assert.match(stdout, /^Subject: \?\]0;evil\? \?2J\r$/m)
    assert.match(bytes, /^Subject: \x1b\]0;evil\x07 \x9b2J$/m)
  })

  it('is tried again where it is named', async () => {
    const [first = ''] = freshIds()
    const tried = (): string[] => {
      const lines = readFileSync('/var/log/mail.log', 'utf8').matchAll(/postfix-in\/\S+ (\w+): to=/g)
      return [...lines].map(([, id = '']) => id).filter((id) => ids.includes(id))
    }
    assert.deepEqual(tried(), [])
    await mustSucceed(`queue flush in/${first}`)
    await until(() => tried().length > 0)
    assert.deepEqual(tried(), [first])
  })

  const mistakes: [words: (id: string) => string, tries: (id: string) => RegExp][] = [
    [(id) => `queue delete ${id}`, (id) => RegExp(`try: postmulti queue delete .*postfix-in/${id}$`, 'm')],
    [(id) => `queue delete oin/${id}`, (id) => RegExp(`try: postmulti queue delete postfix-in/${id}$`, 'm')],
    [(id) => `queue delete in/${id} in/nosuch`, () => /try: postmulti queue list --instance postfix-in$/m],
    // To postsuper(1) this is every message.
    [() => 'queue delete in/ALL', () => /try: postmulti queue list --instance postfix-in$/m],
    [() => 'queue list --older soon', () => /try: postmulti queue list --older 2h$/m],
    [() => 'queue lits', () => /try: postmulti queue list$/m],
    [() => 'queue delete', () => /try: postmulti queue delete --help$/m],
  ]
  for (const [words, tries] of mistakes) {
    it(`is not touched by a mistake, which ends with 2: ${words('ID')}`, async () => {
      const [first = ''] = freshIds()
      const before = listQueue('in')
      const {status, stderr} = await postmulti(words(first))
      assert.equal(status, 2)
      assert.match(stderr.join('\n'), tries(first))
      assert.deepEqual(listQueue('in'), before)
    })
  }

  it('that is gone is no failure with --if-needed', async () => {
    const [first = '', second = ''] = freshIds()
    const words = `queue delete in/${first} in/nosuch in/${second} --if-needed --yes --json`
    const answer = JSON.parse((await mustSucceed(words)).stdout)
    assert.deepEqual(faults(answer, schemas['queue:delete']!), [])
    assert.deepEqual(
      answer.messages.map(({done}: {done: boolean}) => done),
      [true, true, false],
    )
  })

  it('that goes or moves while it is looked for is told or found, and what is beside it is left alone', async () => {
    const [gone = '', moved = ''] = freshIds()
    const before = listQueue('in')
    const path = (queue: string, id: string): string => `/var/spool/postfix-in/${queue}/${id}`
    const restore = replaceTool(
      'postsuper',
      `rm ${path(`deferred/${gone[0]}`, gone)}; mv ${path(`deferred/${moved[0]}`, moved)} ${path('incoming', moved)}`,
    )
    const {status, stdout, stderr} = await postmulti(`queue hold --yes in/${gone} in/${moved}`)
    restore()
    assert.deepEqual([status, stdout], [4, `postfix-in/${moved}: placed on hold\n`])
    assert.match(stderr.join('\n'), RegExp(`postfix-in/${gone}: it is gone`))
    before.delete(gone)
    assert.deepEqual(Object.fromEntries(listQueue('in')), Object.fromEntries(before.set(moved, 'hold')))
  })

  it('is asked about at a terminal when it is more than one', () => {
    const [first = '', second = ''] = freshIds()
    const line = `postmulti queue delete in/${first} in/${second}`
    const {status, stdout} = spawnSync('script', ['-qec', line, '/dev/null'], {
      encoding: 'utf8',
      input: 'n\n',
      timeout: 10_000,
    })
    assert.equal(status, 1, stdout)
    assert.match(stdout, /2 messages:/)
    assert.ok(listQueue('in').has(first))
  })

  it('is for root alone to change, and another user hears so', () => {
    const [first = ''] = freshIds()
    const words = ['--reuid=65534', '--regid=65534', '--clear-groups', program, 'queue', 'delete', `in/${first}`]
    const {status, stderr} = spawnSync('setpriv', words, {encoding: 'utf8'})
    assert.deepEqual([status, stderr], [3, 'postmulti: Access to queued mail needs root\n'])
  })

  describe('beside an instance that cannot be read', () => {
    before(async () => {
      await mustSucceed('-I postfix-bad -e create')
      sh('echo oops >>/etc/postfix-bad/main.cf')
      antedate()
    })
    after(() => void sh("sed -i '$d' /etc/postfix-bad/main.cf"))

    for (const words of ['queue', 'queue list --ids --instance in', 'queue list --ids']) {
      it(`is told all the same, and why it may not be all: ${words}`, async () => {
        const {status, stdout, stderr} = await postmulti(words)
        const isAbout = !words.includes('--instance')
        assert.equal(status, isAbout ? 1 : 0)
        assert.match(stdout, /postfix-in/)
        if (isAbout) assert.match(stdout + stderr.join(), /postfix-bad\/main\.cf, line \d+: missing '='/)
      })
    }

    it('is handled all the same', async () => {
      const [first = ''] = freshIds()
      await mustSucceed(`queue delete in/${first}`)
    })
  })

  describe('of an instance that is stopped', () => {
    before(() => mustSucceed('instances stop in'))

    it('is listed and handled, too', async () => {
      const [first = ''] = (await mustSucceed('queue list --instance in --queue deferred --ids')).stdout.split('\n')
      await mustSucceed(`queue hold ${first}`)
      const {stdout} = await mustSucceed('queue list --instance in --queue hold --ids')
      assert.ok(stdout.split('\n').includes(first))
    })

    it('is handled to the last one when its log can be written, and else it is said what to type', async () => {
      const listing = await mustSucceed('queue list --instance in --queue deferred --ids')
      const hold = ['queue', 'hold', '--yes', '--if-needed', ...listing.stdout.split('\n').slice(0, 5)]
      // Since 3.10 root writes it, whoever owns it.
      const isWritten = isRelease(sh('postconf -dh mail_version'), '3.10')
      if (!isWritten) {
        const {status, stderr} = await postmulti(hold)
        const [, remedy = ''] = /open logfile .*; try: (chown postfix .*)$/m.exec(stderr.join('\n')) ?? []
        assert.equal(status, 4)
        sh(remedy)
      }
      const {stdout} = await mustSucceed(hold)
      sh('chown root /var/log/mail.log')
      assert.equal(stdout.match(/placed on hold$/gm)?.length, isWritten ? 5 : 4)
    })

    it('is known by a long queue id, too', async () => {
      sh('postconf -c /etc/postfix-in -e enable_long_queue_ids=yes')
      antedate()
      sendTo('in')
      const {stdout} = await mustSucceed('queue list --instance in --queue maildrop --ids')
      const [id = ''] = stdout.split('\n')
      assert.match(id, /^postfix-in\/[0-9A-Za-z]+z[0-9A-Za-z]+$/)
      await mustSucceed(`queue show ${id}`)
      await mustSucceed(`queue delete ${id}`)
      assert.equal((await mustSucceed('queue list --instance in --queue maildrop --ids')).stdout, '')
    })

    it('is not tried, and it is said why', async () => {
      const {status, stderr} = await postmulti(`queue flush in/${freshIds()[0]}`)
      assert.equal(status, 1)
      assert.match(stderr.join('\n'), /mail system is down/)
    })
  })
}

/** Gives an instance more messages like the one that it has, with the ids that the other one gets, too. */
function multiply(name: string): void {
  const deferred = `/var/spool/postfix-${name}/deferred`
  const [only = ''] = listQueue(name).keys()
  const original = `${deferred}/${only[0]}/${only}`
  for (const each of ids) {
    mkdirSync(`${deferred}/${each[0]}`, {recursive: true})
    copyFileSync(original, `${deferred}/${each[0]}/${each}`)
  }
  sh(`chown -R postfix ${deferred}; chmod 700 ${deferred}/*; find ${deferred} -type f -exec touch -d '+1 hour' {} +`)
}

/** Ids in both instances that no test has named so far. */
function freshIds(): string[] {
  const [out, other] = [listQueue('out'), listQueue('in')]
  return ids.filter((each) => out.get(each) === 'deferred' && other.get(each) === 'deferred').slice(-2)
}

/** Read without the program under test. */
function listQueue(name: string): Map<string, string> {
  const directory = `/var/spool/postfix-${name}`
  const all = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'].flatMap((queue) =>
    readdirSync(`${directory}/${queue}`, {recursive: true, encoding: 'utf8'})
      .filter((each) => statSync(`${directory}/${queue}/${each}`, {throwIfNoEntry: false})?.isFile())
      .map((each) => [each.replace(/.*\//, ''), queue] as const),
  )
  return new Map(all.sort())
}
