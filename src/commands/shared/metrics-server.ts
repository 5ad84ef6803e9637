import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {ListenOptions, Socket} from 'node:net'
import {basename, dirname} from 'node:path'
import {newName, remove, renameIn} from '../../files/act.ts'
import {type Directory, openDirectory} from '../../files/directory.ts'
import {lookAt} from '../../files/read.ts'
import {Refusal, ToolFailure} from '../../model/base/errors.ts'
import {errorCode, explainError, orFailure} from '../../model/base/system-error.ts'
import type {ListenAddress} from '../../model/master-cf/listen-address.ts'
import {endingSignals} from '../../postfix/programs/inheritance.ts'

/** In milliseconds. */
const [keptFor, readWithin, idleFor, askedWithin] = [5000, 30_000, 30_000, 2000]

/** Connections without a whole request, and those with one; together fewer than the descriptors that one always has. */
const [mostSilent, mostAsking] = [500, 400]

interface MetricsResponse {
  status: 200 | 500
  /** As bytes, which all who wait for it share. */
  body: Buffer
}

/** Until a signal ends it. `say` is told when it listens, `warn` what there is to complain of, once. */
export async function serveMetrics(
  launcher: string,
  address: ListenAddress,
  {say, warn}: {say: (text: string) => void; warn: (text: string) => void},
): Promise<undefined> {
  const {createServer} = process.getBuiltinModule('node:http')
  const read = keepAnswer(() => readMetrics(launcher), warn)
  const manner = {headersTimeout: askedWithin, requestTimeout: askedWithin, connectionsCheckingInterval: 500}
  const server = createServer(manner, (request, response) => void answer(request, response, read))
  server.setTimeout(idleFor)
  makeRoom(server)
  const ended = untilSignalled()
  const release = await openSocket(server, address)
  say(`Listening on ${describeAddress(address)}`)
  await ended
  server.close()
  // Who is being answered at this moment gets the rest.
  setTimeout(() => server.closeAllConnections(), 2000).unref()
  // Last: a socket that cannot be removed does not keep us from ending.
  release()
  return undefined
}

/** A client can connect again and again: a new connection replaces the oldest one that says, or reads, nothing. */
function makeRoom(server: Server): void {
  const [silent, asking] = [new Set<Socket>(), new Set<Socket>()]
  server.on('connection', (socket: Socket) => {
    enter(silent, socket, mostSilent)
    socket.once('close', () => {
      silent.delete(socket)
      asking.delete(socket)
    })
  })
  server.on('request', ({socket}: IncomingMessage) => {
    silent.delete(socket)
    enter(asking, socket, mostAsking)
  })

  function enter(connected: Set<Socket>, socket: Socket, most: number): void {
    const [oldest] = connected
    if (connected.size >= most) oldest?.destroy()
    connected.add(socket)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  read: () => Promise<MetricsResponse>,
): Promise<void> {
  // A connection that is kept open would be missing for others.
  const send = (status: number, body: string | Buffer, headers: Record<string, string> = {}): void => {
    const type = 'text/plain; version=0.0.4; charset=utf-8'
    response.writeHead(status, {'Content-Type': type, Connection: 'close', ...headers}).end(body)
  }
  if (request.url?.replace(/\?.*/s, '') !== '/metrics') return send(404, 'Metrics are at /metrics\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, '', {Allow: 'GET, HEAD'})
  const {status, body} = await read()
  send(status, body)
}

/** One reading for all who wait for it, and for those who come within a few seconds. Complaints are told when they change. */
function keepAnswer(
  read: () => Promise<MetricsResponse & {faults: string}>,
  warn: (text: string) => void,
): () => Promise<MetricsResponse> {
  let kept: Promise<MetricsResponse> | undefined
  let told = ''
  const readOnce = async (): Promise<MetricsResponse> => {
    const {faults, ...rest} = await read()
    if (faults !== told) warn(faults === '' ? 'all can be read again' : faults)
    told = faults
    setTimeout(() => {
      kept = undefined
    }, keptFor).unref()
    return rest
  }
  return () => {
    kept ??= readOnce()
    return kept
  }
}

/** A damaged instance makes its exit status 1, and its text is whole nonetheless. */
function readMetrics(launcher: string): Promise<MetricsResponse & {faults: string}> {
  const {execFile} = process.getBuiltinModule('node:child_process')
  return new Promise((resolve) => {
    execFile(launcher, ['metrics'], {timeout: readWithin, maxBuffer: 2 ** 28}, (error, stdout, stderr) => {
      const faults = stderr.trimEnd().replaceAll(/^postmulti: /gm, '')
      if (stdout !== '' && !error?.killed) resolve({status: 200, body: Buffer.from(stdout), faults})
      else {
        const why = faults || `postmulti metrics gave no answer in ${readWithin / 1000} s`
        resolve({status: 500, body: Buffer.from(`${why}\n`), faults: why})
      }
    })
  })
}

/** The function that it returns removes what it has made, if it is still there. */
async function openSocket(server: Server, address: ListenAddress): Promise<() => void> {
  if (address.at === 'path') return openAt(server, address.path)
  if (address.at === 'port') await listen(server, {host: address.host, port: address.port}, describeAddress(address))
  else await listen(server, {fd: findHandedOver()}, describeAddress(address))
  return () => {}
}

/** It comes to its place with a rename, and with its mode: there is no moment without a socket, and nothing is done to a name. */
async function openAt(server: Server, path: string): Promise<() => void> {
  const directory = openPlace(path)
  const name = basename(path)
  try {
    await checkFree(directory, name, path)
    const temporary = newName()
    const umask = process.umask(0o111)
    // It binds before it returns.
    const listening = listen(server, {path: String(directory.at(temporary))}, path)
    process.umask(umask)
    await listening
    try {
      renameIn(directory, temporary, name)
    } catch (error) {
      server.close()
      throw new ToolFailure(`listen on ${path}`, null, explainError(error))
    }
    const own = orFailure(`stat ${path}`, () => lookAt(path))
    return () => {
      // Another one may have come in its place.
      if (own !== undefined && orFailure(`stat ${path}`, () => lookAt(path))?.ino === own.ino) remove(path)
    }
  } finally {
    directory.close()
  }
}

function openPlace(path: string): Directory {
  try {
    return openDirectory(dirname(path))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw new ToolFailure(`listen on ${path}`, null, explainError(error))
    throw new Refusal(`There is no directory ${dirname(path)} for a socket`, {
      suggestions: [['mkdir', '-p', dirname(path)]],
    })
  }
}

/** Refuses a path where somebody listens, or where something else is. */
async function checkFree(directory: Directory, name: string, path: string): Promise<void> {
  const found = orFailure(`stat ${path}`, () => lookAt(path))
  if (found === undefined) return
  if (!found.isSocket()) throw new Refusal(`${path} is not a socket, so it stays as it is`)
  const {connect} = process.getBuiltinModule('node:net')
  const isAlive = await new Promise<boolean>((resolve, reject) => {
    const socket = connect(String(directory.at(name)), () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', (error) => {
      if (errorCode(error) === 'ECONNREFUSED' || errorCode(error) === 'ENOENT') resolve(false)
      else reject(new ToolFailure(`connect to ${path}`, null, explainError(error)))
    })
  })
  if (isAlive)
    throw new Refusal(`Another process listens on ${path}`, {
      kind: 'conflict',
      suggestions: [['ss', '-lxp', 'src', path]],
    })
}

function listen(server: Server, options: ListenOptions & {fd?: number}, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (errorCode(error) !== 'EADDRINUSE')
        return reject(new ToolFailure(`listen on ${name}`, null, explainError(error)))
      const filter = `sport = :${options.port}`
      reject(
        new Refusal(`Another process listens on ${name}`, {kind: 'conflict', suggestions: [['ss', '-ltnp', filter]]}),
      )
    })
    server.listen(options, resolve)
  })
}

/** The descriptor. Source: sd_listen_fds(3). */
function findHandedOver(): number {
  const {LISTEN_PID: pid, LISTEN_FDS: count} = process.env
  if (Number(pid) === process.pid && Number(count) === 1) return 3
  throw new Refusal('systemd has handed over no socket', {
    explained: 'systemd has handed over no socket\nA service gets it from a socket unit of the same name',
  })
}

function describeAddress(address: ListenAddress): string {
  if (address.at === 'path') return address.path
  if (address.at === 'systemd') return 'the socket of systemd'
  return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}/metrics`
}

function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const each of endingSignals()) process.once(each, () => resolve())
  })
}
