/** Two enabled instances of one group, which take mail of root and keep it. */
import {antedate, mustSucceed, sh} from '../acceptance/inside.ts'

export async function makeTwoInstances(): Promise<void> {
  await mustSucceed('-e init')
  for (const each of ['postfix-out', 'postfix-in']) {
    await mustSucceed(`-I ${each} -G mta -e create`)
    await mustSucceed(`instances enable ${each}`)
    sh(`postconf -c /etc/${each} -e authorized_submit_users=root defer_transports=smtp,relay`)
  }
  antedate()
}

/** A message for one of them, `out` or `in`. */
export function sendTo(name: string): void {
  // Whether the instance runs or not: that is told on stderr.
  sh(`echo hello | sendmail -C /etc/postfix-${name} -f a@${name}.test b@example.com 2>/dev/null`)
}
