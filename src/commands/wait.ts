import {Flags} from '@oclif/core'
import {ToolFailure} from '../model/base/errors.ts'
import {type Instance, label} from '../model/instance/instance.ts'
import {totalOf} from '../model/instance/state.ts'
import {expectedOf} from '../model/top/serving.ts'
import {readMessageCounts, readStates, type Unseen} from '../postfix/state/state.ts'
import {type NamedJson, toNamedJson} from '../report/terminal/listed.ts'
import {plural} from '../report/terminal/plural.ts'
import {exitStatus, PostmultiCommand} from './shared/base.ts'
import {chooseInstances, remarkDamaged} from './shared/reading.ts'
import {allFlag, optionalNames, scopeFlags, toScope} from './shared/scope.ts'

const goals = ['running', 'stopped', 'queue-empty'] as const

interface GoalState {
  reached: boolean
  now: string
}

/** `postmulti wait NAME... --running`: for scripts, between two commands. */
export default class Wait extends PostmultiCommand {
  static override summary = 'Wait until instances run, are stopped, or have no mail. Prints nothing on success.'
  static override description = 'As in instances status, disabled instances need not run, unless they are named.'
  static override args = {name: optionalNames}
  static override flags = {
    ...scopeFlags,
    all: {...allFlag, description: 'All instances, the primary too.'},
    running: Flags.boolean({description: 'Until they run.', exactlyOne: [...goals]}),
    stopped: Flags.boolean({description: 'Until they are stopped.'}),
    'queue-empty': Flags.boolean({description: 'Until no message is in their queues, not even on hold.'}),
    timeout: Flags.integer({min: 0, helpValue: 'SECONDS', description: 'No longer than this; 0 looks once.'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> postfix-out --stopped',
    '<%= config.bin %> <%= command.id %> out --queue-empty --timeout 600',
    '<%= config.bin %> <%= command.id %> --all --running --timeout 30',
  ]

  async run(): Promise<{reached: boolean; instances: (NamedJson & GoalState)[]}> {
    const {args, flags} = await this.parse(Wait)
    const goal = goals.find((each) => flags[each])!
    const scope = toScope(flags, args.name)
    const {instances, damaged} = chooseInstances(this, scope)
    remarkDamaged(this, damaged)
    const chosen = instances.map((instance) => ({instance}))
    const isNamed = scope.every(({by}) => by === 'name')
    const watched = goal === 'running' && !isNamed ? expectedOf(chosen, damaged) : chosen
    const {setTimeout: sleep} = process.getBuiltinModule('node:timers/promises')
    const end = flags.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + flags.timeout * 1000
    for (;;) {
      const looks = watched.map(({instance}) => ({...toNamedJson(instance), ...readGoalState(instance, goal)}))
      const missing = looks.filter(({reached}) => !reached)
      const left = end - Date.now()
      if (missing.length === 0) return {reached: damaged.length === 0, instances: looks}
      if (left <= 0) {
        for (const each of missing) this.remark(`${each.label}: ${each.now}, after ${flags.timeout} s`)
        this.status = exitStatus.failed
        return {reached: false, instances: looks}
      }
      await sleep(Math.min(left, 250))
    }
  }
}

function readGoalState(instance: Instance, goal: (typeof goals)[number]): GoalState {
  const unseen: Unseen = new Map()
  if (goal === 'queue-empty') {
    const queued = readMessageCounts(instance, unseen)
    if (queued === undefined) throw cannotLook(instance, unseen)
    const total = totalOf(queued)
    return {reached: total === 0, now: plural(total, 'message')}
  }
  const state = readStates([instance], unseen).get(instance.config_directory)
  if (state === 'unknown') throw cannotLook(instance, unseen)
  const now = state === null ? 'stopped' : 'running'
  return {reached: now === goal, now}
}

function cannotLook(instance: Instance, unseen: Unseen): ToolFailure {
  return new ToolFailure(`look at ${label(instance)}`, null, unseen.get(instance.config_directory) ?? '')
}
