import {Args, Flags} from '@oclif/core'
import {kindsOf} from '../../help/typed-words.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {typed} from '../../model/base/typed.ts'
import {parseDirectories} from '../../model/change/new-directories.ts'
import type {Plan} from '../../model/change/plan.ts'
import type {NewInstanceRequest} from '../../model/change/request.ts'
import {chooseOne} from '../../model/instance/choice.ts'
import {label, operandOf} from '../../model/instance/instance.ts'
import {withPrefix} from '../../model/instance/names.ts'
import {describeListener} from '../../model/master-cf/listeners.ts'
import {readListeners} from '../../postfix/parameters/listeners.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'
import {type ChangeFlags, changeFlags, readableSubject} from '../shared/change.ts'
import {type RunResults, runWord} from '../shared/iterating.ts'
import {placeFlags, toListPlace} from '../shared/place.ts'
import {toScope} from '../shared/scope.ts'
import {forceFlag, withForce} from '../shared/setting.ts'
import {parseSettings} from '../shared/settings.ts'
import {type Changes, changeEach} from '../shared/several.ts'

/** `postmulti instances create NAME...`: new instances, disabled and without a listener unless that is asked for. */
export default class InstancesCreate extends PostmultiCommand {
  static override summary = 'Make a new instance, disabled and without a listener unless you say otherwise.'
  static override args = {
    name: Args.string({
      description: "Its name; a missing 'postfix-' is added. Several names make several instances.",
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    group: Flags.string({char: 'g', description: 'Its group.'}),
    ...placeFlags,
    'config-directory': Flags.string({description: 'Where its main.cf goes; /etc/NAME when absent.'}),
    'queue-directory': Flags.string({description: "Where its queue goes; beside the primary's when absent."}),
    'data-directory': Flags.string({description: "Where its caches go; beside the primary's when absent."}),
    set: Flags.string({
      description: 'A parameter of its main.cf, as name=value. May be repeated.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    service: Flags.string({
      description: "A line of its master.cf, as 'smtp inet n - n - - smtpd'; a listener is opened. May be repeated.",
      multiple: true,
      multipleNonGreedy: true,
    }),
    'enable-service': Flags.string({
      description:
        'A service of the prototype of master.cf, commented out or not: submission/inet, or smtp/inet for the stock port 25. May be repeated.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    like: Flags.string({description: 'Another instance whose settings, services and tables it gets.'}),
    enable: Flags.boolean({description: 'Let it start with the whole system.'}),
    start: Flags.boolean({description: 'Enable it, and start it now.'}),
    ...forceFlag,
    ...changeFlags,
  }
  static override examples = [
    '<%= config.bin %> instances create out',
    '<%= config.bin %> instances create postfix-in --group mta --before postfix-out --enable',
    "<%= config.bin %> instances create relay --set mail_name=Relay --service '127.0.0.1:2525 inet n - n - - smtpd'",
    '<%= config.bin %> instances create out2 --like postfix-out --dry-run',
  ]

  async run(): Promise<Changes & {started?: RunResults}> {
    const {args, flags} = await this.parse(InstancesCreate)
    this.#refuseSettings(args.name)
    const {group, like, start} = flags
    const enabled = flags.enable || start
    const birth = {
      settings: parseSettings(flags.set ?? []),
      services: flags.service ?? [],
      uncomment: flags['enable-service'] ?? [],
      enabled,
      ...(like === undefined ? {} : {like: {by: 'name' as const, name: like}}),
      ...withForce(flags),
    }
    const parameters = (['config', 'queue', 'data'] as const).flatMap((each) => {
      const path = flags[`${each}-directory`]
      return path === undefined ? [] : [`${each}_directory=${path}`]
    })
    const request = (newName: string): NewInstanceRequest => ({
      action: 'create',
      newName,
      ...(group === undefined ? {} : {newGroup: group}),
      ...parseDirectories('create', parameters),
      ...toListPlace(flags),
      birth,
    })
    const names = args.name.map(withPrefix)
    // So that they stand in the order in which they were named.
    if (flags.first || flags.after !== undefined) names.reverse()
    const told = (plan: Plan): string =>
      describeCreated(plan, start, like === undefined ? '' : this.#describeShut(plan, like))
    const created = await changeEach(this, names, request, flags, told)
    if (!start || created.failures.length > 0) return created
    if (!flags['dry-run']) return this.#start(names, flags, created)
    if (created.plans.some(({steps}) => steps.length > 0)) this.log(`Then: postmulti instances start ${typed(names)}`)
    return created
  }

  /** Two instances cannot have one address, so a copy opens none that its source has. */
  #describeShut(plan: Plan, like: string): string {
    const primary = this.readPrimary()
    const source = chooseOne(plan.before, like)
    const instance = readableSubject(plan)
    const open = readListeners(source, primary).flatMap(({enabled, service}) => (enabled ? service : []))
    const shut = readListeners(instance, primary).filter(({enabled, service}) => !enabled && open.includes(service))
    if (shut.length === 0) return ''
    const edit = typed(suggest`postmulti instances edit ${operandOf(instance)} --master`)
    const unset = typed(suggest`postmulti instances unset ${operandOf(instance)} master_service_disable`)
    return ` The listeners that it has from ${label(source)} are off: ${shut.map(describeListener).join(', ')}. For addresses of its own: ${edit}; to open them: ${unset}.`
  }

  /** They are there already: when they do not start, that is one half of two. */
  async #start(names: string[], flags: ChangeFlags, created: Changes): Promise<Changes & {started: RunResults}> {
    const started = await runWord(this, ['start'], toScope({}, names), flags)
    const failures = started.results.flatMap(({multi_instance_name, config_directory, status, reason, skipped}) => {
      if (status === 0) return []
      const why = reason ?? skipped ?? `status ${status}`
      return [{name: multi_instance_name ?? config_directory, message: `its start failed: ${why}`}]
    })
    if (failures.length > 0) this.status = exitStatus.partly
    return {...created, failures: [...created.failures, ...failures], started}
  }

  /** The classic way takes them behind the flags; here they would become names of instances. */
  #refuseSettings(names: string[]): void {
    const settings = names.filter((each) => each.includes('='))
    if (settings.length === 0) return
    const {argv, flags} = this.typedLine()
    const kinds = kindsOf(argv, flags)
    const words = argv.flatMap((each, at) => (kinds[at] === 'operand' && each.includes('=') ? ['--set', each] : each))
    this.usage(`${settings[0]} is a setting, not the name of an instance`, [
      ['postmulti', 'instances', 'create', ...words],
    ])
  }
}

/** `besides` is what is said before the next step. */
function describeCreated(plan: Plan, start: boolean, besides: string): string {
  const instance = readableSubject(plan)
  const name = label(instance)
  if (start) return `Created ${name}, enabled.${besides}`
  const [state, next] = instance.multi_instance_enable ? ['enabled', 'start'] : ['disabled', 'enable']
  return `Created ${name}, ${state}.${besides} Next: ${typed(suggest`postmulti instances ${next} ${operandOf(instance)}`)}`
}
