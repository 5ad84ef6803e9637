/** What the commands share that change nothing: the host, and the instances they are asked about. */

import {isRoot} from '../../files/caller.ts'
import {Refusal} from '../../model/base/errors.ts'
import {cannotBeRead} from '../../model/instance/cannot-be-read.ts'
import {choose, chooseOne} from '../../model/instance/choice.ts'
import {claimAll} from '../../model/instance/claims.ts'
import {type Damaged, describeDamage, type Instance, type InstanceList, label} from '../../model/instance/instance.ts'
import type {Selection} from '../../model/instance/selection.ts'
import {lackOf} from '../../postfix/reader/list.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import type {Unseen} from '../../postfix/state/state.ts'
import {sharedDirectories} from '../../postfix/survey/facts.ts'
import {exitStatus, PostmultiCommand} from './base.ts'

export interface Chosen {
  primary: Primary
  list: InstanceList
  /** In start order. */
  instances: Instance[]
  damaged: Damaged[]
}

export abstract class ReadingCommand extends PostmultiCommand {
  /** Exit status 1 when some of them cannot be read. Refuses when there is none. */
  protected choose(selections: readonly Selection[]): Chosen {
    const {primary, list} = this.#read()
    const choice = choose(list, selections)
    if (choice.damaged.length > 0) this.status = exitStatus.failed
    return {primary, list, ...choice}
  }

  /** The first match. Refuses when there is none that can be read. */
  protected chooseOne(name: string): {primary: Primary; list: InstanceList; instance: Instance} {
    const {primary, list} = this.#read()
    const instance = chooseOne(list, name)
    const lack = lackOf(instance)
    if (lack !== undefined) throw cannotBeRead(lack)
    return {primary, list, instance}
  }

  /** For commands that go on without it. */
  protected remarkUnseen(isUnseen: boolean): void {
    if (isUnseen) this.remark('some of it is only for root to see')
  }

  /** For commands that exist for it: one line, and exit status 1 when it is none that could be looked at. */
  protected reportUnseen(unseen: Unseen, instances: readonly Instance[]): void {
    const [first, ...others] = instances.filter((each) => unseen.has(each.config_directory))
    if (first === undefined) return
    const all = others.length + 1 === instances.length
    this.status ||= all ? exitStatus.failed : exitStatus.partly
    const reason = unseen.get(first.config_directory)
    const more = others.length === 0 ? '' : `, and ${others.length} more could not`
    if (!isRoot()) this.remarkUnseen(true)
    else this.remark(`${label(first)} could not be looked at: ${reason}${more}`)
  }

  /** For commands that have no row for an instance. */
  protected remarkDamaged(damaged: readonly Damaged[]): void {
    for (const each of damaged) this.remark(describeDamage(each))
  }

  /** Two instances with one name or directory are no reason not to look at them. */
  #read(): {primary: Primary; list: InstanceList} {
    const primary = this.readPrimary()
    const list = this.readList(primary)
    try {
      claimAll(list, sharedDirectories(primary))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.remark(error.explained)
      this.status = exitStatus.failed
    }
    return {primary, list}
  }
}
