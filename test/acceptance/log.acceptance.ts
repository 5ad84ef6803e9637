/** What goes wrong is in Postfix's log, beside what the real postmulti writes there. */
import assert from 'node:assert/strict'
import {readFileSync, renameSync, writeFileSync} from 'node:fs'
import {
  antedate,
  exposeReal,
  mustSucceed,
  onThrowAwayHost,
  program,
  realProgram,
  saveHost,
  sh,
  start,
  until,
} from './inside.ts'

const log = '/var/log/mail.log'

onThrowAwayHost(import.meta.filename, 'the log of Postfix', () => {
  let restoreHost: () => void
  before(async () => {
    exposeReal()
    await mustSucceed('-e init')
    for (const each of ['out', 'in']) await mustSucceed(`-I postfix-${each} -e create`)
    await mustSucceed('-i postfix-in -e enable')
    sh(`postconf -e maillog_file=${log}`)
    antedate()
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  for (const words of [
    '-i postfix-in -e destroy',
    '-e nonsense',
    '-z',
    '-i nobody -p status',
    '-i postfix-in -x /nowhere',
    '-I postfix-out -e create',
  ]) {
    it(`has of ${words} what the real one writes`, async () => {
      const theirs = await logOf(realProgram, words)
      const ours = await logOf(program, words)
      assert.deepEqual(ours, theirs)
      assert.notDeepEqual(ours, [])
    })
  }

  it('has what destroy has left, in the words of postmulti-script', async () => {
    writeFileSync('/etc/postfix-out/mine', '')
    const lines = await logOf(program, '-i postfix-out -e destroy', 2)
    assert.deepEqual(
      new Set(lines),
      new Set(
        ['/etc/postfix-out', '/etc/postfix-out/mine'].map((path) => {
          return `postfix/postmulti-script: warning: ${path}: please verify contents and remove by hand`
        }),
      ),
    )
  })

  it('has what is wrong with an instance, in the words of postconf(1), and not of a call for another one', async () => {
    renameSync('/etc/postfix-in/main.cf', '/etc/postfix-in/other')
    assert.deepEqual(await logOf(program, '-l'), [
      'postmulti: warning: skipping instance /etc/postfix-in: ' +
        'fatal: open /etc/postfix-in/main.cf: No such file or directory',
    ])
    assert.deepEqual((await start(program, ['-i', 'postfix-out', '-l']).ended).stderr, [])
  })
})

/** Lines without time and process number, once there are that many. */
async function logOf(command: string, words: string, count = 1): Promise<string[]> {
  writeFileSync(log, '')
  await start(command, words.split(' ')).ended
  const lines = (): string[] => readFileSync(log, 'utf8').split('\n').filter(Boolean)
  await until(() => lines().length >= count)
  return lines().map((each) => each.replace(/^\S+ +\d+ \S+ \S+ (\S+)\[\d+\]/, '$1'))
}
