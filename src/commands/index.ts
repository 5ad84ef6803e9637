/** All sub-commands by their id, for the bundle. */
import Check from './check.ts'
import CompletionWords from './completion/words.ts'
import Completion from './completion.ts'
import Doctor from './doctor.ts'
import Explain from './explain.ts'
import FlowCommand from './flow.ts'
import History from './history.ts'
import InstancesAssign from './instances/assign.ts'
import InstancesCreate from './instances/create.ts'
import {removals} from './instances/destroy-or-deport.ts'
import InstancesEdit from './instances/edit.ts'
import {enablings} from './instances/enable-or-disable.ts'
import InstancesGet from './instances/get.ts'
import InstancesImport from './instances/import.ts'
import InstancesInit from './instances/init.ts'
import InstancesList from './instances/list.ts'
import InstancesPostfix from './instances/postfix.ts'
import {wordCommands} from './instances/postfix-words.ts'
import InstancesReorder from './instances/reorder.ts'
import InstancesRun from './instances/run.ts'
import InstancesSet from './instances/set.ts'
import InstancesShow from './instances/show.ts'
import InstancesStatus from './instances/status.ts'
import InstancesUnset from './instances/unset.ts'
import Logs from './logs.ts'
import Metrics from './metrics.ts'
import PluginsConfig from './plugins/config.ts'
import PluginsDoctor from './plugins/doctor.ts'
import PluginsInstall from './plugins/install.ts'
import PluginsLink from './plugins/link.ts'
import PluginsList from './plugins/list.ts'
import PluginsNew from './plugins/new.ts'
import PluginsRollback from './plugins/rollback.ts'
import PluginsUninstall from './plugins/uninstall.ts'
import {queueActs} from './queue/acts.ts'
import QueueCount from './queue/count.ts'
import QueueList from './queue/list.ts'
import QueueShow from './queue/show.ts'
import Top from './top.ts'
import Trace from './trace.ts'
import Undo from './undo.ts'
import Wait from './wait.ts'

export const COMMANDS = {
  check: Check,
  completion: Completion,
  'completion:words': CompletionWords,
  doctor: Doctor,
  explain: Explain,
  flow: FlowCommand,
  history: History,
  'instances:abort': wordCommands.abort,
  'instances:assign': InstancesAssign,
  'instances:check': wordCommands.check,
  'instances:create': InstancesCreate,
  'instances:deport': removals.deport,
  'instances:destroy': removals.destroy,
  'instances:disable': enablings.disable,
  'instances:drain': wordCommands.drain,
  'instances:edit': InstancesEdit,
  'instances:enable': enablings.enable,
  'instances:flush': wordCommands.flush,
  'instances:get': InstancesGet,
  'instances:import': InstancesImport,
  'instances:init': InstancesInit,
  'instances:list': InstancesList,
  'instances:postfix': InstancesPostfix,
  'instances:reload': wordCommands.reload,
  'instances:reorder': InstancesReorder,
  'instances:restart': wordCommands.restart,
  'instances:run': InstancesRun,
  'instances:set': InstancesSet,
  'instances:show': InstancesShow,
  'instances:start': wordCommands.start,
  'instances:status': InstancesStatus,
  'instances:stop': wordCommands.stop,
  'instances:unset': InstancesUnset,
  logs: Logs,
  metrics: Metrics,
  'plugins:config': PluginsConfig,
  'plugins:doctor': PluginsDoctor,
  'plugins:install': PluginsInstall,
  'plugins:link': PluginsLink,
  'plugins:list': PluginsList,
  'plugins:new': PluginsNew,
  'plugins:rollback': PluginsRollback,
  'plugins:uninstall': PluginsUninstall,
  'queue:count': QueueCount,
  'queue:delete': queueActs.delete,
  'queue:flush': queueActs.flush,
  'queue:hold': queueActs.hold,
  'queue:list': QueueList,
  'queue:release': queueActs.release,
  'queue:requeue': queueActs.requeue,
  'queue:show': QueueShow,
  top: Top,
  trace: Trace,
  undo: Undo,
  wait: Wait,
}
