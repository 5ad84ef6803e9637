/** What `postmulti check` asks. */
import {listenerShadowed, listenerShared} from './rule.ts'

export default [listenerShared, listenerShadowed]
