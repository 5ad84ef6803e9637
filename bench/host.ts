/**
 * The throw-away host on which all is measured: it gets more and more instances, postfix-t1, postfix-t2 and so on, of
 * group mta, stopped and disabled. Whatever a measured command did is taken back without help of either program.
 */
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {newInstance} from './cases.ts'

export const ours = '/run/project/bin/postmulti'
export const real = process.env.POSTMULTI!

/** So many are created; all others are copies of these. */
const models = 20
/** Below /run, which is the host's own. */
const kept = '/run/bench'
const enabled = 'multi_instance_enable = yes'

let count = 0

/** Up to this number of secondary instances, and no main.cf that was modified just now. */
export function growTo(size: number): void {
  if (count === 0) sh(`${ours} -e init`)
  while (count < Math.min(size, models)) sh(`${ours} -I postfix-t${++count} -G mta -e create`)
  if (count < size) sh(`${join(import.meta.dirname, 'grow')} ${models} ${count + 1} ${size}`)
  count = size
  antedate()
  sh(`mkdir -p ${kept} && cp -p /etc/postfix/main.cf ${kept}/primary && cp -p /etc/postfix-t1/main.cf ${kept}/t1`)
}

/** As growTo left it, but for what runs. */
export function restore(): void {
  sh(`cp -p ${kept}/primary /etc/postfix/main.cf && cp -p ${kept}/t1 /etc/postfix-t1/main.cf &&
    rm -rf /etc/${newInstance}* /var/lib/${newInstance}* /var/spool/${newInstance}*`)
}

export function addInstance(): void {
  sh(`${ours} -I ${newInstance} -e create`)
  antedate()
}

/** All of them, enabled until `disableAll`. */
export function startAll(): void {
  sh(`for each in /etc/postfix-t*; do echo '${enabled}' >>$each/main.cf; done`)
  antedate()
  sh('for each in /etc/postfix /etc/postfix-t*; do postfix -c $each start 2>/dev/null; done')
  // What a master(8) does first is no part of its end.
  sh('sleep 1')
}

export function disableAll(): void {
  sh(`sed -i '/^${enabled}$/d' /etc/postfix-t*/main.cf`)
  antedate()
}

/** How many of the instances that were made while measuring are known to Postfix. */
export function countNewInstances(): number {
  const list = sh('postconf -h multi_instance_directories')
  return new Set(list.split(/\s+/).filter((each) => each.startsWith(`/etc/${newInstance}`))).size
}

export function postfixVersion(): string {
  return sh('postconf -dh mail_version').trim()
}

/** Postfix waits before it reads a main.cf that was modified just now: seconds that would hide all else. */
function antedate(): void {
  sh("find /etc/postfix* -name 'ma*.cf' -exec touch -d '-1 hour' {} +")
}

function sh(command: string): string {
  const {status, stdout, stderr} = spawnSync('sh', ['-c', command], {encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}
