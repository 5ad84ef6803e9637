/** What an instance may be created with: settings, services, another instance's likeness. */
import assert from 'node:assert/strict'
import {Refusal, type RefusalKind} from '../../src/model/base/errors.ts'
import type {NewInstanceFacts, SourceInstance} from '../../src/model/change/facts.ts'
import type {Plan} from '../../src/model/change/plan.ts'
import type {CreateOptions, NewInstanceRequest} from '../../src/model/change/request.ts'
import {planCreateOrImport} from '../../src/plan/create-or-import.ts'
import {deepFreeze, hostOf, secondary} from '../values.ts'

const masterCf = [
  'smtp inet n - y - - smtpd',
  '#submission inet n - y - - smtpd',
  '#  -o a=b',
  'pickup unix n - y 60 1 pickup',
  '',
].join('\n')
const bare: NewInstanceFacts = {
  hasMainCf: false,
  hasMasterCf: false,
  existing: new Set(),
  mainCfPrototype: 'queue_directory = /var/spool/postfix\n',
  hasMasterCfPrototype: true,
  masterCfPrototype: masterCf,
  daemons: ['smtpd', 'smtp'],
  sharedSettings: {},
  canonical: new Map(),
  alike: new Map(),
  known: {builtIn: new Set(['relayhost', 'soft_bounce']), defaults: {}, own: new Map(), tableTypes: []},
}
const none: CreateOptions = {settings: {}, services: [], uncomment: [], enabled: false}
const source: SourceInstance = {
  instance: secondary('postfix-a', {multi_instance_group: 'mta'}),
  mainCf: [
    'queue_directory = /var/spool/postfix-a',
    'data_directory = /var/lib/postfix-a',
    'multi_instance_name = postfix-a',
    'multi_instance_group = mta',
    'multi_instance_enable = yes',
    'multi_instance_directories = /etc/postfix-x',
    'transport_maps = hash:/etc/postfix-a/transport, hash:/etc/postfix-ab/transport, hash:/srv/etc/postfix-a/t',
    'alias_maps = texthash:/etc/postfix-a/aliases',
    '',
  ].join('\n'),
  masterCf,
  files: ['aliases', 'transport'],
  permissions: {'main.cf': {mode: 0o640, uid: 0, gid: 4}, 'master.cf': {mode: 0o600, uid: 0, gid: 0}},
}

describe('an instance is created', () => {
  it('with settings, in the encoding of its main.cf, behind what is ours', () => {
    const mainCf = textOf(create({settings: {relayhost: 'é'}}), 'main.cf')
    assert.match(mainCf, /multi_instance_name = postfix-new\nrelayhost = \xc3\xa9\n$/)
  })

  it('enabled, in the list after it, too', () => {
    const plan = create({enabled: true})
    assert.match(textOf(plan, 'main.cf'), /^multi_instance_enable = yes$/m)
    assert.equal(
      plan.after.secondaries.some((each) => 'reason' in each || !each.multi_instance_enable),
      false,
    )
  })

  it('with a copy of the prototype of master.cf, when no service is asked for', () => {
    const copies = create({})
      .steps.filter((each) => each.do === 'copy file')
      .map(({to}) => to)
    assert.deepEqual(copies, ['/etc/postfix-new/master.cf'])
  })

  it('with a service in place of the one of that name and type, and no other listener open', () => {
    const plan = create({services: ['smtp inet n - n - - smtpd -v', '2525 inet n - n - - smtpd']})
    assert.equal(
      textOf(plan, 'master.cf'),
      `${masterCf.replace('smtp inet n - y - - smtpd', 'smtp inet n - n - - smtpd -v')}2525 inet n - n - - smtpd\n`,
    )
    assert.match(textOf(plan, 'main.cf'), /^master_service_disable = !smtp\/inet, !2525\/inet, inet$/m)
  })

  it('with a service that the prototype has commented out, its options too', () => {
    const text = textOf(create({uncomment: ['submission/inet']}), 'master.cf')
    assert.match(text, /^submission inet n - y - - smtpd\n {2}-o a=b$/m)
  })

  const misspelt: [word: string, meant: string][] = [
    ['submission', 'submission/inet'],
    ['submision/inet', 'submission/inet'],
  ]
  for (const [word, meant] of misspelt) {
    it(`not with the service ${word}, which may mean ${meant}`, () => {
      assert.throws(() => create({uncomment: [word]}), {misnamed: {name: word, nearest: [meant]}})
    })
  }

  const mistakes: [what: string, birth: Partial<CreateOptions>, why: RegExp, kind: RefusalKind][] = [
    [
      'a parameter that Postfix does not have',
      {settings: {relayhots: 'x'}},
      /Unknown parameter relayhots/,
      'not found',
    ],
    ['half a service', {services: ['smtp inet']}, /fewer than eight fields/, 'usage'],
    ['a daemon that is not there', {services: ['2525 inet n - n - - smtdp']}, /there is no daemon smtdp/, 'usage'],
    ['a port that nobody has', {services: ['127.0.0.1:99999 inet n - n - - smtpd']}, /there is no port 99999/, 'usage'],
    ['a type that nobody has', {services: ['smtp ient n - n - - smtpd']}, /ient is not a type of a service/, 'usage'],
    ['a service that is not in the prototype', {uncomment: ['smtps/inet']}, /No service smtps\/inet/, 'not found'],
    [
      'a directory of its own as a setting',
      {settings: {queue_directory: '/q'}},
      /queue_directory is not set by hand/,
      'usage',
    ],
    [
      'a value that no program can read',
      {settings: {soft_bounce: 'maybe'}},
      /soft_bounce must be yes or no/,
      'refused',
    ],
    [
      'a service that ends when it starts',
      {services: ['2525 inet n - n - - smtpd -o smtpd_tls_auth_only=true']},
      /smtpd_tls_auth_only must be yes or no: with 'true'/,
      'refused',
    ],
  ]
  for (const [what, birth, why, kind] of mistakes) {
    it(`not with ${what}`, () => {
      assert.throws(
        () => create(birth),
        (error) => error instanceof Refusal && error.kind === kind && why.test(error.message),
      )
    })
  }

  it('with a value that no program can read when it is forced, and a warning', () => {
    const {warnings} = create({settings: {soft_bounce: 'maybe'}, force: true})
    assert.deepEqual(warnings, ["soft_bounce must be yes or no: with 'maybe' no program of Postfix starts"])
  })

  it('not with anything where its files are there already: create leaves them as they are', () => {
    const found = secondary('postfix-new', {multi_instance_enable: false})
    const complete = {hasMainCf: true, hasMasterCf: true, found}
    assert.throws(() => create({enabled: true}, complete), /has a main.cf and a master.cf already/)
    assert.ok(create({}, complete).steps.every((each) => each.do !== 'write file' && each.do !== 'copy file'))
  })

  describe('like another', () => {
    const plan = create({like: {by: 'name', name: 'a'}}, {source})
    const mainCf = textOf(plan, 'main.cf')

    it('with every mention of its directories moved, and no other path', () => {
      assert.match(mainCf, /^queue_directory = \/var\/spool\/postfix-new$/m)
      assert.match(
        mainCf,
        /^transport_maps = hash:\/etc\/postfix-new\/transport, hash:\/etc\/postfix-ab\/transport, hash:\/srv\/etc\/postfix-a\/t$/m,
      )
    })

    it('with a name of its own, disabled, and closed to the network', () => {
      assert.match(mainCf, /^multi_instance_name = postfix-new$/m)
      assert.match(mainCf, /^multi_instance_enable = no$/m)
      assert.match(mainCf, /^master_service_disable = inet$/m)
    })

    it('in its group, in the list after it, too', () => {
      const made = plan.after.secondaries.find((each) => each.config_directory === '/etc/postfix-new')
      assert.equal(made !== undefined && 'multi_instance_group' in made && made.multi_instance_group, 'mta')
    })

    it('without what only a primary has', () => {
      assert.doesNotMatch(mainCf, /multi_instance_directories/)
    })

    it('with its tables, but for those that are there already', () => {
      const existing = new Set(['/etc/postfix-new', '/etc/postfix-new/aliases'])
      const {steps} = create({like: {by: 'name', name: 'a'}}, {source, existing})
      assert.deepEqual(
        steps.filter((each) => each.do === 'copy file'),
        [{do: 'copy file', from: '/etc/postfix-a/transport', to: '/etc/postfix-new/transport'}],
      )
    })

    it('and what may not be read of it may not be read of the copy', () => {
      const written = plan.steps.flatMap((each) =>
        each.do === 'write file' ? [[each.path, each.mode, each.owner]] : [],
      )
      assert.deepEqual(written, [
        ['/etc/postfix-new/main.cf', 0o640, {uid: 0, gid: 4}],
        ['/etc/postfix-new/master.cf', 0o600, {uid: 0, gid: 0}],
      ])
    })

    it('and is compared with it in a dry run', () => {
      const written = plan.steps.flatMap((each) => (each.do === 'write file' ? [each.from] : []))
      assert.deepEqual(written, ['/etc/postfix-a/main.cf', '/etc/postfix-a/master.cf'])
    })
  })
})

function create(birth: Partial<CreateOptions>, facts: Partial<NewInstanceFacts> = {}): Plan {
  const host = hostOf([secondary('postfix-a', {multi_instance_group: 'mta'})])
  const request: NewInstanceRequest = {
    action: 'create',
    newName: 'postfix-new',
    directories: {},
    birth: {...none, ...birth},
  }
  return planCreateOrImport(deepFreeze(request), host, {...bare, ...facts})
}

function textOf({steps}: Plan, file: string): string {
  const written = steps.flatMap((each) =>
    each.do === 'write file' && each.path.endsWith(`/${file}`) ? [each.bytes] : [],
  )
  return written[0] ?? ''
}
