/** What `postmulti check` asks. */
import {hostnameShared} from './rule.ts'

export default [hostnameShared]
