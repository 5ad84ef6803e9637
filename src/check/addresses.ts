/** Numeric addresses. Source: valid_hostname.c of Postfix's util library. */
import {words} from './rule.ts'

/** Undefined for what is no address, as 192.0.2.256. */
export function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address))
    return address.split('.').every((each) => Number(each) < 256) ? 'ipv4' : undefined
  return address.includes(':') && URL.canParse(`http://[${address}]`) ? 'ipv6' : undefined
}

/** Whether an instance with these inet_protocols uses it. */
export function isSpoken(address: string, inet_protocols: string): boolean {
  const protocols = words(inet_protocols.toLowerCase())
  return protocols.includes('all') || protocols.includes(familyOf(address) ?? '')
}
