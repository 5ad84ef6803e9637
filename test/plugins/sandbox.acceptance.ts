/**
 * A plugin that wants out: what it could do to the host, to the process that asks it and to other plugins. Nothing of it
 * comes true. Source of the ways: what is open to a process of root that Node's permission model alone holds.
 */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  readTree,
  saveHost,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'
import {installPlugin} from './site-plugin.ts'

/** Each has to throw: what it says comes back as a note, and 'came true' where nothing keeps it. */
const ways: [what: string, code: string][] = [
  ['writes a file', "fs.writeFileSync('/etc/planted', 'x')"],
  ['writes a file where everybody may', "fs.writeFileSync('/tmp/planted', 'x')"],
  ['appends to a file of root', "fs.appendFileSync('/etc/passwd', 'x')"],
  ['copies a file', "fs.copyFileSync('/etc/hostname', '/etc/planted')"],
  ['makes a directory', "fs.mkdirSync('/etc/planted')"],
  ['makes a link', "fs.symlinkSync('/etc/passwd', '/etc/planted')"],
  ['gives a file another name', "fs.linkSync('/etc/hostname', '/etc/planted')"],
  ['renames a file', "fs.renameSync('/etc/hostname', '/etc/planted')"],
  ['removes a file', "fs.rmSync('/etc/hostname')"],
  ['changes a mode', "fs.chmodSync('/etc/hostname', 0o777)"],
  ['changes an owner', "fs.chownSync('/etc/hostname', 65534, 65534)"],
  ['cuts a file', "fs.truncateSync('/etc/hostname')"],
  ['dates a file', "fs.utimesSync('/etc/hostname', 0, 0)"],
  ['makes a database', "new (get('node:sqlite').DatabaseSync)('/etc/planted').exec('create table t (a)')"],
  [
    'has a database write a file',
    `new (get('node:sqlite').DatabaseSync)(':memory:').exec("vacuum into '/etc/planted'")`,
  ],
  ['attaches a database', `new (get('node:sqlite').DatabaseSync)(':memory:').exec("attach '/etc/planted' as p")`],
  ['writes a report', "process.report.writeReport('/etc/planted')"],
  ['writes a snapshot of the heap', "get('node:v8').writeHeapSnapshot('/etc/planted')"],
  ['writes through its own descriptors', "fs.writeFileSync('/proc/self/fd/0', 'x'); fs.writeSync(0, 'x')"],
  ['starts a program', "get('node:child_process').execFileSync('touch', ['/etc/planted'])"],
  ['becomes a program', "process.execve('/usr/bin/touch', ['touch', '/etc/planted'], {})"],
  ['starts a thread', "new (get('node:worker_threads').Worker)('1', {eval: true})"],
  ['starts WebAssembly of its own', "new (get('node:wasi').WASI)({version: 'preview1', preopens: {'/': '/'}})"],
  ['loads compiled code', "process.dlopen({exports: {}}, '/lib/x86_64-linux-gnu/libc.so.6')"],
  ['lets a debugger in', "get('node:inspector').open(0)"],
  ['becomes root again', 'process.setuid(0)'],
  ['becomes root in part', 'process.seteuid(0)'],
  ['joins a group', 'process.setgroups([0])'],
  ['takes the group of root', 'process.setgid(0)'],
  ['stops who asks it', "process.kill(process.ppid, 'SIGSTOP')"],
  ['ends init', "process.kill(1, 'SIGTERM')"],
  ['ends a process of root', "process.kill(Number(fs.readFileSync('/run/pid', 'utf8')), 'SIGTERM')"],
  ['slows down who asks it', "get('node:os').setPriority(process.ppid, 19)"],
  ['hurries', "get('node:os').setPriority(-20)"],
  ['reads what only root may', "fs.readFileSync('/etc/shadow')"],
  ['reads the journal', "fs.readdirSync('/var/lib/postmulti/journal')"],
  ['reads the memory of who asks it', "fs.readFileSync('/proc/' + process.ppid + '/mem')"],
  ['reads the environment of who asks it', "fs.readFileSync('/proc/' + process.ppid + '/environ')"],
  ['looks at the descriptors of who asks it', "fs.readdirSync('/proc/' + process.ppid + '/fd')"],
  ['speaks with a socket of root', "await connect('/run/closed.sock')"],
  ['makes a socket of root', "await listen('/run/planted.sock')"],
  ['listens on a port of root', 'await listen(25)'],
  ['imports another plugin', "await import('site-other')"],
  ['imports another plugin by its path', "await import('/var/lib/postmulti/plugins/versions/site-other/1/hooks.js')"],
  ['imports what lies above', "await import('planted-above')"],
  ['requires what lies above', "get('node:module').createRequire(import.meta.url)('planted-above')"],
  ['asks for the environment of who asks it', "await question.text('before', '/proc/self/environ')"],
  ['asks for more than it could take', "await question.text('before', '/run/large')"],
  ['asks for the text of a FIFO', "await question.text('before', '/run/fifo')"],
  ['asks for the text of a device', "await question.text('before', '/dev/zero')"],
]

const tryAll = `
import fs from 'node:fs'
import net from 'node:net'
import {note} from '@postmulti/plugin-api'
const get = (name) => process.getBuiltinModule(name)
const connect = (path) => new Promise((resolve, reject) => net.connect(path, resolve).on('error', reject))
const listen = (where) => new Promise((resolve, reject) => net.createServer().on('error', reject).listen(where, resolve))
const ways = {${ways.map(([what, code]) => `${JSON.stringify(what)}: async (question) => { ${code} }`).join(',\n')}}
export default async (question) => {
  const said = []
  for (const [what, way] of Object.entries(ways)) {
    try { await way(question); said.push(what + ': came true') }
    catch (error) { said.push(what + ': ' + (error.code ?? error.message)) }
  }
  return said.map((each) => note(each.replace(/\\s+/g, ' ')))
}`

onThrowAwayHost(import.meta.filename, 'a plugin that wants out', wantOut)

function wantOut() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    for (const each of ['a', 'b']) await mustSucceed(`-I postfix-${each} -e create`)
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  it('finds no way of any kind', async () => {
    sh(`sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >/run/pid
      mkfifo /run/fifo
      truncate -s 17M /run/large
      mkdir -p /var/lib/node_modules/planted-above; echo 'export default 1' >/var/lib/node_modules/planted-above/index.mjs
      echo '{"exports": "./index.mjs"}' >/var/lib/node_modules/planted-above/package.json`)
    const listener = start('python3', [
      '-c',
      'import socket,os,time; s=socket.socket(socket.AF_UNIX); os.umask(0o77); s.bind("/run/closed.sock"); s.listen(); time.sleep(1000)',
    ])
    try {
      await until(() => existsSync('/run/closed.sock'))
      await installPlugin('export default () => []', {name: 'site-other', events: ['post-enable']})
      await installPlugin(tryAll, {events: ['pre-enable']})
      const before = readTree()
      const {stdout} = await mustSucceed('instances enable a --dry-run --json')
      const said: string[] = JSON.parse(stdout)
        .findings.filter(({plugin}: {plugin: string}) => plugin === 'site-rule')
        .map(({message}: {message: string}) => message)
      assert.equal(said.length, ways.length)
      assert.deepEqual(
        said.filter((each) => each.endsWith(': came true')),
        [],
      )
      assert.deepEqual(differences(before, readTree()), [])
      for (const each of ['/etc/planted', '/tmp/planted', '/run/planted.sock']) assert.ok(!existsSync(each), each)
      sh('kill -0 $(cat /run/pid)')
      console.log(`      ${ways.length} ways, none through`)
    } finally {
      sh('kill $(cat /run/pid); rm -rf /run/fifo /run/large /run/closed.sock /var/lib/node_modules')
      process.kill(listener.pid, 'SIGKILL')
      await listener.ended
    }
  })

  it('has nothing done by the names of the parameters that it wants', async () => {
    const names = [
      ...['$(touch /etc/planted)', 'x\ntouch /etc/planted', "'; touch /etc/planted; '", '; touch /etc/planted'],
      ...['-e', 'myhostname=planted.example.com'],
    ]
    const hook = `import {note} from '@postmulti/plugin-api'
      export default async ({read}) => {
        const views = await read('before', {parameters: ['myorigin', ...${JSON.stringify(names)}]})
        return [note('origin ' + views.map(({parameters}) => parameters.myorigin))]
      }`
    await installPlugin(hook, {events: ['pre-enable']})
    const before = readTree()
    const {stderr} = await mustSucceed('instances enable a --dry-run')
    assert.match(stderr.join('\n'), /origin \S+,\S+,\S+/)
    assert.deepEqual(differences(before, readTree()), [])
    assert.ok(!existsSync('/etc/planted'))
  })

  it('is nobody: no account, group, capability, process, byte in a file, or descriptor of a caller; and not to be traced', async () => {
    const hook = `import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs'
      export default () => {
        const status = readFileSync('/proc/self/status', 'utf8')
        const limits = readFileSync('/proc/self/limits', 'utf8')
        const told = [
          ...status.match(/^(?:Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs):.*/gm),
          ...limits.match(/^Max (?:processes|file size) +\\d+ +\\d+/gm),
          'owner ' + statSync('/proc/self/mem').uid,
          'open ' + readdirSync('/proc/self/fd').filter((each) => Number(each) > 3).map((each) => {
            try { return readlinkSync('/proc/self/fd/' + each) } catch { return '' }
          }).filter((each) => each !== '' && !/^(?:anon_inode|pipe|socket|\\/dev\\/null)|\\/proc\\//.test(each)),
          'environment ' + Object.keys(process.env).sort(),
        ]
        return [{verdict: 'note', message: told.join('|').replace(/\\s+/g, ' ')}]
      }`
    await installPlugin(hook, {events: ['pre-enable']})
    const told = async (): Promise<string[]> => {
      const stdout = sh(`bash -c 'exec 5</etc/shadow 77</etc/shadow; ${program} instances enable a --dry-run --json'`)
      const {message} = JSON.parse(stdout).findings.find(({plugin}: {plugin: string}) => plugin === 'site-rule')
      return message.split('|')
    }
    const [first, second] = [await told(), await told()]
    const [, id = ''] = /^Uid: (\d+)/.exec(first[0]!)!
    const none = '0000000000000000'
    assert.deepEqual(first, [
      `Uid: ${id} ${id} ${id} ${id}`,
      `Gid: ${id} ${id} ${id} ${id}`,
      'Groups: ',
      ...['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((each) => `${each}: ${none}`),
      'NoNewPrivs: 1',
      'Max file size 0 0',
      'Max processes 0 0',
      'owner 0',
      'open ',
      'environment LANG,PATH',
    ])
    assert.notEqual(second[0], first[0])
    assert.doesNotMatch(readFileSync('/etc/passwd', 'utf8'), new RegExp(`:${id}:`))
  })

  it('prints to whoever wrote it, and no escape sequence', async () => {
    await installPlugin("export default () => { console.log('here \\x1b[31m I am'); return [] }", {
      events: ['pre-enable'],
    })
    const {stderr} = await mustSucceed('-i a -e enable')
    assert.deepEqual(
      stderr.filter((each) => each.startsWith('here')),
      ['here ?[31m I am'],
    )
  })

  it('is asked where only root can reach the program', async () => {
    await installPlugin("import {note} from '@postmulti/plugin-api'; export default () => [note('reached')]", {
      events: ['pre-enable'],
    })
    const root = new URL('../..', import.meta.url).pathname
    sh(`mkdir -p /run/closed/program; chmod 700 /run/closed; mount --bind ${root} /run/closed/program`)
    try {
      const {ended} = start('/run/closed/program/bin/postmulti', ['instances', 'enable', 'a', '--dry-run'])
      assert.match((await ended).stderr.join('\n'), /reached/)
    } finally {
      sh('umount /run/closed/program')
    }
  })

  it('says what to type where it could not be read by the account that it is asked under', async () => {
    await installPlugin('export default () => []', {events: ['pre-enable']})
    sh('chmod 700 /var/lib/postmulti')
    try {
      const {status, stderr} = await postmulti('instances enable a')
      assert.equal(status, 3)
      assert.match(
        stderr.join('\n'),
        /only root can look into \/var\/lib\/postmulti.*\n.*chmod go\+x \/var\/lib\/postmulti/,
      )
    } finally {
      sh('chmod 711 /var/lib/postmulti')
    }
  })

  it('is ended before the next question when whoever asked it was killed', async () => {
    const hook = `export default ({subjects}) => { if (subjects[0].endsWith('-a')) for (;;); return [] }`
    await installPlugin(hook, {events: ['pre-enable'], manifest: {postmulti: {timeout: 600}}})
    const {pid, ended} = start(program, ['instances', 'enable', 'a'])
    await until(() => asked().length === 1)
    process.kill(pid, 'SIGKILL')
    await ended
    assert.equal(asked().length, 1, 'nobody has ended it')
    await mustSucceed('instances enable b')
    await until(() => asked().length === 0)
  })
}

/** Processes of the accounts that plugins are asked under. */
function asked(): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const [, uid] = /^Uid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
      return Number(uid) >= 0x78000000 && Number(uid) < 0x7ffe0000 ? [Number(pid)] : []
    } catch {
      return []
    }
  })
}
