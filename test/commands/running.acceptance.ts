/** The sub-commands that run something in instances, and what every one of them prints for programs. */
import assert from 'node:assert/strict'
import {mustSucceed, onThrowAwayHost, postmulti, sh, start} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'sub-commands that run something', runThings)

function runThings() {
  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out -G mta -e create')
    await mustSucceed('-I postfix-in -G mta -e create')
    await mustSucceed('-I postfix-off -e create')
    await mustSucceed('instances enable out in')
  })
  after(async () => {
    await postmulti('instances abort --all')
  })

  it('start brings up all that are enabled, and status says so', async () => {
    await mustSucceed('instances start')
    const {verdict, instances} = JSON.parse((await mustSucceed('instances status --json')).stdout)
    assert.equal(verdict, 'all run')
    assert.deepEqual(
      instances.map(({running}: {running: unknown}) => running !== null),
      [true, true, true, false],
    )
  })

  it('start of what runs already is no failure', async () => {
    const {stderr} = await mustSucceed('instances start out')
    assert.deepEqual(stderr, ['postfix-out: it runs already'])
  })

  it('what it does not know of yet is said, and what to type: after a change and after its undo', async () => {
    const next = (command: string): RegExp => new RegExp(`\\. Next: postmulti instances reload ${command}( |$)`, 'm')
    assert.match((await mustSucceed('instances assign out --name new')).stdout, next('postfix-new'))
    assert.match((await mustSucceed('undo --yes')).stdout, next('postfix-out'))
  })

  it('restart gives an instance a new master', async () => {
    const pid = () => sh('cat /var/spool/postfix-out/pid/master.pid')
    const old = pid()
    await mustSucceed('instances restart out')
    assert.notEqual(pid(), old)
  })

  it('stop of one leaves the others, and status ends with 4', async () => {
    await mustSucceed('instances stop in')
    const {status} = await postmulti('instances status')
    assert.equal(status, 4)
  })

  it('stop ends all, and status ends with 1', async () => {
    await mustSucceed('instances stop --all')
    const {status} = await postmulti('instances status')
    assert.equal(status, 1)
  })

  it('run keeps the words behind -- in order, and those that occur twice', async () => {
    const words = ['instances', 'run', '--instance', 'out', '--', 'echo', '-c', 'b', 'a', 'b', '--json', '-c']
    assert.equal((await mustSucceed(words)).stdout, '-c b a b --json -c\n')
  })

  it('run says which instance said what', async () => {
    const {stdout} = await mustSucceed([
      'instances',
      'run',
      '--group',
      'mta',
      '--prefix',
      '--',
      'sh',
      '-c',
      'echo $MAIL_CONFIG',
    ])
    assert.equal(stdout, 'postfix-out: /etc/postfix-out\npostfix-in: /etc/postfix-in\n')
  })

  it('run ends with 4 when it failed in some, and with 1 when in all', async () => {
    const some = await postmulti([
      'instances',
      'run',
      '--all',
      '--',
      'sh',
      '-c',
      'test $multi_instance_name = postfix-in',
    ])
    assert.equal(some.status, 4)
    assert.equal((await postmulti('instances run --all -- false')).status, 1)
  })

  it('run hands on stdin', async () => {
    const script = 'echo text | postmulti instances run --instance out -- cat'
    assert.equal((await start('sh', ['-c', script]).ended).stdout, 'text\n')
  })

  const asked = [
    'instances',
    'instances list --group mta',
    'instances show out',
    'instances get --all myhostname',
    'instances status',
    'instances check',
    'instances start off',
    'instances postfix status',
    'instances create new --dry-run',
    'instances enable off --if-needed',
    'history',
    'completion bash',
    'instances show nobody',
    'instances list --nosuch',
    'instances set out mail_nam=x',
    'nosuch',
    'undo',
  ]
  for (const words of asked) {
    it(`postmulti ${words} --json prints one object and nothing else`, async () => {
      const {stdout, status} = await postmulti(`${words} --json`)
      const answer = JSON.parse(stdout)
      assert.equal(answer.schema, 1)
      assert.ok(Array.isArray(answer.warnings))
      if (status === 2 || status === 3) {
        assert.deepEqual(Object.keys(answer.error).sort(), ['code', 'message', 'suggestions'])
      }
    })
  }

  it('a damaged instance is a row with its reason, and the exit status is 1', async () => {
    sh('mv /etc/postfix-off/main.cf /etc/postfix-off/aside')
    const {status, stdout} = await postmulti('instances')
    sh('mv /etc/postfix-off/aside /etc/postfix-off/main.cf')
    assert.equal(status, 1)
    assert.match(stdout, /\/etc\/postfix-off .*No such file or directory/)
  })

  it('completion knows commands and live names', async () => {
    const {stdout} = await mustSucceed('completion words -- instances enable postfix-o')
    assert.match(stdout, /^postfix-out\t/m)
  })

  it('bash completes an instance', () => {
    const script = `
      source /dev/stdin <<<"$(postmulti completion bash)"
      COMP_WORDS=(postmulti instances enable postfix-ou) COMP_CWORD=3 COMP_LINE='postmulti instances enable postfix-ou' COMP_POINT=37
      $(complete -p postmulti | sed 's/.*-F \\([^ ]*\\).*/\\1/') postmulti postfix-ou enable
      echo "\${COMPREPLY[*]}"`
    assert.match(sh(`bash -c '${script.replaceAll("'", "'\\''")}'`), /postfix-out/)
  })
}
