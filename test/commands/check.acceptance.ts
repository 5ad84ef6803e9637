/** `postmulti check` on the host of the README's walk-through: silent as it is, and not when something in it is broken. */
import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {reinjectPlace} from '../../demo/configuration.ts'
import {dial} from '../../demo/smtp.ts'
import {greetingOf, sendFromOutside} from '../../demo/walkthrough.ts'
import {closeAround, setUpWalkthrough, type WalkthroughHost} from '../../demo/whole-host.ts'
import {rules} from '../../src/check/rules/index.ts'
import {isRelease} from '../../src/model/base/release.ts'
import type {Finding} from '../../src/model/change/finding.ts'
import {antedate, mustSucceed, onThrowAwayHost, postmulti, saveHost, sh, start} from '../acceptance/inside.ts'
import {breakages, into, out} from './breakages.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'check', checkThings)

function checkThings() {
  let restoreHost: () => void
  let host: WalkthroughHost

  before(async () => {
    host = await setUpWalkthrough()
    // Where there is no syslog, a sound configuration has a log for each instance.
    sh(`for each in out in; do postconf -c /etc/postfix-$each -e maillog_file=/var/log/postfix-$each.log; done`)
    antedate()
  })
  after(() => closeAround(host))

  it('finds neither error nor warning on the host of the README, running', checkSilence)

  it('finds neither error nor warning there when it is stopped', async () => {
    await mustSucceed('-p stop')
    await checkSilence()
    restoreHost = saveHost()
  })

  it('has a breakage for every rule', async () => {
    const {rules: asked} = JSON.parse((await postmulti('check --json')).stdout)
    assert.deepEqual([...asked].sort(), Object.keys(breakages).sort())
  })

  for (const [rule, all] of Object.entries(breakages)) {
    for (const [index, {by, instances, message, severity, at: place, shows, since, until}] of all.entries()) {
      it(`${rule} finds ${all.length > 1 ? `kind ${index + 1} of ` : ''}what breaks it: ${by.split('\n')[0]}`, async () => {
        try {
          await run(by)
          const {stdout} = await postmulti(`check --json --rule ${rule}`)
          const {findings}: {findings: Finding[]} = JSON.parse(stdout)
          const release = sh('postconf -dh mail_version')
          if ((since && !isRelease(release, since)) || (until && isRelease(release, until))) {
            return assert.deepEqual(findings, [])
          }
          const found = findings.find((each) => message.test(each.message))
          assert.ok(found !== undefined, stdout)
          assert.equal(found.instances.join(' '), instances)
          assert.equal(found.severity, severity)
          assert.match(`${found.file}:${found.line}`, place ?? /^null:null$/)
          if (shows === undefined) return
          sh('rm -f /var/log/*.log')
          antedate()
          assert.match(await run(shows[0]), shows[1])
        } finally {
          stopAll()
          sh('rm -rf /run/systemd/system')
          restoreHost()
        }
      })
    }
  }

  it('owner-or-mode brings back directories that are missing by what it tells to type', async () => {
    sh(`rm -r /var/spool/postfix-in /var/lib/postfix-in`)
    const look = async () => JSON.parse((await postmulti('check in --json --rule owner-or-mode')).stdout).findings
    const [first, ...others]: Finding[] = await look()
    assert.equal(others.length, 1)
    sh(String(first!.suggestions[0]))
    assert.deepEqual(await look(), [])
    restoreHost()
  })

  it('two masters on one port start without a word from 3.6 on, and share the connections', async () => {
    sh(`postconf -c ${into} -e inet_interfaces=127.0.0.1; postconf -c ${into} -MX smtp/inet
      postconf -c ${into} -M '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'`)
    antedate()
    const isShared = isRelease(sh('postconf -dh mail_version'), '3.6')
    const {status} = await postmulti('-g mta -p start')
    const greetings = new Set<string>()
    for (let count = 0; count < 40; count++) greetings.add(await greetingOf(reinjectPlace))
    stopAll()
    restoreHost()
    assert.deepEqual([status, greetings.size], isShared ? [0, 2] : [1, 1], [...greetings].join('\n'))
  })

  const othersMayRelay: [mynetworks: string, answer: RegExp][] = [
    // Before 3.6 smtpd_relay_restrictions come last.
    ['', /^[45]54 .*(?:Relay a|A)ccess denied/],
    ['mynetworks=127.0.0.0/8', /^250 /],
  ]
  for (const [mynetworks, answer] of othersMayRelay) {
    it(`an instance with mynetworks_style = host ${mynetworks === '' ? 'trusts one address' : `and ${mynetworks} trusts them all`}`, async () => {
      if (mynetworks !== '') sh(`postconf -c ${out} -e ${mynetworks}`)
      antedate()
      await mustSucceed('-i out -p start')
      const session = await dial(reinjectPlace, '127.9.9.9')
      await session.ask('EHLO elsewhere.example')
      await session.ask('MAIL FROM:<a@example.org>')
      const {code, texts} = await session.ask('RCPT TO:<b@far.example.org>')
      await session.hangUp()
      stopAll()
      restoreHost()
      assert.match(`${code} ${texts.join(' ')}`, answer)
    })
  }

  const xforward: [who: string, hosts: string, client: RegExp][] = [
    [
      'the client of the one before it',
      '$mynetworks',
      /client=localhost\[127\.0\.0\.1\], .*orig_client=outside\.example\.org/,
    ],
    ['localhost for every client when it takes no XFORWARD', '', /client=localhost\[127\.0\.0\.1\]$/],
  ]
  for (const [who, hosts, client] of xforward) {
    it(`the instance behind a filter logs ${who}`, async () => {
      sh(`postconf -c ${out} -e 'smtpd_authorized_xforward_hosts=${hosts}'; rm -f /var/log/*.log`)
      antedate()
      await mustSucceed('-g mta -p start')
      await sendFromOutside({sender: '<a@example.org>', recipients: ['<b@example.com>']}, ['', 'test'])
      const line = await run("for _ in $(seq 40); do grep 'client=' /var/log/postfix-out.log && break; sleep 0.3; done")
      stopAll()
      restoreHost()
      assert.match(line, client)
    })
  }

  it('prints what docs/json.md says', async () => {
    for (const words of ['check', 'check --explain', 'check --list-rules']) {
      const {stdout} = await postmulti(`${words.replace('explain', 'explain hop-to-self')} --json`)
      assert.deepEqual(faults(JSON.parse(stdout), schemas[words]!), [], words)
    }
  })

  it('lists every rule in a line', async () => {
    const {stdout} = await mustSucceed('check --list-rules')
    for (const {id, severity} of rules) assert.match(stdout, new RegExp(`^${id} +${severity} +\\S`, 'm'))
  })

  for (const [least, wanted] of [
    ['error', ['broken-instance']],
    ['warning', ['broken-instance', 'unknown-parameter']],
  ] as const) {
    it(`tells with --severity ${least} of nothing less`, async () => {
      sh(`rm ${into}/main.cf; echo nosuch = x >>${out}/main.cf`)
      const {findings} = JSON.parse((await postmulti(`check --json --severity ${least}`)).stdout)
      restoreHost()
      const found = findings.map(({rule}: Finding) => rule)
      assert.deepEqual(
        ['broken-instance', 'unknown-parameter'].filter((each) => found.includes(each)),
        wanted,
      )
      assert.ok(findings.every(({severity}: Finding) => severity !== 'advice'))
    })
  }

  it('leaves a finding alone that root accepts for an instance, and keeps the reason', async () => {
    const accepted = {rule: 'maillog-shared', instance: 'postfix-out', reason: 'a test host has one log'}
    sh('mkdir -p /etc/postmulti')
    writeFileSync('/etc/postmulti/check.json', JSON.stringify({accepted: [accepted]}))
    sh(`postconf -c ${out} -e maillog_file=/var/log/mail.log`)
    const shown = JSON.parse((await mustSucceed('check --json --rule maillog-shared')).stdout)
    const {runs} = JSON.parse((await mustSucceed('check --sarif --rule maillog-shared')).stdout)
    restoreHost()
    assert.deepEqual([shown.findings, shown.accepted[0].reason], [[], accepted.reason])
    assert.equal(runs[0].results[0].suppressions[0].justification, accepted.reason)
  })

  it('has the rule of its only finding in SARIF when the primary cannot be read', async () => {
    sh('echo nonsense >>/etc/postfix/main.cf')
    const {stdout} = await postmulti('check --sarif')
    restoreHost()
    const [{tool, results}] = JSON.parse(stdout).runs
    assert.deepEqual(
      results.map(({ruleIndex}: {ruleIndex: number}) => tool.driver.rules[ruleIndex]?.id),
      ['broken-instance'],
    )
  })

  const wrong: [title: string, script: string, message: RegExp][] = [
    ['that anybody can write', 'chmod 666 /etc/postmulti/check.json', /can be written by anybody/],
    [
      'without a reason',
      `echo '{"accepted": [{"rule": "x", "instance": "y"}]}' >/etc/postmulti/check.json`,
      /"reason"/,
    ],
    ['that is no JSON', 'echo nonsense >/etc/postmulti/check.json', /is not JSON/],
  ]
  for (const [title, script, message] of wrong) {
    it(`believes no check.json ${title}`, async () => {
      sh(`mkdir -p /etc/postmulti; echo '{}' >/etc/postmulti/check.json; ${script}`)
      const {status, stderr} = await postmulti('check')
      restoreHost()
      assert.equal(status, 3)
      assert.match(stderr.join('\n'), message)
    })
  }

  it('has exit status 1 for errors, and with --strict for warnings', async () => {
    sh(`postconf -c ${out} -e mynetworks=127.0.0.0/8`)
    const statuses = [(await postmulti('check')).status, (await postmulti('check --strict')).status]
    sh(`postconf -c ${out} -e maillog_file=/tmp/log`)
    statuses.push((await postmulti('check')).status, (await postmulti('check --except maillog-unwritable')).status)
    statuses.push((await postmulti('check in')).status)
    restoreHost()
    assert.deepEqual(statuses, [0, 1, 1, 0, 0])
  })

  it('answers a rule that is unknown with the nearest one', async () => {
    const {status, stderr} = await postmulti('check --rule listner-shared')
    assert.equal(status, 2)
    assert.equal(stderr.at(-1), '  try: postmulti check --rule listener-shared')
  })

  it('explains a rule where not even the primary can be read', async () => {
    sh('echo oops >>/etc/postfix/main.cf')
    const [known, unknown] = [
      await postmulti('check --explain hop-to-self'),
      await postmulti('check --explain hop-to-me'),
    ]
    restoreHost()
    assert.deepEqual([known.status, known.stderr, unknown.status], [0, [], 2])
    assert.match(known.stdout, /^hop-to-self \(error\)\n\n/)
  })

  for (const words of [
    '--sarif',
    '--strict',
    '--severity error',
    '--list-rules',
    '--rule limits',
    '--except limits',
    '--group mta',
    'in',
  ]) {
    it(`explains a rule and looks for nothing: --explain and ${words} exclude each other`, async () => {
      const {status, stdout, stderr} = await postmulti(`check --explain limits ${words}`)
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr.at(-1) ?? '', /^ {2}try: postmulti check --/)
    })
  }

  it('says once that a table is missing, also when the plugin that builds tables is on', async () => {
    sh(`postmulti plugins config map-makefile mode=on; postconf -c ${out} -e virtual_alias_maps=hash:${out}/none`)
    const {findings} = JSON.parse((await postmulti('check --json')).stdout)
    restoreHost()
    const about = findings.filter(({message}: Finding) => message.includes(`${out}/none`))
    assert.deepEqual(
      about.map(({rule}: Finding) => rule),
      ['table-missing'],
    )
  })

  it('asks the rules of an installed plugin, and tells when it cannot', async () => {
    sh(`mkdir /run/site-rule; cd /run/site-rule
      echo '{"name": "site-rule", "version": "1.0.0", "oclif": {}, "postmulti": {"rules": "./rules.cjs"}}' >package.json
      cat >rules.cjs <<'.'
module.exports = [{name: 'site-relayhost', because: 'The site wants it.', wants: {parameters: ['relayhost']},
  check: (all) => all.filter((each) => each.parameters.relayhost === '').map((each) => (
    {verdict: 'warn', message: each.multi_instance_name + ' has no relayhost', instance: each.config_directory}))}]
.
      postmulti plugins install /run/site-rule`)
    const found = JSON.parse((await mustSucceed('check --json --rule site-relayhost')).stdout).findings
    sh('echo >>/var/lib/postmulti/plugins/versions/site-rule/1/rules.cjs')
    const {status, stdout} = await postmulti('check --json')
    restoreHost()
    assert.deepEqual(
      found.map(({severity, message}: Finding) => `${severity} ${message}`),
      ['warning postfix-out has no relayhost', 'warning postfix-in has no relayhost'],
    )
    assert.equal(status, 1)
    assert.match(JSON.parse(stdout).findings[0].message, /site-rule cannot be asked: .*has changed/)
  })

  it('takes nothing from a plugin that would have it look for no names', async () => {
    sh(`mkdir -p /run/site-forged; cd /run/site-forged
      echo '{"name": "site-forged", "version": "1.0.0", "oclif": {}, "postmulti": {"rules": "./rules.cjs"}}' >package.json
      cat >rules.cjs <<'.'
const {existsSync, writeSync} = require('fs')
const findings = [{verdict: 'note', message: 'm', instance: '/etc/postfix'}]
const answers = [{name: 'x', because: 'b', wants: {parameters: 7}, findings}]
if (existsSync('/run/forge')) writeSync(3, JSON.stringify({answers}) + String.fromCharCode(10))
module.exports = []
.
      postmulti plugins install /run/site-forged; touch /run/forge`)
    const {stdout} = await postmulti('check --json')
    restoreHost()
    assert.match(JSON.parse(stdout).findings[0].message, /site-forged cannot be asked: .*not an array of names/)
  })

  it('tells a user who is not root what the files tell', async () => {
    const stdout = sh('setpriv --reuid=nobody --clear-groups postmulti check --json || :')
    const {warnings, findings} = JSON.parse(stdout)
    assert.match(warnings.join(), /some of it needs root to be seen/)
    assert.deepEqual(
      findings.filter(({severity}: Finding) => severity !== 'advice'),
      [],
    )
  })

  it('is documented, rule by rule', () => {
    const page = readFileSync(join(dirname(dirname(import.meta.dirname)), 'docs/check.md'), 'utf8')
    assert.deepEqual(
      Object.keys(breakages).filter((each) => !page.includes(`| \`${each}\``)),
      [],
    )
    assert.ok(rules.length > 25)
  })

  /** Beside us, because hub and filter are ours. */
  async function run(script: string): Promise<string> {
    const put = 'put() { directory=$1; shift; postconf -c "$directory" -e "$@"; }'
    const {status, stdout, stderr} = await start('sh', ['-c', `set -e\n${put}\n${script}`]).ended
    assert.equal(status, 0, `${script}: ${stderr.join('\n')}`)
    return stdout.trim()
  }

  /** Whatever the configuration says by now. */
  function stopAll() {
    sh(`for pid in $(cat /var/spool/postfix*/pid/master.pid 2>/dev/null); do
      if kill $pid 2>/dev/null; then while kill -0 $pid 2>/dev/null; do sleep 0.1; done; fi
    done`)
  }

  async function checkSilence() {
    const {stdout} = await mustSucceed('check --strict --json')
    const {findings} = JSON.parse(stdout)
    assert.deepEqual(
      findings.filter(({severity}: Finding) => severity !== 'advice'),
      [],
    )
  }
}
