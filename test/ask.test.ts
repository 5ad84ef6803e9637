/** What people are told of a plugin's finding. */
import assert from 'node:assert/strict'
import {type PluginFinding, remarkOn} from '../src/ask.ts'

const finding: PluginFinding = {
  plugin: 'site-rule',
  verdict: 'warn',
  message: 'postfix-out has no owner',
  rule: null,
  suggestions: [],
  instance: null,
}

describe('a remark on a finding', () => {
  it('names the plugin', () => {
    assert.equal(remarkOn(finding), 'postfix-out has no owner (plugin site-rule)')
  })

  it('says what to type, and the likeliest only', () => {
    const suggestions = [
      ['postmulti', 'instances', 'show', 'postfix-out'],
      ['postmulti', 'history'],
    ]
    assert.equal(
      remarkOn({...finding, suggestions}),
      'postfix-out has no owner (plugin site-rule); try: postmulti instances show postfix-out',
    )
  })
})
