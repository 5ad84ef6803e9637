import assert from 'node:assert/strict'
import {createServer} from 'node:net'
import {parseOpenPorts, readOpenPorts} from '../../../src/postfix/state/open-ports.ts'

describe('where somebody listens', () => {
  it('is read as the kernel writes it, for IPv4 and IPv6', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:2729 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:C0DE 0100007F:2729 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 00000000000000000000000000000000:0019 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0 0 0 3
   3: 00000000000000000000000001000000:0019 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0 0 0 4`
    assert.deepEqual(parseOpenPorts(text), ['127.0.0.1 10025', ':: 25', '::1 25'])
  })

  it('is seen on this host', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.on('listening', resolve))
    const {port} = server.address() as {port: number}
    const found = readOpenPorts()
    server.close()
    assert.ok(found?.has(`127.0.0.1 ${port}`))
  })
})
