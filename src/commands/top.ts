import {Flags} from '@oclif/core'
import {Refusal} from '../model/base/errors.ts'
import {toJsonText} from '../model/base/json.ts'
import {shell} from '../model/base/suggestion.ts'
import {arrangeRows, type Sample, type SortKey, sortKeys} from '../model/top/top.ts'
import {firstView} from '../model/top/top-view.ts'
import {watchInstances} from '../postfix/watch/watch.ts'
import {readTerminal} from '../report/terminal/terminal.ts'
import {type SampleJson, toSampleJson, toSampleTable} from '../report/top/top.ts'
import {PostmultiCommand} from './shared/base.ts'
import {fillScreen} from './shared/fill-screen.ts'
import {chooseInstances, reportUnseen} from './shared/reading.ts'
import {scopeFlags, toScope} from './shared/scope.ts'

/** `postmulti top`: how all instances are, again and again. */
export default class Top extends PostmultiCommand {
  static override summary =
    'Watch all instances: state, processes, queues, and what the mail log says of the last minute.'
  static override description =
    'At a terminal it fills the screen, and ? shows its keys. Elsewhere it prints a table, or JSON for programs.'
  static override flags = {
    ...scopeFlags,
    interval: Flags.integer({min: 1, default: 2, helpValue: 'SECONDS', description: 'Between two looks; 2 if absent.'}),
    count: Flags.integer({
      min: 1,
      helpValue: 'N',
      description:
        'End after so many looks. When absent, a table is printed once, and the screen and --json-lines go on.',
    }),
    sort: Flags.option({
      description: 'Names from A to Z, numbers and ages from the largest down, the worst state first.',
      options: sortKeys,
      default: 'order' as const,
    })(),
    'json-lines': Flags.boolean({description: 'Print one JSON object on one line for each look.'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --group mta --sort deferred',
    '<%= config.bin %> <%= command.id %> --json-lines --interval 1 --count 3',
  ]

  #isFull = false
  #asLines = false
  /** What went wrong, for the full screen. */
  #notice: string | undefined

  async run(): Promise<SampleJson | undefined> {
    const {flags} = await this.parse(Top)
    const {interval, sort, count} = flags
    if (this.jsonEnabled() && (flags['json-lines'] || count !== undefined)) {
      this.usage('--json excludes --json-lines and --count')
    }
    this.#asLines = flags['json-lines']
    this.#isFull = !this.jsonEnabled() && process.stdin.isTTY === true && process.stdout.isTTY === true
    if (this.#isFull) checkTerminal(process.env.TERM ?? '')
    const look = watchInstances(
      () => chooseInstances(this, toScope(flags)),
      (text) => this.remark(text),
    )
    if (!this.#isFull) return this.#print(look, sort, interval, count ?? (this.#asLines ? Number.POSITIVE_INFINITY : 1))
    this.status = await fillScreen(look, {
      interval,
      sort,
      count: count ?? Number.POSITIVE_INFINITY,
      takeNotice: () => this.#takeNotice(),
    })
    return undefined
  }

  /** What is printed last is what --json prints. */
  async #print(look: () => Promise<Sample>, sort: SortKey, interval: number, count: number): Promise<SampleJson> {
    const {setTimeout: sleep} = process.getBuiltinModule('node:timers/promises')
    for (let looks = 1; ; looks++) {
      const sample = await look()
      if (looks === 1) {
        const instances = sample.observed.map(({instance}) => instance)
        reportUnseen(this, sample.unseen, instances)
      }
      if (!this.jsonEnabled()) this.log(toSampleTable(arrangeRows(sample, {...firstView, sort}), readTerminal()))
      if (looks === count) return toSampleJson(sample)
      if (this.#asLines) this.logJson(this.toSuccessJson(toSampleJson(sample)))
      await sleep(interval * 1000)
    }
  }

  #takeNotice(): string | undefined {
    const notice = this.#notice
    this.#notice = undefined
    return notice
  }

  override remark(text: string): void {
    if (this.#isFull) this.#notice = text
    else super.remark(text)
  }

  override jsonEnabled(): boolean {
    return this.#asLines || super.jsonEnabled()
  }

  protected override logJson(json: unknown): void {
    if (this.#asLines) process.stdout.write(`${toJsonText(json, 'line')}\n`)
    else super.logJson(json)
  }
}

/** What fills a screen would be a mess there. */
function checkTerminal(name: string): void {
  if (name !== '' && name !== 'dumb') return
  throw new Refusal(`This terminal cannot show a full screen: TERM is ${name || 'not set'}`, {
    suggestions: [shell`postmulti top | cat`, shell`TERM=xterm postmulti top`],
  })
}
