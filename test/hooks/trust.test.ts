/** Runs as root, because only root can make what belongs to somebody else. */
import assert from 'node:assert/strict'
import {chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {findUntrusted} from '../../src/hooks/trust.ts'
import {toLines} from '../../src/model/base/suggestion.ts'

const nobody = 65534

describe('trust', () => {
  let base: string
  let plugin: string

  before(function () {
    if (process.geteuid!() !== 0) this.skip()
  })
  beforeEach(() => {
    // Its parent is for anybody, with the sticky bit.
    base = mkdtempSync(join(tmpdir(), 'trust-'))
    plugin = `${base}/plugins/rule`
    mkdirSync(`${plugin}/lib`, {recursive: true})
    writeFileSync(`${plugin}/lib/hooks.js`, '')
    symlinkSync('lib/hooks.js', `${plugin}/hooks.js`)
  })
  afterEach(() => rmSync(base, {recursive: true}))

  it('is in what belongs to root, below a sticky directory for all', () => {
    assert.equal(findUntrusted(plugin, plugin), undefined)
  })

  it('is in a single file', () => {
    assert.equal(findUntrusted(`${plugin}/lib/hooks.js`, plugin), undefined)
  })

  const rows: [title: string, spoil: () => void, why: () => string, remedy: () => string[]][] = [
    [
      'a file that its group can write',
      () => chmodSync(`${plugin}/lib/hooks.js`, 0o664),
      () => `${plugin}/lib/hooks.js can be written by the group root (owner root, mode 0664)`,
      () => [`chmod -R go-w ${plugin}`],
    ],
    [
      'a directory that anybody can write',
      () => chmodSync(`${plugin}/lib`, 0o757),
      () => `${plugin}/lib can be written by anybody (owner root, mode 0757)`,
      () => [`chmod -R go-w ${plugin}`],
    ],
    [
      'a plugin that anybody can add files to, sticky or not',
      () => chmodSync(plugin, 0o1777),
      () => `${plugin} can be written by anybody (owner root, mode 1777)`,
      () => [`chmod -R go-w ${plugin}`],
    ],
    [
      'a file of somebody else',
      () => chownSync(`${plugin}/lib/hooks.js`, nobody, 0),
      () => `${plugin}/lib/hooks.js belongs to nobody (mode 0644), not to root`,
      () => [`chown -R root:root ${plugin}`],
    ],
    [
      'an owner without a name',
      () => chownSync(plugin, 4242, 0),
      () => `${plugin} belongs to 4242 (mode 0755), not to root`,
      () => [`chown -R root:root ${plugin}`],
    ],
    [
      'a parent of somebody else',
      () => chownSync(`${base}/plugins`, nobody, 0),
      () => `${base}/plugins belongs to nobody (mode 0755), not to root`,
      () => [`chown root:root ${base}/plugins`],
    ],
    [
      'a parent that anybody can write',
      () => chmodSync(`${base}/plugins`, 0o777),
      () => `${base}/plugins can be written by anybody (owner root, mode 0777)`,
      () => [`chmod go-w ${base}/plugins`],
    ],
    [
      'a symbolic link that leads out',
      () => symlinkSync('../../../elsewhere', `${plugin}/lib/extra.js`),
      () => `${plugin}/lib/extra.js is a symbolic link that leads out, to ${base}/elsewhere`,
      () => [],
    ],
    [
      'a symbolic link that leads to a neighbour whose name begins like its own',
      () => symlinkSync(`${plugin}-of-others`, `${plugin}/extra`),
      () => `${plugin}/extra is a symbolic link that leads out, to ${plugin}-of-others`,
      () => [],
    ],
    [
      'a symbolic link of somebody else',
      () => lchownSync(`${plugin}/hooks.js`, nobody, 0),
      () => `${plugin}/hooks.js belongs to nobody (mode 0777), not to root`,
      () => [`chown -R root:root ${plugin}`],
    ],
  ]
  for (const [title, spoil, why, remedy] of rows) {
    it(`is not in ${title}`, () => {
      spoil()
      const found = findUntrusted(plugin, plugin)
      assert.deepEqual([found?.why, toLines(found?.remedy ?? [])], [why(), remedy()])
    })
  }

  it('is not in a symbolic link in place of the plugin', () => {
    mkdirSync(`${base}/work`)
    symlinkSync(`${base}/work`, `${base}/plugins/linked`)
    const found = findUntrusted(`${base}/plugins/linked`, `${base}/plugins/linked`)
    assert.match(found?.why ?? '', /linked is a symbolic link that leads out, to \S+\/work$/)
  })

  it('is not in a way over a symbolic link of somebody else, nor in what that leads through', () => {
    mkdirSync(`${base}/theirs/plugins`, {recursive: true})
    symlinkSync(`${base}/theirs`, `${base}/link`)
    const path = `${base}/link/plugins`
    assert.equal(findUntrusted(path, path), undefined)
    chmodSync(`${base}/theirs`, 0o777)
    assert.equal(findUntrusted(path, path)?.path, `${base}/theirs`)
    lchownSync(`${base}/link`, nobody, 0)
    assert.equal(findUntrusted(path, path)?.path, `${base}/link`)
  })

  it('is not in what cannot be looked at', () => {
    const path = `${base}/plugins/none`
    assert.equal(findUntrusted(path, path)?.why, `${path}: No such file or directory`)
  })
})
