/** How instances are called here: by what they are for, and a number. */
import {type Hook, refuse, warn} from '@postmulti/plugin-api'
import {findAlike} from './alike.ts'

/** Where the site has not chosen another one: postmulti plugins config site-names settings.scheme=REGULAR-EXPRESSION */
const usual = '^postfix-[a-z]+-[0-9]+$'

/** Refuses new names that do not follow the scheme; existing ones do not count. */
const checkNames: Hook = ({before, after, settings}) => {
  const scheme = String(settings.scheme ?? usual)
  const known = before.map((each) => each.multi_instance_name)
  return after.flatMap(({multi_instance_name: name, config_directory: instance}) => {
    if (known.includes(name)) return []
    const about = {rule: 'site-names', instance}
    if (!new RegExp(scheme).test(name)) return [refuse(`${name} does not follow our scheme, ${scheme}`, about)]
    const alike = findAlike(name, known)
    return alike === undefined ? [] : [warn(`${name} is easily taken for ${alike}`, about)]
  })
}

export default checkNames
