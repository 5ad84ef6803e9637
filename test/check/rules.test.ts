/** Each rule, alone. That every rule has a breakage of a real host is held here, too: without root it is known which lack one. */
import assert from 'node:assert/strict'
import {rules} from '../../src/check/rules/index.ts'
import {breakages} from '../commands/breakages.ts'
import {ruleRows} from './rule-rows.ts'

describe('rule', () => {
  for (const [rule, all] of Object.entries(ruleRows)) {
    for (const [title, look, ...findings] of all) {
      it(`${rule} tells ${title}`, () => {
        const found = look().map(({severity, message}) => `${severity}: ${message}`)
        assert.equal(found.length, findings.length, found.join('\n'))
        for (const [at, each] of findings.entries()) assert.match(found[at]!, each)
      })
    }
  }

  it('has a row for what it finds, one for what lets it pass, and a breakage of a real host', () => {
    const lacking = rules.flatMap(({id}) => {
      const kinds = (ruleRows[id] ?? []).map(([, , ...findings]) => (findings.length === 0 ? 'pass' : 'find'))
      const missing = ['find', 'pass'].filter((each) => !kinds.includes(each as 'find' | 'pass'))
      return [...missing, ...(id in breakages ? [] : ['break'])].map((each) => `${id}: ${each}`)
    })
    assert.deepEqual(lacking, [])
  })
})
