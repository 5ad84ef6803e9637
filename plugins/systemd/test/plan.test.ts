/** The units follow the instance list. */
import assert from 'node:assert/strict'
import type {Answer, Question, Step} from '@postmulti/plugin-api'
import type {Instance} from '../../../src/model/instance.ts'
import {primary, secondary} from '../../../test/values.ts'
import {marker} from '../src/order.ts'
import {planChange, planStart} from '../src/plan.ts'

const out = secondary('postfix-out', {multi_instance_group: 'mta'})
const inn = secondary('postfix-in', {multi_instance_group: 'mta'})
const alone = secondary('postfix-alone')

const unitOf = (name: string): string => `postfix@${name}.service`
const dropInOf = (name: string): string => `/etc/systemd/system/${unitOf(name)}.d/50-postmulti-order.conf`
const after = (...names: string[]): string =>
  `${marker}\n[Unit]\n${names.map((each) => `After=${unitOf(each)}\n`).join('')}`

/** What is found on a host besides: units by the names of their instances, and texts of drop-ins by path. */
interface Found {
  generated?: string[]
  active?: string[]
  enabled?: string[]
  files?: Record<string, string>
}

const isThereWith = ({generated = [], active = [], enabled = [], files = {}}: Found, ...more: string[]) => {
  const paths = new Set([
    ...more,
    ...generated.map((each) => `/run/systemd/generator/postfix.service.wants/${unitOf(each)}`),
    ...active.map((each) => `/run/systemd/units/invocation:${unitOf(each)}`),
    ...enabled.map((each) => `/etc/systemd/system/multi-user.target.wants/${unitOf(each)}`),
    ...Object.keys(files).map((each) => each.replace(/\/[^/]*$/, '')),
  ])
  return (path: string) => paths.has(path)
}

const debian = ['/run/systemd/system', '/lib/systemd/system/postfix@.service']
const all = ['-', 'postfix-out', 'postfix-in', 'postfix-alone']

const listed = (secondaries: readonly Instance[]): Question['after'] =>
  [primary, ...secondaries].map((each) => ({...each, primary: each === primary}))

/** The answer to a change of the secondaries of Debian that is about `subject`. */
async function ask(subject: Instance, before: Instance[], now: Instance[], found: Found = {}, host = debian) {
  const change = {
    subjects: [subject.config_directory],
    before: listed(before),
    after: listed(now),
    text: async (_when: string, path: string) => found.files?.[path] ?? null,
  }
  return planChange(change, isThereWith(found, ...host))
}

const start = (subjects: Instance[], found: Found = {}) =>
  planStart(
    {
      subjects: subjects.map((each) => each.config_directory),
      before: [],
      after: listed(subjects.filter((each) => each !== primary)),
      text: async () => null,
    },
    isThereWith(found, ...debian),
  )

/** As they would be typed; steps that come before the change begin with '<'. */
function tell(answer: Answer): string[] {
  return answer.filter((each): each is Step => 'do' in each).map((step) => `${step.first ? '< ' : ''}${tellOne(step)}`)
}

function tellOne(step: Step): string {
  if (step.do === 'run program') {
    return `${step.words.join(' ')}${step.undo === undefined ? '' : `; undo: ${step.undo.join(' ')}`}`
  }
  return 'path' in step ? `${step.do} ${step.path}` : step.do
}

const told = (answer: Answer): string[] => answer.flatMap((each) => ('message' in each ? [each.message] : []))
const reload = 'systemctl daemon-reload; undo: systemctl daemon-reload'

describe('systemd: a change of the instance list', () => {
  it('means nothing to a host that systemd does not run', async () => {
    assert.deepEqual(await ask(out, [], [out], {}, [debian[1]!]), [])
  })

  it('means nothing to a system that has one unit for all instances', async () => {
    assert.deepEqual(await ask(out, [], [out], {}, [debian[0]!]), [])
  })

  it('makes systemd look for the new instance, behind the change', async () => {
    assert.deepEqual(tell(await ask(alone, [], [alone], {generated: ['-']})), [reload])
  })

  it('does not reload when all units are there already', async () => {
    const disabled = {...alone, multi_instance_enable: false}
    assert.deepEqual(await ask(alone, [disabled], [alone], {generated: all}), [])
  })

  it('reloads when an instance was made behind the back of systemd', async () => {
    const disabled = {...alone, multi_instance_enable: false}
    assert.deepEqual(tell(await ask(alone, [disabled], [alone], {generated: ['-']})), [reload])
  })
})

describe('systemd: an instance that loses its unit', () => {
  const relay = {...alone, multi_instance_name: 'postfix-relay'}

  it('is stopped before it is renamed, and started again by its new unit', async () => {
    assert.deepEqual(tell(await ask(alone, [alone], [relay], {generated: all, active: ['postfix-alone']})), [
      '< systemctl stop postfix@postfix-alone.service; undo: systemctl start postfix@postfix-alone.service',
      '< systemctl reset-failed postfix@postfix-alone.servic?; undo: systemctl reset-failed postfix@postfix-relay.servic?',
      reload,
      'systemctl start postfix@postfix-relay.service; undo: systemctl stop postfix@postfix-relay.service',
    ])
  })

  it('is not started again when it was stopped', async () => {
    const steps = tell(await ask(alone, [alone], [relay], {generated: all}))
    assert.deepEqual(
      steps.filter((each) => / start /.test(each)),
      [],
    )
  })

  it('is not started again when it is disabled, because systemd could not start it', async () => {
    const [before, now] = [alone, relay].map((each) => ({...each, multi_instance_enable: false}))
    const steps = tell(await ask(alone, [before!], [now!], {generated: all, active: ['postfix-alone']}))
    assert.deepEqual(
      steps.filter((each) => / start /.test(each)),
      [],
    )
  })

  it('is stopped before it leaves the list', async () => {
    assert.deepEqual(tell(await ask(alone, [out, alone], [out], {generated: all})), [
      '< systemctl stop postfix@postfix-alone.service',
      '< systemctl reset-failed postfix@postfix-alone.servic?',
      reload,
    ])
  })

  it('is enabled under its new name when somebody had enabled its unit', async () => {
    const steps = tell(await ask(alone, [alone], [relay], {generated: all, enabled: ['postfix-alone']}))
    assert.deepEqual(
      steps.filter((each) => /able /.test(each)),
      [
        '< systemctl disable postfix@postfix-alone.service; undo: systemctl enable postfix@postfix-alone.service',
        'systemctl enable postfix@postfix-relay.service; undo: systemctl disable postfix@postfix-relay.service',
      ],
    )
  })

  it('is left alone when only its group changes', async () => {
    assert.deepEqual(await ask(alone, [alone], [{...alone, multi_instance_group: 'mta'}], {generated: all}), [])
  })
})

describe('systemd: start order', () => {
  it('makes the later members of a group wait for the earlier ones', async () => {
    const answer = await ask(inn, [out], [out, inn], {generated: ['-', 'postfix-out']})
    assert.deepEqual(
      answer.flatMap((each) => ('text' in each ? [[each.path, each.text]] : [])),
      [[dropInOf('postfix-in'), after('postfix-out')]],
    )
    assert.deepEqual(tell(answer), [
      `make directory /etc/systemd/system/postfix@postfix-in.service.d`,
      `write file ${dropInOf('postfix-in')}`,
      reload,
    ])
  })

  it('follows a new order', async () => {
    const files = {[dropInOf('postfix-in')]: after('postfix-out')}
    assert.deepEqual(tell(await ask(out, [out, inn], [inn, out], {generated: all, files})), [
      'make directory /etc/systemd/system/postfix@postfix-out.service.d',
      `write file ${dropInOf('postfix-out')}`,
      `remove file ${dropInOf('postfix-in')}`,
      reload,
    ])
  })

  it('counts the primary as a member of its group', async () => {
    const grouped = listed([inn]).map((each) => ({...each, multi_instance_group: 'mta'}))
    const change = {subjects: [inn.config_directory], before: grouped, after: grouped, text: async () => null}
    const answer = await planChange(change, isThereWith({generated: all}, ...debian))
    assert.deepEqual(
      answer.flatMap((each) => ('text' in each ? [each.text] : [])),
      [after('-')],
    )
  })

  it('follows an earlier member to its new name', async () => {
    const relay = {...out, multi_instance_name: 'postfix-relay'}
    const files = {[dropInOf('postfix-in')]: after('postfix-out')}
    const answer = await ask(out, [out, inn], [relay, inn], {generated: all, files})
    assert.deepEqual(
      answer.flatMap((each) => ('text' in each ? [each.text] : [])),
      [after('postfix-relay')],
    )
  })

  it('is forgotten when an instance leaves its group', async () => {
    const files = {[dropInOf('postfix-in')]: after('postfix-out')}
    const answer = await ask(inn, [out, inn], [out, {...inn, multi_instance_group: ''}], {generated: all, files})
    assert.deepEqual(tell(answer), [`remove file ${dropInOf('postfix-in')}`, reload])
  })

  it('is left as it is in a file that is not ours', async () => {
    const files = {[dropInOf('postfix-in')]: '[Unit]\nAfter=postfix@postfix-else.service\n'}
    const answer = await ask(inn, [out, inn], [out], {generated: all, files})
    assert.deepEqual(told(answer), [`${dropInOf('postfix-in')} is not ours, so it stays as it is`])
    assert.ok(!tell(answer).some((each) => each.includes('50-postmulti-order')))
  })

  it('of other groups is not touched', async () => {
    const [x, y] = ['postfix-x', 'postfix-y'].map((each) => secondary(each, {multi_instance_group: 'other'}))
    assert.deepEqual(tell(await ask(alone, [x!, y!], [x!, y!, alone])), [reload])
  })
})

describe('systemd: an instance that no unit can start', () => {
  const rows: [string, Instance, string, string][] = [
    [
      'a nameless one',
      {...alone, multi_instance_name: ''},
      'systemd never starts /etc/postfix-alone: it has no name',
      'postmulti instances assign /etc/postfix-alone --name postfix-alone',
    ],
    [
      'one with a name that no unit can have',
      secondary('postfix-a+b%c'),
      "systemd never starts postfix-a+b%c: no name of a unit contains '+'",
      'postmulti instances assign postfix-a+b%c --name postfix-a-b-c',
    ],
  ]
  for (const [title, instance, message, suggestion] of rows) {
    it(`warns of ${title}, and says what to type`, async () => {
      const answer = await ask(instance, [], [instance], {generated: all})
      assert.deepEqual(answer, [{verdict: 'warn', message, suggestions: [suggestion.split(' ')]}])
    })
  }

  it('says nothing of another one', async () => {
    assert.deepEqual(told(await ask(out, [rows[0]![1]], [rows[0]![1], out])), [])
  })
})

describe('systemd: a start by hand', () => {
  const suggestions = (answer: Answer): unknown[] => answer.map((each) => 'suggestions' in each && each.suggestions)

  it('is warned of, with the command that starts the units', () => {
    const answer = start([primary, out])
    assert.deepEqual(suggestions(answer), [
      [['systemctl', 'start', 'postfix@-.service', 'postfix@postfix-out.service']],
    ])
  })

  it('of what runs in its unit is a restart', () => {
    assert.deepEqual(suggestions(start([out], {active: ['postfix-out']})), [
      [['systemctl', 'restart', 'postfix@postfix-out.service']],
    ])
  })

  it('names only the units that do not run, where there are some', () => {
    assert.deepEqual(suggestions(start([primary, out], {active: ['-']})), [
      [['systemctl', 'start', 'postfix@postfix-out.service']],
    ])
  })

  it('of a disabled instance is only a check', () => {
    assert.deepEqual(start([{...out, multi_instance_enable: false}]), [])
  })
})
