import assert from 'node:assert/strict'
import {Refusal} from '../../src/model/base/errors.ts'
import {toLines} from '../../src/model/base/suggestion.ts'
import type {Host, NewInstanceFacts} from '../../src/model/change/facts.ts'
import {parseDirectories} from '../../src/model/change/new-directories.ts'
import type {Plan, Step} from '../../src/model/change/plan.ts'
import type {NewInstanceRequest} from '../../src/model/change/request.ts'
import {planCreateOrImport} from '../../src/plan/create-or-import.ts'
import {broken, deepFreeze, hostOf, refusal, secondary} from '../values.ts'

const prototype = [
  '# The prototype.',
  'queue_directory = /var/spool/postfix',
  '#data_directory = /var/lib/postfix',
  'command_directory = /usr/sbin',
  'mail_owner = postfix',
  'setgid_group =',
  '  postdrop',
  'mydestination = $myhostname,  localhost',
  '',
].join('\n')

const bare: NewInstanceFacts = {
  hasMainCf: false,
  hasMasterCf: false,
  existing: new Set(),
  mainCfPrototype: prototype,
  hasMasterCfPrototype: true,
  sharedSettings: {mail_owner: 'mailer'},
  canonical: new Map(),
  alike: new Map(),
}

const host = hostOf([secondary('postfix-in', {multi_instance_group: 'mta-in'})], {meta_directory: '/usr/lib/meta'})

describe('plan create', () => {
  it('makes directories, main.cf, master.cf, then lists the instance, then sets its permissions', () => {
    assert.deepEqual(outline(create({newName: 'postfix-out', newGroup: 'mta'})), [
      'make directory /etc/postfix-out 755',
      'make directory /var/spool/postfix-out 755',
      'make directory /var/lib/postfix-out 700',
      'write file /etc/postfix-out/main.cf 644',
      'copy file /usr/lib/meta/master.cf.proto /etc/postfix-out/master.cf',
      'edit main.cf /etc/postfix',
      'set permissions /etc/postfix-out',
    ])
  })

  it('makes no directory that is there', () => {
    const existing = new Set(['/etc/postfix-out', '/var/lib/postfix-out'])
    const made = outline(create({newName: 'postfix-out'}, {existing})).filter((each) => each.startsWith('make'))
    assert.deepEqual(made, ['make directory /var/spool/postfix-out 755'])
  })

  it('puts master.cf in place as the last file, so that a half-made instance is never complete', () => {
    const files = create({newName: 'postfix-out'}).steps.filter((each) => /^(?:make|write|copy)/.test(each.do))
    assert.deepEqual(files.at(-1), {
      do: 'copy file',
      from: '/usr/lib/meta/master.cf.proto',
      to: '/etc/postfix-out/master.cf',
    })
  })

  it('lists the instance before the permissions, which else would be those of an independent one', () => {
    const tags = create({newName: 'postfix-out'}).steps.map((each) => each.do)
    assert.ok(tags.indexOf('edit main.cf') < tags.indexOf('set permissions'))
  })

  it('derives main.cf from the prototype: own directories, no network, what the primary sets, its names', () => {
    assert.equal(
      mainCfOf(create({newName: 'postfix-out', newGroup: 'mta'})),
      [
        '# The prototype.',
        'queue_directory = /var/spool/postfix-out',
        '#data_directory = /var/lib/postfix',
        '#command_directory = /usr/sbin',
        'mail_owner = mailer',
        '#setgid_group =',
        '#  postdrop',
        'mydestination = $myhostname,  localhost',
        'data_directory = /var/lib/postfix-out',
        'authorized_submit_users = ',
        'master_service_disable = inet',
        'multi_instance_name = postfix-out',
        'multi_instance_group = mta',
        '',
      ].join('\n'),
    )
  })

  it('writes a path that is not ASCII as the bytes that it has', () => {
    const directories = {queue_directory: '/srv/größe', data_directory: '/srv/\udcff'}
    const mainCf = mainCfOf(create({newName: 'postfix-out', directories}))
    assert.match(mainCf, /^queue_directory = \/srv\/gr\xc3\xb6\xc3\x9fe$/m)
    assert.match(mainCf, /^data_directory = \/srv\/\xff$/m)
  })

  it('gives a nameless instance no names', () => {
    const directories = {config_directory: '/c', queue_directory: '/q', data_directory: '/d'}
    assert.doesNotMatch(mainCfOf(create({directories})), /multi_instance/)
  })

  it('takes over a shared setting whose parameter the prototype does not have', () => {
    const sharedSettings = {sendmail_path: '/opt/sendmail  -x', html_directory: 'no'}
    const mainCf = mainCfOf(create({newName: 'postfix-out'}, {sharedSettings}))
    assert.match(mainCf, /^sendmail_path = \/opt\/sendmail {2}-x$/m)
    assert.match(mainCf, /^html_directory = no$/m)
    assert.match(mainCf, /^#mail_owner = postfix$/m)
  })

  it('has the list before and after, the new instance disabled in its place', () => {
    const plan = create({newName: 'postfix-out', place: {by: 'group', group: 'mta-in'}})
    const newInstance = secondary('postfix-out', {multi_instance_enable: false})
    assert.deepEqual(plan.before, host.list)
    assert.deepEqual(plan.after.secondaries, [newInstance, ...host.list.secondaries])
    assert.equal(plan.config_directory, '/etc/postfix-out')
    assert.deepEqual(listEditOf(plan), {multi_instance_directories: '/etc/postfix-out /etc/postfix-in'})
  })

  it('takes the new instance out of the independent ones', () => {
    const independent = hostOf([], {alternate_config_directories: ['/etc/a', '/etc/postfix-out', '/etc/postfix-out2']})
    assert.deepEqual(listEditOf(create({newName: 'postfix-out'}, {}, independent)), {
      multi_instance_directories: '/etc/postfix-out',
      alternate_config_directories: '/etc/a /etc/postfix-out2',
    })
  })

  describe('over files that are there', () => {
    const found = secondary('postfix-out', {multi_instance_name: '', queue_directory: '/q', data_directory: '/d'})
    const complete = {hasMainCf: true, hasMasterCf: true, found}

    it('keeps both files and writes only the names into them', () => {
      const {steps} = create({newName: 'postfix-out', newGroup: 'mta'}, complete)
      assert.deepEqual(steps[0], {
        do: 'edit main.cf',
        config_directory: '/etc/postfix-out',
        set: {multi_instance_name: 'postfix-out', multi_instance_group: 'mta'},
      })
      assert.deepEqual(
        steps.slice(1).map((each) => each.do),
        ['edit main.cf', 'set permissions'],
      )
    })

    it('keeps both files and writes nothing into them when there is no name', () => {
      const directories = {config_directory: '/etc/postfix-out', queue_directory: '/q', data_directory: '/d'}
      assert.deepEqual(outline(create({directories}, complete)), [
        'edit main.cf /etc/postfix',
        'set permissions /etc/postfix-out',
      ])
    })

    it('takes the directories and the switch from them, whatever the request says', () => {
      const plan = create({newName: 'postfix-out', ...parseDirectories('create', ['queue_directory=/other'])}, complete)
      const instance = {...found, multi_instance_name: 'postfix-out'}
      assert.deepEqual(plan.after.secondaries, [...host.list.secondaries, instance])
      assert.deepEqual(plan.steps.at(-1), {do: 'set permissions', instance})
    })

    it('is refused when they lead into the queue of another', () => {
      const thief = {...found, queue_directory: '/var/spool/postfix-in/x'}
      assert.throws(
        () => create({newName: 'postfix-out'}, {...complete, found: thief}),
        refusal(
          'queue_directory=/var/spool/postfix-in/x lies inside instance /etc/postfix-in, queue_directory=/var/spool/postfix-in',
        ),
      )
    })

    it('is refused when they cannot be read', () => {
      const torn = {...complete, found: broken('/etc/postfix-out')}
      assert.throws(() => create({newName: 'postfix-out'}, torn), /Instance \/etc\/postfix-out cannot be read: /)
    })

    it('needs no prototypes', () => {
      const {mainCfPrototype: _none, ...facts} = {...bare, ...complete, hasMasterCfPrototype: false}
      assert.doesNotThrow(() => plan({action: 'create', directories: {}, newName: 'postfix-out'}, facts, host))
    })

    for (const half of [{hasMainCf: true}, {hasMasterCf: true}]) {
      it(`replaces a single file: ${Object.keys(half)}`, () => {
        const steps = outline(create({newName: 'postfix-out'}, half))
        assert.equal(steps.filter((each) => /^(?:write|copy) file/.test(each)).length, 2)
      })
    }
  })

  describe('is refused', () => {
    it('without a prototype of main.cf', () => {
      const {mainCfPrototype: _none, ...facts} = bare
      assert.throws(
        () => plan({action: 'create', directories: {}, newName: 'postfix-out'}, facts, host),
        asScript('Missing main.cf prototype: /usr/lib/meta/main.cf.proto'),
      )
    })

    it('without a prototype of master.cf', () => {
      assert.throws(
        () => create({newName: 'postfix-out'}, {hasMasterCfPrototype: false}),
        asScript('Missing master.cf prototype: /usr/lib/meta/master.cf.proto'),
      )
    })

    it('before init, with the command that does it', () => {
      const states: [state: Partial<Host>, command: string][] = [
        [{multi_instance_wrapper: ''}, 'init'],
        [{multi_instance_enable: 'no'}, 'enable -'],
      ]
      for (const [state, command] of states) {
        assert.throws(
          () => create({newName: 'postfix-out'}, {}, hostOf([], state)),
          (error) =>
            error instanceof Refusal &&
            error.speaker === 'postmulti-script' &&
            /run 'postmulti -e init' first\.$/.test(error.message) &&
            toLines(error.suggestions)[0] === `postmulti instances ${command}`,
        )
      }
    })

    it('for a directory that would break its neighbours', () => {
      assert.throws(
        () => create({newName: 'postfix-out', ...parseDirectories('create', ['queue_directory=/var/spool/postfix/x'])}),
        refusal(
          'queue_directory=/var/spool/postfix/x lies inside instance /etc/postfix, queue_directory=/var/spool/postfix',
        ),
      )
    })
  })
})

describe('plan import', () => {
  const found = secondary('postfix-old', {multi_instance_group: 'mta'})
  const empty = hostOf([])
  const request: NewInstanceRequest = {
    action: 'import',
    ...parseDirectories('import', ['config_directory=/etc/postfix-old']),
  }
  const existing = new Set(['/etc/postfix-old', '/var/spool/postfix-old', '/var/lib/postfix-old'])
  const complete = {...bare, existing, found, hasMainCf: true, hasMasterCf: true}

  it('is refused without its queue', () => {
    assert.throws(
      () => plan(request, {...complete, existing: new Set(['/etc/postfix-old'])}, empty),
      /queue_directory=\/var\/spool\/postfix-old of instance \/etc\/postfix-old does not exist/,
    )
  })

  it('lists the instance and sets its permissions, nothing more', () => {
    assert.deepEqual(outline(plan(request, complete, empty)), [
      'edit main.cf /etc/postfix',
      'set permissions /etc/postfix-old',
    ])
  })

  it('writes a changed name before it lists the instance', () => {
    assert.deepEqual(plan({...request, newGroup: 'mta-in'}, complete, empty).steps[0], {
      do: 'edit main.cf',
      config_directory: '/etc/postfix-old',
      set: {multi_instance_group: 'mta-in'},
    })
  })

  it('leaves an enabled instance enabled', () => {
    assert.deepEqual(plan(request, complete, empty).after.secondaries, [found])
  })

  it('is refused when a file is missing: nothing is made up for what exists', () => {
    const halves = [
      ['main.cf', {hasMasterCf: true}],
      ['master.cf', {hasMainCf: true}],
    ] as const
    for (const [missing, half] of halves) {
      assert.throws(
        () => plan(request, {...bare, ...half, found}, empty),
        asScript(`'/etc/postfix-old' lacks a ${missing} file`),
      )
    }
  })
})

function create(request: Partial<NewInstanceRequest>, facts: Partial<NewInstanceFacts> = {}, on: Host = host): Plan {
  return plan({action: 'create', directories: {}, ...request}, {...bare, ...facts}, on)
}

function plan(request: NewInstanceRequest, facts: NewInstanceFacts, on: Host): Plan {
  return planCreateOrImport(deepFreeze(request), on, deepFreeze(facts))
}

function outline({steps}: Plan): string[] {
  return steps.map((step) => `${step.do} ${objectOf(step)}`)
}

function objectOf(step: Step): string {
  switch (step.do) {
    case 'make directory':
    case 'write file':
      return `${step.path} ${step.mode.toString(8)}`
    case 'copy file':
      return `${step.from} ${step.to}`
    case 'edit main.cf':
      return step.config_directory
    case 'set permissions':
      return step.instance.config_directory
    default:
      return 'is not for a new instance'
  }
}

function mainCfOf({steps}: Plan): string {
  return steps.find((each) => each.do === 'write file')!.bytes
}

/** What is set in the primary's main.cf. */
function listEditOf({steps}: Plan): Record<string, string> | undefined {
  const edits = steps.filter((each) => each.do === 'edit main.cf')
  return edits.find((each) => each.config_directory === '/etc/postfix')?.set
}

function asScript(message: string) {
  return {...refusal(message), speaker: 'postmulti-script'}
}
