/** The test kit. Commands on a throw-away host have a test of their own. */
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {type Hook, makeDirectory, note, refuse, warn} from '../src/index.ts'
import {ask, onThrowAwayHost, question, whyNoHost} from '../src/testing.ts'

const names = (instances: readonly {multi_instance_name: string}[]): string[] =>
  instances.map((each) => each.multi_instance_name)

describe('a question from a few lines', () => {
  it('has a primary, and instances with the directories that a create chooses', () => {
    const {after} = question({event: 'pre-set', instances: ['postfix-out']})
    assert.deepEqual(after, [
      {
        config_directory: '/etc/postfix',
        queue_directory: '/var/spool/postfix',
        data_directory: '/var/lib/postfix',
        multi_instance_name: '',
        multi_instance_group: '',
        multi_instance_enable: true,
        primary: true,
      },
      {
        config_directory: '/etc/postfix-out',
        queue_directory: '/var/spool/postfix-out',
        data_directory: '/var/lib/postfix-out',
        multi_instance_name: 'postfix-out',
        multi_instance_group: '',
        multi_instance_enable: false,
        primary: false,
      },
    ])
  })

  it('puts a primary that is drafted in front', () => {
    const {after} = question({
      event: 'pre-set',
      instances: ['postfix-out', {config_directory: '/etc/postfix', multi_instance_name: 'postfix-main'}],
    })
    assert.deepEqual(names(after), ['postfix-main', 'postfix-out'])
  })

  const events: [event: 'create' | 'import' | 'destroy' | 'deport' | 'assign', before: string[], after: string[]][] = [
    ['create', ['', 'postfix-in'], ['', 'postfix-in', 'postfix-out']],
    ['import', ['', 'postfix-in'], ['', 'postfix-in', 'postfix-out']],
    ['destroy', ['', 'postfix-in', 'postfix-out'], ['', 'postfix-in']],
    ['deport', ['', 'postfix-in', 'postfix-out'], ['', 'postfix-in']],
    ['assign', ['', 'postfix-in', 'postfix-out'], ['', 'postfix-in', 'postfix-out']],
  ]
  for (const [event, before, after] of events) {
    it(`knows who is there before and after: ${event}`, () => {
      const asked = question({event: `pre-${event}`, instances: ['postfix-in', 'postfix-out']})
      assert.deepEqual([names(asked.before), names(asked.after)], [before, after])
      assert.deepEqual(asked.subjects, ['/etc/postfix-out'])
      assert.equal(asked.request.action, event)
    })
  }

  for (const [event, to] of [
    ['post-enable', true],
    ['pre-disable', false],
  ] as const) {
    it(`switches the subjects: ${event}`, () => {
      const asked = question({event, instances: ['postfix-in', 'postfix-out'], subjects: ['postfix-in']})
      const switches = [asked.before, asked.after].map((list) => list.map((each) => each.multi_instance_enable))
      assert.deepEqual(switches, [
        [true, !to, false],
        [true, to, false],
      ])
    })
  }

  it('takes other instances before and after as they are drafted', () => {
    const {before, after} = question({event: 'pre-assign', before: ['postfix-a'], after: ['postfix-b']})
    assert.deepEqual(
      [names(before), names(after)],
      [
        ['', 'postfix-a'],
        ['', 'postfix-b'],
      ],
    )
  })

  it('complains of a subject that is not an instance', () => {
    const draft = {event: 'pre-set', instances: ['postfix-out'], subjects: ['postfix-oot']} as const
    assert.throws(() => question(draft), /No instance of the question is called postfix-oot/)
  })

  const rich = {
    multi_instance_name: 'postfix-out',
    parameters: {myhostname: 'out.example.com', relayhost: 'hub'},
    tables: [{table: 'hash:/etc/aliases', parameters: ['alias_maps']}],
  }

  it('reads what was asked for, and no more', async () => {
    const asked = question({event: 'pre-set', instances: [rich], parameters: {myhostname: 'mta1.example.com'}})
    const [primary, out] = await asked.read('after', {parameters: ['myhostname', 'queue_directory']})
    assert.deepEqual(primary?.parameters, {myhostname: 'mta1.example.com', queue_directory: '/var/spool/postfix'})
    assert.deepEqual(out?.parameters, {myhostname: 'out.example.com', queue_directory: '/var/spool/postfix-out'})
    assert.deepEqual(out?.tables, [])
    const [, whole] = await asked.read('before', {tables: true})
    assert.deepEqual([whole?.tables, whole?.parameters], [rich.tables, {}])
  })

  it('complains when the hook reads a parameter that the test says nothing of', async () => {
    const asked = question({event: 'pre-set', instances: [rich]})
    await assert.rejects(
      asked.read('after', {parameters: ['myhostname']}),
      /reads myhostname of \/etc\/postfix: the question needs parameters: \{myhostname: '...'\}/,
    )
  })

  it('has the files that are drafted, before and after', async () => {
    const files = {'/a': 'same', '/b': {before: null, after: 'new'}}
    const {text} = question({event: 'pre-set', files})
    const texts = [
      text('before', '/a'),
      text('after', '/a'),
      text('before', '/b'),
      text('after', '/b'),
      text('after', '/c'),
    ]
    assert.deepEqual(await Promise.all(texts), ['same', 'same', null, 'new', null])
  })

  it('cannot be changed, and leaves its draft as it was', async () => {
    const draft = {event: 'pre-set', settings: {list: [1]}, instances: [rich]} as const
    const asked = question(draft)
    assert.throws(() => Object.assign(asked.settings.list as object, {0: 2}), TypeError)
    const [, view] = await asked.read('after', {tables: true})
    assert.throws(() => Object.assign(view as object, {tables: []}), TypeError)
    assert.ok(!Object.isFrozen(draft.settings.list))
  })
})

describe('asking a hook', () => {
  const asked = question({event: 'pre-set'})

  it('sorts what it answers', async () => {
    const hook: Hook = () => [refuse('no'), makeDirectory('/etc/a'), warn('hm'), note('so'), warn('oh')]
    const {findings, steps, ...messages} = await ask(hook, asked)
    assert.equal(findings.length, 4)
    assert.deepEqual(steps, [makeDirectory('/etc/a')])
    assert.deepEqual(messages, {refusals: ['no'], warnings: ['hm', 'oh'], notes: ['so']})
  })

  it('holds it to the shape of an answer', async () => {
    const hook = (() => [{verdict: 'refuse'}]) as unknown as Hook
    await assert.rejects(ask(hook, asked), /^Error: element 1 of the answer lacks 'message'$/)
  })

  it('holds it to the same answer when it is asked again', async () => {
    let times = 0
    await assert.rejects(
      ask(() => [note(`${++times}`)], asked),
      /asked again, the hook answered something else/,
    )
  })

  it('passes on what it throws', async () => {
    const hook: Hook = () => {
      throw new TypeError('cannot read properties of undefined')
    }
    await assert.rejects(ask(hook, asked), TypeError)
  })
})

describe('a throw-away host for plugins', function () {
  this.timeout(20_000)
  const missing = whyNoHost()
  if (missing !== undefined) return void it.skip(`runs commands: ${missing}`)

  it('runs commands one after the other and tells what became of each', async () => {
    const ran = await onThrowAwayHost(null, ['postmulti -e init', 'postmulti -e nonsense; exit 7', 'cat'])
    assert.deepEqual(
      ran.map(({status, stdout}) => [status, stdout]),
      [
        [0, ''],
        [7, ''],
        [0, ''],
      ],
    )
    assert.match(ran[1]!.stderr, /^postmulti: fatal: /)
  })

  it('leaves nothing behind', async () => {
    const [made] = await onThrowAwayHost(null, ['mkdir /etc/postfix-left /var/lib/left && ls -d /etc/postfix-left'])
    assert.equal(made?.stdout, '/etc/postfix-left\n')
    assert.ok(!existsSync('/etc/postfix-left') && !existsSync('/var/lib/left'))
  })

  it('runs nothing when the plugin cannot be installed, and says why', async () => {
    const empty = import.meta.dirname
    await assert.rejects(onThrowAwayHost(empty, ['true']), /postmulti plugins install '.*\/test': postmulti: /)
  })

  it('ends commands that do not', async () => {
    await assert.rejects(onThrowAwayHost(null, ['sleep 60'], {timeout: 1}), /took more than 1 seconds/)
  })
})
