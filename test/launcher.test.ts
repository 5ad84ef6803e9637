/** bin/postmulti: which way of speaking it hears, and what it lets Node see of the caller's environment. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

const root = join(import.meta.dirname, '..')

describe('launcher', () => {
  let base: string

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'launcher-'))
    cpSync(join(root, 'bin'), `${base}/program/bin`, {recursive: true})
    symlinkSync(join(root, 'node_modules'), `${base}/program/node_modules`)
    for (const home of ['.node_modules', '.node_libraries', 'path']) {
      write(`${base}/home/${home}/planted/index.js`, `console.log('planted in ${home}')`)
    }
    write(`${base}/home/first.js`, "console.log('planted first')")
  })
  afterEach(() => rmSync(base, {recursive: true}))

  const rows: [name: string, value: string][] = [
    ['HOME', 'home'],
    ['NODE_PATH', 'home/path'],
    ['NODE_OPTIONS', '--require=home/first.js'],
  ]
  for (const [name, value] of rows) {
    it(`lets ${name} load no code`, () => {
      assert.equal(
        run("try { require('planted') } catch ({code}) { console.log(code) }", name, value),
        'MODULE_NOT_FOUND',
      )
    })

    it(`puts ${name} aside for the commands that postmulti runs`, () => {
      const printed = run(`console.log(process.env.POSTMULTI_CALLER_${name}, process.env.${name})`, name, value)
      assert.equal(printed, `${inBase(value)} undefined`)
    })
  }

  // With sudo's !env_reset LD_PRELOAD is removed by its name, and ours slipped past under this one.
  it('puts nothing aside that was not there', () => {
    const printed = run('console.log(process.env.POSTMULTI_CALLER_HOME)', 'POSTMULTI_CALLER_HOME', 'home')
    assert.equal(printed, 'undefined')
  })

  it('makes no HOME where there is none', () => {
    assert.equal(run('console.log(Object.keys(process.env).filter((each) => /HOME/.test(each)))'), '[]')
  })

  it('lets SIGUSR1 open no debugger', () => {
    const program =
      "process.kill(process.pid, 'SIGUSR1'); setTimeout(() => console.log(require('inspector').url()), 500)"
    assert.equal(run(program), 'undefined')
  })

  for (const [words, entry] of [
    [[], 'postmulti'],
    [['-l'], 'postmulti'],
    [['-i', 'help', '-p', 'status'], 'postmulti'],
    [['--'], 'postmulti'],
    [['--help'], 'cli'],
    [['--version'], 'cli'],
    [['instances'], 'cli'],
    [['check', '-l'], 'cli'],
    [[''], 'cli'],
  ] as [string[], string][]) {
    it(`starts ${entry} for the words ${JSON.stringify(words)}`, () => {
      for (const each of ['postmulti', 'cli']) write(`${base}/program/dist/${each}.cjs`, `console.log('${each}')`)
      const {stdout} = spawnSync(`${base}/program/bin/postmulti`, words, {encoding: 'utf8'})
      assert.equal(stdout.trim(), entry)
    })
  }

  for (const words of [
    ['-e', 'init'],
    ['-aR', '-x', 'true'],
    ['-l', 'instances'],
    ['instances', 'list'],
  ]) {
    const isFixed = words[0] === '-l'
    it(`gives hash tables ${isFixed ? 'the seed of the build' : 'a seed of their own'} for ${words.join(' ')}`, () => {
      assert.equal(/--no-rehash-snapshot/.test(optionsFor(words)), isFixed)
    })
  }

  // Each without a terminal.
  for (const [words, isCompiled] of [
    [['-l'], false],
    [['-e', 'init'], false],
    [['instances'], false],
    [['check'], true],
    [['check', '--fix'], false],
    [['flow', '--to', 'check'], true],
    [['top'], true],
    [['top', '--json-lines'], false],
  ] as [string[], boolean][]) {
    it(`starts Node with${isCompiled ? '' : 'out'} compiled code for ${words.join(' ')}`, () => {
      assert.equal(/--jitless/.test(optionsFor(words)), !isCompiled)
    })
  }

  for (const [letter, tooFew, enough] of [
    ['v', 700_000, 800_000],
    ['d', 20_000, 100_000],
    ['n', 30, 32],
  ] as const) {
    it(`says in one line that ulimit -${letter} is too low`, () => {
      write(`${base}/program/dist/postmulti.cjs`, "console.log('runs')")
      const limited = (limit: number) =>
        spawnSync('sh', ['-c', `ulimit -${letter} ${limit}; exec ${base}/program/bin/postmulti -l`], {encoding: 'utf8'})
      assert.equal(limited(enough).stdout, 'runs\n')
      const {status, stderr} = limited(tooFew)
      assert.equal(stderr, `postmulti: fatal: ulimit -${letter} is ${tooFew}, and postmulti needs ${enough}\n`)
      assert.equal(status, 1)
    })
  }

  /** Of Node, for these words. */
  function optionsFor(words: string[]): string {
    for (const each of ['postmulti', 'cli']) {
      write(`${base}/program/dist/${each}.cjs`, 'console.log(process.execArgv.join())')
    }
    return spawnSync(`${base}/program/bin/postmulti`, words, {encoding: 'utf8'}).stdout
  }

  function run(program: string, name?: string, value = ''): string {
    write(`${base}/program/dist/postmulti.cjs`, program)
    const env = name === undefined ? {} : {[name]: inBase(value)}
    const {stdout, stderr} = spawnSync(`${base}/program/bin/postmulti`, [], {encoding: 'utf8', env})
    assert.equal(stderr, '')
    return stdout.trim()
  }

  function inBase(value: string): string {
    return value.replace('home', `${base}/home`)
  }
})

function write(path: string, text: string): void {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
}
