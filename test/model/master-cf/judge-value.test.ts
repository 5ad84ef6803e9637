/** What is said of single values; that the table is right, value-types.acceptance.ts shows with real programs. */
import assert from 'node:assert/strict'
import {own} from '../../../src/model/base/own.ts'
import {judgeValue} from '../../../src/model/master-cf/judge-value.ts'

const defaults = {mail_version: '3.7.11', tls_new_switch: 'yes', tls_new_delay: '5s', smtpd_tls_loglevel: '0'}
const judge = (name: string, value: string, mail_version = '3.7.11') => {
  return judgeValue(name, value, (each) => own({...defaults, mail_version}, each))
}

const meant: [name: string, value: string, meant: string | undefined][] = [
  ['smtpd_tls_auth_only', 'true', 'yes'],
  ['smtpd_tls_auth_only', 'Off', 'no'],
  ['smtpd_tls_auth_only', 'yes # because', 'yes'],
  ['smtpd_tls_auth_only', 'maybe', undefined],
  ['message_size_limit', '50M', '52428800'],
  ['message_size_limit', '10 GB', '10737418240'],
  ['default_process_limit', '9G', undefined],
  ['smtpd_timeout', '5 minutes', '5m'],
  ['smtp_tls_security_level', 'encypt', 'encrypt'],
  ['smtp_tls_security_level', 'maybe', undefined],
  ['smtp_host_lookup', 'dns nativ', undefined],
]

const right: [name: string, value: string][] = [
  ['smtpd_tls_auth_only', 'YES'],
  ['message_size_limit', '3000000000'],
  ['smtpd_timeout', '5minutes'],
  ['smtpd_hard_error_limit', '+20'],
  ['smtp_host_lookup', 'dns, native'],
  ['smtp_tls_security_level', ''],
  ['smtpd_tls_loglevel', 'x'],
  ['constructor', 'x'],
  ['smtp_destination_rate_delay', '0'],
]

const wrong: [name: string, value: string, allowed: RegExp, certain?: boolean][] = [
  ['smtpd_hard_error_limit', '0', /^a number, 1 at least$/],
  ['smtpd_hard_error_limit', '2147483648', /^a number, 1 at least$/],
  ['smtpd_client_ipv4_prefix_length', '33', /^a number, 32 at most$/],
  ['unverified_sender_defer_code', '550', /^a number, 200 to 499$/],
  ['smtpd_timeout', '3550w', /1s at least$/],
  ['smtpd_banner', '', /^anything but nothing$/],
  ['smtp_destination_rate_delay', '1x', /units s, m, h, d, w, or none$/],
  ['slow_destination_concurrency_limit', 'x', /^a number$/],
  ['maximal_queue_lifetime', 'maybe', /8640000s at most$/, false],
  ['tls_new_switch', 'maybe', /^yes or no$/, false],
  ['tls_new_delay', 'x', /^a number with one of the units/, false],
]

describe('judge value', () => {
  for (const [name, value, expected] of meant) {
    it(`${name} = ${value} ${expected === undefined ? 'may mean anything' : `means ${expected}`}`, () => {
      assert.deepEqual([judge(name, value)?.certain, judge(name, value)?.meant], [true, expected])
    })
  }

  for (const [name, value] of right) {
    it(`${name} = ${value} has nothing against it`, () => assert.equal(judge(name, value), undefined))
  }

  for (const [name, value, allowed, certain = true] of wrong) {
    it(`${name} = ${value} is wrong${certain ? '' : ', as far as one can guess'}`, () => {
      const misfit = judge(name, value)
      assert.match(misfit?.allowed ?? '', allowed)
      assert.equal(misfit?.certain, certain)
    })
  }

  it('a word that came later is not known to an older release', () => {
    const ofReleases = ['3.7.11', '3.10.2'].map((each) => judge('smtpd_forbid_bare_newline', 'note', each)?.certain)
    assert.deepEqual(ofReleases, [true, undefined])
  })
})
