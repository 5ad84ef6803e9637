/** The native set-permissions beside the real one, in identical throw-away hosts: type, owner and mode of everything. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {runInHost, whyNoHost} from '../../acceptance/host.ts'

const source = join(import.meta.dirname, '../../../src')

/** Prints how much there was to change. */
const native = `cat >/run/plan.ts <<'.'
import {prepare} from '${source}/apply/steps.ts'
import {planPermissions} from '${source}/postfix/permissions/permissions.ts'
const instance = {
  config_directory: '/etc/postfix-a',
  queue_directory: '/var/spool/postfix-a',
  data_directory: '/var/lib/postfix-a',
}
const tools = {meta_directory: process.argv[2], mail_owner: 'postfix', setgid_group: 'postdrop', print() {}}
const planned = planPermissions(instance, tools)
if ('unsure' in planned) {
  console.log('unsure: ' + planned.unsure)
  process.exit(9)
}
await prepare({do: 'set permissions', instance}, tools).act()
console.log(planned.changes.length + planned.jail.length)
.
'${process.execPath}' --disable-warning=ExperimentalWarning --disable-warning=MODULE_TYPELESS_PACKAGE_JSON /run/plan.ts "$(postconf -dh meta_directory)"`

const real = 'postfix -c /etc/postfix-a set-permissions'

// Where meta_directory is below /usr it is not the throw-away host's own.
const instance = `set -e
meta=$(postconf -dh meta_directory)
cp -a $meta /run/meta
mount --bind /run/meta $meta
mkdir -p /etc/postfix-a /var/spool/postfix-a; mkdir -m 700 /var/lib/postfix-a
cp /etc/postfix/master.cf.proto /etc/postfix-a/master.cf
printf '%s\\n' 'compatibility_level = 3.6' 'queue_directory = /var/spool/postfix-a' 'data_directory = /var/lib/postfix-a' >/etc/postfix-a/main.cf
echo 'multi_instance_directories = /etc/postfix-a' >>/etc/postfix/main.cf
cd /var/spool/postfix-a
`
const ran = `touch -d '-1 hour' /etc/postfix/main.cf /etc/postfix-a/main.cf; ${real}`

const equal = [
  ['makes the directories of a new instance', ''],
  [
    'mends owners and modes',
    `${ran}; chown -R nobody:nogroup .; chmod -R 777 .; chmod 600 /etc/postfix-a/*; chown 1:1 /etc/postfix-a /etc/postfix-a/* /var/lib/postfix-a`,
  ],
  [
    'keeps the mode of queue files',
    `${ran}; mkdir -p deferred/9/A; for each in deferred/9/A/x deferred/y maildrop/z; do touch $each; chmod 700 $each; done; chown -R nobody .`,
  ],
  [
    'keeps setuid and setgid of directories, but not the sticky bit',
    `${ran}; chmod 7755 active public maildrop pid; mkdir -m 6711 hold/A; mkdir -m 1777 hold/B`,
  ],
  [
    'takes setuid and setgid from queue files',
    `${ran}; touch hold/a hold/b hold/c; chown postfix hold/a hold/b; chmod 6755 hold/a; chmod 2644 hold/b; chmod 4600 hold/c`,
  ],
  ['hands on the group of a queue that is setgid', 'chgrp games .; chmod 2755 .'],
  [
    'changes links inside a queue, not what they lead to',
    `${ran}; mkdir /var/spool/other; touch /var/spool/other/file; ln -s /var/spool/other active/there; ln -s /var/spool/other/file deferred/here; ln -s nowhere hold/x`,
  ],
  [
    'follows a link to a directory at the top, but not one that is to be recursive',
    `${ran}; mkdir /var/spool/x /var/spool/y; touch /var/spool/y/file; rmdir public deferred; ln -s ../x public; ln -s ../y deferred`,
  ],
  [
    'follows a link in place of the queue and of main.cf',
    `cd /; mv /var/spool/postfix-a /var/spool/real; ln -s real /var/spool/postfix-a; mv /etc/postfix-a/main.cf /etc/postfix-x.cf; chmod 600 /etc/postfix-x.cf; ln -s ../postfix-x.cf /etc/postfix-a/main.cf`,
  ],
  [
    'obeys postfix-files.d',
    "printf '%s\\n' '$queue_directory/extra:d:$mail_owner:$setgid_group:2750:uc' '$queue_directory/extra/in:d:root:-:700:uc' '$config_directory/none:f:root:-:600:1' '$config_directory/old:f:root:-:644:o' '$config_directory/link:l:x' '$meta_directory/main.cf.proto:f:nobody:-:600' '$queue_directory/pid:d:nobody:-:700:u' >$meta/postfix-files.d/site",
  ],
  [
    'leaves other files in the configuration and data directory alone',
    `${ran}; touch hold/notes /var/lib/postfix-a/master.lock /etc/postfix-a/access; chown nobody /var/lib/postfix-a/master.lock`,
  ],
] as const

/** Rules that contradict each other, and bits that a change of owner might take, are applied every time. */
const neverSettled: string[] = ['obeys postfix-files.d', 'takes setuid and setgid from queue files']

const unsure = [
  ['a missing queue directory', 'rmdir /var/spool/postfix-a'],
  ['a missing data directory', 'rmdir /var/lib/postfix-a'],
  [
    'a directory that needs expanding',
    "sed -i 's|^queue_dir.*|queue_directory = /var/spool/postfix-$multi_instance_name|' /etc/postfix-a/main.cf",
  ],
  ['another mail_owner', 'echo mail_owner = nobody >>/etc/postfix-a/main.cf'],
  [
    'an instance behind a second comma',
    'echo multi_instance_directories = /etc/postfix-x,/etc/postfix-y,/etc/postfix-a >>/etc/postfix/main.cf',
  ],
  ['an unknown type', "echo '$queue_directory/x:p:root:-:600:' >>$meta/postfix-files"],
  ['an unknown flag', "echo '$queue_directory/x:d:root:-:600:ucz' >>$meta/postfix-files"],
  ['an unknown group', "echo '$queue_directory/x:d:root:nosuchgroup:600:uc' >>$meta/postfix-files"],
  ['a missing master.cf', 'rm /etc/postfix-a/master.cf'],
  ['a file in place of a queue', 'touch active'],
] as const

describe('set-permissions', function () {
  this.timeout('1m')

  before(function () {
    const why = whyNoHost()
    if (why === undefined) return
    console.log(`    skipped: ${why}`)
    this.skip()
  })

  for (const [behaviour, given] of equal) {
    it(behaviour, async () => {
      const [theirs, ours] = await Promise.all([real, native].map((each) => runInHost([instance + given, each, each])))
      assert.equal(theirs!.outcomes[1]!.status, 0, 'the real one')
      assert.equal(ours!.outcomes[1]!.status, 0, ours!.outcomes[1]!.stdout + ours!.outcomes[1]!.stderr)
      assert.equal(ours!.outcomes[0]!.status, 0, 'given')
      assert.deepEqual(ours!.tree, theirs!.tree)
      assert.ok(ours!.tree.some((each) => each.startsWith('/var/spool/postfix-a')))
      if (!neverSettled.includes(behaviour)) assert.equal(ours!.outcomes[2]!.stdout, '0\n', 'nothing is left to change')
    })
  }

  for (const [situation, given] of unsure) {
    it(`leaves ${situation} to the real one`, async () => {
      const {outcomes} = await runInHost([instance + given, native])
      assert.equal(outcomes[0]!.status, 0, outcomes[0]!.stderr)
      assert.match(outcomes[1]!.stdout, /^unsure: /, outcomes[1]!.stderr)
    })
  }
})
