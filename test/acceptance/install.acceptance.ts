/**
 * The commands of docs/install.md, typed on a throw-away host that has Postfix's own postmulti, three instances and
 * running daemons. /usr/sbin and /usr/local are its own, too; there a bind mount stands for clone and npm ci.
 */
import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Outcome, runInHost, whyNoHost} from './host.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/install.md'), 'utf8')

const scripts = {
  given: `
    for each in usr/sbin usr/local; do
      mkdir -p /run/host/$each/upper /run/host/$each/work
      mount -t overlay -o lowerdir=/$each,upperdir=/run/host/$each/upper,workdir=/run/host/$each/work overlay /$each
    done
    mkdir -p /usr/local/lib/postmulti
    mount --bind ${root} /usr/local/lib/postmulti
    postmulti -e init
    for each in out in; do
      mkdir -p /etc/postfix-$each /var/spool/postfix-$each
      install -d -o postfix /var/lib/postfix-$each
      cp /etc/postfix/master.cf /etc/postfix-$each
      printf '%s\n' "multi_instance_name = postfix-$each" 'multi_instance_group = mta' 'multi_instance_enable = yes' \
        "queue_directory = /var/spool/postfix-$each" "data_directory = /var/lib/postfix-$each" \
        'master_service_disable = inet' 'myhostname = mta1.example.com' >/etc/postfix-$each/main.cf
      find /etc/postfix* -name main.cf -exec touch -d '-1 hour' {} +
      postmulti -I postfix-$each -e import config_directory=/etc/postfix-$each
    done
    find /etc/postfix* -name main.cf -exec touch -d '-1 hour' {} +
    postfix start`,
  before: 'postmulti -l; postfix status; cat /etc/postfix/main.cf',
  placing: blockAt('In place'),
  check: blockAt('Check'),
  extras: blockAt('Manual page and completion'),
  // man(1) knows /usr/local/share/man by the PATH of an administrator.
  found: `
    realpath "$(PATH=/usr/local/bin:$PATH man -w postmulti)"
    bash -c 'source /etc/bash_completion.d/postmulti && complete -p postmulti'`,
  between: 'postmulti -l; postfix status; cat /etc/postfix/main.cf',
  verified: 'dpkg --verify postfix | grep sbin/',
  whole: 'postfix reload && postfix stop && postfix start',
  change: 'postmulti -i postfix-in -e disable && postmulti -i postfix-in -e enable',
  // A package of another name, because a second postfix package would take the machine's own files away.
  upgrade: `
    mkdir -p /run/package/DEBIAN /run/package/usr/sbin
    printf '%s\n' 'Package: new-postmulti' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@example.com>' \
      'Description: a postmulti as a new postfix package has it' >/run/package/DEBIAN/control
    printf '#!/bin/sh\necho the new one of the package\n' >/run/package/usr/sbin/postmulti
    chmod 755 /run/package/usr/sbin/postmulti
    dpkg-deb --build /run/package /run/package.deb
    dpkg --force-overwrite -i /run/package.deb`,
  upgraded: 'readlink /usr/sbin/postmulti; /usr/sbin/postmulti.distrib',
  back: blockAt('Back again'),
  answering: 'dpkg-divert --list /usr/sbin/postmulti; ls /usr/sbin/postmulti*; postmulti',
  remaining: 'ls -A /var/lib/postmulti /var/cache/postmulti',
}

describe('docs/install.md', function () {
  this.timeout(300_000)
  const missing = whyNotHere()
  if (missing !== undefined) return void it.skip(`works as it is written: ${missing}`)

  let outcomes: Record<keyof typeof scripts, Outcome>

  before(async () => {
    // Nothing may happen to the machine's own /usr/sbin, whatever goes wrong.
    const guarded = Object.entries(scripts).map(([name, script]) =>
      name === 'given' ? `set -e\n${script}` : `mountpoint -q /usr/sbin || exit 70\n${script}`,
    )
    const ran = await runInHost(guarded, {terminal: true})
    const pairs = Object.keys(scripts).map((name, at) => [name, ran.outcomes[at]])
    outcomes = Object.fromEntries(pairs)
    assert.equal(outcomes.given.status, 0, outcomes.given.stderr)
  })

  it('puts postmulti in place', () => {
    assert.equal(outcomes.placing.status, 0, outcomes.placing.stderr)
    const [program, version] = outcomes.check.stdout.split('\n')
    assert.equal(program, '/usr/local/lib/postmulti/bin/postmulti')
    assert.match(version ?? '', /^postmulti\//)
  })

  it('has a manual page and completes words', () => {
    assert.equal(outcomes.extras.status, 0, outcomes.extras.stderr)
    const [page, completion] = outcomes.found.stdout.split('\n')
    assert.equal(page, '/usr/local/lib/postmulti/dist/postmulti.1')
    assert.equal(completion, 'complete -F _postmulti postmulti')
  })

  it('lists and reports the same instances as before, from the same main.cf', () => {
    assert.match(outcomes.before.stdout, /^postfix-in +mta +y/m)
    assert.deepEqual(outcomes.between, outcomes.before)
  })

  it('is what postfix(1) calls to reach all instances', () => {
    const {status, stderr} = outcomes.whole
    assert.equal(status, 0, stderr)
    const speakers = [...stderr.matchAll(/^(\S+)\/postfix-script: (refreshing|stopping|starting)/gm)]
    assert.deepEqual(
      speakers.map(([, name, what]) => `${what} ${name}`),
      [
        ...['postfix', 'postfix-out', 'postfix-in'].map((each) => `refreshing ${each}`),
        ...['postfix-in', 'postfix-out', 'postfix'].map((each) => `stopping ${each}`),
        ...['postfix', 'postfix-out', 'postfix-in'].map((each) => `starting ${each}`),
      ],
    )
  })

  it('is no fault in the eyes of dpkg', () => {
    assert.equal(outcomes.verified.stdout, '')
  })

  it('stays in place when a package brings a new postmulti', () => {
    assert.equal(outcomes.upgrade.status, 0, outcomes.upgrade.stderr)
    assert.equal(outcomes.upgraded.stdout, '/usr/local/lib/postmulti/bin/postmulti\nthe new one of the package\n')
  })

  it("gives the place back to the package's own postmulti", () => {
    assert.equal(outcomes.back.status, 0, outcomes.back.stderr)
    assert.equal(outcomes.answering.stdout, '/usr/sbin/postmulti\nthe new one of the package\n')
  })

  it('leaves behind what the page says', () => {
    assert.equal(outcomes.change.status, 0, outcomes.change.stderr)
    assert.equal(
      outcomes.remaining.stdout,
      '/var/cache/postmulti:\ndefaults.json\n\n/var/lib/postmulti:\njournal\nlock\n',
    )
  })
})

/** The first commands below a heading of the page. */
function blockAt(heading: string): string {
  const block = new RegExp(`^## ${heading}$[^]*?^\`\`\`sh\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1]
  if (block === undefined) throw new Error(`docs/install.md has no commands below ${heading}`)
  return block
}

function whyNotHere(): string | undefined {
  if (!existsSync(join(root, 'dist/postmulti.cjs'))) return 'dist/ is not built'
  if (!existsSync('/usr/bin/dpkg-divert')) return 'this is not Debian'
  return whyNoHost()
}
