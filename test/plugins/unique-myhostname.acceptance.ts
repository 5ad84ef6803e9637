/** Two enabled instances with one myhostname. */
import assert from 'node:assert/strict'
import {rmSync} from 'node:fs'
import {differences, mustSucceed, onThrowAwayHost, postmulti, readTree, saveHost} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'unique-myhostname', shareAName)

const shared = (name: string): RegExp =>
  new RegExp(`/etc/postfix and ${name} have the same myhostname, mta1\\.localdomain: `)

function shareAName() {
  let restoreHost: () => void

  before(async () => {
    await mustSucceed('-e init')
    // The default of myhostname is the host's name, for both.
    await mustSucceed('-I postfix-out -G mta -e create')
    restoreHost = saveHost()
  })
  afterEach(() => {
    rmSync('/etc/postmulti', {recursive: true, force: true})
    restoreHost()
  })

  it('that is on refuses to enable the second in both ways of speaking, and nothing is changed', async () => {
    await setMode('on')
    const before = readTree()
    const classic = await postmulti('-i postfix-out -e enable')
    assert.equal(classic.status, 1)
    assert.match(classic.stderr.find((each) => each.startsWith('postmulti: fatal: ')) ?? '', shared('postfix-out'))

    const {status, stdout} = await postmulti('instances enable out --json')
    assert.equal(status, 3)
    const {error} = JSON.parse(stdout)
    assert.match(error.message, shared('postfix-out'))
    assert.equal(error.suggestions[0], 'postmulti instances set postfix-out myhostname=out.mta1.localdomain')
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('warns once of many that are created at once, and counts them; each is in --json', async () => {
    const {stderr} = await mustSucceed('instances create m1 m2 m3')
    assert.equal(stderr.length, 1, stderr.join('\n'))
    assert.match(stderr[0]!, shared('postfix-m1'))
    assert.match(stderr[0]!, /; the same of 2 others$/)
    const {findings} = JSON.parse((await mustSucceed('instances create n1 n2 --json')).stdout)
    assert.equal(findings.length, 2)
  })

  const clashes: [words: string, its: string][] = [
    ['instances set out myhostname=MTA1.localdomain', 'another case'],
    ['instances set out myhostname=$theirs theirs=mta1.localdomain', 'another parameter'],
    ['instances assign out --group mta1', 'its group'],
  ]
  for (const [words, its] of clashes) {
    it(`that is on refuses the same name by ${its} to an enabled instance`, async () => {
      await mustSucceed('instances set out myhostname=$multi_instance_group.localdomain')
      await mustSucceed('instances enable out')
      await setMode('on')
      const before = readTree()
      const {status, stderr} = await postmulti(words)
      assert.equal(status, 3, stderr.join('\n'))
      assert.match(stderr.join('\n'), /have the same myhostname, mta1\.localdomain: /)
      assert.deepEqual(differences(before, readTree()), [])
    })
  }

  it('that is on refuses an init that would enable the primary beside another of its name', async () => {
    await mustSucceed('instances enable out')
    await mustSucceed('instances disable -')
    await setMode('on')
    const before = readTree()
    const {status, stderr} = await postmulti('-e init')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /postfix-out and \/etc\/postfix have the same myhostname/)
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('that is on refuses to undo what has told two apart', async () => {
    await mustSucceed('instances enable out')
    await mustSucceed('instances set out myhostname=out.example.com')
    await setMode('on')
    const before = readTree()
    const {status, stderr} = await postmulti('undo --yes')
    assert.equal(status, 3)
    assert.match(stderr.join('\n'), shared('postfix-out'))
    assert.deepEqual(differences(before, readTree()), [])
  })

  it('that is on warns at create, and creates', async () => {
    await setMode('on')
    const {stderr} = await mustSucceed('-I postfix-in -G mta -e create')
    assert.match(stderr.join('\n'), /warning: /)
    assert.match(stderr.join('\n'), shared('postfix-in'))
  })

  it('as it comes tells those who type sub-commands, and leaves postmulti(1) as it was', async () => {
    const {stderr} = await mustSucceed('instances enable out')
    assert.match(stderr.join('\n'), shared('postfix-out'))
    await mustSucceed('instances disable out')
    assert.deepEqual((await mustSucceed('-i postfix-out -e enable')).stderr, [])
  })
}

async function setMode(mode: string): Promise<void> {
  await mustSucceed(`plugins config unique-myhostname mode=${mode}`)
}
