/**
 * Plugins on a real host without a network: installed, asked, broken and taken away; and whose code root does not run.
 */
import assert from 'node:assert/strict'
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {
  differences,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  saveHost,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'
import {installOnce} from '../plugins/site-plugin.ts'
import {faults} from './conforms.ts'
import {readBytes} from './odd-host.ts'
import {schemas} from './schemas.ts'

const installed = '/var/lib/postmulti/plugins/versions'
const settings = '/etc/postmulti/plugins.json'
/** What planted code would make. */
const touched = '/run/touched'
const touch = `require('node:fs').writeFileSync('${touched}', '')`
const environment = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8'}

onThrowAwayHost(import.meta.filename, 'plugins', usePlugins)

function usePlugins() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    restoreHost = saveHost()
  })
  afterEach(() => {
    restoreHost()
    sh(`rm -rf /etc/postmulti /run/site ${touched} /run/scripted /run/home; mkdir /run/site`)
  })
  before(() => void sh('mkdir /run/site'))

  describe('install', () => {
    it('copies a directory, and the rule holds in both ways of speaking', async () => {
      await mustSucceed(`plugins install ${makeRule()}`)
      assert.equal((await postmulti('instances enable a')).status, 3)
      const {status, stderr} = await postmulti('-i postfix-a -e enable')
      assert.equal(status, 1)
      assert.match(stderr.join('\n'), /fatal: no enabling today/)
    })

    it('makes what only root can write, of what anybody could', async () => {
      makeRule()
      sh('chmod -R a+rwX /run/site; chown -R nobody /run/site')
      await mustSucceed('plugins install /run/site/rule')
      for (const each of readdirSync(installed, {recursive: true, encoding: 'utf8'})) {
        const stats = lstatSync(`${installed}/${each}`)
        assert.ok(!stats.isSymbolicLink() && stats.uid === 0 && (stats.mode & 0o022) === 0, each)
      }
    })

    // npm would have read it as root, and what is installed is for all to read.
    it('takes nothing of a directory of others that may be a file of somebody else', async () => {
      const directory = makeRule()
      sh(
        `echo secret >/run/secret; chmod 600 /run/secret; ln -s /run/secret ${directory}/link; chown -R nobody /run/site`,
      )
      await mustSucceed(`plugins install ${directory}`)
      assert.equal(existsSync(`${installed}/rule/1/link`), false)
      sh(`ln /run/secret ${directory}/again`)
      const {status, stderr} = await postmulti(`plugins install ${directory}`)
      assert.equal(status, 1)
      assert.match(
        stderr.join('\n'),
        /rule\/again: A file with several names, in a directory that is not root's alone$/m,
      )
    })

    const ways: [title: string, word: string][] = [
      ['a packed one by a relative path', 'rule.tgz'],
      ['a packed one as file:', 'file:rule.tgz'],
      ['a directory by a relative path', './rule/'],
      ['a directory by its name', 'rule'],
      ['a git repository', 'git+file:///run/site/rule'],
    ]
    for (const [title, word] of ways) {
      it(`takes ${title}`, async function () {
        if (word.startsWith('git') && !existsSync('/usr/bin/git')) this.skip()
        makeRule()
        sh(`
          cd /run/site
          if test -e /usr/bin/git; then
            cd rule; git init -q; git add .; git -c user.name=me -c user.email=me@example.com commit -qm one; cd ..
          fi
          mkdir package; cp rule/*.js* package; tar -czf rule.tgz package; rm -r package`)
        const {status, stdout, stderr} = await type(['plugins', 'install', word], {cwd: '/run/site'})
        assert.equal(status, 0, stderr.join('\n'))
        assert.equal(stdout, 'Installed rule 1.0.0, which is asked at pre-enable.\n')
        assert.equal((await postmulti('instances enable a')).status, 3)
      })
    }

    it('takes what is not there for a mistake, and not for an address', async () => {
      const {status, stderr, took} = await postmulti('plugins install site/rule')
      assert.equal(status, 2)
      assert.match(stderr[0] ?? '', /\/site\/rule is not there$/)
      assert.ok(took < 5000)
    })

    it('runs no script that a package brings, whatever npm is told by the caller', async () => {
      makeRule({scripts: {postinstall: 'touch /run/scripted', prepare: 'touch /run/scripted'}})
      write('/run/home/.npmrc', 'ignore-scripts=false\ncache=/run/home/cache\n')
      const env = {
        ...environment,
        HOME: '/run/home',
        npm_config_ignore_scripts: 'false',
        NPM_CONFIG_USERCONFIG: '/run/home/.npmrc',
        npm_config_prefix: '/run/home',
      }
      const {status} = await type(['plugins', 'install', '/run/site/rule'], {env})
      assert.equal(status, 0)
      assert.deepEqual([existsSync('/run/scripted'), readdirSync('/run/home')], [false, ['.npmrc']])
    })

    it('runs them where that is allowed', async () => {
      await mustSucceed(`plugins install ${makeRule({scripts: {postinstall: 'touch /run/scripted'}})} --allow-scripts`)
      assert.ok(existsSync('/run/scripted'))
    })

    it('brings another version in place of the first one', async () => {
      await installRule()
      await mustSucceed(`plugins install ${makeRule({version: '1.1.0'}, 'export default () => []')}`)
      await mustSucceed('instances enable a')
      assert.deepEqual(readdirSync(`${installed}/rule`), ['1', '2'])
      assert.deepEqual(readdirSync('/var/lib/postmulti/plugins').sort(), ['pins.json', 'versions'])
    })

    it('leaves another plugin alone, which brings its own node_modules', async () => {
      makeRule({name: 'other'}, "import 'part'\nexport default () => []")
      write('/run/site/other/node_modules/part/package.json', '{"name": "part", "version": "1.0.0", "main": "part.js"}')
      write('/run/site/other/node_modules/part/part.js', '')
      sh('cd /run/site; cp -r other package; tar -czf other.tgz package; rm -r package')
      await mustSucceed('plugins install /run/site/other.tgz')
      await mustSucceed(`plugins install ${makeRule({}, 'export default () => []')}`)
      await mustSucceed('plugins doctor')
      await mustSucceed('instances enable a')
    })

    it('goes on with what an older program has installed, and takes it over', async () => {
      await installRule()
      const directory = '/var/lib/postmulti/plugins'
      sh(`
        cd ${directory}
        mkdir tarballs node_modules; touch tarballs/rule-1.0.0.tgz package.json
        mv versions/rule/1 node_modules/rule; rm -r versions
        sed -i 's/"number"/"other"/' pins.json`)
      await mustSucceed('plugins doctor')
      assert.equal((await postmulti('instances enable a')).status, 3)
      await mustSucceed(`plugins install ${makeRule({name: 'other'})}`)
      assert.deepEqual(readdirSync(directory).sort(), ['node_modules', 'pins.json', 'versions'])
      assert.equal((await postmulti('instances enable a --without-plugin other')).status, 3)
      await mustSucceed('plugins uninstall other rule')
      assert.deepEqual(readdirSync(directory).sort(), ['pins.json', 'versions'])
      await mustSucceed('instances enable a')
    })

    it('mends what was changed by hand', async () => {
      await installRule()
      sh(`echo >>${installed}/rule/1/hooks.js`)
      assert.equal((await postmulti('plugins doctor')).status, 1)
      await mustSucceed('plugins install /run/site/rule')
      await mustSucceed('plugins doctor')
    })

    it('takes a directory for no plugin whose package.json is a FIFO', async () => {
      sh('mkdir /run/site/pipe; mkfifo /run/site/pipe/package.json')
      const {status, stderr} = await postmulti('plugins install /run/site/pipe')
      sh('rm -r /run/site/pipe')
      assert.deepEqual(
        [status, stderr[0]],
        [2, 'postmulti: /run/site/pipe is not a plugin: there is no package.json in it'],
      )
    })

    const unusable: [title: string, manifest: object, says: RegExp][] = [
      ['for another API', {postmulti: {api: 9}}, /made for version 9 of the plugin API/],
      ['with a misspelt event', {oclif: {hooks: {'pre-enabel': './hooks.js'}}}, /did you mean pre-enable\?/],
      ['without its hook', {oclif: {hooks: {'pre-enable': './none.js'}}}, /none\.js, for pre-enable, is not there/],
      ['that is none', {oclif: undefined}, /not a plugin: /],
      [
        'called like a member of every object',
        {name: 'constructor'},
        /: npm cannot install a plugin called constructor$/m,
      ],
      ['called like a bundled part', {name: '@oclif/plugin-help'}, /cannot be called @oclif\/plugin-help/],
      ['that needs what no network brings', {dependencies: {'left-pad': '1.0.0'}}, /npm install .*left-pad/],
    ]
    for (const [title, manifest, says] of unusable) {
      it(`refuses a plugin ${title}, and keeps all that was there`, async () => {
        await installRule()
        const before = readPlugins()
        const directory = makeRule({version: '2.0.0', ...manifest})
        const {status, stderr} = await postmulti(`plugins install ${directory}`)
        assert.ok(status === 3 || status === 1, stderr.join('\n'))
        assert.match(stderr.join('\n'), says)
        assert.deepEqual(readPlugins(), before)
        await mustSucceed('plugins doctor')
        assert.equal((await postmulti('instances enable a')).status, 3)
      })
    }

    it('installs all of them or none', async () => {
      makeRule()
      makeRule({name: 'other', postmulti: {api: 9}})
      assert.equal((await postmulti('plugins install /run/site/rule /run/site/other')).status, 3)
      assert.deepEqual(JSON.parse((await mustSucceed('plugins --json')).stdout).plugins.filter(isInstalled), [])
    })

    it('lets nothing past when it is killed half-way, and can be typed again', async () => {
      await installRule()
      makeRule(
        {version: '2.0.0', scripts: {postinstall: 'touch /run/scripted; exec sleep 60'}},
        'export default () => []',
      )
      const running = start(program, ['plugins', 'install', '/run/site/rule', '--allow-scripts'])
      await until(() => existsSync('/run/scripted'))
      process.kill(running.pid, 'SIGKILL')
      sh('pkill -x sleep')
      await running.ended
      const {status, stderr} = await postmulti('-i postfix-a -e enable')
      assert.equal(status, 1)
      assert.match(stderr.join('\n'), /plugin rule/)
      await mustSucceed(`plugins install ${makeRule({version: '2.0.0'}, 'export default () => []')}`)
      await mustSucceed('-i postfix-a -e enable')
    })

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      it(`keeps all that was there when it is stopped by ${signal}`, async () => {
        await installRule()
        const before = readPlugins()
        makeRule({version: '2.0.0', scripts: {postinstall: 'touch /run/scripted; exec sleep 60'}})
        const running = start(program, ['plugins', 'install', '/run/site/rule', '--allow-scripts'])
        await until(() => existsSync('/run/scripted'))
        process.kill(running.pid, signal)
        const {status, stderr} = await running.ended
        assert.equal(status, 1)
        assert.match(stderr.at(-1) ?? '', new RegExp(`interrupted by ${signal}`))
        assert.deepEqual(readPlugins(), before)
        await mustSucceed('plugins doctor')
      })
    }

    it('keeps others waiting until npm has ended, also when postmulti is killed', async () => {
      makeRule({scripts: {postinstall: 'touch /run/scripted; exec sleep 60'}})
      const running = start(program, ['plugins', 'install', '/run/site/rule', '--allow-scripts'])
      await until(() => existsSync('/run/scripted'))
      process.kill(running.pid, 'SIGKILL')
      const waiting = start('sh', ['-c', `${program} plugins uninstall rule 2>/run/waiting`])
      await until(() =>
        /waiting for process \d+ \(.+\), which process \d+ \(postmulti plugins install/.test(
          sh('cat /run/waiting || :'),
        ),
      )
      sh('pkill -x sleep')
      await waiting.ended
    })

    it('is for root alone', async () => {
      const {status, stderr} = await asNobody(['plugins', 'install', makeRule()])
      assert.equal(status, 3)
      assert.equal(stderr.at(-1), '  try: sudo postmulti plugins install /run/site/rule')
      // Which plugins are installed only root can see.
      await installRule()
      sh('chmod 700 /var/lib/postmulti')
      const setting = await asNobody(['plugins', 'config', 'rule', 'mode=off'])
      sh('chmod 755 /var/lib/postmulti')
      assert.deepEqual(setting.stderr, [
        'postmulti: Only root can change plugins',
        '  try: sudo postmulti plugins config rule mode=off',
      ])
    })
  })

  describe('uninstall', () => {
    const broken: [title: string, spoil: string][] = [
      ['works', 'true'],
      ['has lost its directory', `rm -r ${installed}/rule/1`],
      ['has a broken package.json', `echo x >${installed}/rule/1/package.json`],
      ['is a dangling link', `rm -r ${installed}/rule/1; ln -s /nowhere ${installed}/rule/1`],
      ['has lost its pin', 'echo {} >/var/lib/postmulti/plugins/pins.json'],
    ]
    for (const [title, spoil] of broken) {
      it(`takes a plugin away that ${title}`, async () => {
        await installRule()
        sh(spoil)
        await mustSucceed('plugins uninstall rule')
        assert.ok(lstatSync(`${installed}/rule/1`, {throwIfNoEntry: false}) === undefined)
        await mustSucceed('instances enable a')
        await mustSucceed('plugins doctor')
      })
    }

    it('takes away all of them or none', async () => {
      await installRule()
      const {status, stderr} = await postmulti('plugins uninstall rule rulle')
      assert.equal(status, 2)
      assert.deepEqual(stderr, [
        'postmulti: No plugin rulle is installed',
        '  try: postmulti plugins uninstall rule',
        '  try: postmulti plugins',
      ])
      assert.ok(existsSync(`${installed}/rule/1`))
    })
  })

  describe('config', () => {
    it('says how much a plugin may say, and takes it back', async () => {
      await installRule()
      await mustSucceed('plugins config rule mode=off settings.scheme=mx* settings.limit=5')
      assert.deepEqual(JSON.parse(readFileSync(settings, 'utf8')), {
        rule: {mode: 'off', settings: {scheme: 'mx*', limit: 5}},
      })
      assert.deepEqual([lstatSync(settings).mode & 0o777, lstatSync(settings).uid], [0o644, 0])
      await mustSucceed('instances enable a')
      await mustSucceed('instances disable a')
      await mustSucceed('plugins config rule mode= settings.scheme= settings.limit=')
      assert.deepEqual(JSON.parse(readFileSync(settings, 'utf8')), {})
      assert.equal((await postmulti('instances enable a')).status, 3)
    })

    const mistakes: [words: string, suggestion: string][] = [
      ['rulle mode=off', 'postmulti plugins config rule mode=off'],
      ['rule mod=off', 'postmulti plugins config rule mode=off'],
      ['rule mode=of', 'postmulti plugins config rule mode=on'],
      ['rule timeout=0', 'postmulti plugins config --help'],
      ['rule mode', 'postmulti plugins config rule mode='],
    ]
    for (const [words, suggestion] of mistakes) {
      it(`answers a mistake, and sets nothing: ${words}`, async () => {
        await installRule()
        const {status, stderr} = await postmulti(`plugins config ${words}`)
        assert.equal(status, 2)
        assert.equal(
          stderr.find((each) => each.startsWith('  try: ')),
          `  try: ${suggestion}`,
        )
        assert.ok(!existsSync(settings))
      })
    }

    it('leaves a broken file alone, and every change is refused until it is mended', async () => {
      write(settings, '{"rule": ')
      const {status, stderr} = await postmulti('instances enable a')
      assert.equal(status, 3)
      assert.match(stderr.join('\n'), /plugins\.json is not JSON/)
      await installRule()
      assert.equal((await postmulti('plugins config rule mode=off')).status, 3)
      assert.equal(readFileSync(settings, 'utf8'), '{"rule": ')
    })
  })

  it('doctor tells of settings for a plugin that is not there', async () => {
    write(settings, '{"unique-myhostnam": {"mode": "on"}}')
    const {status, stdout} = await postmulti('plugins doctor')
    assert.equal(status, 1)
    assert.match(stdout, /unique-myhostnam: \S+plugins\.json sets something for it/)
    assert.match(stdout, /try: postmulti plugins config unique-myhostnam mode=$/m)
  })

  it('doctor tells of places that others can write, although nothing is there yet', async () => {
    sh(
      'mkdir -p /var/lib/postmulti/plugins /etc/postmulti; chmod g+w /var/lib/postmulti/plugins; chown nobody /etc/postmulti',
    )
    const {status, stdout} = await postmulti('plugins doctor')
    assert.equal(status, 1)
    assert.match(stdout, /^ {2}try: chmod -R go-w \/var\/lib\/postmulti\/plugins$/m)
    assert.match(stdout, /^ {2}try: chown -R root:root \/etc\/postmulti$/m)
  })

  for (const words of ['plugins', 'plugins doctor', 'plugins config rule', 'plugins uninstall rule']) {
    it(`prints the JSON of docs/json.md: ${words}`, async () => {
      await installRule()
      const id = words === 'plugins' ? 'plugins:list' : words.split(' ').slice(0, 2).join(':')
      const {stdout} = await postmulti(`${words} --json`)
      assert.deepEqual(faults(JSON.parse(stdout), schemas[id]!), [])
    })
  }

  it('prints the JSON of docs/json.md: plugins install', async () => {
    const {stdout} = await mustSucceed(`plugins install ${makeRule()} --json`)
    assert.deepEqual(faults(JSON.parse(stdout), schemas['plugins:install']!), [])
  })

  it('are not linked, and the answer says what to type', async () => {
    const {status, stderr} = await postmulti('plugins link /run/site/rule')
    assert.equal(status, 3)
    assert.equal(stderr.at(-1), '  try: postmulti plugins install /run/site/rule')
  })

  describe('undo', () => {
    it('takes back a change and what a plugin did after it, in one', async () => {
      const inventory = '/etc/postfix-inventory.json'
      makeRule(
        {oclif: {hooks: {'post-create': './hooks.js', 'post-destroy': './hooks.js'}}},
        `export default ({after, event}) => [
          {do: 'write file', path: '${inventory}', text: event + after.map((each) => each.config_directory).join(' ')},
        ]`,
      )
      await mustSucceed('plugins install /run/site/rule')
      await mustSucceed('instances create first')
      const before = readBytes()
      await mustSucceed('instances create second')
      assert.match(readFileSync(inventory, 'utf8'), /post-create.*postfix-second/)
      const {stdout} = await mustSucceed('undo --yes')
      assert.match(stdout, /^Undone: create postfix-second/)
      assert.deepEqual(differences(before, readBytes()), [])
      await mustSucceed('undo --yes')
      assert.equal(existsSync(inventory), false)
    })

    it('brings back the bytes that a program of a plugin has made, and runs it no second time', async () => {
      makeRule(
        {oclif: {hooks: {'pre-create': './hooks.js'}}},
        `export default ({subjects: [directory]}) => [
          {do: 'write file', path: directory + '/tls_policy', text: 'example.com may\\n'},
          {do: 'run program', words: ['sh', '-c', 'head -c 20 /dev/urandom >tls_policy.db'], directory,
            changes: [directory + '/tls_policy.db'], undo: ['touch', '${touched}']},
        ]`,
      )
      await mustSucceed('plugins install /run/site/rule')
      const before = readBytes()
      await mustSucceed('instances create mon')
      const after = readBytes()
      await mustSucceed('instances destroy mon --yes')
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(after, readBytes()), [])
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readBytes()), [])
      assert.ok(existsSync(touched), 'the program that takes it back has run, although its directory is gone')
    })
  })

  describe('commands', () => {
    it('of a plugin are not loaded before they are allowed, and it is said once what to type', async () => {
      const remark = `postmulti: the commands of toucher are not loaded: they would run without a sandbox; to allow them: postmulti plugins install --allow-commands file:${makeToucher()}`
      const installing = await mustSucceed('plugins install /run/site/toucher')
      assert.equal(installing.stderr.at(-1), remark)
      const {status, stderr} = await postmulti('touch')
      assert.deepEqual([status, stderr[0], existsSync(touched)], [2, remark, false])
      for (const words of ['plugins', 'plugins doctor']) assert.ok((await mustSucceed(words)).stderr.includes(remark))
      assert.doesNotMatch((await mustSucceed('--help')).stdout, /^ {2}touch /m)
      for (const words of ['--help', 'instances', 'instances enable a', 'instances disable a']) {
        assert.ok(!(await mustSucceed(words)).stderr.includes(remark), words)
      }
      await mustSucceed('plugins install --allow-commands /run/site/toucher')
      await mustSucceed('touch')
      assert.match((await mustSucceed('plugins')).stdout, /^toucher .* commands allowed$/m)
      assert.match((await mustSucceed('plugins doctor')).stdout, /^toucher: ok, commands allowed$/m)
      await mustSucceed('plugins install /run/site/toucher')
      assert.equal((await postmulti('touch')).status, 2)
    })

    it('of a plugin are there, with help', async () => {
      await installToucher()
      await mustSucceed('touch')
      assert.ok(existsSync(touched))
      assert.match((await mustSucceed('--help')).stdout, /^ {2}touch +Touch a file\.$/m)
    })

    const untrusted: [title: string, spoil: string, says: RegExp][] = [
      ['whose group can write a file', `chmod g+w ${installed}/toucher/1/touch.js`, /touch\.js.*0664/],
      ['that belongs to nobody', `chown -R nobody ${installed}/toucher/1`, /belongs to nobody/],
      ['below a directory that anybody can write', `chmod o+w ${installed}`, /versions can be written by anybody/],
      [
        'with a link that leads out',
        `mv ${installed}/toucher/1/touch.js /run/site; ln -s /run/site/touch.js ${installed}/toucher/1/touch.js`,
        /touch\.js is a symbolic link that leads out/,
      ],
      [
        'that is a link itself',
        `mv ${installed}/toucher/1 /run/site/real; ln -s /run/site/real ${installed}/toucher/1`,
        /toucher\/1 is a symbolic link that leads out/,
      ],
      ['that was edited', `echo >>${installed}/toucher/1/touch.js`, /has changed since/],
    ]
    for (const [title, spoil, says] of untrusted) {
      it(`of a plugin ${title} are absent, and all else works`, async () => {
        await installToucher()
        sh(spoil)
        const {status, stderr} = await postmulti('touch')
        assert.equal(status, 2)
        assert.match(stderr[0] ?? '', says)
        assert.match((await mustSucceed('--help')).stdout, /instances create/)
        await mustSucceed('instances')
        await mustSucceed('instances enable a')
        assert.ok(!existsSync(touched))
      })
    }

    it('are missed where no manifest tells of them, and their code is not run to find out', async () => {
      const directory = makeToucher()
      rmSync(`${directory}/oclif.manifest.json`)
      await mustSucceed(`plugins install --allow-commands ${directory}`)
      const {status, stderr} = await postmulti('touch')
      assert.equal(status, 2)
      assert.match(stderr[0] ?? '', /it has no oclif\.manifest\.json/)
      assert.ok(!existsSync(touched))
    })
  })

  describe("the caller's environment", () => {
    const planted: [name: string, value: string][] = [
      ['HOME', ''],
      ['HOME', '/tmp/home'],
      ['XDG_DATA_HOME', '/tmp/home/.local/share'],
      ['POSTMULTI_DATA_DIR', '/tmp/home/.local/share/postmulti'],
      ['POSTMULTI_CALLER_HOME', '/tmp/home'],
      ['NODE_OPTIONS', '--require=/tmp/home/first.js'],
      ['NODE_PATH', '/tmp/home/.node_modules'],
    ]
    for (const [name, value] of planted) {
      it(`loads no code: ${name}=${value}`, async () => {
        plant('/tmp/home')
        // Where a home that is empty leads oclif.
        plant('/tmp')
        try {
          for (const words of ['touch', '--help', 'plugins', 'instances enable a', '-l']) {
            await type(words.split(' '), {env: {...environment, [name]: value}})
            assert.ok(!existsSync(touched), words)
          }
        } finally {
          sh('rm -rf /tmp/home /tmp/postmulti /tmp/.local /tmp/.node_modules /tmp/first.js')
        }
      })
    }
  })
}

/** A plugin in /run/site that refuses each enable; returns its directory. */
function makeRule(
  manifest: object = {},
  hooks = "export default () => [{verdict: 'refuse', message: 'no enabling today'}]",
) {
  const json = {
    name: 'rule',
    version: '1.0.0',
    type: 'module',
    oclif: {hooks: {'pre-enable': './hooks.js'}},
    ...manifest,
  }
  const directory = `/run/site/${json.name.replace('/', '-')}`
  write(`${directory}/package.json`, JSON.stringify(json))
  write(`${directory}/hooks.js`, hooks)
  return directory
}

async function installRule(): Promise<void> {
  const directory = makeRule()
  await installOnce('rule', () => mustSucceed(`plugins install ${directory}`))
}

/** One with a command that leaves a trace as soon as it is loaded. */
function makeToucher(directory = '/run/site/toucher'): string {
  const command = {id: 'touch', summary: 'Touch a file.', aliases: [], hiddenAliases: [], args: {}, flags: {}}
  const json = {name: 'toucher', version: '1.0.0', oclif: {commands: {strategy: 'explicit', target: './touch.js'}}}
  write(`${directory}/package.json`, JSON.stringify(json))
  write(`${directory}/oclif.manifest.json`, JSON.stringify({version: '1.0.0', commands: {touch: command}}))
  write(`${directory}/touch.js`, `${touch}\nmodule.exports = {default: {touch: class { static run() {} }}}\n`)
  return directory
}

async function installToucher(): Promise<void> {
  const directory = makeToucher()
  await installOnce('toucher', () => mustSucceed(`plugins install --allow-commands ${directory}`))
}

/** Where oclif and Node would look for code if it was the home of the caller. */
function plant(home: string): void {
  for (const data of [`${home}/.local/share/postmulti`, `${home}/postmulti`]) {
    makeToucher(`${data}/node_modules/toucher`)
    const plugins = [{name: 'toucher', type: 'user'}]
    write(`${data}/package.json`, JSON.stringify({dependencies: {toucher: '1.0.0'}, oclif: {schema: 1, plugins}}))
  }
  for (const name of ['debug', 'ts-node', 'tsx', 'supports-color'])
    write(`${home}/.node_modules/${name}/index.js`, touch)
  write(`${home}/first.js`, touch)
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
}

/** All that is installed, and every record of it. */
function readPlugins(): [path: string, text: string][] {
  const directory = '/var/lib/postmulti/plugins'
  const paths = readdirSync(directory, {recursive: true, encoding: 'utf8'}).filter(
    (each) => !each.endsWith('.package-lock.json'),
  )
  return paths
    .sort()
    .map((each) => [
      each,
      lstatSync(`${directory}/${each}`).isFile() ? readFileSync(`${directory}/${each}`, 'latin1') : '',
    ])
}

function isInstalled({bundled}: {bundled: boolean}): boolean {
  return !bundled
}

function type(words: string[], options: {cwd?: string; env?: NodeJS.ProcessEnv}): Promise<Outcome> {
  return start(program, words, options).ended
}

function asNobody(words: string[]): Promise<Outcome> {
  return start('setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', program, ...words]).ended
}
