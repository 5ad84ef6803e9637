/**
 * The units of the instances: postfix@NAME.service of a secondary, postfix@-.service of the primary.
 * Source: Debian's postfix@.service and postfix-instance-generator, which systemd runs when it boots or reloads.
 */
import type {Instance, Question} from '@postmulti/plugin-api'

/** How the host is looked at. A link that leads nowhere is there, too. */
export type IsThere = (path: string) => boolean

export type Change = Pick<Question, 'subjects' | 'before' | 'after' | 'text'>

export type InUnit = Instance & {
  /** Undefined where systemd cannot have one. */
  unit: string | undefined
}

export function withUnits(list: readonly Instance[]): InUnit[] {
  return list.map((each) => {
    const name = each.primary ? '-' : each.multi_instance_name
    return {...each, unit: whyUnfit(name) === undefined ? `postfix@${name}.service` : undefined}
  })
}

/** Why no unit can have this name. A unit passes its name on as it is, so systemd-escape(1) is no help. */
export function whyUnfit(name: string): string | undefined {
  if (name === '') return 'it has no name'
  const [character] = /[^A-Za-z0-9:_.@-]/.exec(name) ?? []
  return character && `no name of a unit contains '${character}'`
}

/** A systemd runs that has a unit for each instance. Where one unit starts them all, there is nothing to do. */
export function hasUnits(isThere: IsThere): boolean {
  const places = ['/etc', '/usr/local/lib', '/usr/lib', '/lib'].map((each) => `${each}/systemd/system/postfix@.service`)
  return isThere('/run/systemd/system') && places.some(isThere)
}

/** From its start until it is inactive or failed. Its control group would say the same, but not always in one place. */
export const isActive = (unit: string, isThere: IsThere) => isThere(`/run/systemd/units/invocation:${unit}`)

/** The generator found the instance when systemd last reloaded. */
export const isGenerated = (unit: string, isThere: IsThere) =>
  isThere(`/run/systemd/generator/postfix.service.wants/${unit}`)

/** Somebody has typed `systemctl enable`. */
export const isEnabled = (unit: string, isThere: IsThere) =>
  isThere(`/etc/systemd/system/multi-user.target.wants/${unit}`)
