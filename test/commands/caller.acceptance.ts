/** What root's caller has in his environment: it is for the commands that he asks for, and for nothing else. */
import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {mustSucceed, onThrowAwayHost, program, sh, start} from '../acceptance/inside.ts'
import {makeTwoInstances, sendTo} from './two-instances.ts'

const path = '/usr/sbin:/usr/bin:/sbin:/bin'

onThrowAwayHost(import.meta.filename, 'the environment of the caller', beCalled)

function beCalled() {
  before(async () => {
    await makeTwoInstances()
    sh(`mkdir -p /run/theirs
      for each in xz bzip2 $(ls /usr/bin; ls /usr/sbin); do
        case $each in sh | "[") continue ;; esac
        printf '#!/bin/sh\\necho "$0 $*" >>/run/called\\nPATH=${path} exec "\${0##*/}" "$@"\\n' >/run/theirs/$each
      done
      printf '#!/bin/sh\\necho "$0 $*" >>/run/called\\nexec /bin/sh "$@"\\n' >/run/theirs/sh
      chmod 755 /run/theirs/*
      echo x >/var/log/mail.log; printf '\\3757zXZ' >/run/old.log.xz; printf BZh >/run/old.log.bz2`)
  })
  beforeEach(() => rmSync('/run/called', {force: true}))
  after(() => start(program, ['instances', 'abort']).ended)

  const rows = [
    'postmulti -l',
    'postmulti -i postfix-out -p status',
    'postmulti -i postfix-out -p flush',
    'env --ignore-signal=HUP postmulti -i postfix-out -p status',
    'postmulti -i postfix-out -p "$(printf \'st\\351\')"',
    'postmulti -I postfix-t -e create',
    'postmulti -i postfix-t -e enable',
    'postmulti -i postfix-t -e disable',
    'postmulti -i postfix-t -e destroy',
    'postmulti undo --yes',
    'postmulti check --fix --yes',
    'postmulti instances set --all mail_name=x',
    'postmulti instances get --all myhostname mydestination',
    'postmulti instances start - postfix-out',
    'postmulti instances status',
    'postmulti instances reload postfix-out',
    'postmulti instances stop --all',
    'postmulti flow --to root@localhost',
    'postmulti queue list',
    'postmulti queue hold --all --yes',
    'postmulti metrics',
    'postmulti doctor',
    'postmulti history',
    'rm /var/cache/postmulti/*; postmulti -l',
    'postmulti trace x --log /run/old.log.xz',
    'postmulti trace x --log /run/old.log.bz2',
    'rm -f /var/log/mail.log; for each in "" -out -in; do postconf -c /etc/postfix$each -X maillog_file; done; postmulti trace x; postmulti top --once',
  ]
  for (const row of rows) {
    it(`has no say in which programs root runs for: ${row}`, async () => {
      sendTo('out')
      const {stderr} = await start('sh', [
        '-c',
        `PATH=${path} ; export PATH; postmulti() { PATH=/run/theirs:$PATH ${program} "$@"; }; ${named(row)}`,
      ]).ended
      assert.equal(existsSync('/run/called') ? readFileSync('/run/called', 'utf8') : '', '', stderr.join('\n'))
    })
  }

  it('says where the command of -x is to be found', async () => {
    await start('sh', ['-c', `PATH=/run/theirs:${path} ${program} -i postfix-out -x ls /`]).ended
    assert.match(readFileSync('/run/called', 'utf8'), /^\/run\/theirs\/ls \/$/m)
  })

  it('becomes no other variable of the commands that root runs', async () => {
    const preload = {POSTMULTI_CALLER_LD_PRELOAD: '/run/evil.so', POSTMULTI_CALLER_HOME: '/run/home'}
    const {stdout, stderr} = await start(program, ['-i', 'postfix-out', '-x', 'env'], {env: {PATH: path, ...preload}})
      .ended
    assert.doesNotMatch(stdout, /^(?:LD_PRELOAD|HOME|POSTMULTI_.*)=/m)
    assert.deepEqual(stderr, [])
  })

  it('makes no JSON of what is asked for as text', async () => {
    const {stdout} = await start(program, ['instances'], {env: {PATH: path, POSTMULTI_CONTENT_TYPE: 'json'}}).ended
    assert.doesNotMatch(stdout, /^\{/)
  })

  it('lets a descriptor of a parent in Node do no harm', async () => {
    for (const value of ['x', '3']) {
      const {status} = await start(program, ['instances'], {env: {PATH: path, NODE_CHANNEL_FD: value}}).ended
      assert.equal(status, 0)
    }
    await mustSucceed('instances')
  })
}

/** env(1) knows nothing of a shell's functions. */
function named(row: string): string {
  return row.replace(/(env .*) postmulti/, `$1 ${program}`).replace('env --', 'PATH=/run/theirs:$PATH /usr/bin/env --')
}
