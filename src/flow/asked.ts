/** Milters and policy services, which are asked what they think of mail. Source: MILTER_README, SMTPD_POLICY_README. */
import {restrictionLists} from '../model/master-cf/lookup-tables.ts'
import {optionOf, programOf} from './services.ts'
import {type FlowParameter, listItems, type View} from './view.ts'

export function servicesAskedBy(view: View): {by: string; address: string}[] {
  const receivers = view.services.filter((each) => programOf(each) === 'smtpd')
  const settings = (name: FlowParameter) => [
    view.parameters[name] ?? '',
    ...receivers.map((each) => optionOf(each, name) ?? ''),
  ]
  const milters = (['smtpd_milters', 'non_smtpd_milters'] as const).flatMap((by) =>
    settings(by).flatMap((list) => listItems(list).map((each) => ({by: by as string, address: firstWord(each)}))),
  )
  const policies = restrictions.flatMap((name) =>
    settings(name).flatMap((list) => {
      const all = listItems(list)
      return all.flatMap((each, at) =>
        all[at - 1] === 'check_policy_service' ? [{by: 'check_policy_service', address: firstWord(each)}] : [],
      )
    }),
  )
  return [...milters, ...policies].filter(({address}) => address !== '' && address !== 'none')
}

/** ETRN brings no mail. */
const restrictions = restrictionLists.filter((each) => each !== 'smtpd_etrn_restrictions')

/** `{ inet:host:port, settings }` */
function firstWord(word: string): string {
  return listItems(word.replace(/^\{(.*)\}$/s, '$1'))[0] ?? ''
}
