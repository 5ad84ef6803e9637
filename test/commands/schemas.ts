/** What each command prints with --json, member by member: docs/json.md for machines. */
import type {Schema} from './conforms.ts'

const string: Schema = {type: 'string'}
const text: Schema = {type: ['string', 'null']}
const integer: Schema = {type: 'integer'}
const number: Schema = {type: ['integer', 'number']}
const boolean: Schema = {type: 'boolean'}
const path: Schema = {type: 'string', pattern: '^/'}
const mode: Schema = {type: 'string', pattern: '^[0-7]{4}$'}
const owner: Schema = {anyOf: [{type: 'null'}, objectOf({uid: integer, gid: integer})]}
const strings = arrayOf(string)

const named = {label: string, config_directory: path, multi_instance_name: text}
const instance = objectOf({
  ...named,
  queue_directory: string,
  data_directory: string,
  multi_instance_group: text,
  multi_instance_enable: boolean,
})
const damaged = objectOf({
  label: string,
  config_directory: path,
  file: path,
  line: {type: ['integer', 'null']},
  reason: string,
})
const list = arrayOf({anyOf: [instance, damaged]})

const steps: Schema[] = [
  step('make directory', {mode, owner}),
  step('copy file', {from: path}),
  step('write file', {mode, owner, size: integer}),
  step('edit main.cf', {set: {type: 'object'}, unset: strings}),
  step('set owner and mode', {
    owner,
    mode: {anyOf: [{type: 'null'}, mode]},
  }),
  step('set permissions', {copies: {anyOf: [{type: 'null'}, strings]}}),
  step('remove', {}),
  step('add line', {line: string}),
  step('remove line', {line: string}),
  step('link', {target: string}),
  step('run program', {words: strings, as: {type: ['string', 'null']}}),
  step('restore', {was: {enum: ['absent', 'there']}}),
]
const diffs = arrayOf(objectOf({path, diff: {type: 'string', pattern: '^--- '}}))
const plan = objectOf({
  action: {
    enum: [
      'init',
      'create',
      'import',
      'destroy',
      'deport',
      'enable',
      'disable',
      'assign',
      'set',
      'edit',
      'reorder',
      'undo',
      'fix',
    ],
  },
  config_directory: {anyOf: [path, {type: 'null'}]},
  steps: arrayOf({anyOf: steps}),
  diffs,
  before: list,
  after: list,
})
const findings = arrayOf(
  objectOf({
    plugin: string,
    verdict: {enum: ['refuse', 'warn', 'note']},
    message: string,
    rule: text,
    suggestions: strings,
    instance: {anyOf: [path, {type: 'null'}]},
  }),
)
const change = {changed: boolean, dry_run: boolean, plan, findings}
const changes = {
  changed: boolean,
  dry_run: boolean,
  plans: arrayOf(plan),
  failures: arrayOf(objectOf({name: string, message: string})),
  findings,
}
const setting = {...change, needs: {enum: ['reload', 'restart', null]}, running: arrayOf(path)}

const look: Schema = {
  anyOf: [
    {type: 'null'},
    objectOf({kind: {enum: ['file', 'directory', 'line', 'other']}, mode, uid: integer, gid: integer, sha256: text}),
  ],
}
const past = {
  id: string,
  action: string,
  what: string,
  config_directory: {anyOf: [path, {type: 'null'} as Schema]},
  began: {type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$'} as Schema,
  uid: integer,
  sudo_user: text,
  pid: integer,
  without_plugins: strings,
  reason: text,
  failures: strings,
  plugins: arrayOf(objectOf({name: string, before: {type: ['object', 'null']}, after: {type: ['object', 'null']}})),
  state: {enum: ['done', 'undone', 'rolled back', 'rolled back in part', 'unknown']} as Schema,
}

const queued: Schema = {
  anyOf: [
    {type: 'null'},
    objectOf({
      maildrop: integer,
      hold: integer,
      incoming: integer,
      active: integer,
      deferred: integer,
      corrupt: integer,
    }),
  ],
}
const moment: Schema = {type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$'}
const state = {
  state: {enum: ['running', 'stopped', 'unknown']} as Schema,
  running: {anyOf: [objectOf({pid: integer, since: moment}), {type: 'null'}]} as Schema,
}
const observed = {
  ...instance.properties,
  primary: boolean,
  ...state,
  starts_at_boot: {type: ['boolean', 'null']} as Schema,
  queued,
}
const measured = {
  ...instance.properties,
  ...state,
  queued,
  oldest: {anyOf: [moment, {type: 'null'}]},
  processes: {type: ['integer', 'null']},
} satisfies Record<string, Schema>
const values = objectOf({...named, parameters: {type: 'object'}})
const details = {
  ...observed,
  oldest: {anyOf: [moment, {type: 'null'}]} as Schema,
  listeners: arrayOf(
    objectOf({
      service: string,
      address: string,
      addresses: strings,
      port: {type: ['integer', 'null']},
      command: string,
      enabled: boolean,
    }),
  ),
  settings: arrayOf(objectOf({name: string, value: text, primary: text})),
  tables: arrayOf(objectOf({table: string, parameters: strings})),
}

const setBy = {written: string, file: path, line: integer}

const runResults = answer({
  results: arrayOf(
    objectOf({
      ...named,
      word: string,
      status: integer,
      skipped: text,
      reason: text,
      suggestions: strings,
      output: string,
    }),
  ),
  interrupted: boolean,
})

const trouble: Schema = {
  anyOf: [
    {type: 'null'},
    objectOf({
      kind: {enum: ['disabled', 'switched off', 'nobody', 'itself', 'no transport']},
      place: string,
      message: string,
    }),
  ],
}
const edge = objectOf({
  from: string,
  to: string,
  mail: arrayOf(
    objectOf({
      class: {
        enum: ['local', 'virtual', 'relay', 'other', 'listed', 'sender', 'filtered', 'before queue', 'fallback'],
      },
      of: strings,
    }),
  ),
  by: strings,
  transport: text,
  program: text,
  entries: {anyOf: [strings, {type: 'null'}]},
  into: text,
  asks: boolean,
  assumed: text,
  trouble,
})
const node = objectOf({
  id: string,
  kind: {enum: ['instance', 'source', 'host', 'program', 'mailbox', 'service', 'table', 'dead end']},
  label: string,
  config_directory: {anyOf: [path, {type: 'null'}]},
  multi_instance_enable: {type: ['boolean', 'null']},
})
const remark = objectOf({kind: {enum: ['loop', 'unreachable', 'by name']}, nodes: strings, message: string})
const decisions = arrayOf(objectOf({by: string, says: string, so: string}))
/** The stops behind it are like it. */
const journey = objectOf({
  config_directory: path,
  label: string,
  service: string,
  decisions,
  unknown: strings,
  ways: arrayOf(
    objectOf({
      address: string,
      class: {enum: ['local', 'alias', 'virtual', 'relay', 'other', null]},
      decisions,
      unknown: strings,
      transport: string,
      nexthop: string,
      to: string,
      into: text,
      assumed: text,
      trouble,
      loops: boolean,
      next: {type: ['object', 'null']},
    }),
  ),
})

const handled = answer({messages: arrayOf(objectOf({id: string, done: boolean, why: text}))})

const fault = {fault: text, remedy: strings}
const plugin = objectOf({
  name: string,
  version: text,
  bundled: boolean,
  mode: {enum: ['on', 'locked', 'advise', 'off']},
  priority: {type: ['integer', 'number']},
  timeout: {type: ['integer', 'number']},
  settings: {type: 'object'},
  hooks: strings,
  integrity: text,
  source: text,
  commands: {enum: ['allowed', 'not allowed', null]},
  previous_version: text,
  ...fault,
})

const finding = {
  rule: string,
  severity: {enum: ['error', 'warning', 'advice']} as Schema,
  instances: arrayOf(path),
  file: {anyOf: [path, {type: 'null'}]} as Schema,
  line: {type: ['integer', 'null']} as Schema,
  message: string,
  suggestions: strings,
  fixable: boolean,
}
const card = objectOf({id: string, severity: {enum: ['error', 'warning', 'advice', null]}, because: string})
const checked = {
  verdict: {enum: ['error', 'warning', 'advice', 'ok']} as Schema,
  counts: objectOf({errors: integer, warnings: integer, advice: integer}),
  findings: arrayOf(objectOf(finding)),
  accepted: arrayOf(objectOf({...finding, reason: string})),
  rules: strings,
}

/** By command id; 'error' is what any of them prints when it fails. */
export const schemas: Record<string, Schema> = {
  check: answer(checked),
  'check --fix': answer({
    ...checked,
    fix: objectOf({...change, plan: {anyOf: [plan, {type: 'null'}]}, fixed: arrayOf(objectOf(finding))}),
  }),
  'check --explain': answer({rule: card}),
  'check --list-rules': answer({rules: arrayOf(card)}),
  completion: answer({shell: {enum: ['bash', 'zsh', 'fish']}, script: string}),
  doctor: answer({
    examinations: arrayOf(
      objectOf({what: string, verdict: {enum: ['ok', 'advice', 'fault']}, found: string, remedy: strings}),
    ),
  }),
  error: answer({error: objectOf({code: string, message: string, suggestions: strings})}),
  explain: answer({
    ...named,
    parameter: string,
    value: string,
    setting: {anyOf: [objectOf(setBy), {type: 'null'}]},
    default: text,
    services: arrayOf(objectOf({service: string, value: string})),
    others: arrayOf(objectOf({...named, ...setBy})),
  }),
  flow: answer({nodes: arrayOf(node), edges: arrayOf(edge), remarks: arrayOf(remark), damaged: arrayOf(damaged)}),
  'flow --to': answer({journey, damaged: arrayOf(damaged)}),
  '--help': answer({help: string}),
  history: answer({changes: arrayOf(objectOf(past))}),
  'history ID': answer({
    change: objectOf({
      ...past,
      paths: arrayOf(objectOf({path, line: text, before: look, after: look})),
      left: strings,
      diffs,
    }),
  }),
  'history ID --file': answer({path: string, base64: string}),
  'instances:assign': answer(change),
  'instances:create': answer({...changes, started: {type: 'object'}}, ['started']),
  'instances:deport': answer(change),
  'instances:destroy': answer(change),
  'instances:disable': answer(changes),
  'instances:edit': answer(setting),
  'instances:enable': answer(changes),
  'instances:get': answer({values: arrayOf(values), damaged: arrayOf(damaged)}),
  'instances:import': answer(change),
  'instances:init': answer(change),
  'instances:list': answer({instances: arrayOf(objectOf(observed)), damaged: arrayOf(damaged)}),
  'instances:reorder': answer(change),
  'instances:set': answer(setting),
  'instances:show': answer(details),
  'instances:show --against': answer({
    ...named,
    against: objectOf(named),
    settings: arrayOf(objectOf({name: string, value: text, other: text})),
    services: arrayOf(objectOf({service: string, value: text, other: text})),
  }),
  'instances:status': answer({
    verdict: {enum: ['all run', 'some run', 'none runs']},
    instances: arrayOf(objectOf({...named, multi_instance_enable: boolean, ...state})),
    damaged: arrayOf(damaged),
  }),
  'instances:unset': answer(setting),
  'instances:abort': runResults,
  'instances:check': runResults,
  'instances:drain': runResults,
  'instances:flush': runResults,
  'instances:postfix': runResults,
  'instances:reload': runResults,
  'instances:restart': runResults,
  'instances:run': runResults,
  'instances:start': runResults,
  'instances:stop': runResults,
  logs: answer({...named, source: string, lines: strings}),
  metrics: answer({
    instances: arrayOf(
      objectOf({
        ...measured,
      }),
    ),
    damaged: arrayOf(damaged),
  }),
  'plugins:config': answer({plugin}),
  'plugins:doctor': answer({plugins: arrayOf(objectOf({name: string, ...fault}))}),
  'plugins:install': answer({plugins: arrayOf(plugin)}),
  'plugins:list': answer({plugins: arrayOf(plugin)}),
  'plugins:rollback': answer({plugin}),
  'plugins:new': answer({name: string, directory: path, files: strings}),
  'plugins:uninstall': answer({uninstalled: strings}),
  'queue:count': answer({
    instances: arrayOf(
      objectOf({
        ...named,
        queued,
        oldest: {anyOf: [moment, {type: 'null'}]},
        growth: {type: ['integer', 'null']},
      }),
    ),
    since: {anyOf: [moment, {type: 'null'}]},
    total: queued,
    damaged: arrayOf(damaged),
  }),
  'queue:delete': handled,
  'queue:flush': handled,
  'queue:hold': handled,
  'queue:list': answer({
    messages: arrayOf(
      objectOf({
        id: string,
        ...named,
        queue: {enum: ['maildrop', 'incoming', 'active', 'deferred', 'hold']},
        queue_id: string,
        arrival: moment,
        size: integer,
        sender: string,
        recipients: arrayOf(objectOf({address: string, reason: text})),
      }),
    ),
    damaged: arrayOf(damaged),
  }),
  'queue:release': handled,
  'queue:requeue': handled,
  'queue:show': answer({messages: arrayOf(objectOf({id: string, queue: string, content: string}))}),
  top: answer({
    time: moment,
    instances: arrayOf(
      objectOf({
        ...measured,
        fullest: {
          anyOf: [
            objectOf({service: {type: 'string', pattern: '^\\S+/\\S+$'}, processes: integer, limit: integer}),
            {type: 'null'},
          ],
        },
        rates: {
          anyOf: [
            objectOf({in: number, sent: number, deferred: number, bounced: number, rejected: number}),
            {type: 'null'},
          ],
        },
      }),
    ),
    damaged: arrayOf(damaged),
  }),
  trace: answer({
    messages: arrayOf(
      objectOf({
        message_id: text,
        fate: {enum: ['delivered', 'bounced', 'refused', 'discarded', 'deleted', 'waiting']},
        began: moment,
        took: number,
        perhaps: arrayOf(string),
        hops: arrayOf(
          objectOf({
            id: string,
            instance: string,
            queue_id: string,
            began: moment,
            ended: {anyOf: [moment, {type: 'null'}]},
            took: number,
            source: text,
            sender: text,
            size: {type: ['integer', 'null']},
            message_id: text,
            about: text,
            deliveries: arrayOf(
              objectOf({
                time: moment,
                to: string,
                orig_to: text,
                relay: string,
                program: string,
                delay: number,
                delays: arrayOf(number),
                status: string,
                reply: string,
              }),
            ),
            remarks: strings,
          }),
        ),
      }),
    ),
    refused: arrayOf(objectOf({instance: string, time: moment, text: string})),
  }),
  undo: answer(change),
  wait: answer({reached: boolean, instances: arrayOf(objectOf({...named, reached: boolean, now: string}))}),
  '--version': answer({version: string}),
}

function answer(properties: Record<string, Schema>, optional: string[] = []): Schema {
  return {...objectOf({schema: {enum: [1]}, ...properties, warnings: strings}), optional}
}

function objectOf(properties: Record<string, Schema>): Schema {
  return {type: 'object', properties}
}

function arrayOf(items: Schema): Schema {
  return {type: 'array', items}
}

function step(tag: string, properties: Record<string, Schema>): Schema {
  return objectOf({do: {enum: [tag]}, path, by: text, ...properties})
}
