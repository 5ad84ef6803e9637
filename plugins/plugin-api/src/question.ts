/**
 * A question as a hook gets it, from the few lines that matter to a test. What is not said is what a host would have;
 * what a host would know and a test does not say is an error, so that no test passes by accident.
 */
import {
  type Asker,
  apiVersion,
  type ChangeRequest,
  type Event,
  type Instance,
  type InstanceView,
  type PlannedStep,
  type Question,
  type Wanted,
  type When,
} from './index.ts'

/** Its name alone, or what matters of it. Without a name it is the primary, unless config_directory says otherwise. */
export type InstanceDraft = string | Partial<Omit<InstanceView, 'primary'>>

export interface Draft {
  event: Event
  /** In start order. The primary comes first; it need not be named. */
  instances?: readonly InstanceDraft[]
  /** In place of `instances`, where the event itself does not make the difference: for a set, or an assign. */
  before?: readonly InstanceDraft[]
  after?: readonly InstanceDraft[]
  /** Names or config_directories; the last instance when absent. */
  subjects?: readonly string[]
  /** For every instance that does not have its own. */
  parameters?: Readonly<Record<string, string>>
  /** Texts by path; those that change have two, and null is a file that is not there. */
  files?: Readonly<Record<string, string | Readonly<Record<When, string | null>>>>
  request?: Partial<ChangeRequest>
  plan?: readonly PlannedStep[]
  asker?: Partial<Asker>
  settings?: Readonly<Record<string, unknown>>
}

export function question(given: Draft): Question {
  const draft = structuredClone(given)
  const {event, instances = [], parameters = {}, files = {}} = draft
  const drafted = {
    before: (draft.before ?? instances).map(complete),
    after: (draft.after ?? instances).map(complete),
  }
  const subjects = findSubjects(draft.subjects, [...drafted.before, ...drafted.after])
  const views = {
    before: draft.before === undefined ? asItWas(event, drafted.before, subjects) : drafted.before,
    after: draft.after === undefined ? asItWillBe(event, drafted.after, subjects) : drafted.after,
  }
  const hosts = {before: withPrimary(views.before), after: withPrimary(views.after)}
  return freeze({
    api: apiVersion,
    event,
    request: {action: actionOf(event), ...draft.request},
    plan: draft.plan ?? [],
    subjects,
    before: hosts.before.map(toInstance),
    after: hosts.after.map(toInstance),
    asker: {uid: 0, sudoUser: null, interface: 'sub-command' as const, dryRun: false, ...draft.asker},
    settings: draft.settings ?? {},
    read: async (when: When, wanted: Wanted) => freeze(hosts[when].map((each) => look(each, wanted, parameters))),
    text: async (when: When, path: string) => {
      const text = files[path] ?? null
      return typeof text === 'object' && text !== null ? text[when] : text
    },
  })
}

function actionOf(event: Event): ChangeRequest['action'] {
  return event.replace(/^(?:pre|post)-/, '') as ChangeRequest['action']
}

/** Directories as `postmulti -e create` chooses them, and disabled as it leaves it. */
function complete(draft: InstanceDraft): InstanceView {
  const given = typeof draft === 'string' ? {multi_instance_name: draft} : draft
  const directory = given.config_directory ?? `/etc/${given.multi_instance_name || 'postfix'}`
  const last = directory.slice(directory.lastIndexOf('/') + 1)
  return {
    config_directory: directory,
    queue_directory: `/var/spool/${last}`,
    data_directory: `/var/lib/${last}`,
    multi_instance_name: '',
    multi_instance_group: '',
    multi_instance_enable: directory === primary,
    primary: directory === primary,
    parameters: {},
    services: [],
    listeners: [],
    tables: [],
    ...given,
  }
}

const primary = '/etc/postfix'

function withPrimary(views: readonly InstanceView[]): InstanceView[] {
  return [views.find((each) => each.primary) ?? complete({}), ...views.filter((each) => !each.primary)]
}

function findSubjects(names: readonly string[] | undefined, views: readonly InstanceView[]): string[] {
  if (names === undefined) return [views.at(-1)?.config_directory ?? primary]
  return names.map((name) => {
    const found = views.find((each) => [each.multi_instance_name, each.config_directory].includes(name))
    if (found === undefined) throw new Error(`No instance of the question is called ${name}`)
    return found.config_directory
  })
}

/** Without the subjects of a create or an import; of an enable or a disable, with their switch as it was. */
function asItWas(event: Event, views: readonly InstanceView[], subjects: readonly string[]): InstanceView[] {
  if (/-(?:create|import)$/.test(event)) return without(subjects, views)
  return /-(?:enable|disable)$/.test(event) ? switched(event.endsWith('-disable'), subjects, views) : [...views]
}

function asItWillBe(event: Event, views: readonly InstanceView[], subjects: readonly string[]): InstanceView[] {
  if (/-(?:destroy|deport)$/.test(event)) return without(subjects, views)
  return /-(?:enable|disable)$/.test(event) ? switched(event.endsWith('-enable'), subjects, views) : [...views]
}

function without(subjects: readonly string[], views: readonly InstanceView[]): InstanceView[] {
  return views.filter(({config_directory}) => !subjects.includes(config_directory))
}

function switched(to: boolean, subjects: readonly string[], views: readonly InstanceView[]): InstanceView[] {
  return views.map((each) => (subjects.includes(each.config_directory) ? {...each, multi_instance_enable: to} : each))
}

function toInstance(view: InstanceView): Instance {
  const {parameters, services, listeners, tables, ...instance} = view
  return instance
}

/** What was asked for, and nothing else: that is what a hook gets on a host. */
function look(view: InstanceView, wanted: Wanted, common: Readonly<Record<string, string>>): InstanceView {
  const {config_directory, queue_directory, data_directory, multi_instance_name, multi_instance_group} = view
  const known: Readonly<Record<string, string>> = {
    config_directory,
    queue_directory,
    data_directory,
    multi_instance_name,
    multi_instance_group,
    multi_instance_enable: view.multi_instance_enable ? 'yes' : 'no',
    ...common,
    ...view.parameters,
  }
  const lookUp = (name: string): string => {
    const value = known[name]
    if (value !== undefined) return value
    throw new Error(
      `The hook reads ${name} of ${config_directory}: the question needs parameters: {${name}: '...'}, for all or for this instance`,
    )
  }
  return {
    ...view,
    parameters: Object.fromEntries((wanted.parameters ?? []).map((name) => [name, lookUp(name)])),
    services: wanted.services === true ? view.services : [],
    listeners: wanted.listeners === true ? view.listeners : [],
    tables: wanted.tables === true ? view.tables : [],
  }
}

/** A hook that changes its question is told so, as a module in strict mode is. */
function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}
