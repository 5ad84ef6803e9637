import {Flags} from '@oclif/core'
import {isRoot} from '../../files/caller.ts'
import {quietly} from '../../files/read.ts'
import {Refusal, ToolFailure} from '../../model/base/errors.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {findListed} from '../../model/change/existing.ts'
import type {EditRequest} from '../../model/change/request.ts'
import {describeDamage, isDamaged} from '../../model/instance/instance.ts'
import {readFileFacts, readHost} from '../../postfix/survey/facts.ts'
import {colourDiff, unifiedDiff} from '../../report/terminal/diff.ts'
import {askPerson, type Confirmation, isAnybodyThere} from '../../report/terminal/question.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {nameArgument, planFlags} from '../shared/change.ts'
import {cancelled} from '../shared/confirm.ts'
import {EditingCopy} from '../shared/editing-copy.ts'
import {hasChanged} from '../shared/interrupt.ts'
import {changeSettings, forceFlag, type SettingJson, withForce} from '../shared/setting.ts'

/** `postmulti instances edit NAME`: main.cf or master.cf in an editor, checked before it replaces the file. */
export default class InstancesEdit extends PostmultiCommand {
  static override summary = 'Edit main.cf or master.cf of an instance with $VISUAL or $EDITOR.'
  static override description =
    'The editor gets a copy, also of a file that Postfix cannot read. Postfix must be able to read what it leaves, or ' +
    "the file stays as it is. The difference is shown, and 'postmulti undo' takes it back. Where master.cf is what " +
    'cannot be read, the editor gets that, with --master or without.'
  static override args = {name: nameArgument}
  static override flags = {
    master: Flags.boolean({description: 'Edit master.cf.'}),
    ...forceFlag,
    ...planFlags,
  }
  static override examples = [
    '<%= config.bin %> instances edit postfix-out',
    '<%= config.bin %> instances edit - --master',
  ]

  async run(): Promise<SettingJson> {
    const {args, flags} = await this.parse(InstancesEdit)
    const target = {by: 'name' as const, name: args.name}
    const instance = findListed(
      target,
      readHost(this.readPrimary(), () => {}),
    )
    const isAtFault = isDamaged(instance) && instance.file === `${instance.config_directory}/master.cf`
    if (isAtFault && !flags.master) this.remark(`Editing master.cf, which cannot be read: ${describeDamage(instance)}`)
    const file = flags.master || isAtFault ? 'master.cf' : 'main.cf'
    const path = `${instance.config_directory}/${file}`
    const was = readFileFacts(path).now
    // Before somebody has worked for nothing.
    if (!isRoot() && !flags['dry-run']) throw new ToolFailure(`edit ${path}`, null, 'Permission denied')
    const {VISUAL, EDITOR} = process.env
    if (!VISUAL && !EDITOR && !isAnybodyThere()) {
      this.usage('There is no terminal for an editor, and neither VISUAL nor EDITOR is set', [
        suggest`postmulti instances set --help`,
      ])
    }
    const copy = new EditingCopy(file, was)
    for (;;) {
      try {
        const becomes = copy.edit()
        const change = await this.#replace(
          {action: 'edit', target, file, was, becomes, ...withForce(flags)},
          path,
          flags,
        )
        // One that is left behind is root's alone.
        quietly(() => copy.remove())
        return change
      } catch (error) {
        if (hasChanged() || quietly(() => copy.isAsItWas)) quietly(() => copy.remove())
        else {
          const answer = isAnybodyThere() ? await this.#askAgain(error) : 'no'
          if (answer === 'yes') continue
          this.remark(`${path} is as it was; what you wrote is in ${copy.path}`)
          if (answer === 'interrupted') throw cancelled(answer, 'Nothing was changed')
        }
        throw error
      }
    }
  }

  async #askAgain(error: unknown): Promise<Confirmation> {
    this.remark(error instanceof Refusal ? error.explained : (error as Error).message)
    return askPerson('Edit it again?')
  }

  /** The difference comes first, as in a dry run. */
  async #replace(request: EditRequest, path: string, flags: {'dry-run': boolean}): Promise<SettingJson> {
    const {was, becomes} = request
    if (!flags['dry-run'] && was !== becomes) {
      this.log(colourDiff(await unifiedDiff({path, from: path, before: was, after: becomes})))
    }
    return changeSettings(this, request, flags)
  }
}
