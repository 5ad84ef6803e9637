import {examineChanges} from '../engine.ts'
import {type RosterPlugin, readRoster} from '../hooks/roster.ts'
import {findUntrustedOnWay} from '../hooks/trust.ts'
import {advice, type Examination, fault, ok} from '../model/survey/examination.ts'
import {examineHost} from '../postfix/survey/examine.ts'
import {describeExamination, type ExaminationJson, toExaminationJson} from '../report/examinations.ts'
import {exitStatus, PostmultiCommand} from './shared/base.ts'
import {orRefusal, trialOn} from './shared/trial.ts'

/** `postmulti doctor`: is this host ready for many instances, and for this program? */
export default class Doctor extends PostmultiCommand {
  static override summary = 'Check whether this host is ready for postmulti; say what to type when it is not.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<{examinations: ExaminationJson[]}> {
    await this.parse(Doctor)
    const found = orRefusal(() => this.readHost())
    const host = examineHost(this.config.root, found, findUntrustedOnWay)
    const plugins = await Promise.all(readRoster().map(trialOn(found)))
    const examinations = [...host, ...examineChanges(), ...examinePlugins(plugins)]
    for (const each of examinations) this.log(describeExamination(each))
    if (examinations.some(({verdict}) => verdict === 'fault')) this.status = exitStatus.failed
    return {examinations: examinations.map(toExaminationJson)}
  }
}

function examinePlugins(plugins: readonly RosterPlugin[]): Examination[] {
  const broken = plugins.flatMap(({name, mode, fault: why, remedy}) => {
    if (why === undefined) return []
    const found = `${name}: ${why}`
    return [isObeyed(mode) ? fault('plugins', found, ...remedy) : advice('plugins', found, ...remedy)]
  })
  const used = plugins.filter(({mode, fault: why}) => isObeyed(mode) && why === undefined).map(({name}) => name)
  return [ok('plugins', used.length === 0 ? 'none is on' : `on: ${used.join(', ')}`), ...broken]
}

/** What it refuses is refused. */
function isObeyed(mode: RosterPlugin['mode']): boolean {
  return mode === 'on' || mode === 'locked'
}
