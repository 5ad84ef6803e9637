/**
 * master.cf as far as postconf(1) checks it, and the services that it names.
 * Source: parse_master_line() in postconf_master.c; master(5).
 */
import {logicalLines} from '../model/lines.ts'

export interface Service {
  name: string
  type: string
  /** The daemon without its arguments. */
  command: string
}

const types = ['unix', 'fifo', 'inet', 'pass', 'unix-dgram']
const fieldChecks = [/^/, /^/, /^[yn-]$/, /^[yn-]$/, /^[yn-]$/, /^(?:-|\d+\??)$/, /^(?:-|\d+)$/]

/** The services in order, or undefined where postconf must be asked: syntax errors, and settings that need expanding. */
export function readServices(text: string): Service[] | undefined {
  if (text.includes('\0') || text.includes('{')) return undefined
  const services: Service[] = []
  const indented: string[] = []
  for (const {text: line} of logicalLines(text, indented)) {
    const fields = line.split(/[ \t\r\n]+/).filter((each) => each !== '')
    const [name = '', type = '', , , , , , command = ''] = fields
    if (fields.length < 8 || !types.includes(type)) return undefined
    if (!fieldChecks.every((check, field) => check.test(fields[field] ?? ''))) return undefined
    if (!fields.slice(8).every(isPlain)) return undefined
    services.push({name, type, command})
  }
  return indented.length === 0 ? services : undefined
}

/** Nothing in it that could fail to expand but the name of the service itself. */
function isPlain(argument: string): boolean {
  return !argument.replaceAll('$service_name', '').includes('$') || !argument.includes('=')
}
