import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {cutShort} from '../../src/postfix/cut-short.ts'

describe('the second that postfix-script sleeps', () => {
  let master: ChildProcess

  beforeEach(() => {
    master = spawn('tail', ['-f', '/dev/null'], {stdio: 'ignore'})
  })
  afterEach(() => master.kill())

  it('ends when master(8) is gone, without a word of the shell', async () => {
    const script = spawn('sh', ['-c', 'sh -c "sleep 30; echo looks again"; exit 3'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said: string[] = []
    for (const each of [script.stdout, script.stderr]) each.setEncoding('utf8').on('data', (text) => said.push(text))
    const endWatch = cutShort(script.pid!, master.pid!)
    master.kill()
    const [status] = await once(script, 'close')
    endWatch()
    assert.deepEqual([status, said.join('')], [3, 'looks again\n'])
  })

  it('is left alone while master(8) is there', async () => {
    const script = spawn('sh', ['-c', 'sleep 0.3; echo slept'], {stdio: ['ignore', 'pipe', 'ignore']})
    const began = Date.now()
    const endWatch = cutShort(script.pid!, master.pid!)
    await once(script, 'close')
    endWatch()
    assert.ok(Date.now() - began >= 290)
  })
})
