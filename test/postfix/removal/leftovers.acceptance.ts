/** What a real master leaves of an instance after it has delivered, deferred and lost mail: nothing foreign to us. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {inHost, whyNoHost} from '../../acceptance/host.ts'

const source = join(import.meta.dirname, '../../../src/postfix/removal/leftovers.ts')

const life = `exec 3>&1 >/dev/null 2>&1
mkdir -p /etc/postfix-a /var/spool/postfix-a; mkdir -m 700 /var/lib/postfix-a
sed '/smtpd$/d' /etc/postfix/master.cf.proto >/etc/postfix-a/master.cf
echo '127.0.0.1:2525 inet n - n - - smtpd' >>/etc/postfix-a/master.cf
cat >/etc/postfix-a/main.cf <<'.'
compatibility_level = 3.6
myhostname = mta2.example.com
mydestination = $myhostname
mynetworks = 127.0.0.1
smtpd_relay_restrictions = permit
queue_directory = /var/spool/postfix-a
data_directory = /var/lib/postfix-a
hash_queue_names = deferred defer incoming active hold
hash_queue_depth = 2
inet_interfaces = loopback-only
mail_spool_directory = /tmp/
alias_maps =
transport_maps = inline:{bad.example=retry:4.0.0}
fast_flush_domains = bad.example
smtp_tls_security_level = may
smtp_tls_session_cache_database = btree:\${data_directory}/smtp_scache
smtpd_tls_session_cache_database = btree:\${data_directory}/smtpd_scache
address_verify_map = btree:$data_directory/probes
.
echo 'multi_instance_directories = /etc/postfix-a' >>/etc/postfix/main.cf
postconf -c /etc/postfix-a -e maillog_file=/var/log/mail.log
touch -d '-1 hour' /etc/postfix/main.cf /etc/postfix-a/m*.cf
postfix -c /etc/postfix-a set-permissions && postfix -c /etc/postfix-a start
for each in nobody-there nobody@bad.example root; do
  echo hello | sendmail -C /etc/postfix-a -f root@mta2.example.com $each
done
sendmail -C /etc/postfix-a -bv -f root@mta2.example.com root
for each in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  test -n "$(find /var/spool/postfix-a/flush -type f)" && break; sleep 0.5
done
sleep 1
postfix -c /etc/postfix-a stop
for each in 1 2 3 4 5 6 7 8; do postfix -c /etc/postfix-a status || break; sleep 0.5; done
`

const survey = `exec >&3; cat >/run/survey.ts <<'.'
import {surveyRemoval} from '${source}'
const config_directory = '/etc/postfix-a'
const queue_directory = '/var/spool/postfix-a'
const data_directory = '/var/lib/postfix-a'
console.log(JSON.stringify(surveyRemoval({config_directory, queue_directory, data_directory}, '/etc/postfix')))
.
'${process.execPath}' --disable-warning=ExperimentalWarning --disable-warning=MODULE_TYPELESS_PACKAGE_JSON /run/survey.ts
`

describe('what a real master leaves', function () {
  this.timeout('1m')

  before(function () {
    const why = whyNoHost()
    if (why === undefined) return
    console.log(`    skipped: ${why}`)
    this.skip()
  })

  it('is removed as a whole when no mail is left', async () => {
    const {stdout, stderr, tree} = await inHost(`${life}postsuper -c /etc/postfix-a -d ALL\n${survey}`)
    const made = ['pid/master.pid: file', 'pid/unix.', 'private/local: s', 'public/qmgr: s', 'deferred/./.: directory']
    for (const each of made) assert.match(tree.join('\n'), new RegExp(`/var/spool/postfix-a/${each}`))
    assert.deepEqual(JSON.parse(stdout || stderr), {
      remove: ['/var/spool/postfix-a', '/var/lib/postfix-a', '/etc/postfix-a'],
      keep: [],
      differing: [],
    })
  })

  it('stays where it is or belongs to mail', async () => {
    const {stdout, stderr} = await inHost(life + survey)
    const {remove, keep} = JSON.parse(stdout || stderr) as {remove: string[]; keep: string[]}
    assert.deepEqual(
      keep,
      ['defer', 'deferred', ''].map((each) => `/var/spool/postfix-a/${each}`.replace(/\/$/, '')),
    )
    assert.deepEqual(remove.slice(-2), ['/var/lib/postfix-a', '/etc/postfix-a'])
    for (const each of ['flush', 'pid', 'private', 'public']) assert.ok(remove.includes(`/var/spool/postfix-a/${each}`))
  })
})
