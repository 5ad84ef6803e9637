/** What `postmulti plugins new` makes is tested where there is no postmulti, and then keeps its rule on a host. */
import assert from 'node:assert/strict'
import {cpSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {mustSucceed, onThrowAwayHost, postmulti, sh} from '../acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'a new plugin', goElsewhere)

const root = join(import.meta.dirname, '../..')

function goElsewhere() {
  let place: string

  before(async () => {
    place = mkdtempSync(join(tmpdir(), 'plugin-elsewhere-'))
    await mustSucceed('-e init')
    await mustSucceed('-I postfix-out-1 -e create')
    await mustSucceed(['plugins', 'new', 'site-rule', '--directory', `${place}/here`])
    cpSync(`${place}/here`, `${place}/clone`, {recursive: true, filter: (each) => !each.endsWith('/node_modules')})
  })
  after(() => rmSync(place, {recursive: true}))

  it('names nothing of the host that it was made on', () => {
    assert.equal(sh(`grep -rlF -e ${root} -e /run/project ${place}/clone || true`), '')
  })

  it('passes its tests elsewhere, with nothing but npm and Node.js', () => {
    const said = withoutPostmulti(
      `cd ${place}/clone; npm ci --offline; npm test; rm -r node_modules; npm install --offline`,
    )
    assert.match(said, /^\S+ pass 5$/m)
    assert.match(said, /^\S+ fail 0$/m)
    assert.match(said, /A throw-away host needs postmulti, which is not in PATH/)
  })

  it('brings all of its files and the package that it imports, and its rule holds', async () => {
    await mustSucceed(['plugins', 'install', `${place}/clone`])
    const {status, stderr} = await postmulti('-I postfix-in -e create')
    assert.equal(status, 1)
    assert.match(stderr.join('\n'), /postfix-in does not follow our scheme/)
    const warned = await mustSucceed('-I postfix-put-1 -e create')
    assert.match(warned.stderr.join('\n'), /postfix-put-1 is easily taken for postfix-out-1/)
  })

  /** What the commands print where our files are hidden, and this Node.js is that of PATH. */
  function withoutPostmulti(commands: string): string {
    mkdirSync(`${place}/bin`)
    return sh(`
      touch ${place}/bin/node
      export PATH=${place}/bin:/usr/local/bin:/usr/bin:/bin HOME=${place}
      unshare --mount sh -ec '
        mount --bind ${process.execPath} ${place}/bin/node
        mount -t tmpfs tmpfs ${root}
        mount -t tmpfs tmpfs /run/project
        ${commands}'`)
  }
}
