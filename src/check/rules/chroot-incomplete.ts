/** A jail has what its programs need. Source: postfix-script, "and ... differ"; Debian's configure-instance.sh. */

import {shell} from '../../model/base/suggestion.ts'
import type {Step} from '../../model/change/plan.ts'
import {label} from '../../model/instance/instance.ts'
import {enabled, placeOfService, type Rule, runningServices} from '../rule.ts'

/** Looking up a host or a service needs them. */
const needed = ['/etc/hosts', '/etc/nsswitch.conf', '/etc/resolv.conf', '/etc/services']

export const chrootIncomplete: Rule = {
  id: 'chroot-incomplete',
  severity: 'warning',
  because:
    'smtp(8) and smtpd(8) with chroot = y see queue_directory as /. Without copies of these files there, they find ' +
    'no host ("Host or domain name not found"). With old copies, they find outdated addresses. Debian 11 and 12 copy ' +
    'the files only when systemd starts an instance. Later releases copy them whenever it is created, checked or ' +
    'started, unless /etc/default/postfix has an empty SYNC_CHROOT.',
  check(input) {
    const {host} = input
    return enabled(input).flatMap((each) => {
      const usual = /^[01](?:\.|$)/.test(each.parameter('compatibility_level')) ? 'y' : 'n'
      const jailed = runningServices(each).find(
        ({chroot, command}) => /^(?:smtp|smtpd|lmtp)$/.test(command) && (chroot === '-' ? usual : chroot) === 'y',
      )
      if (jailed === undefined) return []
      const differing = needed.filter((path) => {
        const [outside, inside] = [host.text(path), host.text(each.queue_directory + path)]
        return outside && inside !== undefined && inside !== outside
      })
      if (differing.length === 0) return []
      const jail = `${each.queue_directory}/etc`
      // What differs from the host's own may be meant so.
      const isEmpty = differing.every((path) => host.text(each.queue_directory + path) === null)
      return {
        instances: [each.config_directory],
        at: placeOfService(each, jailed),
        message: `${label(each)} runs ${jailed.name}/${jailed.type} in ${each.queue_directory}, where ${differing.join(', ')} ${differing.length === 1 ? 'is' : 'are'} missing or old: names are not found`,
        suggestions: [shell`mkdir -p ${jail} && cp -p ${differing} ${jail}`],
        fix: isEmpty ? fillChroot(each.queue_directory, differing, host.look(jail) === null) : undefined,
      }
    })
  },
}

function fillChroot(queue_directory: string, missing: readonly string[], isNew: boolean): Step[] {
  return [
    ...(isNew ? [{do: 'make directory' as const, path: `${queue_directory}/etc`, mode: 0o755}] : []),
    ...missing.map((from) => ({do: 'copy file' as const, from, to: queue_directory + from})),
  ]
}
