/** How instances are called here: by what they are for, and a number. */
import {type Hook, refuse} from '@postmulti/plugin-api'

/** Where the site has not chosen another one: postmulti plugins config site-names settings.scheme=REGULAR-EXPRESSION */
const usual = '^postfix-[a-z]+-[0-9]+$'

/** Refuses new names that do not follow the scheme; those that are there already stop nobody. */
const checkNames: Hook = ({before, after, settings}) => {
  const scheme = String(settings.scheme ?? usual)
  const known = before.map((each) => each.multi_instance_name)
  return after
    .filter(({multi_instance_name: name}) => !known.includes(name) && !new RegExp(scheme).test(name))
    .map(({multi_instance_name: name, config_directory: instance}) =>
      refuse(`${name} does not follow our scheme, ${scheme}`, {rule: 'site-names', instance}),
    )
}

export default checkNames
