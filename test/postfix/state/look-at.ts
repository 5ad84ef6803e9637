/** What the edge sees of an instance, as JSON, to be run in a throw-away host: `look-at.ts NAME`. */
import {surveyRemoval} from '../../../src/postfix/removal/leftovers.ts'
import {countMessages} from '../../../src/postfix/state/queues.ts'
import {readRunning} from '../../../src/postfix/state/read-running.ts'
import {holdStopped} from '../../../src/postfix/state/running.ts'

const [name = ''] = process.argv.slice(2)
const instance = {
  config_directory: `/etc/${name}`,
  queue_directory: `/var/spool/${name}`,
  data_directory: `/var/lib/${name}`,
  multi_instance_name: name,
  multi_instance_group: '',
  multi_instance_enable: false,
}
const hold = holdStopped(instance.queue_directory)
hold.release()
console.log(
  JSON.stringify({
    stopped: hold.stopped,
    running: readRunning([instance]).get(instance.config_directory)?.pid ?? null,
    messages: Object.values(countMessages(instance.queue_directory)).reduce((sum, each) => sum + each, 0),
    ...surveyRemoval(instance, '/etc/postfix'),
  }),
)
