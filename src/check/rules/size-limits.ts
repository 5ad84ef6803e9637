/** Limits of sizes agree with each other, and with the disk. Source: local.c, virtual.c, and check_mail_size() in smtpd_check.c. */

import {operands, suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, type Rule, runningServices, whereSet, words} from '../rule.ts'

export const sizeLimits: Rule = {
  id: 'size-limits',
  severity: 'error',
  because:
    'local(8) and virtual(8) end when a mailbox may be smaller than a message: "fatal: configuration error: ' +
    'mailbox_size_limit is smaller than message_size_limit". Their mail stays in the queue. smtpd(8) answers "452 4.3.1 ' +
    'Insufficient system storage" while the disk of the queue has less room than queue_minfree, or than 1.5 messages ' +
    'of message_size_limit.',
  check(input) {
    return enabled(input).flatMap((each) => [...mailboxes(each), ...room(each, input.host)])
  },
}

const deliverers = [
  {program: 'local', limit: 'mailbox_size_limit', transport: 'local_transport', domains: 'mydestination'},
  {
    program: 'virtual',
    limit: 'virtual_mailbox_limit',
    transport: 'virtual_transport',
    domains: 'virtual_mailbox_domains',
  },
]

function mailboxes(subject: CheckedInstance): Flaw[] {
  return deliverers.flatMap(({program, limit, transport, domains}) => {
    const service = subject.parameter(transport).split(':')[0]
    const isUsed = runningServices(subject).some(({name, command, settings}) => {
      return name === service && command === program && !settings.has(limit) && !settings.has('message_size_limit')
    })
    const [most, largest] = [limit, 'message_size_limit'].map((each) => bytesOf(subject, each))
    if (!isUsed || words(subject.parameter(domains)).length === 0) return []
    if (most === undefined || largest === undefined || most <= 0 || (largest > 0 && most >= largest)) return []
    const size = largest > 0 ? `smaller than message_size_limit (${largest})` : 'limited, and message_size_limit is not'
    return {
      instances: [subject.config_directory],
      at: whereSet(subject, limit) ?? whereSet(subject, 'message_size_limit'),
      message: `${limit} of ${label(subject)} (${most}) is ${size}: ${program}(8) ends when it starts, and its mail stays in the queue`,
      suggestions: [
        suggest`postmulti instances set ${operands(operandOf(subject), `${limit}=${Math.max(largest, 0)}`)}`,
      ],
    }
  })
}

function room(subject: CheckedInstance, host: CheckHost): Flaw[] {
  const smtpd = runningServices(subject).some(({command}) => command === 'smtpd')
  const [least, largest] = ['queue_minfree', 'message_size_limit'].map((each) => bytesOf(subject, each))
  const isSet = ['queue_minfree', 'message_size_limit'].some((each) => subject.settings.has(each))
  const free = smtpd && isSet ? host.freeSpace(subject.queue_directory) : undefined
  if (free === undefined || least === undefined || largest === undefined) return []
  const wanted = Math.max(least, 1.5 * largest)
  if (wanted < free) return []
  const [name, size] = least >= 1.5 * largest ? ['queue_minfree', least] : ['message_size_limit', largest]
  if (!subject.settings.has(name)) return []
  return [
    {
      instances: [subject.config_directory],
      at: whereSet(subject, name),
      message: `${name} of ${label(subject)} is ${size}, and ${subject.queue_directory} has ${free} bytes left: smtpd(8) answers 452 to all mail`,
      suggestions: [suggest`postmulti instances unset ${operands(operandOf(subject), name)}`],
    },
  ]
}

/** 0 is no limit; undefined where it is no number. */
function bytesOf(subject: CheckedInstance, name: string): number | undefined {
  const value = subject.parameter(name)
  return /^\d+$/.test(value) ? Number(value) : undefined
}
