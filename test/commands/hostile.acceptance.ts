/**
 * Whatever instances, groups, files and senders are called: nothing that is printed moves a terminal, and each command
 * that somebody is told to type is the one that was meant. It is held against what is printed where all of them have
 * plain names. HOSTILE sets how many values are tried: a number, all, or themselves in
 * JSON; HOSTILE_SEED repeats an earlier choice.
 */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {fromBytes, toBytes} from '../../src/model/base/text.ts'
import {makeChance} from '../acceptance/chance.ts'
import {antedate, exposeReal, onThrowAwayHost, program, realProgram, sh} from '../acceptance/inside.ts'
import {hostile, readBack} from '../shells.ts'

const plain = 'plainword'
const {HOSTILE = '1'} = process.env
const asked: number | string[] = HOSTILE === 'all' ? [...hostile] : JSON.parse(HOSTILE)
const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000)
const chance = makeChance(seed)
const values = typeof asked === 'object' ? asked : choose(asked)

onThrowAwayHost(import.meta.filename, 'hostile values on a host', nameThem, 15 + 2 * values.length)

/** What of a value can stand where. */
interface Spelling {
  /** Behind a name in main.cf. */
  line: string
  /** In a list of directories. */
  part: string
}

function spell(value: string): Spelling {
  const line = value.replace(/[\n\r]/g, '').trim()
  return {line, part: value.replaceAll(/[\s,$]/g, '')}
}

function nameThem() {
  let restore: () => void
  const figures = {values: values.length, commands: 0, lines: new Set<string>(), wrong: 0}
  let meant = new Set<string>()

  before(() => {
    exposeReal()
    sh(
      'mkdir /run/empty; postmulti -e init; postmulti -I postfix-near -e create; mkdir -p /etc/postmulti; printf "fetch-retries=0\\nregistry=http://127.0.0.1:9\\n" >/etc/postmulti/npmrc',
    )
    antedate()
    const image = sh(
      'image=$(mktemp /run/image.XXXXXX); tar -C / -cf $image etc/postfix etc/postfix-near var/spool var/lib/postfix var/lib/postfix-near; echo $image',
    )
    restore = () =>
      void sh(
        `cd /; rm -rf etc/postfix* etc/twin* etc/broken* run/srv var/spool/postfix* var/lib/postfix* var/lib/postmulti/* var/log/*; tar -C / -xpf ${image}`,
      )
    restore()
    meant = tell(plain).lines
  })
  after(() => {
    console.log(
      `      ${figures.values} values, ${figures.commands} commands, ${figures.lines.size} suggestions, not words: ${figures.wrong}`,
    )
  })

  for (const value of values) {
    it(`of ${JSON.stringify(value)} move no terminal, and stay what they are (HOSTILE_SEED=${seed})`, () => {
      restore()
      const {lines, faults} = tell(value)
      const shapes = new Set([...meant].map((each) => shapeOf(each, value)))
      for (const line of lines) {
        figures.lines.add(line)
        try {
          const shape = shapeOf(line, value)
          // It can be nothing else, unless the value is an option.
          const isPlain = /^[\w+,./:=@ -]+$/.test(line) && !(/^-./.test(value) && line.split(' ').includes(value))
          if (!isPlain && !shapes.has(shape)) faults.push(`not meant: ${JSON.stringify(line)} ${shape}`)
        } catch (error) {
          faults.push(`no words: ${JSON.stringify(line)} ${error}`)
        }
      }
      figures.wrong += faults.length
      assert.deepEqual(faults, [])
    })
  }

  /** Runs all commands on a host full of this value. */
  function tell(value: string): {lines: Set<string>; faults: string[]} {
    const lines = new Set<string>()
    const faults: string[] = []
    const type = (words: string[]) => {
      for (const forms of formsOf(words, value)) {
        const said = say([...words, ...forms])
        figures.commands++
        const label = JSON.stringify([...words, ...forms])
        const control = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\u2028\u2029\ufeff\udc80-\udc9f]/u.exec(said)
        if (control !== null)
          faults.push(
            `control ${JSON.stringify(control[0])} in ${label}: ${said.slice(control.index - 40, control.index + 9)}`,
          )
        if (/^ +at .*:\d+:\d+\)?$/m.test(said)) faults.push(`stack: ${label}: ${said.slice(0, 300)}`)
        for (const each of forms.length > 0 ? suggestionsIn(said) : tries(said)) lines.add(each)
      }
    }
    fill(value)
    for (const [at, words] of commandsFor(value).entries()) if (isTried(at)) type(words)
    return {lines, faults}
  }
}

/** A single value has half of the commands. */
const skipped = new Map<number, boolean>()

function isTried(at: number): boolean {
  if (!skipped.has(at)) skipped.set(at, values.length === 1 && chance() < 0.5)
  return !skipped.get(at)
}

function choose(count: number): string[] {
  const left = [...hostile]
  return Array.from({length: count}, () => left.splice(Math.floor(chance() * left.length), 1)[0]!)
}

/** Both where every value is tried; to learn what is meant the text is enough, but that of check tells like things once. */
function formsOf([first]: string[], value: string): string[][] {
  if (first!.startsWith('-')) return [[]]
  if (value === plain) return first === 'check' ? [['--json']] : [[]]
  return values.length > 1 ? [[], ['--json']] : [chance() < 0.5 ? [] : ['--json']]
}

/** postfix-made.. is in hostile directories, postfix-hand.. has all else, and twin, broken and gone are wrong. */
function fill(value: string): void {
  const {line, part} = spell(value)
  const [made, hand] = [`/etc/postfix-made${part}`, '/etc/postfix-hand']
  const queue = `/var/spool/postfix-made${part}`
  const data = `/var/lib/postfix-made${part}`
  run([
    realProgram,
    '-I',
    'postfix-made',
    '-G',
    'mta',
    '-e',
    'create',
    `config_directory=${made}`,
    `queue_directory=${queue}`,
    `data_directory=${data}`,
  ])
  write(
    made,
    directories(
      queue,
      data,
      `multi_instance_name = postfix-made${line}\nmulti_instance_group = g${line}\nmulti_instance_enable = yes\n`,
    ),
  )
  write(
    hand,
    directories(
      '/var/spool/postfix-hand',
      '/var/lib/postfix-hand',
      `multi_instance_name = postfix-hand${line}
multi_instance_group = h${line}
multi_instance_enable = yes
master_service_disable = inet
myhostname = x${line}
relayhost = ${line}
mydestination = localhost, ${line}
virtual_alias_maps = hash:/etc/postfix-hand/${line}, hash:/etc/postfix-hand/x${line}
transport_maps = hash:/run/srv/none${part}
smtpd_recipient_restrictions = check_policy_service unix:private/${part}
syslog_name = postfix-${line}
content_filter = ${part}:[127.0.0.1]:10026
unheard = ${line}
smtpd_client_port_loging = ${line}
alias_database = hash:/run/srv/alias${line}
`,
    ),
    `${part || 'x'} unix - - n - - smtp\n${part || 'x'} inet n - n - - smtpd\n  -o syslog_name=${line}\npipe unix - n n - - pipe\n  user=nobody argv=/run/srv/${line}\n`,
  )
  for (const each of [line, `x${line}`].filter((each) => !/[/]/.test(each) && each !== '')) {
    writeFileSync(toBytes(`${hand}/${each}`), 'a b\n')
  }
  write(
    '/etc/postfix-off',
    directories('/var/spool/postfix-off', '/var/lib/postfix-off', `multi_instance_name = postfix-off${line}\n`),
  )
  write(
    `/etc/twin${part}`,
    directories(
      '/var/spool/postfix-hand',
      '/var/lib/postfix-hand',
      `multi_instance_name = postfix-hand${line}\nmyhostname = x${line}\nmulti_instance_enable = yes\n`,
    ),
  )
  write(`/etc/broken${part}`, `oops ${line}\n`)
  // Not in the list.
  write(
    `/etc/postfix-import${part}`,
    directories(`/var/spool/postfix-import${part}`, `/var/lib/postfix-import${part}`, ''),
  )
  sh('mkdir -p -m 777 /run/srv/open; chmod 777 /run/srv')
  run(['mkdir', '-p', `/run/srv/open${part}`])
  list(
    [made, hand, '/etc/postfix-off', `/etc/twin${part}`, `/etc/broken${part}`, `/etc/gone${part}`, '/etc/postfix-near'],
    `alternate_config_directories = /run/srv/open${part} /run/srv/none${part}\n`,
  )
  sh("find /etc -name 'ma*.cf' -path '*/*' -newer /etc/hosts -type f -exec touch -d '-1 hour' {} +")
  for (const each of ['hand', 'off']) {
    mkdirSync(`/var/spool/postfix-${each}`)
    // Some values keep it from doing its work.
    run(['postfix', '-c', `/etc/postfix-${each}`, 'set-permissions', 'create-missing'])
  }
  // Where a value keeps Postfix from making them, they are missing anyway.
  run(['rm', '-rf', queue, data, '/var/lib/postfix-hand'])
  run(['/bin/sh', '-c', 'echo hello | sendmail -C /etc/postfix-off -f "$1" b@example.com', 'sh', value])
  antedate()
}

function directories(queue: string, data: string, more: string): string {
  return `compatibility_level = 3.6\nmaillog_file = /var/log/mail.log\nqueue_directory = ${queue}\ndata_directory = ${data}\n${more}`
}

function write(directory: string, main: string, services = ''): void {
  mkdirSync(toBytes(directory), {recursive: true})
  writeFileSync(toBytes(`${directory}/main.cf`), toBytes(main))
  writeFileSync(
    toBytes(`${directory}/master.cf`),
    Buffer.concat([readFileSync('/etc/postfix/master.cf'), toBytes(services)]),
  )
}

function list(paths: string[], more = ''): void {
  const text = readFileSync('/etc/postfix/main.cf', 'latin1').replace(
    /^(?:multi_instance_directories|alternate_config_directories) *=.*\n/gm,
    '',
  )
  const line = `multi_instance_directories = ${paths.join(' ')}\n`
  writeFileSync('/etc/postfix/main.cf', Buffer.concat([Buffer.from(text, 'latin1'), toBytes(line + more)]))
}

function commandsFor(value: string): string[][] {
  const {line, part} = spell(value)
  const [made, hand, off] = [`/etc/postfix-made${part}`, '/etc/postfix-hand', '/etc/postfix-off']
  const broken = `/etc/broken${part}`
  return [
    ['instances', 'list'],
    ['check'],
    ['check', made],
    ['doctor'],
    ['flow'],
    ['flow', '--to', value],
    ['queue'],
    ['queue', 'list'],
    ['queue', 'list', '--from', value],
    ['queue', 'hold', `${off}/4ABC`],
    ['queue', 'show', value],
    ['queue', 'flush', `postfix-of${line}/4ABC`],
    ['trace', `${value}1`],
    ['history'],
    ['metrics'],
    ['instances', 'show', made],
    ['instances', 'show', broken],
    ['instances', 'show', `postfix-mad${line}`],
    ['instances', 'shwo', value],
    ['instances', 'get', hand, 'myhostnam'],
    ['instances', 'get', made, 'myhostname', value],
    ['instances', 'start', `postfix-off${line}`],
    ['instances', 'start', off],
    ['instances', 'start', '--gruop', `g${line}`],
    ['instances', 'start', '--group', `gg${line}`],
    ['instances', 'start', broken],
    ['instances', 'reload', made],
    ['instances', 'stop', value],
    ['instances', 'run', '--instance', value, '--', 'true'],
    ['instances', 'enable', made],
    ['instances', 'enable', off, '--dry-run'],
    ['instances', 'disable', made, '--dry-run'],
    ['instances', 'destroy', made, '--yes'],
    ['instances', 'destroy', off, '--yes'],
    ['instances', 'create', `postfix-made${line}`],
    ['instances', 'create', value, '--dry-run', '--start'],
    ['instances', 'create', 'new', '--like', value],
    ['instances', 'create', 'new', '--group', value, '--before', value],
    ['instances', 'import', `/etc/postfix-import${part}`, '--dry-run'],
    ['instances', 'import', value],
    ['instances', 'import', made],
    ['instances', 'deport', made, '--dry-run'],
    ['instances', 'assign', off, '--group', value, '--dry-run'],
    ['instances', 'assign', off, '--name', `postfix-${value}`, '--dry-run'],
    ['instances', 'reorder', off, '--after', value],
    ['instances', 'set', off, `relayhost=${value}`, '--dry-run'],
    ['instances', 'set', off, `myhostnam=${value}`],
    ['instances', 'set', off, `multi_instance_group=${value}`],
    ['instances', 'set', off, `multi_instance_name=postfix-${value}`],
    ['instances', 'set', value, 'relayhost=x'],
    ['instances', 'set', off, value],
    ['instances', 'unset', off, value],
    ['instances', 'edit', off],
    ['plugins', 'install', `a b${value}`],
    ['plugins', 'install', `./${value}`],
    ['plugins', 'uninstall', value],
    ['plugins', 'config', value],
    ['completion', 'words', '--', 'postmulti', 'instances', 'show', value],
    ['completion', 'words', '--', 'instances', 'show', ''],
    [value],
    ['instances', value],
    ['undo', value],
    ['-i', `postfix-mad${line}`, '-p', 'status'],
    ['-i', off, '-e', 'destroy'],
    ['-i', made, '-e', 'destroy'],
    ['-I', `x${value}`, '-e', 'create'],
    ['-i', made, '-e', 'restart'],
    ['-p', 'status', '-g', `g${line}`],
    ['-l'],
    ['-g', value, '-p', 'start'],
    ['-e', 'create', `config_directory=${made}`],
    // What is wrong is away from here on.
    ['instances', 'deport', `/etc/gone${part}`],
    ['instances', 'deport', broken],
    ['instances', 'deport', `/etc/twin${part}`],
    ['instances', 'start', off],
    ['instances', 'destroy', made, '--yes'],
    ['instances', 'destroy', off, '--yes'],
    ['instances', 'import', `/etc/postfix-import${part}`],
    ['instances', 'enable', off],
    ['instances', 'assign', off, '--group', value],
    ['instances', 'assign', off, '--name', `postfix-${value}`],
    ['instances', 'set', off, `relayhost=${value}`],
    ['instances', 'unset', off, 'relayhost'],
    ['instances', 'set', made, `mail_name=${value}`],
    ['instances', 'deport', made],
    ['history'],
    ['history', '1'],
    ['undo', '--dry-run'],
    ['undo', '--yes'],
    ['-i', made, '-e', 'enable'],
    ['check', '--fix', '--dry-run'],
  ]
}

/** Of each command in a line the words, without what is the value's in them. */
function shapeOf(line: string, value: string): string {
  const {line: settled, part} = spell(value)
  // Postfix expands names that nothing sets to nothing.
  const expanded = settled.replace(/\$(?:\w+|\{\w+\}|\(\w+\))/g, '')
  const spelt = [...new Set([plain, value, settled, part, expanded])]
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
  const bare = (word: string): string => spelt.reduce((text, each) => text.replaceAll(each, ''), word)
  const [commands] = readBack([line])
  return JSON.stringify(commands!.map((words) => words.filter((each) => each !== '--json').map(bare)))
}

/** What is said at a terminal, and on stderr; of a program the words may be any bytes. */
function say(words: string[]): string {
  const line = words.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(' ')
  writeFileSync('/run/line', toBytes(`cd /run/empty; ${program} ${line} </dev/null 2>/run/stderr\n`))
  const [command, ...rest] = words.includes('--json')
    ? ['sh', '/run/line']
    : ['script', '-qec', 'sh /run/line', '/dev/null']
  const {stdout, error} = spawnSync(command!, rest, {
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      NO_COLOR: '1',
      EDITOR: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  assert.equal(error, undefined, line)
  return fromBytes(stdout).replaceAll('\r\n', '\n') + fromBytes(readFileSync('/run/stderr'))
}

/** With any bytes, whatever comes of it. */
function run(words: string[]): void {
  const line = words.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(' ')
  spawnSync('sh', ['-s'], {
    input: toBytes(`${line} >/dev/null 2>&1 </dev/null\n`),
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin'},
    timeout: 60_000,
  })
}

function tries(said: string): string[] {
  return [...said.matchAll(/(?:\btry|\bNext|^Then(?:, as root)?|To take it back|did you mean): (.*)$/gm)].map(
    ([, line]) => line!,
  )
}

/** All arrays of suggestions in JSON. */
function suggestionsIn(said: string): string[] {
  const start = said.indexOf('{')
  if (start < 0) return []
  const lines: string[] = []
  const text = said.slice(start, said.lastIndexOf('\n}') + 2)
  JSON.parse(text, (name, value) => {
    if (['suggestions', 'remedy'].includes(name)) lines.push(...value)
    return value
  })
  return lines
}
