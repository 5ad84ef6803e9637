/** Asked before every change that can give an enabled instance the name of another. */
import {gate} from '@postmulti/plugin-api'
import {hostnameShared} from './rule.ts'

export default gate(hostnameShared)
