/**
 * The other process: asks the hooks of one installed plugin, under an account without rights. Everything that goes wrong
 * becomes a fault that is sent home; what cannot be sent, our end tells.
 */
import {isBuiltin, registerHooks} from 'node:module'
import {Socket} from 'node:net'
import {pathToFileURL} from 'node:url'
import {promisify} from 'node:util'
import {deflate} from 'node:zlib'
import type {InstanceView} from '@postmulti/plugin-api'
import {readText, realPath} from '../files/read.ts'
import type {FromAsker, ToAsk, ToAsker} from './ask-in-sandbox.ts'
import {openChannel} from './channel.ts'
import {callHooks, describeThrown} from './hook.ts'
import {type HostView, toQuestion} from './question.ts'
import {callRules} from './rules.ts'

// A plugin need not bring the API: it speaks with ours, whichever it was made with.
const apiPath = `${__dirname}/../plugins/plugin-api/dist/index.js`
const api = pathToFileURL(apiPath).href

const sight: HostView = {
  read: (...words) => askHost<readonly InstanceView[]>('read', words),
  text: (...words) => askHost<string | null>('text', words),
}
let asked = 0
const waiting = new Map<number, {resolve(value: unknown): void; reject(reason: Error): void}>()

process.on('uncaughtException', (error) => send({fault: `it failed: ${describeThrown(error)}`}))
const stream = new Socket({fd: 3, readable: true, writable: true})
// The process that asked is gone, so there is no one to answer.
stream.on('close', () => process.exit(1))
const send = openChannel(stream, (message) => take(message as ToAsker))
void loadAhead()

/** What only root may be able to read; and Node's threads, of which there will be no more. */
async function loadAhead(): Promise<void> {
  await Promise.all([promisify(deflate)(''), import(api)])
  require(apiPath)
  send({loaded: true} satisfies FromAsker)
}

function take(message: ToAsker): void {
  // We are ended when the last word has arrived.
  if ('ask' in message) return void begin(message).then(send)
  const {resolve, reject} = waiting.get(message.id)!
  waiting.delete(message.id)
  if ('fault' in message) reject(new Error(message.fault))
  else resolve(message.value)
}

async function begin({account, ask: wanted}: Extract<ToAsker, {ask: unknown}>): Promise<FromAsker> {
  try {
    if (account !== null) giveUpRights(account)
  } catch (error) {
    return {fault: `it cannot be confined: ${describeThrown(error)}`}
  }
  stayWithin(wanted.root)
  return answerQuestion(wanted)
}

/** Source: credentials(7); capabilities(7), "Effect of user ID changes on capabilities". */
function giveUpRights(account: number): void {
  process.setgroups!([])
  process.setgid!(account)
  process.setuid!(account)
  const status = readText('/proc/self/status', 'latin1')
  const left = /^(?:Cap(?:Inh|Prm|Eff|Amb):\s*0*[1-9a-f].*|NoNewPrivs:\s*0)$/m.exec(status)
  if (left !== null) throw new Error(`it still has ${left[0].replace(/\s+/, ' ')}`)
}

/** What is beside the plugin was never checked. */
function stayWithin(directory: string): void {
  const within = `${pathToFileURL(realPath(directory)).href}/`
  registerHooks({
    resolve(name, context, next) {
      if (name === '@postmulti/plugin-api') return {url: api, format: 'module', shortCircuit: true}
      const found = next(name, context)
      if (isBuiltin(found.url) || found.url.startsWith('data:') || found.url.startsWith(within)) return found
      throw new Error(`${name} is not in the plugin: a plugin must contain all that it imports`)
    },
  })
}

async function answerQuestion(wanted: ToAsk): Promise<FromAsker> {
  if ('rules' in wanted) {
    const said = await callRules(wanted.rules, wanted.settings, sight)
    return 'fault' in said ? said : {answers: said.answer}
  }
  return callHooks(wanted.places, toQuestion(wanted.question, sight))
}

function askHost<Value>(what: 'read' | 'text', words: unknown[]): Promise<Value> {
  asked += 1
  const id = asked
  return new Promise((resolve, reject) => {
    waiting.set(id, {resolve: resolve as (value: unknown) => void, reject})
    send({id, what, words} satisfies FromAsker)
  })
}
