import assert from 'node:assert/strict'
import {addLine, removeFile, removeLine, runProgram, type Step, setParameter, writeFile} from '@postmulti/plugin-api'
import {findDisagreements, uniqueSteps} from '../../src/hooks/agree.ts'
import {toOpinion} from '../../src/hooks/answer.ts'

const a = '/etc/postfix-a'
const rows: [title: string, one: Step[], other: Step[], place?: string][] = [
  [
    'set one parameter differently',
    [setParameter(a, 'mail_name', 'A')],
    [setParameter(a, 'mail_name', 'B')],
    `mail_name in ${a}/main.cf`,
  ],
  [
    'set and remove one parameter',
    [setParameter(a, 'mail_name', 'A')],
    [setParameter(a, 'mail_name', null)],
    `mail_name in ${a}/main.cf`,
  ],
  ['write one file differently', [writeFile(`${a}/Makefile`, 'a')], [writeFile(`${a}/Makefile`, 'b')], `${a}/Makefile`],
  [
    'write one file with different modes',
    [writeFile(`${a}/x`, 'a')],
    [writeFile(`${a}/x`, 'a', {mode: 0o600})],
    `${a}/x`,
  ],
  ['write and remove one file', [writeFile(`${a}/Makefile`, 'a')], [removeFile(`${a}/Makefile`)], `${a}/Makefile`],
  ['add and remove one line', [addLine('/etc/x', 'é: a')], [removeLine('/etc/x', 'é: a')], 'the line é: a in /etc/x'],
  ['add lines to one file', [addLine('/etc/x', 'a')], [addLine('/etc/x', 'b')]],
  ['set one parameter alike', [setParameter(a, 'mail_name', 'A')], [setParameter(a, 'mail_name', 'A')]],
  ['write one file alike', [writeFile(`${a}/Makefile`, 'a')], [writeFile(`${a}/Makefile`, 'a')]],
  [
    'set one parameter of two instances',
    [setParameter(a, 'mail_name', 'A')],
    [setParameter('/etc/postfix-b', 'mail_name', 'B')],
  ],
  ['run programs', [runProgram(['make'])], [runProgram(['make', '-k'])]],
]

describe('two plugins', () => {
  for (const [title, one, other, place] of rows) {
    it(`${place === undefined ? 'may' : 'may not'} ${title}`, () => {
      const found = findDisagreements([toOpinion(one, 'early'), toOpinion(other, 'late')])
      const messages = place === undefined ? [] : [`plugins early and late want ${place} differently`]
      assert.deepEqual(
        found.map(({message}) => message),
        messages,
      )
    })
  }

  it('that want the same get it once', () => {
    const [one, other] = ['early', 'late'].map((each) => toOpinion([runProgram(['make'], {directory: a})], each).last)
    assert.deepEqual(
      uniqueSteps([...one!, ...other!]).map(({by}) => by),
      ['early'],
    )
  })
})
