/**
 * The attributes by which pipe(8) and spawn(8) know what to run, and as whom. Tried on Postfix 3.7.
 * Source: get_service_attr() in pipe.c and spawn.c.
 */

export interface Attributes {
  user?: string
  /** Absent where it is that of the user. */
  group?: string
  directory?: string
  chroot?: string
  /** With its arguments. */
  argv?: readonly string[]
  /** What is wrong, in words; who or what is named is not looked at. */
  fault?: string
}

/** `words` are those behind the options. Names count in any case; of two with one name the last. */
export function readAttributes(command: 'pipe' | 'spawn', words: readonly string[]): Attributes {
  const known = command === 'pipe' ? pipeNames : spawnNames
  const found: Attributes = {}
  for (const [at, word] of words.entries()) {
    const equals = word.indexOf('=')
    const name = word.slice(0, Math.max(0, equals)).toLowerCase()
    const value = word.slice(equals + 1)
    if (name === 'argv') {
      const argv = [value, ...words.slice(at + 1)]
      if (found.user === undefined) return {...found, argv, fault: 'user= is missing'}
      return value === '' ? {...found, argv, fault: 'argv= names no program'} : {...found, argv}
    }
    if (!known.includes(name)) return {...found, fault: `${word} is no attribute of ${command}(8)`}
    if (name === 'flags' && !/^[BDFORX.>hqu]*$/.test(value)) {
      return {...found, fault: `${word} has a flag that pipe(8) does not know`}
    }
    if (name === 'size' && !/^\d+$/.test(value)) return {...found, fault: `${word} is no size`}
    if (name === 'user') {
      const [user = '', group = ''] = value.split(/:(.*)/s)
      found.user = user
      if (group !== '') found.group = group
    }
    if (name === 'directory' || name === 'chroot') found[name] = value
  }
  return {...found, fault: found.user === undefined ? 'user= is missing' : 'argv= is missing'}
}

const spawnNames = ['user']
const pipeNames = [...spawnNames, 'flags', 'directory', 'chroot', 'eol', 'null_sender', 'size']
