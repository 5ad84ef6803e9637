/** `postmulti check --fix` on a real host: what was broken is sound again, and undo breaks it to the last byte. */
import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import type {Finding} from '../../src/model/change/finding.ts'
import {
  differences,
  mustSucceed,
  onThrowAwayHost,
  postmulti,
  readTree,
  replaceTool,
  saveHost,
  sh,
} from '../acceptance/inside.ts'
import {installPlugin} from '../plugins/site-plugin.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

onThrowAwayHost(import.meta.filename, 'check --fix', fixThings)

/** One thing for each rule that can mend something. The maps belong to nobody, and so must what is built there. */
const breakAll = `
  postconf -X multi_instance_wrapper
  postconf -e 'multi_instance_directories=$config_directory-out/,'
  chown root /var/lib/postfix-out
  touch -d '-1 hour' /etc/postfix-out/maps/old.cdb
  rm /etc/postfix-out/maps/new.cdb
  postconf -c /etc/postfix-out -F smtp/inet/chroot=y
  chmod 666 /etc/postfix-out/master.cf
  echo SYNC_CHROOT= >/etc/default/postfix
  rm -rf /var/spool/postfix-out/etc`
const repairable = [
  'chroot-incomplete',
  'list-format',
  'owner-or-mode',
  'table-missing',
  'table-stale',
  'wrapper-missing',
]

function fixThings() {
  let restoreHost: () => void
  let broken: Map<string, string>

  before(async () => {
    await mustSucceed('instances init')
    await mustSucceed(
      'instances create out --enable --set myhostname=out.example.com --set inet_interfaces=127.0.0.1 --set master_service_disable= --set authorized_submit_users=root',
    )
    sh(`mkdir /etc/postfix-out/maps
      for each in old new; do echo "$each@example.com root" >/etc/postfix-out/maps/$each; done
      chown -R nobody: /etc/postfix-out/maps
      postconf -c /etc/postfix-out -e maillog_file=/var/log/out.log
      postmap cdb:/etc/postfix-out/maps/old cdb:/etc/postfix-out/maps/new
      postconf -c /etc/postfix-out -e 'virtual_alias_maps=cdb:/etc/postfix-out/maps/old, cdb:/etc/postfix-out/maps/new'`)
    await mustSucceed('instances set - master_service_disable=inet')
    assert.deepEqual(wrong(await look()), [])
    sh(breakAll)
    restoreHost = saveHost()
    broken = readTree()
  })
  afterEach(() => restoreHost())

  it('mends what has one safe answer, and undo takes all of it back', async () => {
    const before = await look()
    assert.deepEqual([...new Set(before.filter(({fixable}) => fixable).map(({rule}) => rule))].sort(), repairable)
    const {stdout} = await mustSucceed('check --fix --yes')
    assert.match(stdout, /^Fixed what was found by .*\. To take it back: postmulti undo\n\n/)
    assert.deepEqual(wrong(await look()), [])
    assert.equal(sh('stat -c %U /etc/postfix-out/maps/*.cdb | sort -u'), 'nobody')
    assert.equal(sh('postmulti -i out -x postmap -q new@example.com cdb:/etc/postfix-out/maps/new'), 'root')
    await mustSucceed('-i out -p start')
    await mustSucceed('-i out -p stop')
    assert.match((await mustSucceed('history')).stdout, /fix wrapper-missing, .*list-format/)
    sh('rm -f /var/spool/postfix-out/pid/* /var/lib/postfix-out/master.lock')
    await mustSucceed('undo --yes')
    assert.deepEqual(
      differences(broken, readTree()).filter((each) => !/\/(?:pid|public|private|master\.lock)/.test(each)),
      [],
    )
  })

  it('shows the plan with its differences, and stops there with --dry-run', async () => {
    const {status, stdout} = await postmulti('check --fix --dry-run')
    assert.equal(status, 1)
    assert.match(stdout, /run \S+\/postmap -c \/etc\/postfix-out\S* cdb:\/etc\/postfix-out\/maps\/new as nobody$/m)
    assert.match(stdout, /^\+multi_instance_directories = \/etc\/postfix-out$/m)
    assert.doesNotMatch(stdout, /^ {2}try:/m)
    assert.deepEqual(differences(broken, readTree()), [])
  })

  it('runs no program where a directory of root is open to others: the finding says so, and how to close it', async () => {
    sh('chown -R root /etc/postfix-out/maps; chmod 1777 /etc/postfix-out/maps')
    const tables = 'check --rule table-missing --rule table-stale'
    const {stdout} = await postmulti(`${tables} --fix --yes`)
    assert.match(stdout, /^Nothing to fix automatically/)
    assert.match(stdout.replace(/\s+/g, ' '), /--fix skips it, .*\/maps is root's, and anybody may write it/)
    sh('chmod 775 /etc/postfix-out/maps')
    assert.match((await postmulti(tables)).stdout, /^ +(?:try: )?chmod go-w \/etc\/postfix-out\/maps$/m)
    sh('chmod go-w /etc/postfix-out/maps')
    await mustSucceed(`${tables} --fix --yes`)
  })

  it('changes nothing where the owner of a directory may not read a source of root', async () => {
    sh('chown root /etc/postfix-out/maps/new; chmod 600 /etc/postfix-out/maps/new')
    const before = readTree()
    const {status, stderr} = await postmulti('check --fix --yes')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /maps\/new \(as nobody\): postmap: fatal: .*Permission denied/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('does nothing for a program that has not said --yes', async () => {
    const {status, stderr} = await postmulti('check --fix')
    assert.equal(status, 2)
    assert.equal(stderr.at(-1), '  try: postmulti check --fix --dry-run')
    assert.deepEqual(differences(broken, readTree()), [])
  })

  it('mends only what --rule, --except and names say', async () => {
    await postmulti('check out --fix --yes --except owner-or-mode --except chroot-incomplete')
    const changed = differences(broken, readTree()).map((each) => each.split(':')[0])
    assert.deepEqual(changed, ['/etc/postfix-out/maps/new.cdb'])
    await mustSucceed('check --fix --yes --rule list-format')
    assert.equal(sh('postconf -h multi_instance_directories'), '/etc/postfix-out')
  })

  it('leaves alone what the site accepts', async () => {
    const accepted = [{rule: 'owner-or-mode', instance: 'postfix-out', reason: 'a test'}]
    sh('mkdir -p /etc/postmulti')
    writeFileSync('/etc/postmulti/check.json', JSON.stringify({accepted}))
    await mustSucceed('check --fix --yes')
    assert.equal(sh('stat -c %a /etc/postfix-out/master.cf'), '666')
  })

  it('says what remains, and the exit status says it, too', async () => {
    sh('postconf -c /etc/postfix-out -e relayhost=[127.0.0.1]:7777')
    const {status, stdout} = await postmulti('check --fix --yes')
    assert.equal(status, 1)
    assert.match(stdout, /\n\nerror {2}hop-to-nowhere {2}postfix-out\n/)
    assert.match((await postmulti('check --fix --yes')).stdout, /^Nothing to fix automatically/)
  })

  it('changes nothing when a step fails', async () => {
    const restoreTool = replaceTool('postmap', 'case $* in *maps/new) echo "no such type" >&2; exit 1;; esac')
    const {status, stderr} = await postmulti('check --fix --yes').finally(restoreTool)
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /postmap .*maps\/new.*no such type/)
    assert.deepEqual(differences(broken, readTree()), [])
  })

  it('changes nothing when a site plugin refuses it', async () => {
    await installPlugin(
      `export default ({request}) => [{verdict: 'refuse', message: 'no ' + request.action + ' on Fridays'}]`,
      {events: ['pre-set']},
    )
    const before = readTree()
    const {status, stderr} = await postmulti('check --fix --yes')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /no fix on Fridays/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  for (const words of [
    'check --fix --yes --json',
    'check --fix --dry-run --json',
    'check --fix --yes --json --rule limits',
  ]) {
    it(`prints what docs/json.md says: ${words}`, async () => {
      const printed = JSON.parse((await postmulti(words)).stdout)
      assert.deepEqual(faults(printed, schemas['check --fix']!), [])
      const isDone = words === 'check --fix --yes --json'
      const fixed: Finding[] = printed.fix.fixed
      assert.deepEqual([printed.fix.changed, new Set(fixed.map(({rule}) => rule)).size], [isDone, isDone ? 6 : 0])
    })
  }

  it('says what it cannot read once, and mends nothing where that is the primary', async () => {
    sh("printf 'maillog_file = /var/log/a.log\nmaillog_file = /var/log/out.log\n' >>/etc/postfix-out/main.cf")
    const {warnings} = JSON.parse((await postmulti('check --fix --yes --json')).stdout)
    assert.deepEqual(warnings, [...new Set(warnings)])
    sh('echo nonsense >>/etc/postfix/main.cf')
    const {status, stdout} = await postmulti('check --fix --yes --json')
    assert.equal(status, 1)
    assert.deepEqual(faults(JSON.parse(stdout), schemas['check --fix']!), [])
  })

  async function look(): Promise<(Finding & {fixable: boolean})[]> {
    return JSON.parse((await postmulti('check --json')).stdout).findings
  }

  function wrong(findings: Finding[]): string[] {
    return findings.filter(({severity}) => severity !== 'advice').map(({message}) => message)
  }
}
