import assert from 'node:assert/strict'
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {captureMainCf, editInPlace, restoreMainCf} from '../../src/apply/main-cf.ts'
import type {BeforeImage} from '../../src/model/change/before-image.ts'
import {editMainCf} from '../../src/model/main-cf/editor.ts'

type MainCfImage = Extract<BeforeImage, {was: 'main.cf'}>

const source = JSON.stringify(join(import.meta.dirname, '../../src/apply/main-cf.ts'))
const isRoot = process.geteuid?.() === 0
const set = {multi_instance_directories: '/etc/postfix-out /etc/postfix-in', multi_instance_enable: 'yes'}
const unset = ['relayhost']
const original = [
  '# caf\xe9',
  'multi_instance_directories=/etc/postfix-out,',
  '   # not this one',
  '\t/etc/postfix-old',
  'myhostname = hub.example.com',
  'relayhost = [mx.example.com]',
  'relayhost = [mx2.example.com]',
  'mynetworks = 127.0.0.0/8  [::1]/128',
].join('\n')

describe('main.cf', () => {
  let directory: string
  let path: string
  let trace: MainCfImage
  let before: object

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'main-cf-'))
    path = `${directory}/main.cf`
    writeFileSync(path, original, 'latin1')
    chmodSync(path, 0o640)
    if (isRoot) chownSync(path, 12, 34)
    utimesSync(path, 1_234_567_890.25, 1_234_567_890.25)
    const [traced] = captureMainCf(directory, set, unset)
    trace = JSON.parse(JSON.stringify(traced))
    before = state()
  })
  afterEach(() => rmSync(directory, {recursive: true}))

  it('is edited in place: set and removed in one', () => {
    editInPlace(directory, {set, remove: unset})
    assert.equal(text(), editMainCf(original, {set, remove: unset}))
    assert.equal(statSync(path).mode & 0o7777, 0o644)
    assert.deepEqual(readdirSync(directory), ['main.cf'])
  })

  it('comes back with its bytes, owner, mode and time', () => {
    edit()
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  it('comes back when the parameters were appended in another order, as postconf(1) does', () => {
    edit()
    const {multi_instance_enable, ...rest} = set
    write(editMainCf(editMainCf(original, {set: {multi_instance_enable}, remove: unset}), {set: rest}))
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  it('comes back with its time where somebody has written the same bytes again', () => {
    write(original)
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  it('is not mixed with a longer new version that a killed run has left', () => {
    const longer = `${original}\n# ${'x'.repeat(5000)}\n`
    writeFileSync(`${path}.tmp`, longer)
    editInPlace(directory, {set, remove: unset})
    assert.equal(text(), editMainCf(original, {set, remove: unset}))
    writeFileSync(`${path}.tmp`, longer)
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  it('comes back twice without harm', () => {
    edit()
    restoreMainCf(trace)
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  it('is not touched when the edit had not begun', () => {
    const {ino} = statSync(path)
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
    assert.equal(statSync(path).ino, ino)
  })

  it('loses a new version that was only half written', () => {
    writeFileSync(`${path}.tmp`, 'multi_instance_dir')
    restoreMainCf(trace)
    assert.deepEqual(state(), before)
  })

  const foreign: [title: string, happens: (text: string) => string, after: string][] = [
    [
      'a parameter that they set',
      (text) => editMainCf(text, {set: {myhostname: 'new.example.com'}}),
      editMainCf(original, {set: {myhostname: 'new.example.com'}}),
    ],
    [
      'a parameter that they added',
      (text) => `${text}smtp_tls_security_level = may\n`,
      `${original}\nsmtp_tls_security_level = may\n`,
    ],
    [
      'a parameter that they removed',
      (text) => editMainCf(text, {remove: ['mynetworks']}),
      editMainCf(original, {remove: ['mynetworks']}),
    ],
    ['a last line that they did not end', (text) => `${text}a = b`, `${original}\na = b`],
    ['a comment that they wrote', (text) => `# Mind the gap.\n${text}`, `# Mind the gap.\n${original}`],
    [
      'nothing of a parameter that we had set, too',
      (text) => editMainCf(text, {set: {multi_instance_enable: 'no'}}),
      original,
    ],
  ]
  for (const [title, happens, after] of foreign) {
    it(`edited by somebody else meanwhile keeps ${title}`, () => {
      edit()
      write(happens(text()))
      restoreMainCf(trace)
      assert.deepEqual(settings(text()), settings(after))
      assert.deepEqual(readdirSync(directory), ['main.cf'])
      const once = text()
      restoreMainCf(trace)
      assert.deepEqual(settings(text()), settings(once))
    })
  }

  it('edited by somebody else meanwhile has a new time, so that postfix reload is due', () => {
    edit()
    write(`${text()}a = b\n`)
    restoreMainCf(trace)
    assert.ok(Date.now() - statSync(path).mtimeMs < 60_000)
    const {mode, uid} = statSync(path)
    assert.deepEqual([mode & 0o7777, uid], [0o640, isRoot ? 12 : process.getuid!()])
  })

  it('keeps the edit of somebody who holds the lock of postconf(1) just now', async () => {
    edit()
    const editor = await editSlowly('smtp_tls_security_level = may')
    restoreMainCf(trace)
    await once(editor, 'close')
    assert.match(text(), /^smtp_tls_security_level = may$/m)
    assert.match(text(), /^multi_instance_directories=\/etc\/postfix-out,$/m)
    assert.doesNotMatch(text(), /multi_instance_enable/)
    assert.deepEqual(readdirSync(directory), ['main.cf'])
  })

  it('is not made again when somebody has removed it meanwhile', () => {
    rmSync(path)
    restoreMainCf(trace)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('is no hindrance when its whole directory is gone', () => {
    const gone = {...trace, config_directory: `${directory}/gone`}
    assert.doesNotThrow(() => restoreMainCf(gone))
  })

  for (const call of ['restoreMainCf(trace)', 'editInPlace(trace.config_directory, {set: trace.set})']) {
    it(`stays whole when the disk gets full in ${call}`, function () {
      if (spawnSync('prlimit', ['--version']).error !== undefined) this.skip()
      const long = `${original}\n#${'x'.repeat(5000)}\n`
      write(long)
      const [longer] = captureMainCf(directory, set, unset)
      const edited = editMainCf(long, {set})
      write(edited)
      const script = `import {editInPlace, restoreMainCf} from ${source}
        const trace = ${JSON.stringify(longer)}
        try {
          ${call}
        } catch (error) {
          console.log(error.code)
        }`
      // A limit on the size of files stands for the end of the disk.
      const node = [process.execPath, '--input-type=module', '-e', script]
      const {stdout, stderr} = spawnSync('prlimit', ['--fsize=4096', ...node], {encoding: 'utf8'})
      assert.equal(stdout, 'EFBIG\n', stderr)
      assert.equal(text(), edited)
    })
  }

  it('has no trace where there is none', () => assert.deepEqual(captureMainCf(`${directory}/gone`, set, unset), []))

  /** What the step does. */
  function edit(): void {
    write(editMainCf(original, {set, remove: unset}))
    chmodSync(path, 0o644)
    if (isRoot) chownSync(path, 0, 0)
  }

  /** Takes the lock, and makes its change later. */
  async function editSlowly(line: string): Promise<ChildProcess> {
    const script = `echo locked; sleep 0.3; { cat main.cf; echo '${line}'; } >main.cf.tmp; mv main.cf.tmp main.cf`
    const child = spawn('flock', ['-x', 'main.cf.tmp', 'sh', '-c', script], {cwd: directory})
    await once(child.stdout, 'data')
    return child
  }

  function write(changed: string): void {
    writeFileSync(path, changed, 'latin1')
  }

  function text(): string {
    return readFileSync(path, 'latin1')
  }

  /** Where ours have moved to the end, the rest is in its order. */
  function settings(mainCf: string): string[] {
    return mainCf
      .split('\n')
      .filter((each) => each !== '' && each !== '   # not this one')
      .sort()
  }

  function state(): object {
    const {mode, uid, gid, mtimeMs} = statSync(path)
    return {text: text(), mode, uid, gid, mtimeMs, beside: readdirSync(directory)}
  }
})
