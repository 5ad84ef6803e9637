/** Site plugins are asked before instances start. One that they refuse does not start; the others do. */
import {describeFinding, type PluginFinding} from '../../ask.ts'
import {askPlugins} from '../../hooks/bridge.ts'
import {type RunReport, withoutRun} from '../../model/change/run-report.ts'
import type {Instance, InstanceList} from '../../model/instance/instance.ts'
import type {Primary} from '../../postfix/reader/primary.ts'
import {preview} from '../../postfix/survey/preview.ts'
import type {WithoutFlags} from './scope.ts'

/** Reports on those that are refused, and what else there is to say. */
export async function askBeforeStart(
  instances: readonly Instance[],
  {primary, list}: {primary: Primary; list: InstanceList},
  {'without-plugin': without = [], reason}: WithoutFlags,
): Promise<{refused: RunReport[]; remarks: PluginFinding[]}> {
  const {findings} = await askPlugins({spoken: 'sub-command', without, reason})({
    event: 'pre-start',
    request: {action: 'start'},
    plan: [],
    subjects: instances.map(({config_directory}) => config_directory),
    before: list,
    after: list,
    dryRun: false,
    ...preview({steps: [], before: list, after: list}, primary),
  })
  const refusals = findings.filter(({verdict}) => verdict === 'refuse')
  return {
    refused: instances.flatMap((each) => {
      const refusal = refusals.find(({instance}) => (instance ?? each.config_directory) === each.config_directory)
      if (refusal === undefined) return []
      const bypass = refusal.locked ? '' : `; go on by --without-plugin ${refusal.plugin}`
      return [withoutRun(each, 'start', describeFinding(refusal) + bypass, 1)]
    }),
    remarks: findings.filter(({verdict}) => verdict !== 'refuse'),
  }
}
