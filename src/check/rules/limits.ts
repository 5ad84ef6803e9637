/** The host can bear what the instances may start. Source: master(8); measured on Postfix 3.5 to 3.11. */

import {suggest} from '../../model/base/suggestion.ts'
import {label} from '../../model/instance/instance.ts'
import type {CheckedInstance} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, type Rule} from '../rule.ts'

/** Of one smtpd(8), in bytes; what processes have in common is not counted. */
const memoryOfSmtpd = 1.35 * 1024 * 1024

export const limits: Rule = {
  id: 'limits',
  severity: 'warning',
  because:
    'An idle instance has four processes, and its master(8) a hundred open files; under load it may start as many smtpd(8) as ' +
    'default_process_limit or master.cf say, each with 1.3 MB of its own. When master(8) runs out of files it cannot ' +
    'start more processes, and clients wait.',
  check(input) {
    const running = enabled(input)
    const wanted = running.reduce((sum, each) => sum + serversOf(each), 0) * memoryOfSmtpd
    const least = Math.min(...running.map((each) => Number(each.parameter('default_process_limit'))))
    const bearable = Math.max(1, Math.floor((least * input.host.memory) / wanted))
    const tooMuch: Flaw[] = [
      {
        instances: running.map((each) => each.config_directory),
        severity: 'advice',
        message: `SMTP servers of ${running.length} instances may need ${inGigabytes(wanted)}, and this host has ${inGigabytes(input.host.memory)}`,
        suggestions: [suggest`postmulti instances set --all default_process_limit=${bearable}`],
      },
    ]
    return [...(wanted > input.host.memory ? tooMuch : []), ...running.flatMap((each) => descriptors(each))]

    function descriptors(each: CheckedInstance): Flaw[] {
      const pid = input.host.masterOf(each)?.pid
      const found = pid === undefined ? undefined : input.host.descriptorsOf(pid)
      if (pid === undefined || found === undefined || found.open < found.limit * 0.9) return []
      const message = `master(8) of ${label(each)} has ${found.open} open files and may have ${found.limit}: it cannot start more processes`
      return [{instances: [each.config_directory], message, suggestions: [suggest`prlimit --nofile=4096 --pid ${pid}`]}]
    }
  },
}

function serversOf(subject: CheckedInstance): number {
  const usual = Number(subject.parameter('default_process_limit'))
  const listening = new Set(subject.listeners.filter((each) => each.enabled).map(({service}) => service))
  return subject.services
    .filter(({name, type, command}) => command === 'smtpd' && listening.has(`${name}/${type}`))
    .reduce((sum, {limit}) => sum + (limit === '-' ? usual : Number(limit)), 0)
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`
}
