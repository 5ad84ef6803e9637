/** All built-in rules, in the order in which findings of one severity are told: what costs mail first. */
import type {MailFlow} from '../../flow/mail-flow.ts'
import type {Finding} from '../../model/change/finding.ts'
import type {CheckInput} from '../../model/survey/check-input.ts'
import type {Rule} from '../rule.ts'
import {addressMissing} from './address-missing.ts'
import {alternateDirectoryUnsafe} from './alternate-directory-unsafe.ts'
import {badValue} from './bad-value.ts'
import {bindAddress} from './bind-address.ts'
import {brokenInstance} from './broken-instance.ts'
import {cacheShared} from './cache-shared.ts'
import {chrootIncomplete} from './chroot-incomplete.ts'
import {commentInValue} from './comment-in-value.ts'
import {compatibilityLevel} from './compatibility-level.ts'
import {deprecatedParameter} from './deprecated-parameter.ts'
import {directoryNested} from './directory-nested.ts'
import {directoryShared} from './directory-shared.ts'
import {hopToNowhere} from './hop-to-nowhere.ts'
import {hopToSelf} from './hop-to-self.ts'
import {leftStopped} from './left-stopped.ts'
import {limits} from './limits.ts'
import {listFormat} from './list-format.ts'
import {mailLoop} from './mail-loop.ts'
import {maillogShared} from './maillog-shared.ts'
import {maillogUnwritable} from './maillog-unwritable.ts'
import {nameMissing} from './name-missing.ts'
import {nameShared} from './name-shared.ts'
import {nameUndefined} from './name-undefined.ts'
import {notStartedAtBoot} from './not-started-at-boot.ts'
import {outsideItsUnit} from './outside-its-unit.ts'
import {ownerOrMode} from './owner-or-mode.ts'
import {parameterTwice} from './parameter-twice.ts'
import {portTaken} from './port-taken.ts'
import {primaryDisabled} from './primary-disabled.ts'
import {primaryNotNullClient} from './primary-not-null-client.ts'
import {recipientLimit} from './recipient-limit.ts'
import {relaySyslogName} from './relay-syslog-name.ts'
import {restrictionMissing} from './restriction-missing.ts'
import {restrictionUnknown} from './restriction-unknown.ts'
import {serviceDies} from './service-dies.ts'
import {serviceInvalid} from './service-invalid.ts'
import {serviceMissing} from './service-missing.ts'
import {serviceTwice} from './service-twice.ts'
import {sizeLimits} from './size-limits.ts'
import {socketMissing} from './socket-missing.ts'
import {startOrder} from './start-order.ts'
import {startedThoughDisabled} from './started-though-disabled.ts'
import {stockOverride} from './stock-override.ts'
import {submitBlocked} from './submit-blocked.ts'
import {tableMissing} from './table-missing.ts'
import {tableStale} from './table-stale.ts'
import {unitOrder} from './unit-order.ts'
import {unknownParameter} from './unknown-parameter.ts'
import {unlistedInstance} from './unlisted-instance.ts'
import {unreachable} from './unreachable.ts'
import {wrapperMissing} from './wrapper-missing.ts'
import {wrapperUnusable} from './wrapper-unusable.ts'
import {xforwardAsymmetry} from './xforward-asymmetry.ts'

export const rules: readonly Rule[] = [
  brokenInstance,
  unlistedInstance,
  wrapperMissing,
  wrapperUnusable,
  nameShared,
  directoryShared,
  directoryNested,
  alternateDirectoryUnsafe,
  ownerOrMode,
  serviceInvalid,
  serviceMissing,
  serviceDies,
  hopToSelf,
  hopToNowhere,
  mailLoop,
  badValue,
  restrictionMissing,
  restrictionUnknown,
  sizeLimits,
  tableMissing,
  addressMissing,
  bindAddress,
  cacheShared,
  socketMissing,
  portTaken,
  notStartedAtBoot,
  maillogUnwritable,
  primaryDisabled,
  startOrder,
  startedThoughDisabled,
  outsideItsUnit,
  leftStopped,
  unitOrder,
  unreachable,
  listFormat,
  nameMissing,
  maillogShared,
  tableStale,
  serviceTwice,
  unknownParameter,
  deprecatedParameter,
  commentInValue,
  nameUndefined,
  parameterTwice,
  stockOverride,
  xforwardAsymmetry,
  chrootIncomplete,
  limits,
  relaySyslogName,
  submitBlocked,
  compatibilityLevel,
  recipientLimit,
  primaryNotNullClient,
]

export function applyRules(wanted: readonly Rule[], input: CheckInput, mailFlow: () => MailFlow): Finding[] {
  return wanted.flatMap((rule) =>
    rule
      .check(input, mailFlow)
      .map(({instances, message, at, suggestions = [], severity = rule.severity, fix = null}) => ({
        rule: rule.id,
        severity,
        instances,
        file: at?.file ?? null,
        line: at?.line ?? null,
        message,
        suggestions,
        fix,
      })),
  )
}
