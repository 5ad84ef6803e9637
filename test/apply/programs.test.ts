/** Steps of site plugins that run a program or make a link, taken back like any other. */
import assert from 'node:assert/strict'
import {existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {apply, recover} from '../../src/apply/apply.ts'
import {readHistory} from '../../src/apply/history.ts'
import {Journal} from '../../src/apply/journal.ts'
import {runProgram} from '../../src/apply/run-program.ts'
import {prepare, type StepTools, tell} from '../../src/apply/steps.ts'
import {ToolFailure} from '../../src/model/errors.ts'
import type {Beginning} from '../../src/model/past.ts'
import type {Step} from '../../src/model/plan.ts'

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
  const tools: StepTools = {
    run: () => assert.fail('no program of Postfix is wanted'),
    runProgram: (words, directory) => runProgram(words, directory, 2, () => {}),
    meta_directory: '',
    mail_owner: '',
    setgid_group: '',
  }
  const program = (script: string, more: Partial<Extract<Step, {do: 'run program'}>> = {}): Step => {
    return {do: 'run program', words: ['sh', '-c', script], directory: root, changes: [], undo: [], by: 'maps', ...more}
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'programs-'))
    journal = `${root}/journal`
  })
  afterEach(() => rmSync(root, {recursive: true}))

  it('is told with its words, its directory, and who wants it', () => {
    assert.equal(tell({...program(''), words: ['make', '-k all']} as Step), `in ${root} run make '-k all' (maps)`)
  })

  it('runs in its directory, without the environment of the caller', () => {
    process.env.SECRET = 'x'
    apply(journal, begin, [program('echo "$PWD $SECRET" >out')], tools)
    delete process.env.SECRET
    assert.equal(readFileSync(`${root}/out`, 'utf8'), `${root} \n`)
  })

  it('that fails takes the change back: what it made goes, and what it changed is as before', () => {
    writeFileSync(`${root}/old`, 'old')
    const changes = [`${root}/old`, `${root}/new`]
    const steps = [program('echo x >old; echo x >new; echo no such table >&2; exit 3', {changes})]
    assert.throws(
      () => apply(journal, begin, steps, tools),
      (error) => error instanceof ToolFailure && error.status === 3 && /no such table/.test(error.message),
    )
    assert.equal(readFileSync(`${root}/old`, 'utf8'), 'old')
    assert.ok(!existsSync(`${root}/new`))
  })

  it('is taken back by its undo words, when every file is as before', () => {
    const steps: Step[] = [
      {do: 'write file', path: `${root}/unit`, bytes: 'x', mode: 0o644},
      program('true', {undo: ['sh', '-c', 'ls unit >>log 2>&1 || echo gone >>log']}),
      program('false'),
    ]
    assert.throws(() => apply(journal, begin, steps, tools), ToolFailure)
    assert.match(readFileSync(`${root}/log`, 'utf8'), /gone/)
  })

  it('whose undo words fail is no obstacle for the rest, and that is said', () => {
    writeFileSync(`${root}/old`, 'old')
    const steps: Step[] = [
      program('true', {undo: ['sh', '-c', 'echo not today >&2; exit 1']}),
      {do: 'write file', path: `${root}/old`, bytes: 'new', mode: 0o644},
      program('false'),
    ]
    assert.throws(() => apply(journal, begin, steps, tools), /not today/)
    assert.equal(readFileSync(`${root}/old`, 'utf8'), 'old')
  })

  it('is taken back by the next run when this one was killed', () => {
    const step = program('echo x >new', {changes: [`${root}/new`], undo: ['touch', 'undone']})
    const unfinished = Journal.begin(journal, begin)
    unfinished.record(prepare(step, tools).traces)
    tools.runProgram(['sh', '-c', 'echo x >new'], root)
    assert.match(recover(journal, tools) ?? '', /rolled back/)
    assert.ok(!existsSync(`${root}/new`))
    assert.ok(existsSync(`${root}/undone`))
    assert.deepEqual(
      readHistory(journal).changes.map(({end}) => end),
      ['undone'],
    )
  })

  it('that is not there is named', () => {
    const steps = [{...program(''), words: ['/no/such/program']} as Step]
    assert.throws(() => apply(journal, begin, steps, tools), /\/no\/such\/program: .*No such file/)
  })

  it('a link takes the place of another one, and that one comes back', () => {
    symlinkSync('old-target', `${root}/link`)
    const link: Step = {do: 'link', path: `${root}/link`, target: 'new-target'}
    apply(journal, begin, [link], tools)
    assert.equal(readlinkSync(`${root}/link`), 'new-target')
    assert.throws(
      () => apply(journal, begin, [{...link, target: 'third'} as Step, program('false')], tools),
      ToolFailure,
    )
    assert.equal(readlinkSync(`${root}/link`), 'new-target')
  })
})
