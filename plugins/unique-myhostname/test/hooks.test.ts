/** What the rule means for a change. */
import assert from 'node:assert/strict'
import type {Answer, InstanceView, Question} from '@postmulti/plugin-api'
import hook from '../src/hooks.ts'

describe('unique-myhostname', () => {
  it('refuses to enable a second instance with the same name, and says why', async () => {
    assert.deepEqual(await ask({before: ['mx', 'MX off'], after: ['mx', 'MX'], subjects: [1]}), [
      'refuse postfix-0 and postfix-1',
    ])
  })

  it('only warns when an instance is created that is not enabled yet', async () => {
    assert.deepEqual(await ask({before: ['mx'], after: ['mx', 'mx off'], subjects: [1]}), [
      'warn postfix-0 and postfix-1',
    ])
  })

  it('refuses to give an enabled instance the name of another, also to one that comes earlier', async () => {
    assert.deepEqual(await ask({before: ['mx', 'out'], after: ['out', 'out'], subjects: [0]}), [
      'refuse postfix-1 and postfix-0',
    ])
  })

  it('stops nobody who changes another instance, or does not mend it', async () => {
    assert.deepEqual(await ask({before: ['mx', 'mx', 'in off'], after: ['mx', 'mx', 'in'], subjects: [2]}), [])
    assert.deepEqual(await ask({before: ['mx', 'mx'], after: ['mx', 'mx'], subjects: [1]}), [])
  })

  it('lets the first of three leave, though the others still share the name', async () => {
    assert.deepEqual(await ask({before: ['mx', 'mx', 'mx'], after: ['out', 'mx', 'mx'], subjects: [0]}), [])
  })
})

/** Each instance by its myhostname; `subjects` by their places. What it answers, in short. */
async function ask({before, after, subjects}: {before: string[]; after: string[]; subjects: number[]}) {
  const views = {before: before.map(instance), after: after.map(instance)}
  const question: Question = {
    api: 1,
    event: 'pre-set',
    request: {action: 'set'},
    plan: [],
    subjects: subjects.map((at) => `/etc/postfix-${at}`),
    ...views,
    asker: {uid: 0, sudoUser: null, interface: 'sub-command', dryRun: false},
    settings: {},
    read: async (when) => views[when],
    text: async () => null,
  }
  const answer: Answer = await hook(question)
  return answer.map((each) => {
    assert.ok('verdict' in each)
    assert.equal(each.rule, 'hostname-shared')
    return `${each.verdict} ${each.message.replace(/ have the same myhostname.*$/, '')}`
  })
}

function instance(myhostname: string, at: number): InstanceView {
  const name = `postfix-${at}`
  return {
    config_directory: `/etc/${name}`,
    queue_directory: `/var/spool/${name}`,
    data_directory: `/var/lib/${name}`,
    multi_instance_name: name,
    multi_instance_group: 'mta',
    multi_instance_enable: !myhostname.endsWith(' off'),
    parameters: {myhostname: myhostname.replace(' off', '')},
    services: [],
    listeners: [],
    tables: [],
  }
}
