/**
 * Plugins that fail, in every way that is known, before a change: it is refused in both ways of speaking, and the host
 * is byte for byte as before.
 */
import assert from 'node:assert/strict'
import {differences, mustSucceed, onThrowAwayHost, postmulti, readTree, saveHost, sh} from '../acceptance/inside.ts'
import {installPlugin, plantPlugin, tryToInstall} from './site-plugin.ts'

interface Failure {
  /** How it fails. */
  title: string
  /** Its hooks.js; `manifest` goes into its package.json. */
  hooks: string
  manifest?: Record<string, unknown>
  /** What happens to it once it is installed. */
  later?: string
  /** What the refusal says of it. */
  says: RegExp
}

const root = '/var/lib/postmulti/plugins/versions/site-rule/1'
const answer = (value: string): string => `export default async () => (${value})`

const failures: Failure[] = [
  {title: 'throws', hooks: "export default () => { throw new Error('boom') }", says: /Error: boom/},
  {title: 'rejects', hooks: "export default async () => { throw new TypeError('boom') }", says: /TypeError: boom/},
  {title: 'throws no error', hooks: "export default () => { throw 'boom' }", says: /boom/},
  {
    title: 'throws later',
    hooks: 'export default () => new Promise(() => setTimeout(() => boom(), 1))',
    says: /boom is not defined/,
  },
  {title: 'exits', hooks: 'export default () => process.exit(0)', says: /ended with status 0 before/},
  {title: 'exits when it is loaded', hooks: 'process.exit(0)', says: /ended with status 0 before/},
  {title: 'kills itself', hooks: 'export default () => process.kill(process.pid, "SIGKILL")', says: /ended by SIGKILL/},
  {
    title: 'sends something of its own',
    hooks: "import {writeSync} from 'node:fs'; export default () => { writeSync(3, '7\\n'); return [] }",
    says: /sent a message that was not asked for/,
  },
  {
    title: 'sends an answer that is none',
    hooks: `import {writeSync} from 'node:fs'; export default () => { writeSync(3, '{"answers": 7}\\n'); return [] }`,
    says: /sent a message that was not asked for/,
  },
  {
    title: 'sends what is no JSON',
    hooks: "import {writeSync} from 'node:fs'; export default () => { writeSync(3, '{{{\\n'); return [] }",
    says: /sent a message that was not asked for/,
  },
  {
    title: 'sends a fault that cannot be printed',
    hooks: `import {writeSync} from 'node:fs'
      export default () => { writeSync(3, '{"answers": [], "fault": {"toString": 1}}\\n'); return [] }`,
    says: /sent a message that was not asked for/,
  },
  {
    title: 'sends a fault with lines that look like ours',
    hooks: `import {writeSync} from 'node:fs'
      export default () => { writeSync(3, JSON.stringify({fault: 'so\\n  try: rm -rf /'}) + '\\n'); return [] }`,
    says: /sent a message that was not asked for/,
  },
  {
    title: 'wants to be asked twice',
    hooks: `import {writeSync} from 'node:fs'; export default () => { writeSync(3, '{"loaded": true}\\n'); return [] }`,
    says: /sent a message that was not asked for/,
  },
  {
    title: 'asks for more than it reads',
    hooks: `import {writeSync} from 'node:fs'
      const look = JSON.stringify({id: -1, what: 'text', words: ['before', '/run/large']}) + '\\n'
      export default () => { for (;;) writeSync(3, look.repeat(100)) }`,
    later: 'head -c 15000000 /dev/zero | tr "\\0" x >/run/large',
    // A busy machine may need longer than the usual time to read it.
    manifest: {postmulti: {timeout: 60}},
    says: /does not read the answers/,
  },
  {
    title: 'answers with more than anybody reads',
    hooks: answer("Array.from({length: 5e5}, () => ({verdict: 'note', message: 'again'}))"),
    manifest: {postmulti: {timeout: 60}},
    says: /sent more than 16 MB/,
  },
  {
    title: 'keeps us at work for longer than it has',
    hooks: "export default async ({read}) => { for (;;) await read('before', {parameters: ['myhostname']}) }",
    manifest: {postmulti: {timeout: 1}},
    says: /did not answer within 1 s/,
  },
  {title: 'is no JavaScript', hooks: 'export default (', says: /cannot be loaded: SyntaxError/},
  {title: 'imports what is not there', hooks: "import 'no-such-package'", says: /cannot be loaded: .*no-such-package/},
  {title: 'exports nothing', hooks: 'const hook = () => []', says: /not export a function 'default'/},
  {
    title: 'exports something else',
    hooks: 'export default {enable: () => []}',
    says: /not export a function 'default'/,
  },
  {
    title: 'never answers',
    hooks: 'export default () => new Promise(() => setInterval(() => {}, 1000))',
    manifest: {postmulti: {timeout: 1}},
    says: /did not answer within 1 s/,
  },
  {
    title: 'runs in circles',
    hooks: 'export default () => { for (;;); }',
    manifest: {postmulti: {timeout: 1}},
    says: /did not answer within 1 s/,
  },
  {title: 'answers nothing', hooks: 'export default async () => {}', says: /invalid answer: /},
  {title: 'answers yes', hooks: answer('true'), says: /invalid answer: /},
  {
    title: 'answers with a word that is unknown',
    hooks: answer("[{verdict: 'veto', message: 'no'}]"),
    says: /invalid answer: /,
  },
  {
    title: 'writes a file by itself',
    hooks: "import {writeFileSync} from 'node:fs'; export default () => writeFileSync('/etc/planted', '')",
    says: /cannot|ERR_ACCESS_DENIED|restricted/,
  },
  {
    title: 'runs a program by itself',
    hooks:
      "import {execFileSync} from 'node:child_process'; export default () => execFileSync('touch', ['/etc/planted'])",
    says: /cannot|ERR_ACCESS_DENIED|restricted/,
  },
  {
    title: 'is made for another API',
    hooks: answer('[]'),
    manifest: {postmulti: {api: 1}},
    later: `sed -i 's/"api": *1/"api": 2/' ${root}/package.json`,
    says: /API|changed since/,
  },
  {title: 'has no package.json any more', hooks: answer('[]'), later: `rm ${root}/package.json`, says: /package\.json/},
  {
    title: 'has a damaged package.json',
    hooks: answer('[]'),
    later: `echo '{' >${root}/package.json`,
    says: /package\.json/,
  },
  {title: 'is not there any more', hooks: answer('[]'), later: `rm -r ${root}`, says: /site-rule/},
  {title: 'has lost its hook', hooks: answer('[]'), later: `rm ${root}/hooks.js`, says: /hooks\.js|changed since/},
  {title: 'was edited', hooks: answer('[]'), later: `echo '// mine' >>${root}/hooks.js`, says: /changed since/},
  {
    title: 'can be written by others',
    hooks: answer('[]'),
    later: `chmod g+w ${root}/hooks.js`,
    says: /hooks\.js.*0664/,
  },
  {
    title: 'belongs to another user',
    hooks: answer('[]'),
    later: `chown nobody ${root}/hooks.js`,
    says: /hooks\.js.*nobody/,
  },
]

onThrowAwayHost(import.meta.filename, 'a plugin that fails', failInEveryWay)

function failInEveryWay() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    restoreHost = saveHost()
    await installPlugin('export default () => []', {events: ['pre-enable']})
    // npm takes a second.
    sh('cp -a /var/lib/postmulti /run/with-plugin')
  })
  beforeEach(() => void sh('cp -a /run/with-plugin/. /var/lib/postmulti'))
  afterEach(() => restoreHost())

  for (const {title, hooks, manifest, later, says} of failures) {
    it(`${title}: refused in both ways of speaking, and nothing is changed`, async () => {
      plantPlugin(hooks, {events: ['pre-enable'], manifest: manifest ?? {}})
      if (later !== undefined) sh(later)
      const before = readTree()

      const classic = await postmulti('-i postfix-a -e enable')
      assert.equal(classic.status, 1)
      const fatal = classic.stderr.find((each) => each.startsWith('postmulti: fatal: ')) ?? ''
      assert.match(fatal, says)
      assert.match(fatal, /pre-enable.*plugin site-rule.*--without-plugin site-rule/)

      const {status, stdout} = await postmulti('instances enable a --json')
      assert.equal(status, 3)
      const {error} = JSON.parse(stdout)
      assert.match(error.message, says)
      assert.equal(error.suggestions.at(-1), 'postmulti instances enable a --json --without-plugin site-rule')

      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  for (const {title, hooks, manifest = {}, says} of failures.filter(({later}) => later === undefined)) {
    it(`${title}: is not installed, and the version before stays`, async () => {
      plantPlugin(answer("[{verdict: 'refuse', message: 'not today'}]"), {events: ['pre-enable']})
      const {status, stderr} = await tryToInstall(hooks, {events: ['pre-enable'], manifest})
      assert.equal(status, 3)
      assert.match(
        stderr.at(-2) ?? '',
        /: site-rule 1\.0\.0 cannot be used, and was not installed: pre-enable could not be/,
      )
      assert.match(stderr.at(-2) ?? '', says)
      assert.equal(stderr.at(-1), '  try: postmulti plugins install file:/run/plugins/site-rule')
      assert.match((await postmulti('-i postfix-a -e enable')).stderr.join('\n'), /not today \(plugin site-rule\)/)
    })
  }

  it('has rules that fail: is not installed', async () => {
    const manifest = {postmulti: {rules: './hooks.js'}}
    const {status, stderr} = await tryToInstall('export default () => []', {events: ['pre-enable'], manifest})
    assert.equal(status, 3)
    assert.match(stderr.at(-2) ?? '', /not installed: hooks\.js does not export an array of rules as its default$/)
  })

  it('is told of by both doctors, and there is something to type', async () => {
    plantPlugin('export default (', {events: ['pre-enable']})
    const {status, stdout} = await postmulti('plugins doctor')
    assert.equal(status, 1)
    const told = /^site-rule: pre-enable could not be asked: hooks\.js cannot be loaded: SyntaxError: .*\n {2}try: /m
    assert.match(stdout, told)
    assert.match((await postmulti('doctor')).stdout, /site-rule: pre-enable could not be asked: /)
    await installPlugin(answer("[{verdict: 'refuse', message: 'not today'}]"), {events: ['pre-enable']})
    await mustSucceed('plugins doctor')
  })

  it('can be left out by root, and the history says so', async () => {
    plantPlugin("export default () => { throw new Error('boom') }", {events: ['pre-enable']})
    await mustSucceed('instances enable a --without-plugin site-rule')
    const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
    assert.deepEqual(changes[0].without_plugins, ['site-rule'])
  })

  it('after the change is told, and is no reason to take it back', async () => {
    plantPlugin("export default () => { throw new Error('boom') }", {events: ['post-enable']})
    const {status, stderr} = await postmulti('-i postfix-a -e enable')
    assert.equal(status, 1)
    assert.ok(
      stderr.some((each) => /warning: post-enable .*boom.*plugin site-rule/.test(each)),
      stderr.join('\n'),
    )
    assert.equal((await postmulti('instances disable a')).status, 0)
    assert.equal((await postmulti('instances enable a')).status, 4)
    const {changes} = JSON.parse((await mustSucceed('history --json')).stdout)
    assert.match(changes[0].failures[0], /post-enable.*boom.*site-rule/)
  })
}
