/** All sub-commands by their id, for the bundle. */
import InstancesList from './instances/list.ts'

export const COMMANDS = {'instances:list': InstancesList}
