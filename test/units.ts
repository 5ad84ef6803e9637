/** How systemd starts instances, as values. */
import {dropInOf, marker, type Units} from '../src/model/units/units.ts'

const template = '/usr/lib/systemd/system/postfix@.service'

/** Debian 13 with postfix.service enabled, and these units besides. */
export function byDirectory(enabled: string[] = [], changes: Partial<Units> = {}): Units {
  return {
    layout: 'by directory',
    told: 'a unit for each',
    file: template,
    runs: true,
    wants: new Map(
      ['postfix.service', ...enabled].map((each) => [each, `/lib/systemd/system/${each.replace(/@.*\./, '@.')}`]),
    ),
    masked: [],
    dropIns: new Map(),
    generated: [],
    directories: new Set(),
    occupied: new Set(),
    foreign: new Set(),
    ...changes,
  }
}

export function byName(changes: Partial<Units> = {}): Units {
  return {...byDirectory(), layout: 'by name', ...changes}
}

/** A drop-in of ours, by the name of its unit or its path. */
export function dropIn(unit: string, lines: string[]): Units['dropIns'] {
  const path = unit.startsWith('/') ? unit : dropInOf(unit)
  return new Map([[path, {text: [marker, '', ...lines, ''].join('\n'), isOurs: true, alone: true}]])
}
