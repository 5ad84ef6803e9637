import assert from 'node:assert/strict'
import {broughtNames} from '../../../src/postfix/reader/master-cf.ts'
import {service} from '../../values.ts'
import {defaults} from './some-defaults.ts'

describe('parameters of services', () => {
  it('are known beside an -o setting with blanks, which made slow_destination_rate_delay look misspelt', () => {
    const services = [service('smtpd inet n - n - - smtpd -o { a = b, c }'), service('slow unix - - n - - smtp')]
    const names = broughtNames(services, {...defaults, services: {...defaults.services, transport: {_delay: '$x'}}})
    assert.deepEqual(names, ['slow_delay'])
  })
})
