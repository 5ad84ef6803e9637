/**
 * The sub-commands that change something, as people meet them: several names, several instances, an editor, a question
 * at the terminal, Ctrl-C.
 */
import assert from 'node:assert/strict'
import {existsSync, lstatSync, readFileSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {
  differences,
  listed,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  replaceTool,
  saveHost,
  sh,
  start,
  until,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {answerOf, makeOddHost, outMainCf, readBytes} from './odd-host.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'changes as people make them', changeAsPeopleDo)

function changeAsPeopleDo() {
  let restoreHost: () => void

  before(async () => {
    await makeOddHost()
    restoreHost = saveHost()
  })
  afterEach(() => restoreHost())

  it('set leaves all as they are when Postfix would not start one of them', async () => {
    const before = readBytes()
    const settings = ['inet_protocols=ipv5', 'mail_name=${oops', 'compatibility_level=x']
    for (const each of settings) {
      const {status, stderr} = await postmulti(['instances', 'set', 'b', 'out', each])
      assert.equal(status, 3, stderr.join('\n'))
    }
    assert.deepEqual(differences(before, readBytes()), [])
  })

  it('an address that is not there now is worth a warning only: it may come with a service', async () => {
    const words = 'instances set b inet_interfaces=192.0.2.7 mynetworks=127.0.0.0/8'
    const {warnings} = await answerOf('instances:set', `${words} --json`)
    assert.match(warnings.join(), /no local interface found for 192\.0\.2\.7/)
  })

  it('a signal takes back the change that waits for a program, and begins no other', async () => {
    const before = readBytes()
    const restoreTool = replaceTool('postconf', 'sleep 1')
    try {
      const running = start(program, 'instances create x y z --json'.split(' '))
      await until(() => existsSync('/etc/postfix-x'))
      process.kill(running.pid, 'SIGINT')
      const {status, stdout} = await running.ended
      const answer = JSON.parse(stdout)
      assert.equal(status, 1)
      assert.deepEqual(faults(answer, schemas.error!), [])
      assert.match(answer.error.message, /^postconf .*: interrupted by SIGINT$/)
      assert.match(answer.warnings.join('\n'), /^postfix-y: Interrupted: nothing was done for it$/m)
      assert.deepEqual(differences(before, readBytes()), [])
    } finally {
      restoreTool()
    }
  })

  it('set says that a running instance needs a reload, or a restart', async () => {
    await mustSucceed('instances start out')
    try {
      assert.equal((await answerOf('instances:set', 'instances set out b mail_name=x --json')).needs, 'reload')
      const answer = await answerOf('instances:unset', 'instances unset out inet_protocols --json')
      assert.equal(answer.needs, 'restart')
      assert.deepEqual(answer.running, ['/etc/postfix-out'])
      assert.equal((await answerOf('instances:set', 'instances set b mail_name=x --json')).needs, null)
    } finally {
      await mustSucceed('instances stop out')
    }
  })

  it('several instances are made in the order in which they are named', async () => {
    await mustSucceed('instances create x y z --first')
    await mustSucceed('instances create u v --after y')
    await mustSucceed('instances create p q --before b')
    const {plan} = await answerOf('instances:reorder', 'instances reorder b --last --dry-run --json')
    assert.deepEqual(
      plan.before.map((each: {multi_instance_name: string | null}) => each.multi_instance_name ?? '-').join(' '),
      '- postfix-x postfix-y postfix-u postfix-v postfix-z postfix-out postfix-p postfix-q postfix-b',
    )
  })

  it('several instances are planned one after the other', async () => {
    const {stdout} = await mustSucceed('instances create x y --dry-run')
    assert.match(
      stdout,
      /^-multi_instance_directories = (.*\/etc\/postfix-x)\n\+multi_instance_directories = \1 \/etc\/postfix-y$/m,
    )
    for (const flags of ['', ' --dry-run']) {
      const {status, stderr} = await postmulti(`instances create x y --queue-directory /var/spool/shared${flags}`)
      assert.equal(status, 3)
      assert.match(stderr.join('\n'), /queue_directory=\/var\/spool\/shared conflicts/)
    }
    assert.deepEqual(listed().toSorted(), ['/etc/postfix-b', '/etc/postfix-out'])
  })

  it('a misspelt name among several changes none of them', async () => {
    const before = readBytes()
    const {status} = await postmulti('instances enable b nobody')
    assert.equal(status, 2)
    assert.deepEqual(differences(before, readBytes()), [])
  })

  it('undo takes back one of several changes, and says which one is next', async () => {
    await mustSucceed('instances create x y')
    const {stdout} = await mustSucceed('undo --yes')
    assert.match(stdout, /^Undone: create postfix-y\. To take back 'create postfix-x' as well: postmulti undo$/m)
    assert.deepEqual(listed().toSorted(), ['/etc/postfix-b', '/etc/postfix-out', '/etc/postfix-x'])
  })

  it('an instance like another has its settings and tables, a name and directories of its own, and is disabled', async () => {
    sh(`postconf -c /etc/postfix-out -M '127.0.0.1:10027/inet = 127.0.0.1:10027 inet n - n - - smtpd'
      postconf -c /etc/postfix-out -e 'master_service_disable = !127.0.0.1:10027/inet, inet'`)
    const {stdout} = await mustSucceed('instances create new --like out')
    assert.match(stdout, /^Created postfix-new, disabled\. The listeners .* are off: 127\.0\.0\.1:10027\. /)
    const [model, made] = [outMainCf, '/etc/postfix-new/main.cf'].map((each) => readFileSync(each, 'utf8'))
    assert.match(made!, /^mail_name = Out$/m)
    assert.match(made!, /^multi_instance_name = postfix-new$/m)
    assert.match(made!, /^multi_instance_enable = no$/m)
    assert.doesNotMatch(made!, /postfix-out/)
    assert.match(model!, /postfix-out/)
    const {mode, uid} = lstatSync('/etc/postfix-new/transport')
    assert.deepEqual([mode & 0o777, uid], [0o600, lstatSync('/etc/postfix-out/transport').uid])
  })

  it('an instance like the primary has nothing that only a primary has', async () => {
    await mustSucceed('instances create new --like -')
    assert.doesNotMatch(readFileSync('/etc/postfix-new/main.cf', 'utf8'), /multi_instance_(?:directories|wrapper)/)
    assert.equal(sh('ls /etc/postfix-new'), 'main.cf\nmaster.cf')
  })

  describe('edit', () => {
    it('replaces the file, with its owner and mode, and undo brings it back', async () => {
      const before = readBytes()
      const {status, stdout} = await edit('s/^mail_name.*/mail_name = Edited/', 'out')
      assert.equal(status, 0)
      assert.match(stdout, /^\+mail_name = Edited$/m)
      assert.match(readFileSync(outMainCf, 'utf8'), /^mail_name = Edited$/m)
      assert.equal(sh(`stat -c '%a %U:%G' ${outMainCf}`), '640 postfix:postdrop')
      await mustSucceed('undo --yes')
      assert.deepEqual(differences(before, readBytes()), [])
    })

    const refused: [what: string, script: string, words: string, why: RegExp][] = [
      [
        'a line that is none',
        '$aoops',
        'b',
        /would not start with this: \/etc\/postfix-b\/main.cf, line \d+: missing '='/,
      ],
      ['a value that ends too early', '$amail_name = ${x', 'b', /would not start with this: \/etc\/postfix-b\/main.cf/],
      [
        'a service without its fields',
        '$asmtp inet n',
        'b --master',
        /would not start with this: \/etc\/postfix-b\/master.cf/,
      ],
      ["another instance's queue", 's/spool.postfix-b/spool\\/postfix-out/', 'b', /conflicts with/],
    ]
    for (const [what, script, words, why] of refused) {
      it(`refuses ${what}, and keeps what was written`, async () => {
        const before = readBytes()
        const {status, stderr} = await edit(script, words)
        assert.equal(status, 3)
        const said = stderr.join('\n')
        assert.match(said, why)
        const [, copy] = /what you wrote is in (\S+)$/m.exec(said) ?? []
        assert.notEqual(readFileSync(copy!, 'utf8'), '')
        rmSync(dirname(copy!), {recursive: true})
        assert.deepEqual(differences(before, readBytes()), [])
      })
    }

    it('mends a file that is damaged; undo brings the damage back, and says so', async () => {
      sh('echo oops >>/etc/postfix-b/main.cf')
      const before = readBytes()
      assert.equal((await edit('/^oops/d', '/etc/postfix-b')).status, 0)
      const {stderr} = await mustSucceed('undo --yes')
      assert.match(stderr.join('\n'), /would not start with this: \/etc\/postfix-b\/main.cf, line \d+: missing '='/)
      assert.deepEqual(differences(before, readBytes()), [])
    })

    it('has nothing to do when nothing was written', async () => {
      assert.equal((await edit('', 'b')).stdout, 'Nothing to do.\n')
    })

    it('prints JSON only', async () => {
      const {stdout} = await edit('$amail_name = x', 'b --json')
      assert.deepEqual(faults(JSON.parse(stdout), schemas['instances:edit']!), [])
    })
  })

  describe('at a terminal', () => {
    const asked: [words: string, answer: string, status: number, said: RegExp][] = [
      ['instances destroy b', 'n\\n', 1, /remove \/etc\/postfix-b.*Destroy postfix-b\? \[y\/N\].*Nothing was changed/s],
      ['instances destroy b', '\\003', 130, /Nothing was changed/],
      ['instances destroy b', '\\004', 1, /Nothing was changed/],
      ['instances destroy b', 'y\\n', 0, /Destroyed postfix-b/],
      ['instances deport b', '\\n', 1, /Deport postfix-b\?.*Nothing was changed/s],
      [
        'check --fix --except hostname-shared',
        'n\\n',
        1,
        /give \/etc\/postfix-out\/main.cf owner 0:0.*Do it\? \[y\/N\].*Nothing was changed/s,
      ],
      ['check --fix --rule owner-or-mode', 'y\\n', 0, /Fixed what was found by owner-or-mode/],
      ['undo', 'n\\n', 1, /Undo create postfix-b\?.*Nothing was changed/s],
    ]
    for (const [words, answer, wanted, said] of asked) {
      it(`${words}, answered with ${JSON.stringify(answer)}, ends with status ${wanted}`, async () => {
        if (words === 'undo') {
          await mustSucceed('instances destroy b --yes')
          await mustSucceed('instances create b')
        }
        const before = readBytes()
        const typing = `(until grep -q '\\[y/N\\]' /run/screen; do sleep 0.1; done; printf '${answer}'; sleep 0.3)`
        const script = `: >/run/screen; ${typing} | script -qefc '${program} ${words}' /run/screen >/dev/null && echo 0 || echo $?`
        assert.equal(sh(`export TERM=dumb; ${script}`), String(wanted))
        assert.match(readFileSync('/run/screen', 'utf8'), said)
        if (wanted !== 0) assert.deepEqual(differences(before, readBytes()), [])
      })
    }

    it('who may not change anything is told before a question', () => {
      sh(`chmod 664 /etc/postfix-out/main.cf
        script -qefc 'setpriv --reuid=65534 --regid=65534 --clear-groups ${program} check --fix --rule owner-or-mode' \
          /run/screen </dev/null >/dev/null || chmod 644 /etc/postfix-out/main.cf`)
      const screen = readFileSync('/run/screen', 'utf8')
      assert.match(screen, /Permission denied/)
      assert.doesNotMatch(screen, /y\/N/)
    })

    it('programs are not asked, but must say --yes to destroy and undo', async () => {
      await mustSucceed('instances assign b --group other')
      for (const words of ['instances destroy b', 'undo']) {
        const {status, stdout} = await postmulti(`${words} --json`)
        assert.equal(status, 2)
        const answer = JSON.parse(stdout)
        assert.deepEqual(faults(answer, schemas.error!), [])
        assert.deepEqual(answer.error.suggestions, [`postmulti ${words} --json --dry-run`])
      }
      await mustSucceed('instances deport b')
    })
  })
}

async function edit(script: string, words: string) {
  const env = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', EDITOR: `sed -i '${script}'`}
  return start(program, ['instances', 'edit', ...words.split(' ')], {env}).ended
}
