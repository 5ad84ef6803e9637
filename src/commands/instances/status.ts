import {judgeStates, type Verdict} from '../../model/top/serving.ts'
import {readStates} from '../../postfix/state/state.ts'
import {type StateJson, toStateJson, toStatusTable} from '../../report/status.ts'
import {type DamagedJson, toDamagedJson} from '../../report/terminal/listed.ts'
import {readTerminal} from '../../report/terminal/terminal.ts'
import {exitStatus, PostmultiCommand} from '../shared/base.ts'
import {chooseInstances, needsRoot} from '../shared/reading.ts'
import {optionalNames, scopeFlags, toScope} from '../shared/scope.ts'

/** `postmulti instances status`: whether they run, at one look, for monitoring. */
export default class InstancesStatus extends PostmultiCommand {
  static override summary =
    'Show which instances run: exit status 0 when all enabled ones do, 4 when some do not, 1 when none does.'
  static override args = {name: optionalNames}
  static override flags = {...scopeFlags}
  static override examples = [
    '<%= config.bin %> instances status',
    '<%= config.bin %> instances status --group mta',
    '<%= config.bin %> instances status in out --json',
  ]

  async run(): Promise<{verdict: Verdict; instances: StateJson[]; damaged: DamagedJson[]}> {
    const {args, flags} = await this.parse(InstancesStatus)
    const {instances, damaged} = chooseInstances(this, toScope(flags, args.name))
    const states = readStates(instances)
    const watched = instances.map((instance) => ({instance, state: states.get(instance.config_directory) ?? null}))
    const verdict = judgeStates(watched, damaged)
    if (watched.some(({state}) => state === 'unknown')) this.remark(needsRoot)
    this.status = statuses[verdict]
    if (!this.jsonEnabled()) this.log(toStatusTable(watched, damaged, readTerminal()))
    return {verdict, instances: watched.map(toStateJson), damaged: damaged.map(toDamagedJson)}
  }
}

const statuses: Record<Verdict, number> = {'all run': 0, 'some run': exitStatus.partly, 'none runs': exitStatus.failed}
