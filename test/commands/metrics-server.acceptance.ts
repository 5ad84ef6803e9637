/** Metrics over HTTP: who may ask, what they hear, and what is left when it ends. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, readdirSync, statSync, writeFileSync} from 'node:fs'
import {type IncomingHttpHeaders, request} from 'node:http'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {
  antedate,
  mustSucceed,
  type Outcome,
  onThrowAwayHost,
  postmulti,
  program,
  type Running,
  saveHost,
  sh,
  sleep,
  start,
  until,
} from '../acceptance/inside.ts'
import {makeTwoInstances} from './two-instances.ts'

const directory = '/run/metrics'
const path = `${directory}/metrics.sock`
const port = 9154

interface Place {
  socketPath?: string
  port?: number
  host?: string
}

onThrowAwayHost(import.meta.filename, 'metrics over HTTP', serve)

function serve() {
  let restoreHost: () => void
  const servers: Running[] = []

  before(async () => {
    await makeTwoInstances()
    sh(`mkdir ${directory}`)
    restoreHost = saveHost()
  })
  afterEach(async () => {
    for (const each of servers.splice(0)) {
      signal(each, 'SIGKILL')
      await each.ended
    }
    sh(`rm -rf ${directory}/* ${directory}/.m*`)
    restoreHost()
  })

  it('are what postmulti metrics prints, at /metrics alone, and only to be read', async () => {
    await listenAt(`127.0.0.1:${port}`)
    const {status, headers, text} = await get({port})
    assert.equal(text, (await mustSucceed('metrics')).stdout)
    assert.deepEqual([status, headers['content-type']], [200, 'text/plain; version=0.0.4; charset=utf-8'])
    assert.equal((await get({port}, '/metrics?x=1', 'HEAD')).status, 200)
    assert.equal((await get({port}, '/')).status, 404)
    assert.equal((await get({port}, '/metrics', 'POST')).status, 405)
  })

  it('can be had at an address of IPv6, too', async () => {
    await listenAt(`[::1]:${port}`)
    assert.equal((await get({port, host: '::1'})).status, 200)
  })

  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    it(`end cleanly with ${name}, and take their socket away`, async () => {
      const server = await listenAt(path)
      assert.equal(statSync(path).mode & 0o777, 0o666)
      assert.equal((await get({socketPath: path})).status, 200)
      signal(server, name)
      const {status, stdout, stderr} = await server.ended
      assert.deepEqual([status, stdout, stderr], [0, `Listening on ${path}\n`, []])
      assert.deepEqual(readdirSync(directory), [])
    })
  }

  it('end while somebody is connected and says nothing', async () => {
    const server = await listenAt(path)
    const silent = connect(path)
    silent.on('error', () => {})
    await get({socketPath: path})
    signal(server, 'SIGTERM')
    assert.equal((await server.ended).status, 0)
    silent.destroy()
  })

  // Whoever owned it made any file of the host writable for all, at the first try.
  it('in a directory of another user change nothing but their own socket', async () => {
    sh(`chown nobody ${directory}; echo secret >/run/canary; chmod 600 /run/canary`)
    const script = `
      const {readdirSync, renameSync, rmSync, symlinkSync} = require('node:fs')
      for (;;) for (const name of readdirSync('${directory}')) if (name.startsWith('.')) try {
        symlinkSync('/run/canary', '${directory}/bait'); renameSync('${directory}/bait', '${directory}/' + name)
      } catch { rmSync('${directory}/bait', {force: true}) }`
    const words = ['--reuid=nobody', '--regid=nogroup', '--clear-groups', process.execPath, '-e', script]
    const attacker = spawn('setpriv', words, {stdio: 'ignore'})
    for (let tries = 0; tries < 5; tries++) {
      const server = start(program, ['metrics', '--listen', path])
      await until(() => existsSync(path) || readdirSync(directory).includes('metrics.sock'))
      signal(server, 'SIGTERM')
      await server.ended
      sh(`rm -f ${path}`)
      assert.equal(sh('stat -c "%a %U" /run/canary; cat /run/canary'), '600 root\nsecret')
    }
    attacker.kill('SIGKILL')
    sh(`chown root ${directory}`)
  })

  it('are for everybody who may come to the socket', async () => {
    await listenAt(path)
    const script = `require('node:http').get({socketPath: '${path}', path: '/metrics'}, (r) => console.log(r.statusCode))`
    assert.equal(sh(`setpriv --reuid=nobody --clear-groups ${process.execPath} -e "${script}"`), '200')
  })

  it('take the place of a server that was killed, and not of one that lives', async () => {
    const killed = await listenAt(path)
    signal(killed, 'SIGKILL')
    await killed.ended
    assert.ok(existsSync(path))
    await listenAt(path)
    const {status, stderr} = await postmulti(`metrics --listen ${path}`)
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), /Another process listens on .*metrics\.sock\n +try: ss /)
    assert.equal((await get({socketPath: path})).status, 200)
  })

  it('leave the socket of another server alone that has come in their place', async () => {
    const first = await listenAt(path)
    sh(`mv ${path} ${directory}/other`)
    await listenAt(path)
    signal(first, 'SIGTERM')
    await first.ended
    assert.equal((await get({socketPath: path})).status, 200)
  })

  const refused: [address: string, status: number, message: RegExp][] = [
    ['0.0.0.0:9154', 3, /Other hosts could ask .*\n.*\n +try: postmulti metrics --listen 0\.0\.0\.0:9154 --public$/],
    ['/run/nowhere/x.sock', 3, /no directory \/run\/nowhere .*\n +try: mkdir -p \/run\/nowhere$/],
    [`${directory}/file`, 3, /is not a socket, so it stays as it is/],
    ['127.0.0.1:9155', 3, /Another process listens on .*:9155.*\n +try: ss -ltnp 'sport = :9155'$/],
    [
      '198.51.100.1:9154 --public',
      1,
      /listen on http:\/\/198\.51\.100\.1:9154\/metrics: Cannot assign requested address/,
    ],
    ['systemd', 3, /systemd has handed over no socket/],
    ['mta1.example.com:9154', 2, /is not a place to listen.*\n +try: postmulti metrics --listen 127\.0\.0\.1:9154$/],
  ]
  for (const [address, status, message] of refused) {
    it(`are not told at ${address}, and it is said why`, async () => {
      writeFileSync(`${directory}/file`, 'x')
      const taken = createServer().listen(9155, '127.0.0.1')
      const outcome = await postmulti(`metrics --listen ${address}`)
      taken.close()
      assert.equal(outcome.status, status)
      assert.match(outcome.stderr.join('\n'), message)
      assert.equal(sh(`cat ${directory}/file`), 'x')
    })
  }

  it('can be had from elsewhere where that is said', async () => {
    await listenAt(`0.0.0.0:${port}`, '--public')
    assert.equal((await get({port})).status, 200)
  })

  it('are read once for all who ask at the same time, and again some seconds later', async () => {
    await listenAt(`127.0.0.1:${port}`)
    const answers = await Promise.all(Array.from({length: 30}, () => get({port})))
    assert.deepEqual([...new Set(answers.map(({status}) => status))], [200])
    sh('postmulti -i in -e disable')
    assert.equal(isEnabled(await get({port})), '1')
    await sleep(5500)
    assert.equal(isEnabled(await get({port})), '0')
  })

  // Anybody on the host could blind Prometheus with 34 of them.
  for (const [address, place] of [
    [path, {path}],
    [`127.0.0.1:${port}`, {port, host: '127.0.0.1'}],
  ] as const) {
    it(`are told at ${address} while 600 others are connected and say nothing, or half of it`, async () => {
      await listenAt(address)
      const idle = new Set<Socket>()
      let isOver = false
      const open = (): void => {
        const socket = connect(place)
        idle.add(socket)
        socket.on('error', () => {})
        socket.on('connect', () => idle.size % 2 === 0 && socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n'))
        socket.on('close', () => {
          idle.delete(socket)
          if (!isOver) setTimeout(open, 100)
        })
      }
      for (let number = 0; number < 600; number++) open()
      for (let round = 0; round < 10; round++) {
        assert.equal((await get('path' in place ? {socketPath: place.path} : place)).status, 200)
        await sleep(200)
      }
      isOver = true
      for (const each of idle) each.destroy()
    })
  }

  it('wait two seconds for a request', async () => {
    await listenAt(path)
    const silent = connect(path).on('error', () => {})
    const opened = performance.now()
    await new Promise((resolve) => silent.resume().on('close', resolve))
    assert.ok(performance.now() - opened < 10_000)
  })

  it('are told to two hundred at once', async () => {
    await listenAt(path)
    const answers = await Promise.all(Array.from({length: 200}, () => get({socketPath: path})))
    assert.deepEqual([...new Set(answers.map(({status}) => status))], [200])
  })

  it('come over a socket that systemd has opened', async () => {
    const opened = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => opened.once('listening', resolve))
    const {port: handedOver} = opened.address() as AddressInfo
    const descriptor = (opened as unknown as {_handle: {fd: number}})._handle.fd
    const script = `LISTEN_FDS=1 LISTEN_PID=$$ exec ${program} metrics --listen systemd`
    const server = spawn('sh', ['-c', script], {stdio: ['ignore', 'pipe', 'inherit', descriptor], env: {PATH: '/bin'}})
    const ended = new Promise<number | null>((resolve) => server.on('close', resolve))
    const [line] = await server.stdout!.take(1).toArray()
    opened.close()
    assert.match(String(line), /^Listening on the socket of systemd$/m)
    assert.equal((await get({port: handedOver})).status, 200)
    server.kill('SIGTERM')
    assert.equal(await ended, 0)
  })

  it('are told of the others beside a damaged instance, which is complained of once', async () => {
    sh('echo oops >>/etc/postfix-in/main.cf')
    antedate()
    const server = await listenAt(path)
    const {status, text} = await get({socketPath: path})
    assert.equal(status, 200)
    assert.match(text, /^postfix_instance_damaged\{name="\/etc\/postfix-in"\} 1$/m)
    await sleep(5500)
    await get({socketPath: path})
    signal(server, 'SIGTERM')
    const {stderr} = await server.ended
    assert.equal(stderr.length, 1)
    assert.match(stderr[0]!, /^postmulti: \/etc\/postfix-in\/main\.cf, line \d+: missing '='/)
  })

  it('are a failure with its reason when the primary cannot be read', async () => {
    await listenAt(path)
    sh('echo oops >>/etc/postfix/main.cf')
    antedate()
    const {status, text} = await get({socketPath: path})
    assert.equal(status, 500)
    assert.match(text, /missing '='/)
  })

  /** Waits until it listens. */
  async function listenAt(address: string, ...flags: string[]): Promise<Running> {
    const server = start(program, ['metrics', '--listen', address, ...flags])
    servers.push(server)
    const has = address.startsWith('/')
      ? {socketPath: address}
      : {port, host: address.replace(/\[?(.*?)\]?:\d+$/, '$1')}
    await until(() =>
      Promise.race([
        get(has, '/').then(
          () => true,
          () => false,
        ),
        server.ended.then(complain),
      ]),
    )
    return server
  }
}

function complain({stderr}: Outcome): never {
  throw new Error(stderr.join('\n'))
}

function signal({pid}: Running, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended.
  }
}

function isEnabled({text}: {text: string}): string | undefined {
  return /^postfix_instance_enabled\{name="postfix-in"\} (\d)$/m.exec(text)?.[1]
}

function get(
  place: Place,
  url = '/metrics',
  method = 'GET',
): Promise<{status: number | undefined; headers: IncomingHttpHeaders; text: string}> {
  return new Promise((resolve, reject) => {
    request({host: '127.0.0.1', ...place, path: url, method, agent: false}, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more
      })
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers, text}))
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}
