/**
 * A master.cf with services changed, for an instance that is being made. Comments and order stay.
 * Source: master(5). Nothing here touches the host.
 */
import {Refusal} from '../base/errors.ts'
import {nearest} from '../instance/nearest.ts'
import {serviceTypes} from './start-fault.ts'

/** Latin1 text. A service line replaces the one with the same name and type, with its continuation lines. */
export function editMasterCf(text: string, services: readonly string[], uncomment: readonly string[]): string {
  return services.reduce(putService, uncomment.reduce(uncommentService, text))
}

/** NAME/TYPE, as master_service_disable and `postconf -M` write it. */
export function serviceOf(line: string): string {
  const {name, type} = parseServiceLine(line)
  return `${name}/${type}`
}

/** Refuses what master(8) would not start with; `daemons` are the programs that there are, `instance` is the name of who wants it. */
export function checkService(line: string, daemons: readonly string[], instance: string): void {
  const {name, type, program} = parseServiceLine(line)
  const refuse = (why: string, better: readonly string[] = []): Refusal => {
    const lines = better.map((each) => line.replace(program, each))
    const suggestions = lines.map((each) => ['postmulti', 'instances', 'create', instance, '--service', each])
    return new Refusal(`Not a line of master.cf: '${line}': ${why}`, {suggestions, kind: 'usage'})
  }
  if (!serviceTypes.includes(type)) throw refuse(`${type} is not a type of a service: ${serviceTypes.join(', ')}`)
  const port = type === 'inet' ? /(?:^|:)(\d+)$/.exec(name)?.[1] : undefined
  if (port !== undefined && (Number(port) === 0 || Number(port) > 65535)) throw refuse(`there is no port ${port}`)
  if (!daemons.includes(program)) throw refuse(`there is no daemon ${program}`, nearest(program, daemons))
}

function parseServiceLine(line: string): {name: string; type: string; program: string} {
  const [name, type, , , , , , program] = line.trim().split(/\s+/)
  if (name === undefined || type === undefined || program === undefined) {
    throw new Refusal(`Not a line of master.cf: '${line}' has fewer than eight fields`, {
      suggestions: [['postmulti', 'instances', 'create', '--help']],
      kind: 'usage',
    })
  }
  return {name, type, program}
}

function putService(text: string, line: string): string {
  const lines = text.split('\n')
  const at = lines.findIndex((each) => isService(each, serviceOf(line)))
  if (at < 0) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
  let end = at + 1
  while (end < lines.length && /^[ \t]+\S/.test(lines[end] ?? '')) end++
  return lines.toSpliced(at, end - at, line).join('\n')
}

function uncommentService(text: string, service: string): string {
  const lines = text.split('\n')
  if (lines.some((each) => isService(each, service))) return text
  const at = lines.findIndex((each) => each.startsWith('#') && isService(each.slice(1), service))
  if (at < 0) throw noService(service, text)
  let end = at + 1
  while (end < lines.length && /^#[ \t]+-o/.test(lines[end] ?? '')) end++
  return lines.map((each, index) => (index >= at && index < end ? each.slice(1) : each)).join('\n')
}

/** NAME/TYPE of all services, also of those that are commented out. */
export function servicesIn(text: string): string[] {
  const lines = text.split('\n').map((each) => each.replace(/^#/, '').split(/\s+/))
  return lines.flatMap(([name, type, ...rest]) => (name && rest.length >= 6 ? `${name}/${type}` : []))
}

function noService(service: string, text: string): Refusal {
  const there = servicesIn(text)
  const typed = there.filter((each) => each.startsWith(`${service}/`))
  return new Refusal(`No service ${service} in the prototype of master.cf: there are ${there.join(', ')}`, {
    suggestions: [['postmulti', 'instances', 'create', '--help']],
    misnamed: {name: service, nearest: typed.length > 0 ? typed : nearest(service, there)},
    kind: 'not found',
  })
}

function isService(line: string, service: string): boolean {
  const [name, type, ...rest] = line.split(/\s+/)
  return rest.length >= 6 && `${name}/${type}` === service
}
