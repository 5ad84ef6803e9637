import assert from 'node:assert/strict'
import {join} from 'node:path'
import test from 'node:test'
import {ask, onThrowAwayHost, question, whyNoHost} from '@postmulti/plugin-api/testing'
import checkNames from '../src/hooks.ts'

test('a name that follows the scheme is fine', async () => {
  const {refusals} = await ask(checkNames, question({event: 'pre-create', instances: ['postfix-out-1']}))
  assert.deepEqual(refusals, [])
})

test('another name is refused', async () => {
  const {refusals} = await ask(checkNames, question({event: 'pre-create', instances: ['postfix-out']}))
  assert.deepEqual(refusals, ['postfix-out does not follow our scheme, ^postfix-[a-z]+-[0-9]+$'])
})

test('a name that is nearly another one is a warning', async () => {
  const instances = ['postfix-out-1', 'postfix-put-2']
  const {warnings} = await ask(checkNames, question({event: 'pre-create', instances}))
  assert.deepEqual(warnings, ['postfix-put-2 is easily taken for postfix-out-1'])
})

test('an existing name does not refuse a change', async () => {
  const instances = ['postfix-old', 'postfix-out-1']
  const {refusals} = await ask(checkNames, question({event: 'pre-create', instances}))
  assert.deepEqual(refusals, [])
})

test('the site may choose another scheme', async () => {
  const settings = {scheme: '^postfix-o'}
  const asked = question({event: 'pre-assign', before: ['postfix-a'], after: ['postfix-in-1'], settings})
  assert.deepEqual((await ask(checkNames, asked)).refusals, ['postfix-in-1 does not follow our scheme, ^postfix-o'])
})

test('postmulti creates no instance against it', {skip: whyNoHost()}, async () => {
  const ran = await onThrowAwayHost(join(import.meta.dirname, '..'), [
    'postmulti -e init',
    'postmulti -I postfix-out -e create',
    'postmulti instances create out',
    'postmulti -I postfix-out-1 -e create',
  ])
  assert.deepEqual(
    ran.map(({status}) => status),
    [0, 1, 3, 0],
  )
  assert.match(ran.map(({stderr}) => stderr).join(''), /postfix-out does not follow our scheme/)
})
