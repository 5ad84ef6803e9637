/** What --help says, and what `postmulti` alone says to somebody at a terminal. */
import type {Command, Interfaces} from '@oclif/core'
import {CommandHelp, Help} from '@oclif/core/help'
import {toJsonText} from '../model/base/json.ts'
import {exitStatusesOf} from './exit-statuses.ts'
import {toKnown} from './known.ts'
import {explainUnknownCommand} from './unknown-command.ts'

const welcome = `Many Postfix instances on one host, in place of postmulti(1).

  postmulti instances                        see what there is
  postmulti instances init                   prepare this host, once
  postmulti instances create out --dry-run   what would be done, step by step
  postmulti instances create out             a new instance, postfix-out
  postmulti instances enable out             let it start with the whole system
  postmulti instances start out              start it now
  postmulti instances check                  look for mistakes
  postmulti undo                             take back the last change

More: postmulti --help, postmulti instances create --help, man postmulti
The classic way works as ever: postmulti -l, postmulti -i out -p start`

export class PostmultiHelp extends Help {
  /** What was printed so far, for --json: stdout carries nothing else then. */
  readonly #lines: string[] = []
  readonly #json: boolean

  constructor(config: Interfaces.Config, options: Partial<Interfaces.HelpOptions> = {}) {
    super(config, {...options, flagSortOrder: 'none', hideAliasesFromRoot: true, hideCommandSummaryInDescription: true})
    this.CommandHelpClass = PostmultiCommandHelp
    this.#json = process.argv.slice(0, [...process.argv, '--'].indexOf('--')).includes('--json')
  }

  override async showHelp(words: string[]): Promise<void> {
    if (words.length === 0) this.log(welcome)
    else await this.#showHelpOn(words)
    if (this.#json) console.log(toJsonText({schema: 1, help: this.#lines.join('\n').trim(), warnings: []}))
  }

  async #showHelpOn(words: string[]): Promise<void> {
    try {
      await super.showHelp(words)
    } catch (error) {
      // The one complaint that it has.
      if (!/ not found\.$/.test((error as Error).message)) throw error
      throw explainUnknownCommand(
        words.filter((each) => !['--help', 'help', '--json'].includes(each)),
        toKnown(this.config),
      )
    }
  }

  /** oclif's own begins with the version and repeats topics as commands. */
  protected override async showRootHelp(): Promise<void> {
    this.log(`${welcome}\n`)
    const isOurs = ({pluginName}: Command.Loadable): boolean => pluginName === this.config.name
    const [ours, others] = [this.sortedCommands.filter(isOurs), this.sortedCommands.filter((each) => !isOurs(each))]
    this.log(this.formatCommands([...ours, ...others]))
  }

  protected override log(...texts: string[]): void {
    if (this.#json) this.#lines.push(...texts)
    else super.log(...texts)
  }
}

class PostmultiCommandHelp extends CommandHelp {
  protected override sections() {
    return [
      ...super.sections(),
      {header: 'EXIT STATUS', generate: (_: unknown, header: string) => ({header, body: exitStatusesOf(this.command)})},
    ]
  }
}
