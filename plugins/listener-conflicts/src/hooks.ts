/** Asked before every change that can open a listener of an enabled instance. */
import {gate, type Hook} from '@postmulti/plugin-api'
import {listenerShadowed, listenerShared} from './rule.ts'

const hooks = [listenerShared, listenerShadowed].map(gate)

const askBoth: Hook = async (question) => (await Promise.all(hooks.map((hook) => hook(question)))).flat()

export default askBoth
