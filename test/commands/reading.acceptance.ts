/** The sub-commands that change nothing: what they print, and who may run them. */
import assert from 'node:assert/strict'
import {spawn, spawnSync} from 'node:child_process'
import {
  antedate,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  program,
  replaceJournal,
  sh,
  until,
} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'sub-commands that change nothing', readThings)

function readThings() {
  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out -G mta -e create')
    await mustSucceed('-I postfix-in -G mta -e create')
    await mustSucceed('-I postfix-off -e create')
    await mustSucceed('instances enable out in')
    sh(`postconf -c /etc/postfix-out -e 'master_service_disable =' 'inet_interfaces = 127.0.0.1' \\
      'transport_maps = hash:$config_directory/transport'
      postconf -c /etc/postfix-out -M '10026/inet = 10026 inet n - n - - smtpd'
      postconf -c /etc/postfix-out -P '10026/inet/syslog_name = postfix-out/filtered'
      touch /var/spool/postfix-in/maildrop/0000001`)
    antedate()
    await mustSucceed('-i out -p start')
  })
  after(async () => {
    await postmulti('-i out -p stop')
  })

  const documented: [words: string, id: string][] = [
    ['instances', 'instances:list'],
    ['instances show out', 'instances:show'],
    ['instances show -', 'instances:show'],
    ['instances status out', 'instances:status'],
    ['instances get --all myhostname', 'instances:get'],
    ['instances get out smtp_* --changed', 'instances:get'],
    ['instances show out --against in', 'instances:show --against'],
    ['explain out transport_maps', 'explain'],
    ['wait in --stopped', 'wait'],
    ['logs out', 'logs'],
  ]
  for (const [words, id] of documented) {
    it(`postmulti ${words} --json prints what docs/json.md says`, async () => {
      const {stdout} = await mustSucceed(`${words} --json`)
      assert.deepEqual(faults(JSON.parse(stdout), schemas[id]!), [])
    })
  }

  it('the list tells what is enabled, what runs, and what mail there is', async () => {
    const {stdout} = await mustSucceed('instances --columns name,enabled,running,queued')
    const rows = stdout.replace(/since [\d-]+ [\d:]+/, 'runs').split('\n')
    assert.deepEqual(
      rows.map((each) => each.split(/ +/).join(' ')),
      [
        'NAME ENABLED RUNNING QUEUED',
        '/etc/postfix yes no 0',
        'postfix-out yes runs 0',
        'postfix-in yes no 1',
        'postfix-off no no 0',
        '',
      ],
    )
  })

  const lists: [words: string, names: string][] = [
    ['--group mta', 'postfix-out postfix-in'],
    ['--instance off', 'postfix-off'],
    ['--no-enabled', 'postfix-off'],
    ['--running', 'postfix-out'],
    ['--enabled --no-running', '/etc/postfix postfix-in'],
    ['--sort name', 'postfix-in postfix-off postfix-out /etc/postfix'],
    ['--sort queued --group mta', 'postfix-in postfix-out'],
  ]
  for (const [words, names] of lists) {
    it(`instances ${words} lists ${names}`, async () => {
      const {stdout} = await mustSucceed(`instances --columns name ${words}`)
      assert.equal(stdout.trim().split('\n').slice(1).join(' '), names)
    })
  }

  it('instances --names prints what other commands call them, and --no-headers rows alone', async () => {
    const {stdout} = await mustSucceed('instances --group mta --names')
    assert.equal(stdout, 'postfix-out\npostfix-in\n')
    assert.equal((await mustSucceed('instances --columns name --no-headers -i out')).stdout, 'postfix-out\n')
  })

  it('show tells where an instance listens, and which tables it names', async () => {
    const {listeners, tables} = JSON.parse((await mustSucceed('instances show out --json')).stdout)
    assert.deepEqual(
      listeners.map(({address, port, enabled}: Record<string, unknown>) => `${address}:${port} ${enabled}`),
      ['127.0.0.1:25 true', '127.0.0.1:10026 true'],
    )
    assert.deepEqual(tables, [{table: 'hash:/etc/postfix-out/transport', parameters: ['transport_maps']}])
  })

  it('an instance as it was created listens nowhere', async () => {
    const {listeners} = JSON.parse((await mustSucceed('instances show off --json')).stdout)
    assert.ok(listeners.length > 0)
    assert.ok(listeners.every(({enabled}: {enabled: boolean}) => !enabled))
  })

  // master(8) leaves out what else its loopback interface has: 192.0.2.25 and others on this host.
  it('show takes loopback-only for addresses that only the host itself can reach', async () => {
    sh("postconf -c /etc/postfix-off -e 'inet_interfaces = loopback-only' 'inet_protocols = ipv4'")
    antedate()
    const {listeners} = JSON.parse((await mustSucceed('instances show off --json')).stdout)
    assert.deepEqual(new Set(listeners.map(({address}: {address: string}) => address)), new Set(['127.0.0.1']))
  })

  // The second is made at run time, the third comes with a service, the last one is never expanded.
  const parameters = [
    'smtpd_banner',
    'mydomain',
    'relay_destination_recipient_limit',
    'transport_maps',
    'mailbox_command',
  ]
  it('get prints what postconf -x prints', async () => {
    const {stdout} = await mustSucceed(['instances', 'get', 'out', ...parameters])
    assert.equal(stdout.trim(), sh(`postconf -xc /etc/postfix-out ${parameters.join(' ')}`))
  })

  it('get --raw leaves $name as it is written', async () => {
    const {stdout} = await mustSucceed('instances get out transport_maps --raw')
    assert.equal(stdout, 'hash:$config_directory/transport\n')
  })

  it('get prints what main.cf sets, and what a pattern matches', async () => {
    const {stdout} = await mustSucceed('instances get out in*_interfaces transport_* --changed')
    assert.equal(stdout, 'inet_interfaces = 127.0.0.1\ntransport_maps = hash:/etc/postfix-out/transport\n')
    const rows = await mustSucceed('instances get --group mta --changed --rows transport_maps')
    assert.equal(rows.stdout, 'postfix-out  transport_maps  hash:/etc/postfix-out/transport\n')
  })

  it('get --quiet is a yes or no for guards', async () => {
    for (const [name, wanted] of [
      ['out', 0],
      ['nobody', 1],
    ] as const) {
      const {status, stdout, stderr} = await postmulti(`instances get ${name} --quiet`)
      assert.deepEqual([status, stdout, stderr], [wanted, '', []])
    }
  })

  it('explain tells the value, the line that it comes from, and who else sets it', async () => {
    const {stdout} = await mustSucceed('explain out transport_maps')
    const line = sh('grep -n ^transport_maps /etc/postfix-out/main.cf | cut -d: -f1')
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((each) => each.trim().replace(/ +/g, ' ')),
      [
        'transport_maps of postfix-out',
        'value hash:/etc/postfix-out/transport',
        `from /etc/postfix-out/main.cf:${line}`,
        'written hash:$config_directory/transport',
        'default (empty)',
      ],
    )
  })

  it('show --against tells what differs, in main.cf and in master.cf', async () => {
    const {stdout} = await mustSucceed('instances show in --against out')
    assert.match(stdout, /^ {2}transport_maps is not set \(postfix-out: hash:\$config_directory\/transport\)$/m)
    assert.match(stdout, /^ {2}10026\/inet is not set \(postfix-out: n - n - - smtpd/m)
  })

  it('wait ends with 0 when it is so, and with 1 when the time is over', async () => {
    assert.equal((await mustSucceed('wait out --running')).stdout, '')
    const {status, stderr} = await postmulti('wait --group mta --running --timeout 0')
    assert.deepEqual([status, stderr], [1, ['postmulti: postfix-in: stopped, after 0 s']])
    assert.equal((await postmulti('wait in --queue-empty --timeout 0')).status, 1)
  })

  it('logs prints the lines of one instance, and goes on with what comes', async () => {
    const {stdout} = await mustSucceed('logs out --lines 1')
    assert.match(stdout, /^.* postfix-out\/\S+\[\d+\]: .*\n$/)
    const following = spawn(program, ['logs', 'out', '--follow', '--lines', '0'])
    let told = ''
    following.stdout.on('data', (bytes) => {
      told += bytes
    })
    await until(() => {
      sh(`for name in in out; do echo "Nov 30 08:00:00 mx1 postfix-$name/smtpd[7]: news" >>/var/log/mail.log; done`)
      return told !== ''
    })
    following.kill()
    assert.match(told, /^(?:.* postfix-out\/smtpd\[7\]: news\n)+$/)
  })

  it('logs reads the journal where there is no other log', async () => {
    sh(`mv /var/log/mail.log /run/mail.log
      cp -p /etc/postfix-off/main.cf /run/main.cf; postconf -c /etc/postfix-off -X maillog_file`)
    const putBack = replaceJournal(`case "$*" in *--reverse*)
        echo "2026-11-30T08:00:02.123456+0000 mx1 postfix-out/smtpd[7]: another"
        echo "2026-11-30T08:00:01.123456+0000 mx1 postfix-off/smtpd[7]: news" ;;
      esac`)
    const {stdout} = await mustSucceed('logs off')
    putBack()
    sh('mv /run/mail.log /var/log; mv /run/main.cf /etc/postfix-off')
    assert.match(stdout, /^\S+ mx1 postfix-off\/smtpd\[7\]: news\n$/)
  })

  it('get of several instances has a line for each, as --group and --all have', async () => {
    const {stdout} = await mustSucceed('instances get out in myhostname mail_name')
    assert.deepEqual(
      stdout.split('\n').map((each) => each.split(/ +/)[0]),
      ['INSTANCE', 'postfix-out', 'postfix-in', ''],
    )
  })

  it('get of a name that Postfix does not have ends with 2, and knows what was meant', async () => {
    const {status, stderr} = await postmulti('instances get out myhostnam')
    assert.equal(status, 2)
    assert.match(stderr.join('\n'), /try: postmulti instances get out myhostname$/)
  })

  const mistakes = [
    'instances --instance oot',
    'instances --group mtx',
    'instances --columns nam',
    'instances --sort nam',
    'instances show oot',
    'instances show',
    'instances status oot',
    'instances get out',
    'instances get',
    'instances get out smtq_*',
    'explain out relayhos',
    'wait out',
    'logs oot',
    'instances get out in',
  ]
  for (const words of mistakes) {
    it(`postmulti ${words} ends with 2 and says what to type`, async () => {
      const {status, stdout, stderr} = await postmulti(words)
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr.join('\n'), /^ {2}try: postmulti /m)
    })
  }

  for (const words of ['instances', 'check', 'flow --json', 'queue', 'metrics', 'doctor']) {
    it(`postmulti ${words} to a full disk ends with 1, and says so`, () => {
      const {status, stderr} = spawnSync('sh', ['-c', `${program} ${words} >/dev/full`], {encoding: 'utf8'})
      assert.equal(status, 1)
      assert.equal(stderr, 'postmulti: cannot write the output:  No space left on device\n')
    })
  }

  for (const words of ['queue', 'metrics', 'top']) {
    it(`postmulti ${words} ends with 4 when it could not look at an instance, and one line says so`, async () => {
      sh('cd /var/spool/postfix-off; rmdir active; ln -s active active')
      const {status, stderr} = await postmulti(words)
      const programs = await postmulti(`${words} --json`)
      sh('cd /var/spool/postfix-off; rm active; mkdir -m 700 active; chown postfix active')
      const line = 'postfix-off could not be looked at: list /var/spool/postfix-off/active: '
      assert.deepEqual([status, stderr.length], [4, 1])
      assert.ok(stderr[0]!.startsWith(`postmulti: ${line}`), stderr[0])
      assert.equal(programs.status, 4)
      assert.ok(JSON.parse(programs.stdout).warnings[0].startsWith(line))
    })
  }

  it('what was typed wrongly is told without what a terminal obeys', () => {
    const {status, stderr} = spawnSync(program, ['instances', 'show', '\x1b[2Joot'], {encoding: 'utf8'})
    assert.equal(status, 2)
    assert.match(stderr, /^postmulti: No instance named \?\[2Joot$/m)
  })

  it('another user sees what the files tell, and is told that it is not all', () => {
    const {status, stdout, stderr} = asNobody('instances', '--columns', 'name,queued')
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^postfix-out +\?$/m)
    assert.equal(stderr, 'postmulti: some of it needs root to be seen\n')
    assert.equal(asNobody('instances', 'get', 'out', 'multi_instance_group').stdout, 'mta\n')
  })

  it('another user is told that it is for root before an editor opens', () => {
    const {status, stderr} = asNobody('instances', 'edit', 'out')
    const denied = 'postmulti: edit /etc/postfix-out/main.cf: Permission denied'
    assert.deepEqual([status, stderr], [1, `${denied}\n  try: sudo postmulti instances edit out\n`])
    assert.match(asNobody('undo').stderr, /^ {2}try: sudo postmulti undo$/m)
  })

  it('edit wants a terminal, or an editor that was named', async () => {
    const {status, stderr} = await postmulti('instances edit out')
    assert.equal(status, 2)
    assert.match(stderr[0] ?? '', /no terminal for an editor/)
  })

  // Each of them takes milliseconds, and nothing here needs it.
  const slow = ['crypto', 'child_process', 'fs/promises', 'readline', 'worker_threads', 'http', 'perf_hooks']
  for (const [words, unused] of [
    ['instances --json', slow],
    ['-l', [...slow, 'tty']],
    // The log of Postfix gets a line, by postlog(1).
    ['-l foo', [...slow.filter((each) => each !== 'child_process'), 'tty']],
  ] as const) {
    it(`postmulti ${words} loads nothing of Node that is slow to load`, () => {
      const script = "process.on('exit', () => console.error(process.moduleLoadList.join()))"
      sh(`echo "${script}" >/tmp/spy.cjs`)
      const entry = words.startsWith('-') ? 'postmulti' : 'cli'
      const start = `${import.meta.dirname}/../../dist/${entry}.cjs`
      const {stderr} = spawnSync(process.execPath, ['-r', '/tmp/spy.cjs', start, program, ...words.split(' ')], {
        encoding: 'utf8',
      })
      const loaded = stderr
        .trim()
        .split(',')
        .map((each) => each.replace('NativeModule ', ''))
      assert.ok(loaded.includes('fs'))
      assert.deepEqual(
        loaded.filter((each) => unused.some((name) => name === each)),
        [],
      )
    })
  }

  describe('with an instance that cannot be read', () => {
    before(() => {
      sh('echo oops >>/etc/postfix-off/main.cf')
      antedate()
    })
    after(() => {
      sh("sed -i '$d' /etc/postfix-off/main.cf")
      antedate()
    })

    for (const id of ['list', 'status', 'get']) {
      it(`${id} tells of it and of the others`, async () => {
        const words = id === 'get' ? 'get --all myhostname' : id
        const {status, stdout} = await postmulti(`instances ${words} --json`)
        assert.equal(status, id === 'status' ? 4 : 1)
        const printed = JSON.parse(stdout)
        assert.deepEqual(faults(printed, schemas[`instances:${id}`]!), [])
        assert.match(printed.damaged[0].reason, /missing '='/)
        assert.equal((printed.instances ?? printed.values).length, 3)
      })
    }

    it('show ends with 3, and says where it is to be mended', async () => {
      const {status, stderr} = await postmulti('instances show off')
      assert.equal(status, 3)
      assert.match(stderr[0] ?? '', /^postmulti: Instance \/etc\/postfix-off cannot be read: .*missing '='/)
      assert.equal(stderr[1], '  try: postmulti instances edit /etc/postfix-off')
    })

    for (const words of [
      'instances set in biff=yes',
      'instances show in',
      'instances get in myhostname',
      'wait in --stopped',
      'explain in myhostname',
      'queue list --instance in',
      'check in --rule name-shared',
      'history',
    ]) {
      it(`is not spoken of where it is about others: ${words}`, async () => {
        const {stderr} = await mustSucceed(words)
        assert.doesNotMatch(stderr.join('\n'), /postfix-off/)
      })
    }

    it('is opened under its name by edit, which mends it', async () => {
      const told = sh(`EDITOR='sed -i /^oops/d' ${program} instances edit off --dry-run`)
      assert.match(told, /write \/etc\/postfix-off\/main\.cf/)
    })

    it('its row says why', async () => {
      const {stdout} = await postmulti('instances')
      assert.match(stdout, /^\? .*\/etc\/postfix-off +\/etc\/postfix-off\/main\.cf, line \d+: missing '='/m)
    })
  })
}

function asNobody(...words: string[]) {
  return spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', program, ...words], {
    encoding: 'utf8',
  })
}
