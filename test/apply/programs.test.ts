/** Steps of site plugins that run a program or make a link, taken back like any other. */
import assert from 'node:assert/strict'
import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {apply, recover} from '../../src/apply/apply.ts'
import {undoOf} from '../../src/apply/before-images.ts'
import {readHistory} from '../../src/apply/history.ts'
import {Journal} from '../../src/apply/journal.ts'
import {runProgram} from '../../src/apply/run-program.ts'
import {describeStep, prepare, type StepTools} from '../../src/apply/steps.ts'
import {Refusal, ToolFailure} from '../../src/model/base/errors.ts'
import type {Beginning} from '../../src/model/change/past.ts'
import type {Step} from '../../src/model/change/plan.ts'
import {until} from '../acceptance/inside.ts'

const isRoot = process.geteuid?.() === 0

describe('a program that a plugin runs', () => {
  let root: string
  let journal: string
  const begin: Beginning = {
    request: {action: 'enable'},
    config_directory: '/etc/postfix-a',
    began: '2026-11-25T03:00:00.000Z',
    pid: 1,
    uid: 0,
    sudoUser: null,
  }
  let warnings: string[]
  const tools: StepTools = {
    run: () => assert.fail('no program of Postfix is wanted'),
    runProgram: (each) => runProgram(each, 2, () => {}),
    print: () => assert.fail('nothing is printed'),
    warn: (text) => void warnings.push(text),
    meta_directory: '',
    mail_owner: '',
    setgid_group: '',
  }
  const program = (script: string, more: Partial<Extract<Step, {do: 'run program'}>> = {}): Step => {
    return {do: 'run program', words: ['sh', '-c', script], directory: root, changes: [], undo: [], by: 'maps', ...more}
  }

  beforeEach(() => {
    warnings = []
    // Not below /tmp, which is everybody's: root would run nothing there.
    root = mkdtempSync(isRoot ? '/run/programs-' : join(tmpdir(), 'programs-'))
    journal = `${root}/journal`
  })
  afterEach(() => rmSync(root, {recursive: true}))

  it('that may fail is no obstacle for the rest, and what it says is told', async () => {
    const file: Step = {do: 'write file', path: `${root}/new`, bytes: 'x', mode: 0o644}
    await apply(journal, begin, [program('echo not today >&2; exit 1', {mayFail: true}), file], tools)
    assert.ok(existsSync(`${root}/new`))
    assert.match(warnings.join('\n'), /not today/)
  })

  it('is not waited for by way of a daemon that it leaves behind, which has no lock either', async () => {
    const lock = openSync(`${root}/lock`, 'w')
    const script = `sleep 1000 & echo $! >${root}/daemon`
    try {
      const step = program(script) as Extract<Step, {do: 'run program'}>
      await runProgram(step, lock, () => {})
      const pid = Number(readFileSync(`${root}/daemon`, 'utf8'))
      const open = readdirSync(`/proc/${pid}/fd`).map((each) => readlinkSync(`/proc/${pid}/fd/${each}`))
      process.kill(pid, 'SIGKILL')
      assert.ok(open.length > 0)
      assert.ok(!open.includes(`${root}/lock`), open.join(' '))
    } finally {
      closeSync(lock)
    }
  })

  it('is told with its words, its directory, and who wants it', () => {
    assert.equal(
      describeStep({...program(''), words: ['make', '-k all']} as Step),
      `in ${root} run make '-k all' (maps)`,
    )
  })

  it('runs in its directory, without the environment of the caller', async () => {
    process.env.SECRET = 'x'
    await apply(journal, begin, [program('echo "$PWD $SECRET" >out')], tools)
    delete process.env.SECRET
    assert.equal(readFileSync(`${root}/out`, 'utf8'), `${root} \n`)
  })

  it('that fails takes the change back: what it made goes, and what it changed is as before', async () => {
    writeFileSync(`${root}/old`, 'old')
    const changes = [`${root}/old`, `${root}/new`]
    const steps = [program('echo x >old; echo x >new; echo no such table >&2; exit 3', {changes})]
    await assert.rejects(
      () => apply(journal, begin, steps, tools),
      (error) => error instanceof ToolFailure && error.status === 3 && /no such table/.test(error.message),
    )
    assert.equal(readFileSync(`${root}/old`, 'utf8'), 'old')
    assert.ok(!existsSync(`${root}/new`))
  })

  it('is taken back by its undo words, when every file is as before', async () => {
    const steps: Step[] = [
      {do: 'write file', path: `${root}/unit`, bytes: 'x', mode: 0o644},
      program('true', {undo: ['sh', '-c', 'ls unit >>log 2>&1 || echo gone >>log']}),
      program('false'),
    ]
    await assert.rejects(() => apply(journal, begin, steps, tools), ToolFailure)
    assert.match(readFileSync(`${root}/log`, 'utf8'), /gone/)
  })

  it('whose undo words fail is no obstacle for the rest, and that is said', async () => {
    writeFileSync(`${root}/old`, 'old')
    const steps: Step[] = [
      program('true', {undo: ['sh', '-c', 'echo not today >&2; exit 1']}),
      {do: 'write file', path: `${root}/old`, bytes: 'new', mode: 0o644},
      program('false'),
    ]
    await assert.rejects(() => apply(journal, begin, steps, tools), /not today/)
    assert.equal(readFileSync(`${root}/old`, 'utf8'), 'old')
  })

  it('is taken back by the next run when this one was killed', async () => {
    const step = program('echo x >new', {changes: [`${root}/new`], undo: ['touch', 'undone']})
    const unfinished = Journal.begin(journal, begin)
    unfinished.record(prepare(step, tools).traces)
    await tools.runProgram({words: ['sh', '-c', 'echo x >new'], directory: root, changes: []})
    assert.match((await recover(journal, tools)) ?? '', /rolled back/)
    assert.ok(!existsSync(`${root}/new`))
    assert.ok(existsSync(`${root}/undone`))
    assert.deepEqual(
      readHistory(journal).changes.map(({end}) => end),
      ['undone'],
    )
  })

  describe('that waits for a FIFO', () => {
    // One that no process has waited for yet has ended as well.
    const runs = (): boolean => {
      try {
        return !/\) Z/.test(readFileSync(`/proc/${Number(readFileSync(`${root}/pid`, 'utf8'))}/stat`, 'utf8'))
      } catch {
        return false
      }
    }

    for (const [title, trap, signals] of [
      ['ends at a signal, with what it has started', '', 1],
      ['and does not listen ends at the second signal', "trap '' TERM;", 2],
    ] as const) {
      it(`${title}; the change is taken back`, async () => {
        const script = `${trap} mkfifo pipe; cat pipe & echo $! >pid; echo x >new; cat pipe`
        const applied = apply(journal, begin, [program(script, {changes: [`${root}/new`, `${root}/pipe`]})], tools)
        const failed = assert.rejects(applied, /interrupted by SIGTERM/)
        await until(() => existsSync(`${root}/new`) && runs())
        for (let count = 0; count < signals; count++) {
          assert.ok(runs())
          // Two that wait at the same time are one.
          const hasCome = once(process, 'SIGTERM')
          process.kill(process.pid, 'SIGTERM')
          await hasCome
        }
        await failed
        await until(() => !runs())
        assert.ok(!existsSync(`${root}/new`))
        assert.deepEqual(
          readHistory(journal).changes.map(({end}) => end),
          ['undone'],
        )
      })
    }
  })

  describe('in a directory of somebody else', () => {
    const nobody = 65534

    before(function () {
      if (!isRoot) this.skip()
    })
    beforeEach(() => {
      chmodSync(root, 0o755)
      mkdirSync(theirs())
      chownSync(theirs(), nobody, 0)
    })
    const theirs = (): string => `${root}/theirs`
    const there = (script: string): Step => program(script, {directory: theirs(), changes: [`${theirs()}/out`]})
    const run = (script: string): Promise<unknown> => apply(journal, begin, [there(script)], tools)
    /** Words for another Node. */
    const runInOther = (script: string): string[] => {
      const from = `${import.meta.dirname}/../../src/apply/run-program.ts`
      const given = JSON.stringify({words: ['sh', '-c', script], directory: theirs(), changes: []})
      const text = `import {runProgram} from '${from}'; await runProgram(${given}, 2, () => {})`
      return ['--input-type=module', '-e', text]
    }
    const isGone = async (file: string): Promise<void> => {
      const stat = `/proc/${readFileSync(`${theirs()}/${file}`, 'utf8').trim()}/stat`
      await until(() => !existsSync(stat) || /\) Z/.test(readFileSync(stat, 'utf8')))
    }

    it('runs as its owner, and that is told', async () => {
      assert.match(describeStep(there('id')), /^in \/run\/.*theirs run sh -c id as nobody \(maps\)$/)
      await run('echo "$(id -un) $(id -Gn) $PWD" >out')
      assert.equal(readFileSync(`${theirs()}/out`, 'utf8'), `nobody nogroup ${theirs()}\n`)
    })

    it('has no capabilities, and can get none', async () => {
      await run('grep -E "^(Cap|NoNew)" /proc/self/status >out')
      const found = readFileSync(`${theirs()}/out`, 'utf8')
      assert.equal(found.match(/^Cap\w+:\s0{16}$/gm)?.length, 5)
      assert.match(found, /^NoNewPrivs:\s1$/m)
    })

    it('has nothing open that we have, or our caller', () => {
      const ls = runInOther('ls -l /proc/self/fd >out')
      const {status} = spawnSync('bash', ['-c', '"$0" "$@" 5</etc/passwd 77</etc/passwd', process.execPath, ...ls])
      assert.equal(status, 0)
      const open = readFileSync(`${theirs()}/out`, 'utf8').match(/(?<= -> ).*/g) ?? []
      assert.deepEqual(
        open.filter((each) => !/^(?:socket|pipe):|^\/dev\/null$|^\/proc\/\d+\/fd$/.test(each)),
        [`${theirs()}/out`],
      )
    })

    it('dies when we are killed', async () => {
      const sleeps = runInOther('echo $$ >new; mv new pid; exec sleep 60')
      const child = spawn(process.execPath, sleeps, {stdio: 'ignore'})
      await until(() => existsSync(`${theirs()}/pid`))
      child.kill('SIGKILL')
      await isGone('pid')
    })

    it('is over when it has ended, whatever it leaves: what is in its group ends, and no pipe keeps us', async () => {
      const began = performance.now()
      await run(
        "sleep 60 & echo $! >pid; setsid sh -c 'echo $$ >other; exec sleep 60' & while ! [ -s other ]; do :; done",
      )
      assert.ok(performance.now() - began < 10_000)
      await isGone('pid')
      process.kill(Number(readFileSync(`${theirs()}/other`, 'utf8')))
    })

    it('cannot read what is not for its owner: that takes the change back', async () => {
      writeFileSync(`${root}/secret`, 'secret', {mode: 0o600})
      await assert.rejects(run('cat ../secret >out'), /sh -c '.*' \(as nobody\): cat: .*Permission denied/)
      assert.ok(!existsSync(`${theirs()}/out`))
    })

    it('is taken back as its owner, too, also where that directory is gone by then', async () => {
      const undo = ['sh', '-c', `id -un >>${theirs()}/log`]
      await assert.rejects(
        apply(journal, begin, [program('true', {directory: theirs(), undo}), program('false')], tools),
        ToolFailure,
      )
      assert.equal(readFileSync(`${theirs()}/log`, 'utf8'), 'nobody\n')
      const gone = undoOf({was: 'program', words: [], undo, directory: `${theirs()}/gone`})
      await tools.runProgram(gone)
      assert.equal(readFileSync(`${theirs()}/log`, 'utf8'), 'nobody\nnobody\n')
    })

    it('that others may write, too, does not run at all: with why and what to type', async () => {
      chownSync(theirs(), 0, 0)
      chmodSync(theirs(), 0o777)
      await assert.rejects(run('touch out'), (error) => {
        assert.ok(error instanceof Refusal)
        assert.match(error.message, /theirs is root's, and anybody may write it$/)
        assert.deepEqual(error.suggestions, [['chmod', 'go-w', theirs()]])
        return true
      })
      assert.ok(!existsSync(`${theirs()}/out`))
    })

    it('that others may write, too, keeps nothing else from being taken back, and that is said', async () => {
      chownSync(theirs(), 0, 0)
      const steps = [program('true', {directory: theirs(), undo: ['true']}), program(`chmod 777 ${theirs()}; false`)]
      await assert.rejects(apply(journal, begin, steps, tools), /others could replace them/)
      assert.deepEqual(
        readHistory(journal).changes.map(({end}) => end),
        ['undone in part'],
      )
    })
  })

  it('is waited for also when a reader of ours goes meanwhile', async () => {
    const told: boolean[] = []
    const listener = (): void => void told.push(existsSync(`${root}/new`))
    process.stderr.on('error', listener)
    const applied = apply(journal, begin, [program('mkfifo pipe; cat pipe; echo x >new')], tools)
    await until(() => existsSync(`${root}/pipe`))
    process.stderr.emit('error', new Error('EPIPE'))
    assert.deepEqual(told, [])
    writeFileSync(`${root}/pipe`, '')
    await applied
    process.stderr.off('error', listener)
    assert.deepEqual(told, [true])
  })

  it('that is not there is named', async () => {
    const steps = [{...program(''), words: ['/no/such/program']} as Step]
    await assert.rejects(() => apply(journal, begin, steps, tools), /\/no\/such\/program: .*(?:not found|No such file)/)
  })

  it('a link takes the place of another one, and that one comes back', async () => {
    symlinkSync('old-target', `${root}/link`)
    const link: Step = {do: 'link', path: `${root}/link`, target: 'new-target'}
    await apply(journal, begin, [link], tools)
    assert.equal(readlinkSync(`${root}/link`), 'new-target')
    await assert.rejects(
      () => apply(journal, begin, [{...link, target: 'third'} as Step, program('false')], tools),
      ToolFailure,
    )
    assert.equal(readlinkSync(`${root}/link`), 'new-target')
  })
})
