/** A look at the whole host: what is not ready is named, with what to type. */
import assert from 'node:assert/strict'
import {mustSucceed, onThrowAwayHost, postmulti, saveHost, sh} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

const broken: [title: string, how: string, what: string, found: RegExp, remedy?: string][] = [
  ['a prototype that is missing', 'rm /etc/postfix/main.cf.proto', 'prototypes', /main\.cf\.proto is not there/],
  [
    'a wrapper that is missing',
    'postconf -e multi_instance_wrapper=/nowhere',
    'wrapper',
    /\/nowhere, which is not there/,
    'postmulti instances init',
  ],
  [
    'no wrapper',
    'postconf -X multi_instance_wrapper',
    'wrapper',
    /starts and stops the primary alone/,
    'postmulti instances init',
  ],
  [
    'a wrapper that cannot be run',
    'touch /run/wrapper; postconf -e multi_instance_wrapper=/run/wrapper',
    'wrapper',
    /cannot be run/,
  ],
  [
    'a wrapper that others can change',
    'cp /bin/true /etc/postfix/w; chmod 777 /etc/postfix/w; postconf -e multi_instance_wrapper=/etc/postfix/w',
    'wrapper',
    /can be changed by other users/,
    'chmod go-w /etc/postfix/w',
  ],
  [
    'an instance that cannot be read',
    'rm /etc/postfix-a/main.cf',
    'instances',
    /postfix-a\/main\.cf: No such file/,
    'postmulti instances show /etc/postfix-a',
  ],
  [
    'a directory of ours that others can write',
    'chmod g+w /var/lib/postmulti',
    'places',
    /\/var\/lib\/postmulti can be changed by others/,
  ],
  [
    'a broken file of plugins',
    'mkdir -p /etc/postmulti; echo "{" >/etc/postmulti/plugins.json',
    'plugins',
    /plugins\.json/,
  ],
]

onThrowAwayHost(import.meta.filename, 'doctor', examine)

function examine() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-a -e create')
    restoreHost = saveHost()
  })
  afterEach(() => {
    sh('chmod 700 /var/lib/postmulti')
    restoreHost()
  })

  it('finds no fault on a sound host', async () => {
    const {examinations} = JSON.parse((await mustSucceed('doctor --json')).stdout)
    assert.deepEqual(
      examinations.filter((each: {verdict: string}) => each.verdict === 'fault'),
      [],
    )
  })

  for (const [title, how, what, found, remedy] of broken) {
    it(`names ${title}`, async () => {
      sh(how)
      const {status, stdout} = await postmulti('doctor --json')
      const answer = JSON.parse(stdout)
      assert.deepEqual(faults(answer, schemas.doctor!), [])
      const [fault] = answer.examinations.filter((each: {verdict: string}) => each.verdict === 'fault')
      assert.deepEqual([status, fault?.what], [1, what])
      assert.match(fault.found, found)
      if (remedy !== undefined) assert.ok(fault.remedy.includes(remedy), fault.remedy.join('\n'))
    })
  }

  it('says what to type in a line of its own', async () => {
    sh('postconf -X multi_instance_wrapper')
    const {stdout} = await postmulti('doctor')
    assert.match(stdout, /^fault {3}wrapper .*\n +try: postmulti instances init$/m)
  })
}
