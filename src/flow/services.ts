/** What the services of master.cf have to do with the way of mail. Source: master(5). */
import {isDisabled} from '../model/master-cf/listeners.ts'
import {type FlowParameter, listItems, type Service, type View} from './view.ts'

/** By which of its services mail comes into an instance. */
export interface MailEntry {
  /** NAME/TYPE, as master_service_disable writes it. */
  service: string
  /** Both are empty where there is none. */
  content_filter: string
  smtpd_proxy_filter: string
  /** Addresses stay as they are: no aliases, no canonical names. */
  keepsAddresses: boolean
}

const receivers = ['smtpd', 'postscreen', 'qmqpd']

/** Whether the program takes mail from the network. */
export function isReceiver(command: string): boolean {
  return receivers.includes(command)
}

/** Those that are on. Filters are the business of the daemons that receive mail; pickup knows no proxy. */
export function mailEntriesOf(view: View): MailEntry[] {
  const inet = view.services.filter((each) => {
    const name = serviceName(each)
    return each.type === 'inet' && isReceiver(programOf(each)) && isOn(view, name)
  })
  const pickup = view.services.filter((each) => programOf(each) === 'pickup')
  return [...inet, ...pickup].map((each) => {
    // postscreen(8) hands what it lets pass to another service, which has its own settings.
    const daemon = programOf(each) === 'postscreen' ? (view.services.find(isBehindPostscreen) ?? each) : each
    return {
      service: serviceName(each),
      content_filter: settingOf(daemon, 'content_filter', view),
      smtpd_proxy_filter: programOf(daemon) === 'smtpd' ? settingOf(daemon, 'smtpd_proxy_filter', view) : '',
      keepsAddresses: listItems(settingOf(daemon, 'receive_override_options', view)).includes('no_address_mappings'),
    }
  })
}

/** Whether programs on this host can hand mail to sendmail(1) for it: who may; empty for no one. */
export function submitters(view: View): string {
  if (!view.services.some((each) => programOf(each) === 'pickup')) return ''
  const users = view.parameters.authorized_submit_users ?? ''
  return users === 'static:anyone' ? 'anyone' : users
}

/** Undefined when master.cf has no such transport, or it is off. Of two lines the last one counts. */
export function findTransport(view: View, name: string): Service | undefined {
  if (isTransportOff(view, name)) return undefined
  return view.services.findLast((each) => each.name === name && each.type === 'unix')
}

export function isTransportOff({parameters, services}: View, name: string): boolean {
  const isWritten = services.some((each) => each.name === name && each.type === 'unix')
  return isWritten && isDisabled(name, 'unix', parameters.master_service_disable ?? '')
}

/** What -o says, or else main.cf. */
export function settingOf(service: Service, name: FlowParameter, view: View): string {
  return optionOf(service, name) ?? view.parameters[name] ?? ''
}

export function programOf({command}: Service): string {
  return command[0] ?? ''
}

export function serviceName({name, type}: Service): string {
  return `${name}/${type}`
}

/** The last -o of this name. */
export function optionOf({command}: Service, name: string): string | undefined {
  let found: string | undefined
  for (let at = 1, word = command[at]; word !== undefined; word = command[++at]) {
    if (!word.startsWith('-o')) continue
    let setting = word === '-o' ? (command[++at] ?? '') : word.slice(2)
    if (setting.startsWith('{')) {
      while (!setting.endsWith('}') && at + 1 < command.length) setting += ` ${command[++at]}`
      setting = setting.replace(/^\{\s*([^\s=]+)\s*=\s*(.*?)\s*\}$/, '$1=$2')
    }
    if (setting.startsWith(`${name}=`)) found = setting.slice(name.length + 1)
  }
  return found
}

function isBehindPostscreen(service: Service): boolean {
  return service.type === 'pass' && programOf(service) === 'smtpd'
}

function isOn({listeners}: View, service: string): boolean {
  return listeners.some((each) => each.service === service && each.enabled)
}
