/** What changes mean for units of systemd, on a host whose unit files are Debian 13's and where no systemd answers. */
import assert from 'node:assert/strict'
import {existsSync, readlinkSync} from 'node:fs'
import {mustSucceed, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'

const system = '/etc/systemd/system'
const link = `${system}/multi-user.target.wants/postfix@out.service`
const dropIn = (name: string): string => `${system}/postfix@${name}.service.d/50-postmulti.conf`

onThrowAwayHost(import.meta.filename, 'units of systemd', () => {
  let restoreHost: () => void

  before(async () => {
    sh(
      `rm -rf ${system}/*; printf '[Service]\\nEnvironment=MAIL_CONFIG=/etc/postfix-%%I\\n' >${system}/postfix@.service`,
    )
    // On a host that has none.
    sh(`command -v systemctl >/dev/null || install -m 755 /dev/stdin /usr/sbin/systemctl <<'.'
#!/bin/sh
echo 'Failed to connect to bus: No such file or directory' >&2
exit 1
.`)
    await mustSucceed('-e init')
    for (const each of ['in', 'out']) await mustSucceed(`-I postfix-${each} -e create`)
    restoreHost = saveHost()
    sh('mkdir -p /run/systemd')
  })
  beforeEach(() => sh('mkdir -p /run/systemd/system'))
  afterEach(() => {
    sh(`rm -rf /run/systemd/system ${system}/*.wants ${system}/*.d; rm -rf /etc/postmulti /run/srv/mail`)
    restoreHost()
  })

  it('are enabled by the classic way where systemd runs', async () => {
    await mustSucceed('-i out -e enable')
    assert.equal(readlinkSync(link), `${system}/postfix@.service`)
    await mustSucceed('-i out -e disable')
    assert.ok(!existsSync(link))
  })

  it('are left alone by the classic way where systemd does not run', async () => {
    sh('rmdir /run/systemd/system')
    await mustSucceed('-i out -e enable')
    assert.ok(!existsSync(link))
  })

  it('are enabled in an image when that is said', async () => {
    sh('rmdir /run/systemd/system')
    await mustSucceed('instances enable out --systemd')
    assert.ok(existsSync(`${system}/multi-user.target.wants`))
    assert.equal(readlinkSync(link), `${system}/postfix@.service`)
  })

  it('are left alone when that is said', async () => {
    await mustSucceed('instances enable out --no-systemd')
    assert.ok(!existsSync(link))
  })

  it('are left alone where that was said to the plugin of former times', async () => {
    sh(`mkdir -p /etc/postmulti; echo '{"systemd": {"mode": "off"}}' >/etc/postmulti/plugins.json`)
    await mustSucceed('instances enable out')
    assert.ok(!existsSync(link))
    assert.doesNotMatch((await postmulti('check')).stdout, /not-started-at-boot/)
    assert.doesNotMatch((await postmulti('plugins doctor')).stdout, /systemd/)
  })

  it('are enabled though systemd does not answer, and that is told', async () => {
    const {stderr} = await mustSucceed('instances enable out')
    assert.match(stderr.join('\n'), /systemctl daemon-reload.*: .+/)
    assert.ok(existsSync(link.replace(/\/[^/]*$/, '')))
  })

  it('that do not start because systemd does not answer say so, and --no-systemd starts the instance', async () => {
    await mustSucceed('instances enable out')
    const {status, stderr} = await postmulti('instances start out')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /Failed to connect to .*bus/)
    // Without INVOCATION_ID, Debian 13's postfix(1) asks systemd in its turn.
    sh('INVOCATION_ID=x postmulti instances start out --no-systemd')
    await mustSucceed('instances stop out')
  })

  it('that are not started at boot are told in the list', async () => {
    await mustSucceed('instances enable out --no-systemd')
    const {instances} = JSON.parse((await mustSucceed('instances --json')).stdout)
    assert.deepEqual(
      instances.map((each: {starts_at_boot: boolean}) => each.starts_at_boot),
      [false, false, false],
    )
    assert.match((await mustSucceed('instances --columns name,enabled')).stdout, /^postfix-out +yes, not at boot$/m)
    assert.match(
      (await mustSucceed('instances show out')).stdout,
      /enabled +yes, but systemd does not start it at boot/,
    )
  })

  it('start in the order of the list', async () => {
    await mustSucceed('instances enable in out')
    assert.match(sh(`cat ${dropIn('out')}`), /^After=postfix@in\.service$/m)
    await mustSucceed('instances reorder out --before in')
    assert.match(sh(`cat ${dropIn('in')}`), /^After=postfix@out\.service$/m)
    assert.ok(!existsSync(dropIn('out')))
  })

  it('are as before after an undo', async () => {
    await mustSucceed('instances enable in')
    const before = sh(`cd ${system}; find . | sort`)
    await mustSucceed('instances enable out')
    await mustSucceed('undo --yes')
    assert.equal(sh(`cd ${system}; find . | sort`), before)
  })

  it('are shown by a dry run, which makes none', async () => {
    const {stdout} = await mustSucceed('instances enable out --dry-run')
    assert.match(stdout, /make \S+\/multi-user\.target\.wants\/postfix@out\.service a link to/)
    assert.match(stdout, /systemctl daemon-reload/)
    assert.ok(!existsSync(link))
  })

  it('go with a destroyed instance', async () => {
    await mustSucceed('instances enable in out')
    await mustSucceed('instances disable out')
    await mustSucceed('instances destroy out --yes')
    assert.equal(sh(`cd ${system}; find . -name '*out*'`), '')
  })

  it('are named after the instance where its directory is elsewhere', async () => {
    await mustSucceed('instances create mail --config-directory /run/srv/mail --enable')
    assert.match(sh(`cat ${dropIn('mail')}`), /^Environment="MAIL_CONFIG=\/run\/srv\/mail"$/m)
    assert.ok(sh(`ls ${system}/multi-user.target.wants`).includes('postfix@mail.service'))
  })

  it('do not exist for a directory that others can write, and that is told', async () => {
    sh('mkdir -p /run/srv; chmod 777 /run/srv')
    const {stderr} = await mustSucceed('instances create mail --config-directory /run/srv/mail --enable')
    sh('chmod 755 /run/srv')
    assert.match(stderr.join('\n'), /will not start postfix-mail at boot: others than root can write \/run\/srv\/mail/)
    assert.equal(sh(`find ${system} -name '*mail*'`), '')
  })

  it('leave a link alone that leads elsewhere', async () => {
    sh(`mkdir -p ${system}/multi-user.target.wants; ln -s /run/other.service ${link}`)
    const {stderr} = await mustSucceed('instances enable out')
    assert.match(stderr.join('\n'), /postfix@out\.service leads to \/run\/other\.service, so it stays/)
    assert.equal(readlinkSync(link), '/run/other.service')
  })

  it('are made by check --fix, which removes what is of no use', async () => {
    await mustSucceed('instances enable in out --no-systemd')
    const old = `${system}/postfix@postfix-in.service.d/50-postmulti-order.conf`
    sh(`mkdir ${old.replace(/\/[^/]*$/, '')}
      echo '# Written by postmulti: changed and removed with the instance list.' >${old}`)
    const told = (await postmulti('check --rule not-started-at-boot --rule unit-order')).stdout
    assert.match(told, /postfix-in is enabled, and systemd does not start it at boot/)
    await postmulti('check --fix --yes --rule not-started-at-boot --rule unit-order')
    assert.ok(readlinkSync(link))
    assert.match(sh(`cat ${dropIn('out')}`), /^After=postfix@in\.service$/m)
    assert.ok(!existsSync(old))
    assert.match((await mustSucceed('check --rule unit-order')).stdout, /no|No|nothing/)
  })
})
