/**
 * The sockets that an enabled instance asks are there. Whether somebody answers is not looked at. Source: MILTER_README,
 * SMTPD_POLICY_README, SASL_README; lmtp(8); tried on Postfix 3.7.
 */

import {suggest} from '../../model/base/suggestion.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {restrictionLists} from '../../model/master-cf/lookup-tables.ts'
import {listWords, type ServiceLine} from '../../model/master-cf/services.ts'
import type {CheckedInstance, CheckHost} from '../../model/survey/check-input.ts'
import {enabled, type Flaw, onceEach, placeOfSetting, type Rule, runningServices} from '../rule.ts'

export const socketMissing: Rule = {
  id: 'socket-missing',
  severity: 'error',
  because:
    'A milter, policy server or SASL server that is asked by way of a UNIX-domain socket has to have it where smtpd(8) ' +
    'looks: with chroot = y below queue_directory. Without it clients get 451, and without the one of SASL smtpd(8) ' +
    'dies of each connection: "fatal: no SASL authentication mechanisms". The program behind it may not run, or it ' +
    'makes its socket in the queue of another instance.',
  check(input) {
    return enabled(input).flatMap((each) => {
      const servers = runningServices(each).filter(
        ({type, command}) => command === 'smtpd' && /^(?:inet|pass)$/.test(type),
      )
      return onceEach(servers.flatMap((service) => examineServer(each, service, input.host)))
    })
  },
}

interface AskedSocket {
  parameter: string
  path: string
  effect: string
  severity?: 'warning'
}

function examineServer(subject: CheckedInstance, service: ServiceLine, host: CheckHost): Flaw[] {
  return askedBy(subject, service).flatMap(({parameter, path, effect, severity}) => {
    const places = socketPlaces(path, subject, service)
    if (isOwnService(path, subject) || places.some((each) => host.look(each) !== null)) return []
    const {named, at} = placeOfSetting(subject, parameter, service.settings.has(parameter) ? service : undefined)
    return [
      {
        instances: [subject.config_directory],
        ...(severity && {severity}),
        at,
        message: `${label(subject)} asks unix:${path} (${named}), but ${places[0]} is not there: ${effect}`,
        suggestions: [suggest`ss -xl`, suggest`postmulti instances show ${operandOf(subject)}`],
      },
    ]
  })
}

/** Only what a release without a compatibility_level would not read otherwise is certain. */
function socketPlaces(path: string, {queue_directory}: CheckedInstance, {chroot}: ServiceLine): string[] {
  const inQueue = path.startsWith('/') ? `${queue_directory}${path}` : `${queue_directory}/${path}`
  if (!path.startsWith('/') || chroot === 'y') return [inQueue]
  return chroot === 'n' ? [path] : [path, inQueue]
}

/** master(8) makes it when it starts. */
function isOwnService(path: string, {services}: CheckedInstance): boolean {
  const [, directory, name] = /^\/?(?:.*\/)?(private|public)\/([^/]+)$/.exec(path) ?? []
  return services.some((each) => each.type === 'unix' && each.name === name && directory !== undefined)
}

function askedBy(subject: CheckedInstance, {settings}: ServiceLine): AskedSocket[] {
  const value = (parameter: string): string => subject.expanded(`$${parameter}`, settings) ?? ''
  const action = value('milter_default_action').toLowerCase()
  const effect =
    action === 'accept'
      ? 'mail passes without it'
      : `milter_default_action is ${action || 'tempfail'}, and clients get that`
  const milters = listWords(value('smtpd_milters')).flatMap((each): AskedSocket[] => {
    const path = socketIn(each)
    // One may have an action of its own.
    if (path === undefined) return []
    return [{parameter: 'smtpd_milters', path, effect, ...(action === 'accept' && {severity: 'warning' as const})}]
  })
  const sasl = /^(?:unix:)?(?!inet:)(.+)$/.exec(value('smtpd_sasl_path'))?.[1]
  const isDovecot = value('smtpd_sasl_auth_enable') === 'yes' && value('smtpd_sasl_type') === 'dovecot'
  const policies = restrictionLists.flatMap((parameter) =>
    socketsOfPolicies(value(parameter)).map((path) => ({parameter, path, effect: 'clients get 451'})),
  )
  return [
    ...milters,
    ...(isDovecot && sasl !== undefined
      ? [{parameter: 'smtpd_sasl_path', path: sasl, effect: 'smtpd(8) dies of each connection'}]
      : []),
    ...(value('smtpd_policy_service_default_action').startsWith('451') ? policies : []),
  ]
}

function socketIn(word: string): string | undefined {
  return /^(?:unix|local):(.+)$/.exec(word)?.[1]
}

function socketsOfPolicies(restrictions: string): string[] {
  const all = listWords(restrictions)
  return all.flatMap((each, at) =>
    all[at - 1]?.toLowerCase() === 'check_policy_service' ? (socketIn(each) ?? []) : [],
  )
}
