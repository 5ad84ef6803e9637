/**
 * The files of one secondary in any state: the others are listed, started, stopped and changed all the same, and the
 * damaged one is named, and can be deported. MUTANTS sets how many variants are tried, MUTANTS_SEED repeats an earlier
 * choice; `npm run test:damage` tries 500.
 */
import assert from 'node:assert/strict'
import {appendFileSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {makeChance} from '../acceptance/chance.ts'
import {antedate, type Outcome, onThrowAwayHost, program, sh, start} from '../acceptance/inside.ts'

const wanted = Number(process.env.MUTANTS ?? 6)
const seed = Number(process.env.MUTANTS_SEED ?? Date.now() % 1_000_000)
const chance = makeChance(seed)
/** In milliseconds, on a busy machine, too. */
const patience = 60_000

const victim = '/etc/postfix-out'
const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!

/** What becomes of a file; a text that it returns says what was drawn. */
type Mutation = (path: string) => unknown

const whole: Record<string, Mutation> = {
  empty: (path) => writeFileSync(path, ''),
  gone: (path) => void sh(`rm ${path}`),
  'a link to nowhere': (path) => void sh(`ln -sf /nowhere ${path}`),
  'a link to itself': (path) => void sh(`ln -sf ${path} ${path}`),
  'a link to that of another': (path) => void sh(`ln -sf ${path.replace('-out', '-web')} ${path}`),
  'a FIFO': (path) => void sh(`rm ${path}; mkfifo ${path}`),
  'a directory': (path) => void sh(`rm ${path}; mkdir ${path}`),
  'a device': (path) => void sh(`ln -sf /dev/zero ${path}`),
  'for nobody': (path) => void sh(`chmod 000 ${path}`),
  "somebody else's": (path) => void sh(`chown nobody ${path}; chmod 666 ${path}`),
  '100 MB of NUL': (path) => truncateSync(path, 100 * 2 ** 20),
  '100 MB in one line': (path) => void sh(`head -c 104857600 /dev/zero | tr '\\0' a >${path}`),
  '100 MB of lines': (path) => void sh(`yes 'a = b' | head -c 104857600 >${path}`),
  'random bytes': (path) =>
    writeFileSync(path, Buffer.from(Array.from({length: 2000}, () => Math.floor(chance() * 256)))),
  'with a mark of the byte order': (path) => writeFileSync(path, `\ufeff${readFileSync(path, 'utf8')}`),
  'with carriage returns': (path) => writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n')),
  'that of another': (path) => void sh(`cp ${path.replace('-out', '-web')} ${path}`),
  'cut off': (path) => {
    const length = Math.floor(chance() * readFileSync(path).length)
    truncateSync(path, length)
    return `after ${length} bytes`
  },
  'with another byte': (path) => {
    const bytes = readFileSync(path)
    const at = Math.floor(chance() * bytes.length)
    const byte = Math.floor(chance() * 256)
    bytes[at] = byte
    writeFileSync(path, bytes)
    return `${byte} at ${at}`
  },
  'without a line': (path) => {
    const lines = readFileSync(path, 'utf8').split('\n')
    const at = Math.floor(chance() * lines.length)
    writeFileSync(path, lines.toSpliced(at, 1).join('\n'))
    return String(at + 1)
  },
}

const lines: Record<string, readonly string[]> = {
  'main.cf': [
    'x',
    '= x',
    '  continued',
    'a = $b\nb = $a',
    'a = ${a',
    `a = ${'x'.repeat(1_000_000)}`,
    ...[
      'multi_instance_name',
      'multi_instance_group',
      'myhostname',
      'mail_owner',
      'setgid_group',
      'mynetworks',
      'inet_interfaces',
    ].flatMap((name) =>
      ['', 'postfix-web', '-', '\x1b[2J', "a';touch /run/pwned;'", 'é', 'a b', '$nosuch'].map(
        (value) => `${name} = ${value}`,
      ),
    ),
    ...[
      'queue_directory',
      'data_directory',
      'config_directory',
      'command_directory',
      'daemon_directory',
      'meta_directory',
    ].flatMap((name) =>
      [
        '',
        '/',
        'x',
        '/nowhere',
        '/var/spool/postfix-web',
        '/var/lib/postfix-web',
        '/etc/postfix-web',
        '/var/spool/postfix',
        '/run/loop',
        '$x',
      ].map((value) => `${name} = ${value}`),
    ),
    ...['yes', 'maybe', '', '$x'].map((value) => `multi_instance_enable = ${value}`),
    'multi_instance_directories = /etc/postfix-web /etc/postfix-out',
    'multi_instance_wrapper = /bin/false',
    'import_environment = LD_PRELOAD=/nowhere',
    'inet_protocols = ipv9',
    'smtpd_tls_cert_file = /run/fifo',
    'alias_maps = hsah:/x',
    'maillog_file = /nowhere/x',
    'syslog_name = ',
    'compatibility_level = 9.9',
    'default_process_limit = many',
    'maximal_queue_lifetime = 5y',
  ],
  'master.cf': [
    'x',
    'x unix',
    'smtp inet n - n - -',
    'smtp nosuch n - n - - smtpd',
    '99999 inet n - n - - smtpd',
    'a:b:c inet n - n - - smtpd',
    'x unix - - n - many smtp',
    'x unix - - n 1x 0 smtp',
    '  -o a=b',
    'x unix - - n - - smtp -o { a = b',
    'x unix - - n - - smtp -o a',
    'x unix - - n - - /bin/sh',
    'x unix - n n - - pipe user=nosuch argv=/bin/true',
    `x unix - - n - - smtp ${'-o a=b '.repeat(100_000)}`,
    'é unix - - n - - smtp',
    '\x1b[2J unix - - n - - smtp',
  ],
}

const mutations: [file: string, how: string, mutate: Mutation][] = [
  ...Object.keys(lines).flatMap((file) =>
    Object.entries(whole).map(([how, mutate]): [string, string, Mutation] => [file, how, mutate]),
  ),
  ...Object.entries(lines).flatMap(([file, all]) =>
    all.map((line): [string, string, Mutation] => [
      file,
      line.slice(0, 80),
      (path) => appendFileSync(path, `${line}\n`),
    ]),
  ),
]

onThrowAwayHost(import.meta.filename, 'a damaged instance', defineMutants, 10 + wanted / 5)

function defineMutants() {
  it(`keeps no other one from anything (MUTANTS_SEED=${seed})`, async () => {
    const restore = prepare()
    const bad: string[] = []
    for (let tried = 0; tried < wanted; tried++) {
      // All of them first, then again, with other numbers and a second damage.
      const [file, how, mutate] =
        wanted >= mutations.length && tried < mutations.length ? mutations[tried]! : pick(mutations)
      const drawn = mutate(`${victim}/${file}`)
      const what = [file, how, typeof drawn === 'string' ? drawn : ''].join(' ').trim()
      antedate()
      for (const each of await judge()) bad.push(`${JSON.stringify(what)}: ${each}`)
      restore()
    }
    console.log(`      ${wanted} variants of ${mutations.length}, others affected: ${bad.length}`)
    assert.deepEqual(bad, [])
  })
}

function prepare(): () => void {
  sh(`
    postmulti -e init
    ln -s loop /run/loop; mkfifo /run/fifo
    for each in out web next; do postmulti -I postfix-$each -G mta -e create; done
    postmulti -i postfix-web -e enable`)
  antedate()
  const image = sh(
    'cd /; image=$(mktemp /run/image.XXXXXX); tar -cf $image etc/postfix* var/spool var/lib/postfix*; echo $image',
  )
  return () =>
    void sh(`cd /; rm -rf etc/postfix* var/spool/postfix* var/lib/postfix* var/lib/postmulti; tar -xpf ${image}`)
}

/** What has nothing to do with the damaged one; those in a list belong together. */
const mustWork = [
  ['instances set /etc/postfix-next mail_name=x', 'undo --yes'],
  ['instances enable /etc/postfix-next', 'instances disable /etc/postfix-next'],
  ['instances assign /etc/postfix-next --group else'],
  ['-i /etc/postfix-next -e enable', '-i /etc/postfix-next -e disable'],
  ['-i /etc/postfix-next -x true'],
  [
    'instances start /etc/postfix-web',
    '-i /etc/postfix-web -p status',
    'instances reload /etc/postfix-web',
    'instances stop /etc/postfix-web --yes',
  ],
  ['-i /etc/postfix-web -p start', 'instances restart /etc/postfix-web', '-i /etc/postfix-web -p stop'],
]

/** What looks at all of them, or at the damaged one. */
const mayFail = [
  ...['check', 'queue', 'flow', 'metrics', 'doctor', 'instances status', 'instances check /etc/postfix-web'],
  ...['show', 'start', 'stop --yes', 'get myhostname', 'unset x'].map(
    (each) => `instances ${each.replace(/^\w+/, `$& ${victim}`)}`,
  ),
]

/** So many of them, each once. */
function some<T>(from: readonly T[], count: number): T[] {
  const left = [...from]
  return Array.from({length: count}, () => left.splice(Math.floor(chance() * left.length), 1)[0]!)
}

async function judge(): Promise<string[]> {
  const bad: string[] = []
  const expect = (isSo: boolean, what: string, outcome?: Outcome): void => {
    if (!isSo)
      bad.push(
        `${what}: ${outcome === undefined ? '' : `${outcome.status}: ${outcome.stderr.join(' | ').slice(0, 600)}`}`,
      )
  }
  const list = await run('-l')
  for (const each of ['-', 'postfix-web', 'postfix-next']) {
    expect(
      new RegExp(`^${each} .*/etc/postfix${each === '-' ? '' : each.slice(7)}$`, 'm').test(list.stdout),
      `-l has ${each}`,
      list,
    )
  }
  const json = await run('instances --json')
  const found: {config_directory: string}[] = JSON.parse(json.stdout || '{}').instances ?? []
  for (const each of ['', '-web', '-next']) {
    expect(
      found.some(({config_directory}) => config_directory === `/etc/postfix${each}`),
      `instances has ${each}`,
      json,
    )
  }
  const names = await run('instances')
  expect(names.stdout.includes('out') || names.stderr.join().includes(victim), 'instances names the damaged one', names)
  for (const words of some(mustWork, 3).flat()) {
    const outcome = await run(words)
    expect(outcome.status === 0, words, outcome)
  }
  for (const words of some(mayFail, 2)) {
    const outcome = await run(words)
    const said = outcome.stdout + outcome.stderr.join('\n')
    expect(outcome.status !== null && outcome.status <= 4, words, outcome)
    expect(!/^ +at |DEFECT|^node:/m.test(said), `no stack in ${words}`, outcome)
    expect(!said.includes('\x1b'), `nothing moves the terminal in ${words}`, outcome)
  }
  const destroyed = await run('-i /etc/postfix-next -e destroy')
  // One that claims a directory of the other may have its mail there.
  expect(destroyed.status === 0 || / conflicts with /.test(destroyed.stderr.join()), '-e destroy', destroyed)
  const deported = await run(`instances deport ${victim} --yes`)
  expect(deported.status === 0, 'deport of the damaged one', deported)
  const after = await run('-l')
  expect(after.status === 0 && !after.stdout.includes(victim), 'it is not listed any more', after)
  return bad
}

async function run(words: string): Promise<Outcome> {
  const child = start(program, words.split(' '), {detached: true})
  const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), patience)
  const outcome = await child.ended
  clearTimeout(late)
  return outcome
}
