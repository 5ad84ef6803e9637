/** What was done with plugins: it is in the history, a kill on the way is taken back, and a version can be brought back. */
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {mustSucceed, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'
import {installOnce} from '../plugins/site-plugin.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

const place = '/var/lib/postmulti/plugins'

onThrowAwayHost(import.meta.filename, 'what was done with plugins', changePlugins)

function changePlugins() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  it('is in the history: what, and what was there before', async () => {
    const source = writeRule('1.0.0')
    await mustSucceed(`plugins install ${source}`)
    await mustSucceed(`plugins install ${writeRule('1.1.0')}`)
    await mustSucceed('plugins config rule mode=advise settings.a=x')
    await mustSucceed('plugins config rule mode=advise')
    await mustSucceed('plugins rollback rule')
    await mustSucceed('plugins uninstall rule')
    const {stdout} = await mustSucceed('history --json')
    assert.deepEqual(faults(JSON.parse(stdout), schemas.history!), [])
    const told = JSON.parse(stdout).changes.map(({what, action}: Record<string, string>) => [what, action])
    assert.deepEqual(told.slice(0, 5), [
      ['plugins uninstall rule (was 1.0.0)', 'plugins uninstall'],
      ['plugins rollback rule 1.0.0 (was 1.1.0)', 'plugins rollback'],
      ['plugins config rule mode=advise settings.a=x', 'plugins config'],
      ['plugins install rule 1.1.0 (was 1.0.0)', 'plugins install'],
      ['plugins install rule 1.0.0', 'plugins install'],
    ])
    const [{plugins}, , , , {id}] = JSON.parse(stdout).changes
    assert.deepEqual(plugins, [{name: 'rule', before: {version: '1.0.0', source: `file:${source}`}, after: null}])
    assert.match(
      (await mustSucceed(`history ${id}`)).stdout,
      /^ {2}\/var\/lib\/postmulti\/plugins\/pins\.json\n {4}before {2}absent$/m,
    )
  })

  it('is passed over by undo, which says so', async () => {
    await mustSucceed('instances enable a')
    await mustSucceed(`plugins install ${writeRule('1.0.0', '[]')}`)
    await mustSucceed('plugins config rule timeout=5')
    const {stdout, stderr} = await mustSucceed('undo --yes')
    assert.match(stdout, /^Undone: enable a\./)
    assert.deepEqual(stderr, [
      'postmulti: skipped:  plugins config rule timeout=5; take it back with postmulti plugins config rule timeout=',
    ])
    const {status, stderr: refused} = await postmulti('undo 2 --yes')
    assert.equal(status, 3)
    assert.deepEqual(refused, [
      'postmulti: The change 2 is the plugins install of rule, which has a command of its own',
      '  try: postmulti plugins uninstall rule',
    ])
  })

  it('is taken back when it was killed on the way', async () => {
    await installFirst()
    const before = readFileSync(`${place}/pins.json`, 'utf8')
    await mustSucceed(`plugins install ${writeRule('1.1.0', '[]')}`)
    // As if it had been killed before it could say that it is complete.
    sh('cd /var/lib/postmulti; head -n 2 journal/000002.jsonl >pending; rm journal/000002.jsonl')
    const {status, stderr} = await postmulti('instances enable a')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /rolled back an unfinished plugins install of rule.*not today \(plugin rule\)/s)
    assert.equal(readFileSync(`${place}/pins.json`, 'utf8'), before)
    await mustSucceed('plugins doctor')
  })

  describe('rollback', () => {
    it('brings back the version before, and once more the newer one', async () => {
      await installFirst()
      await mustSucceed(`plugins install ${writeRule('1.1.0', '[]')}`)
      await mustSucceed('instances enable a')
      const {stdout} = await mustSucceed('plugins rollback rule')
      assert.equal(stdout, 'rule 1.0.0 is back, in place of 1.1.0. Once more brings 1.1.0 back.\n')
      assert.equal((await postmulti('instances disable a')).status, 3)
      const again = await mustSucceed('plugins rollback rule --json')
      assert.deepEqual(faults(JSON.parse(again.stdout), schemas['plugins:rollback']!), [])
      assert.deepEqual(
        [JSON.parse(again.stdout).plugin.version, JSON.parse(again.stdout).plugin.previous_version],
        ['1.1.0', '1.0.0'],
      )
      await mustSucceed('instances disable a')
      await mustSucceed('plugins doctor')
    })

    it('has one version back, which goes with the plugin', async () => {
      for (const version of ['1.0.0', '1.1.0', '1.2.0']) await mustSucceed(`plugins install ${writeRule(version)}`)
      assert.deepEqual(readdirSync(`${place}/versions/rule`), ['2', '3'])
      await mustSucceed('plugins uninstall rule')
      assert.equal(existsSync(`${place}/versions/rule`), false)
    })

    it('keeps what could be used, and not what was changed by hand or is the same', async () => {
      await installFirst()
      await mustSucceed(`plugins install ${writeRule('1.1.0')}`)
      await mustSucceed(`plugins install ${writeRule('1.1.0')}`)
      sh(`echo >>${place}/versions/rule/3/hooks.js`)
      await mustSucceed(`plugins install ${writeRule('1.2.0')}`)
      const {plugins} = JSON.parse((await mustSucceed('plugins --json')).stdout)
      assert.equal(plugins.find(({name}: {name: string}) => name === 'rule').previous_version, '1.0.0')
    })

    const refused: [title: string, spoil: string, says: RegExp][] = [
      [
        'was changed',
        `echo >>${place}/versions/rule/1/hooks.js`,
        /rule 1\.0\.0 cannot be used, and was not brought back: .* has changed since/,
      ],
      ['can be written by others', `chmod a+w ${place}/versions/rule/1/hooks.js`, /can be written by anybody/],
      ['is gone', `rm -r ${place}/versions/rule/1`, /package\.json is not there/],
    ]
    for (const [title, spoil, says] of refused) {
      it(`refuses a version that ${title}, and the other one stays`, async () => {
        await installOnce('both', async () => {
          await installFirst()
          await mustSucceed(`plugins install ${writeRule('1.1.0')}`)
        })
        sh(spoil)
        const {status, stderr} = await postmulti('plugins rollback rule')
        assert.equal(status, 3)
        assert.match(stderr[0] ?? '', says)
        assert.match((await mustSucceed('plugins')).stdout, /^rule +1\.1\.0 .* on /m)
      })
    }

    it('says so where there is nothing to bring back', async () => {
      await installFirst()
      const {status, stderr} = await postmulti('plugins rollback rule')
      assert.deepEqual([status, stderr[0]], [3, 'postmulti: No other version of rule is kept'])
      const unknown = await postmulti('plugins rollback rulle')
      assert.deepEqual([unknown.status, unknown.stderr[1]], [2, '  try: postmulti plugins rollback rule'])
    })
  })
}

async function installFirst(): Promise<void> {
  await installOnce('1.0.0', () => mustSucceed(`plugins install ${writeRule('1.0.0')}`))
}

/** Refuses each enable and disable, unless `answer` says otherwise. */
function writeRule(version: string, answer = "[{verdict: 'refuse', message: 'not today'}]"): string {
  const directory = '/run/rule'
  const hooks = {'pre-enable': './hooks.js', 'pre-disable': './hooks.js'}
  mkdirSync(directory, {recursive: true})
  writeFileSync(`${directory}/package.json`, JSON.stringify({name: 'rule', version, type: 'module', oclif: {hooks}}))
  writeFileSync(`${directory}/hooks.js`, `export default () => (${answer}) // ${version}\n`)
  return directory
}
