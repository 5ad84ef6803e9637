/**
 * The other process: asks the hooks of one installed plugin, which can read files there but neither write one nor start
 * a program. Everything that goes wrong becomes a fault that is sent home; what cannot be sent, our end tells.
 */
import {registerHooks} from 'node:module'
import {pathToFileURL} from 'node:url'
import type {InstanceView, Question} from '@postmulti/plugin-api'
import type {FromAsker, ToAsker} from './apart.ts'
import {callHook, describeThrown} from './hook.ts'
import {toQuestion} from './question.ts'
import {callRules} from './rules.ts'

// A plugin need not bring the API: it speaks with ours, whichever it was made with.
const api = pathToFileURL(`${__dirname}/../plugins/plugin-api/dist/index.js`).href
registerHooks({
  resolve: (name, context, next) => next(name === '@postmulti/plugin-api' ? api : name, context),
})

let asked = 0
const waiting = new Map<number, {resolve(value: unknown): void; reject(reason: Error): void}>()

process.on('uncaughtException', (error) => send({fault: `it failed: ${describeThrown(error)}`}))
// Whoever asked is gone: nobody waits for an answer.
process.on('disconnect', () => process.exit(1))
process.on('message', (message: ToAsker) => {
  if ('places' in message) void ask(message)
  else if ('rules' in message) void askRules(message.rules)
  else {
    const {resolve, reject} = waiting.get(message.id)!
    waiting.delete(message.id)
    if ('fault' in message) reject(new Error(message.fault))
    else resolve(message.value)
  }
})

async function ask({places, question: data}: Extract<ToAsker, {places: unknown}>): Promise<void> {
  const question = toQuestion(data, {
    read: (...words) => look<Awaited<ReturnType<Question['read']>>>('read', words),
    text: (...words) => look<string | null>('text', words),
  })
  const answers: unknown[] = []
  for (const place of places) {
    const said = await callHook(place, question)
    if ('fault' in said) return send(said)
    answers.push(said.answer ?? null)
  }
  send({answers})
}

async function askRules(file: string): Promise<void> {
  const said = await callRules(file, (wanted) => look<readonly InstanceView[]>('read', ['before', wanted]))
  send('fault' in said ? said : {answers: said.answer})
}

function look<Value>(what: 'read' | 'text', words: unknown[]): Promise<Value> {
  asked += 1
  const id = asked
  return new Promise((resolve, reject) => {
    waiting.set(id, {resolve: resolve as (value: unknown) => void, reject})
    process.send!({id, what, words} satisfies FromAsker)
  })
}

/** The last word: what the plugin has left running ends with it. */
function send(message: FromAsker): void {
  process.send!(message, () => process.exit(0))
}
