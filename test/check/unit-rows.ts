/** What rules about units of systemd find, and what lets them pass. */
import type {Finding} from '../../src/model/change/finding.ts'
import type {Units} from '../../src/model/units/units.ts'
import {byDirectory, byName, dropIn} from '../units.ts'
import {find, type Row, subject} from './inputs.ts'

const [first, out] = [subject('-'), subject('postfix-out')]
const off = {...out, multi_instance_enable: false}
const isRight = byDirectory(['postfix@out.service'])
export const stale = '/etc/systemd/system/postfix@postfix-out.service.d/50-postmulti-order.conf'

export const unitRows: Record<string, Row[]> = {
  'not-started-at-boot': [
    ['nothing where systemd does not run', () => find('not-started-at-boot', [first, out])],
    ['nothing of a unit that is linked', look('not-started-at-boot', isRight)],
    [
      'a unit that is not linked',
      look('not-started-at-boot', byDirectory()),
      /postfix-out .* postfix@out\.service is not enabled/,
    ],
    ['nothing of a disabled instance', look('not-started-at-boot', byDirectory(), off)],
    [
      'once what keeps all from starting',
      look('not-started-at-boot', byName({wants: new Map()})),
      /postfix\.service is not enabled/,
    ],
    [
      'a unit that is masked',
      look('not-started-at-boot', {...isRight, masked: ['postfix@out.service']}),
      /postfix@out\.service is masked/,
    ],
    [
      'a link that leads elsewhere',
      look(
        'not-started-at-boot',
        byDirectory([], {
          wants: new Map([
            ['postfix.service', '/lib/postfix.service'],
            ['postfix@out.service', undefined],
          ]),
        }),
      ),
      /is not a link, so it stays/,
    ],
    [
      'an instance without a name',
      look('not-started-at-boot', byName(), {...out, multi_instance_name: ''}),
      /it has no name/,
    ],
    [
      'a unit that nobody knows',
      look('not-started-at-boot', {...isRight, layout: undefined}),
      /is not known: a unit for each/,
    ],
  ],
  'started-though-disabled': [
    [
      'a disabled instance whose unit is linked',
      look('started-though-disabled', isRight, off),
      /is disabled, but systemd starts it/,
    ],
    ['nothing of an enabled one', look('started-though-disabled', isRight)],
  ],
  'outside-its-unit': [
    [
      'a master in a session',
      look('outside-its-unit', isRight, out, 'session-1.scope'),
      /runs in session-1\.scope, and not in postfix@out\.service/,
    ],
    ['nothing of a master in its unit', look('outside-its-unit', isRight, out, 'postfix@out.service')],
    ['nothing where that cannot be seen', look('outside-its-unit', isRight, out, undefined)],
  ],
  'left-stopped': [
    [
      'what systemctl stop postfix has left',
      look('left-stopped', isRight, out, 'primary'),
      /postfix-out is enabled and does not run/,
    ],
    ['nothing of what runs', look('left-stopped', isRight, out, 'postfix@out.service')],
  ],
  'unit-order': [
    ['nothing where all is right', look('unit-order', isRight)],
    [
      'a missing order',
      () =>
        find('unit-order', [first, out, subject('postfix-in')], {
          units: byDirectory(['postfix@out.service', 'postfix@in.service']),
        }),
      /postfix@in\.service\.d\/50-postmulti\.conf does not say/,
    ],
    [
      'a drop-in of a unit that is gone',
      look('unit-order', {...isRight, dropIns: dropIn(stale, [])}),
      /postmulti-order\.conf has no effect/,
    ],
  ],
}

/** The primary and one other, which runs in `where`: 'primary' when only the first one runs at all. */
export function look(rule: string, units: Units, other = out, where?: string): () => Finding[] {
  const masters = where === 'primary' ? [first] : where === undefined ? [] : [first, other]
  const unitOf = (pid: number) => (pid === 1 ? 'postfix.service' : where)
  return () => find(rule, [first, other], {units, masters, unitOf})
}
