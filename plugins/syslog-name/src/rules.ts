/** What `postmulti check` asks. */
import {syslogNameShared} from './names.ts'

export default [syslogNameShared]
