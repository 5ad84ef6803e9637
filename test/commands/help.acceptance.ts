/** Help on a real host: its examples work as they are printed, mistakes are answered, and words are completed. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {mustSucceed, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

const root = join(import.meta.dirname, '../..')

/** A plugin in the working directory, and a package of it. */
const makePlugin = `
  cd /run; mkdir -p naming-scheme package
  echo 'module.exports = () => []' | tee naming-scheme/hooks.js >package/hooks.js
  echo '{"name": "naming-scheme", "version": "1.2.0", "oclif": {"hooks": {"pre-create": "./hooks.js"}}}' |
    tee naming-scheme/package.json >package/package.json
  tar -czf naming-scheme-1.2.0.tgz package`

/** A message of postfix-out, and its way into a queue. */
const makeMessage = `
  postmulti -i out -x postconf -e authorized_submit_users=root
  find /etc/postfix* -name main.cf -exec touch -d '-1 hour' {} +
  echo hello | postmulti -i out -x sendmail user@example.com
  mv /var/spool/postfix-out/maildrop/* /run/message`
const putMessage = (path: string): string => `
  cd /var/spool/postfix-out
  mkdir -p $(dirname ${path})
  mv /run/message ${path}
  chown postfix ${path} $(dirname ${path})`
const waiting = `${makeMessage}; ${putMessage('deferred/4/4ABC1234')}`

/** What the examples of a command need, besides postfix-out and postfix-in in the group mta, enabled. */
const given: Record<string, string> = {
  check: `for each in out in; do
    postconf -c /etc/postfix-$each -e myhostname=$each.example.com maillog_file=/var/log/$each.log \\
      authorized_submit_users=root
  done`,
  'instances init': 'for each in out in; do postmulti -i $each -e disable; postmulti -i $each -e destroy; done',
  'instances create out': 'postmulti -i out -e disable; postmulti -i out -e destroy',
  'instances create postfix-in': 'postmulti -i in -e disable; postmulti -i in -e destroy',
  'instances import': 'postmulti -I postfix-old -e create; postmulti -i old -e deport',
  'instances deport': 'postmulti -i out -e disable',
  'instances destroy': 'postmulti -i out -e disable',
  'instances reload': 'postmulti -p start',
  'instances flush': 'postmulti -p start',
  'instances drain': 'postmulti -p start',
  'instances abort': 'postmulti -p start',
  'instances restart': 'postmulti -p start',
  'instances run': 'postmulti -p start',
  'instances stop': 'postmulti -p start',
  'instances status': 'postmulti -p start',
  'instances unset': `
    postmulti -x postconf -e default_process_limit=50 relayhost=
    find /etc/postfix* -name main.cf -exec touch -d '-1 hour' {} +`,
  metrics: 'mkdir -p /var/lib/prometheus/node-exporter',
  'plugins install': makePlugin,
  'plugins uninstall': `${makePlugin}; postmulti plugins install ./naming-scheme`,
  'plugins config': `${makePlugin}; postmulti plugins install ./naming-scheme`,
  'plugins rollback': `${makePlugin}
    postmulti plugins install ./naming-scheme
    echo >>naming-scheme/hooks.js
    postmulti plugins install ./naming-scheme`,
  'queue hold': waiting,
  'queue release': `${makeMessage}; ${putMessage('hold/4ABC1234')}`,
  'queue requeue': waiting,
  'queue delete': waiting,
  'queue flush': `${makeMessage}; postmulti -p start; ${putMessage('deferred/4/4ABC1234')}`,
  'queue show': waiting,
  trace: `cat >>/var/log/mail.log <<'.'
Nov 25 08:00:00 mx1 postfix-in/cleanup[2]: 4ABC1234: message-id=<4711@example.com>
Nov 25 08:00:00 mx1 postfix-in/qmgr[3]: 4ABC1234: from=<user@example.com>, size=1, nrcpt=1 (queue active)
.`,
  'wait --all': 'postmulti instances start',
  undo: 'postmulti instances enable out; postmulti instances disable in',
}

/** Examples after which the host is as before. */
const onlyReads =
  /--dry-run|^postmulti (?:check|completion|doctor|explain|flow|history|logs|queue|top|wait|plugins(?: new| doctor|$| -)|instances(?: show| get|$| -))/

/** Those that ask somebody at a terminal. */
const asks = /^postmulti (?:undo|instances deport \S+|instances run (?!.*(?:--instance|--yes) ).*)$/

/** Those that do so until somebody quits. */
const fillsScreen = /^postmulti top\b(?!.*--json)/

const examples = readExamples()

onThrowAwayHost(import.meta.filename, 'help', showHelp)

function showHelp() {
  let restoreHost: () => void
  let isChanged = false

  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['postfix-out', 'postfix-in']) {
      await mustSucceed(`-I ${each} -G mta -e create`)
      await mustSucceed(`-i ${each} -e enable`)
    }
    restoreHost = saveHost()
  })
  afterEach(() => {
    if (!isChanged) return
    sh('if pgrep -x master >/dev/null; then postmulti -p abort >/dev/null 2>&1 || :; fi')
    restoreHost()
    isChanged = false
  })

  for (const example of examples) {
    it(`has an example that works: ${example}`, () => {
      const need = Object.keys(given).find((each) => `${example} `.startsWith(`postmulti ${each} `))
      isChanged = need !== undefined || !onlyReads.test(example)
      if (need !== undefined) sh(given[need]!)
      type(example)
    })
  }

  it('begins with commands that a newcomer can type one after the other', () => {
    isChanged = true
    sh(given['instances init']!)
    const lines = sh('script -qec "postmulti --help" /dev/null').split(/\r?\n/)
    const first = lines.flatMap((each) => /^ {2}(postmulti .*?) {2,}/.exec(each)?.[1] ?? [])
    assert.ok(first.length >= 6, lines.join('\n'))
    for (const each of first) type(each)
  })

  it('is no more than a screen for who types postmulti alone, and a complaint for a script', async () => {
    const lines = sh('script -qec postmulti /dev/null').split(/\r?\n/)
    assert.ok(lines.length <= 15 && lines.every((each) => each.length <= 80), lines.join('\n'))
    const {status, stderr} = await postmulti([])
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /fatal: Specify exactly one of '-e', '-l', '-p', '-x'/)
  })

  const mistakes: [words: string, stderr: string[]][] = [
    ['restart out', ['restart is one of the commands of instances', 'try: postmulti instances restart out']],
    ['instances strat', ['instances has no such command', 'try: postmulti instances start']],
    ['instances start --jbos 2', ['postmulti instances start knows', 'try: postmulti instances start --jobs 2']],
    ['instances show otu', ['None of 3 instances', 'try: postmulti instances show postfix-out']],
    ['instances start -i otu', ['None of 3 instances', 'try: postmulti instances start -i postfix-out']],
    ['instances enable postfix-oot', ['None of 3 instances', 'try: postmulti instances enable postfix-out']],
    ['instances create new --like otu', ['None of 3', 'try: postmulti instances create new --like postfix-out']],
    ['instances reorder in --after otu', ['No other', 'try: postmulti instances reorder in --after postfix-out']],
    ['instances show', ['A name', 'try: postmulti instances show --help']],
    ['instances show out in', ['is all that it takes', 'try: postmulti instances show --help']],
    ['instances nonsense --help', ['instances has no such command', 'try: postmulti instances --help']],
  ]
  for (const [words, wanted] of mistakes) {
    it(`answers a mistake with exit status 2 and what to type: ${words}`, async () => {
      const {status, stdout, stderr} = await postmulti(words)
      assert.equal(status, 2)
      assert.equal(stdout, '')
      for (const each of wanted) assert.ok(stderr.join('\n').includes(each), stderr.join('\n'))
      const suggested = stderr.filter((each) => each.startsWith('  try: '))
      assert.ok(suggested.length >= 1 && suggested.length <= 3)
    })
  }

  const questions: [words: string, schema: string][] = [
    ['instances strat --json', 'error'],
    ['nonsense --help --json', 'error'],
    ['instances start --jbos --json', 'error'],
    ['instances show --json', 'error'],
    ['instances show otu --json', 'error'],
    ['instances --help --json', '--help'],
    ['--help --json', '--help'],
    ['--version --json', '--version'],
    ['completion bash --json', 'completion'],
  ]
  for (const [words, schema] of questions) {
    it(`prints one JSON object and nothing else: ${words}`, async () => {
      const {stdout, stderr} = await postmulti(words)
      assert.deepEqual(faults(JSON.parse(stdout), schemas[schema]!), [])
      assert.deepEqual(stderr, [])
    })
  }

  describe('hints at a terminal', () => {
    const rows: [words: string, hint: RegExp][] = [
      ['-I out -e enable', /: postmulti -i out -e enable$/],
      ['-I out2 -e create', /: postmulti -I postfix-out2 -e create$/],
      ['-i otu -p status', /: postmulti -i postfix-out -p status$/],
      ['-i out -p restart', /: postmulti instances restart out$/],
    ]
    for (const [words, hint] of rows) {
      it(`follow the words of postmulti(1), which stay as they are: ${words}`, () => {
        const read = ownLines(`postmulti ${words} 2>&1`)
        const seen = ownLines(`script -qec 'postmulti ${words}' /dev/null`)
        assert.deepEqual(seen.slice(0, -1), read)
        assert.match(seen.at(-1) ?? '', /^postmulti: hint: /)
        assert.match(seen.at(-1) ?? '', hint)
      })
    }

    for (const redirection of ['</dev/null', '| cat', '2>/run/said']) {
      it(`are not for what a program reads: ${redirection}`, () => {
        const said = ownLines(
          `: >/run/said; script -qec 'postmulti -I out -e enable ${redirection}' /dev/null; cat /run/said`,
        )
        assert.equal(said.length, 1)
        assert.match(said[0]!, /^postmulti: fatal: /)
      })
    }
  })

  describe('completion', () => {
    const rows: [line: string, ...words: string[]][] = [
      ['postmulti instances star', 'start'],
      ['postmulti instances start postfix-o', 'postfix-out'],
      ['postmulti instances start --group=m', 'mta'],
      ['postmulti instances set out relayh', 'relayhost='],
      ['postmulti -i postfix-i', 'postfix-in'],
      ['postmulti instances:star', 'start'],
      ['postmulti instances import /etc/postfix-o', '/etc/postfix-out'],
      ['postmulti instances start nob'],
    ]
    for (const [line, ...words] of rows) {
      it(`in bash offers ${words.join(', ') || 'nothing'} for: ${line}`, () => {
        const script = `
          source <(postmulti completion bash)
          COMP_LINE=$1 COMP_POINT=\${#1}
          read -ra COMP_WORDS <<<"$1"
          COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
          _postmulti postmulti "\${COMP_WORDS[-1]}" "\${COMP_WORDS[-2]}"
          printf '%s\\n' "\${COMPREPLY[@]}"`
        const {stdout, stderr} = spawnSync('bash', ['-c', script, 'bash', line], {encoding: 'utf8'})
        assert.equal(stderr, '')
        assert.deepEqual(stdout.split('\n').filter(Boolean), words)
      })
    }

    for (const [line, ...words] of rows.filter(([each]) => !/[=:]/.test(each))) {
      it(`in fish offers ${words.join(', ') || 'nothing'} for: ${line}`, function () {
        if (!existsSync('/usr/bin/fish')) this.skip()
        const script = `postmulti completion fish | source; complete -C '${line}'`
        const {stdout} = spawnSync('fish', ['--no-config', '-c', script], {encoding: 'utf8'})
        const offered = stdout.split('\n').filter(Boolean)
        assert.deepEqual(
          offered.map((each) => each.replace(/\t.*/, '').replace(/\/$/, '')),
          words,
        )
      })
    }

    it('in zsh puts in the only thing there is', function () {
      if (!existsSync('/usr/bin/zsh')) this.skip()
      // A TAB means completion only to a shell that somebody types in.
      const script = `
        zmodload zsh/zpty
        zpty typing zsh -f -i
        zpty -w typing 'autoload -U compinit; compinit -u -D; source <(postmulti completion zsh); print is ready'
        zpty -r typing said '*is ready*is ready*'
        zpty -n -w typing 'postmulti instances start postfix-o'$'\\t'
        zpty -r typing said '*postfix-out*'
        print -r -- $said`
      const {stdout} = spawnSync('zsh', ['-f', '-c', script], {
        encoding: 'utf8',
        env: {...process.env, TERM: 'dumb'},
        timeout: 15_000,
      })
      assert.match(stdout, /postmulti instances start postfix-out/)
    })

    it('says nothing where the host cannot be read', async () => {
      isChanged = true
      sh('mv /etc/postfix/main.cf /etc/postfix/main.cf.away')
      const {status, stdout, stderr} = await postmulti(['completion', 'words', '--', 'instances', 'start', ''])
      assert.deepEqual({status, said: stdout.trim(), stderr}, {status: 0, said: '', stderr: []})
    })
  })
}

/** What postmulti says, and not the programs that it runs. */
function ownLines(script: string): string[] {
  const {stdout} = spawnSync('sh', ['-c', script], {encoding: 'utf8'})
  return stdout.split(/\r?\n/).filter((each) => each.startsWith('postmulti: '))
}

/** As somebody at a terminal does, who answers questions with yes, and quits what fills the screen. */
function type(line: string): void {
  // A server ends when it is told to.
  const command = line.includes('--listen') ? `timeout --preserve-status 1 ${line}` : line
  // script(1) waits for somebody to read what it is given.
  const {status, stdout} = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    // What an example makes there goes with the host.
    cwd: '/run',
    env: {...process.env, EDITOR: 'true', TERM: fillsScreen.test(line) ? 'xterm' : 'dumb'},
    timeout: 20_000,
    input: asks.test(line) ? 'y\n' : fillsScreen.test(line) ? 'q' : '',
  })
  assert.equal(status, 0, `${line}: ${stdout}`)
}

function readExamples(): string[] {
  const manifest = join(root, 'oclif.manifest.json')
  if (!existsSync(manifest)) return []
  const commands: {id: string; examples?: string[]}[] = Object.values(
    JSON.parse(readFileSync(manifest, 'utf8')).commands,
  )
  return commands.flatMap(({id, examples: own = []}) =>
    own.map((each) =>
      each.replace('<%= config.bin %>', 'postmulti').replace('<%= command.id %>', id.replaceAll(':', ' ')),
    ),
  )
}
