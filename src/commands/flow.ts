import {Flags} from '@oclif/core'
import {hasBareBlank} from '../flow/address.ts'
import {drawAlike, drawEach, type Picture} from '../flow/alike.ts'
import {follow} from '../flow/follow.ts'
import {type Flow, nodeId} from '../flow/graph.ts'
import {AnsweredTables, untilAsked} from '../flow/look-ups.ts'
import {onlyAbout, openToNetwork, usualEntry} from '../flow/scope.ts'
import {findRemarks} from '../flow/troubles.ts'
import type {FlowHost, View} from '../flow/view.ts'
import {suggest} from '../model/base/suggestion.ts'
import {chooseOne} from '../model/instance/choice.ts'
import {damaged as damagedIn, describeDamage, label, operandOf} from '../model/instance/instance.ts'
import {type ReadCheckInput, readCheckInput} from '../postfix/survey/check-input.ts'
import {describeDeliveryPath} from '../report/flow/delivery-path.ts'
import {type DeliveryPathJson, type FlowJson, toDeliveryPathJson, toFlowJson} from '../report/flow/flow-json.ts'
import {toDot, toMermaid, toSvg} from '../report/flow/flow-picture.ts'
import {toFlowText} from '../report/flow/flow-text.ts'
import {type DamagedJson, toDamagedJson} from '../report/terminal/listed.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {exitStatus, PostmultiCommand} from './shared/base.ts'
import {type Chosen, chooseInstances} from './shared/reading.ts'
import {type ScopeFlags, scopeFlags, toScope} from './shared/scope.ts'

/** Of loops and the like, unless all are wanted. */
const mostRemarks = 10

/** Of instances that may have been meant. */
const mostNames = 5

const formats = ['text', 'mermaid', 'dot', 'svg', 'json'] as const

interface FlowFlags extends ScopeFlags {
  to?: string | undefined
  from?: string | undefined
  via?: string | undefined
  each: boolean
  format: (typeof formats)[number]
}

/** `postmulti flow`: who hands mail to whom. */
export default class FlowCommand extends PostmultiCommand {
  static override summary = 'Show where mail comes in, which instance hands it to which, and where it leaves.'
  static override flags = {
    ...scopeFlags,
    format: Flags.option({
      description: 'Text for people, a drawing in a language for drawings, a picture, or what --json prints.',
      options: formats,
      default: 'text' as const,
    })(),
    each: Flags.boolean({
      description: 'Show each instance, even when many look alike.',
    }),
    to: Flags.string({
      description: 'Follow this recipient, and explain each decision.',
      helpValue: 'ADDRESS',
    }),
    from: Flags.string({description: 'With --to: the sender.', helpValue: 'ADDRESS'}),
    via: Flags.string({description: 'With --to: the instance at which it comes in.', helpValue: 'NAME'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --group mta --format mermaid',
    '<%= config.bin %> <%= command.id %> --format svg >flow.svg',
    '<%= config.bin %> <%= command.id %> --to user@example.com --via postfix-in',
  ]

  #asJson = false

  async run(): Promise<(FlowJson | {journey: DeliveryPathJson}) & {damaged: DamagedJson[]}> {
    const {flags} = await this.parse(FlowCommand)
    this.#asJson = flags.format === 'json'
    this.#checkFlags(flags)
    const chosen = chooseInstances(this, toScope(flags))
    const input = readCheckInput(chosen.primary, chosen.list)
    const mailFlow = input.mailFlow()
    if (flags.to !== undefined) {
      return this.#follow({to: flags.to, from: flags.from ?? '', via: flags.via}, chosen, input)
    }
    const remarks = findRemarks(mailFlow.flow, mailFlow.host)
    const shown = onlyAbout(mailFlow.flow, new Set(chosen.instances.map(nodeId)))
    const damaged = this.#remarkUnread(chosen, input, mailFlow.remarks)
    if (!this.jsonEnabled()) {
      const mine = remarks.filter(({nodes}) => nodes.some((id) => shown.nodes.some((each) => each.id === id)))
      const picture = flags.each ? drawEach(shown, mine) : drawAlike(shown, mine)
      const draw = {
        mermaid: toMermaid,
        dot: toDot,
        svg: toSvg,
        text: (all: Picture) => toFlowText(all, mine, readTerminal(), flags.each ? mine.length : mostRemarks),
        json: () => '',
      }
      this.log(await draw[flags.format](picture))
      if (picture.spots.length < shown.nodes.length)
        this.remark('places that look alike are shown as one: --each shows all')
    }
    return {...toFlowJson(shown, remarks), damaged}
  }

  override jsonEnabled(): boolean {
    return this.#asJson || super.jsonEnabled()
  }

  /** The picture of the whole, and the way of one recipient, take different ones. */
  #checkFlags({to, from, via, group, instance, each, format}: FlowFlags): void {
    const strange = [to, from].find((address) => address !== undefined && hasBareBlank(address))
    if (strange !== undefined) this.usage(`'${strange}' is not an address: a part with a blank in it must be in quotes`)
    if (to === undefined && (from ?? via) !== undefined) this.usage('--from and --via need --to')
    if (to === undefined) return
    if ((group ?? instance) !== undefined || each || !['text', 'json'].includes(format)) {
      this.usage('--to excludes --group, --instance, --each and drawings')
    }
  }

  #follow({to, from, via}: {to: string; from: string; via: string | undefined}, chosen: Chosen, input: ReadCheckInput) {
    const {flow, host, lookUp, silent} = input.mailFlow()
    const view = this.#startOf(via, chosen, flow, host)
    const entry = usualEntry(view, flow)
    if (entry === undefined) {
      this.usage(`${label(view)} takes no mail: it listens nowhere, and has no pickup(8)`, [suggest`postmulti flow`])
    }
    const tables = new AnsweredTables()
    const goOn = () => untilAsked(() => follow(view, entry, to, from, {...host, tables}, flow))
    let way = goOn()
    while ('lookUp' in way) {
      tables.answer(way.lookUp, lookUp(way.lookUp.table, way.lookUp.key, way.lookUp.view))
      way = goOn()
    }
    const journey = way.found
    const damaged = this.#remarkUnread(chosen, input, silent)
    if (!this.jsonEnabled())
      this.log(describeDeliveryPath(journey, via === undefined && host.views.length > 1, readTerminal()))
    return {journey: toDeliveryPathJson(journey), damaged}
  }

  /** The one that was named; the one that the network reaches; or the primary, which has sendmail(1). */
  #startOf(via: string | undefined, {list}: Chosen, flow: Flow, {views}: FlowHost): View {
    if (via !== undefined) {
      const {config_directory} = chooseOne(list, via)
      const found = views.find((each) => each.config_directory === config_directory)
      if (found !== undefined) return found
      this.usage(`${via} cannot be read`, [suggest`postmulti flow`])
    }
    const open = openToNetwork(flow, views)
    const [first, ...others] = open
    if (first !== undefined && others.length > 0) {
      const names = open.slice(0, mostNames).map(label).join(', ')
      const more = open.length > mostNames ? ` and ${open.length - mostNames} more` : ''
      const suggestions = this.lineWith(['--via', operandOf(first)])
      this.usage(`Mail may come in at ${names}${more}: say which with --via`, suggestions)
    }
    return first ?? views[0]!
  }

  #remarkUnread(chosen: Chosen, input: ReadCheckInput, tables: ReadonlyMap<string, string>): DamagedJson[] {
    const listed = new Set(damagedIn(chosen.list).map(({config_directory}) => config_directory))
    // Others are listed well, and have no master.cf.
    const all = [...chosen.damaged, ...input.damaged.filter(({config_directory}) => !listed.has(config_directory))]
    if (all.length > 0) this.status = exitStatus.failed
    for (const each of all) this.remark(`skipping ${each.config_directory}: ${describeDamage(each)}`)
    for (const [table, reason] of tables) this.remark(`${table}: ${reason}`)
    return all.map(toDamagedJson)
  }
}
