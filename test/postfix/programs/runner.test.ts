/** Under whom a program runs: by whose the directories are in which it finds its files. */
import assert from 'node:assert/strict'
import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {findRunner} from '../../../src/postfix/programs/runner.ts'

const nobody = 65534
const daemon = 1

describe('a program runs', () => {
  let root: string

  before(function () {
    if (process.geteuid?.() !== 0) this.skip()
  })
  beforeEach(() => {
    // Not below /tmp, which is everybody's.
    root = mkdtempSync('/run/runner-')
    chmodSync(root, 0o755)
    make('own', 0, 0o755)
    make('nobodys', nobody, 0o755)
    make('nobodys/of-root', 0, 0o755)
    make('daemons', daemon, 0o775)
    make('open', 0, 0o775)
    make('sticky', 0, 0o1777)
    make('unknown', 54321, 0o755)
    make('nobodys/daemons', daemon, 0o755)
    writeFileSync(`${root}/own/program`, '')
    chownSync(`${root}/own/program`, nobody, 0)
    symlinkSync(`${root}/nobodys/virtual`, `${root}/own/virtual`)
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  const make = (name: string, uid: number, mode: number): void => {
    mkdirSync(`${root}/${name}`)
    chownSync(`${root}/${name}`, uid, 0)
    chmodSync(`${root}/${name}`, mode)
  }
  const runnerOf = (words: string, directory: string, ...changes: string[]) => {
    return findRunner({
      words: words.replaceAll('ROOT', root).split(' '),
      directory: `${root}/${directory}`,
      changes: changes.map((each) => `${root}/${each}`),
    })
  }

  const rows: [title: string, user: string, words: string, directory: string, ...changes: string[]][] = [
    ['as root where only root may write', 'root', 'make', 'own', 'own/x.db', 'gone/x'],
    ['as the owner of its directory', 'nobody', 'make', 'nobodys'],
    ['as the owner of it whatever root has below', 'nobody', 'make', 'nobodys/of-root'],
    ['as the owner of one that has gone by now', 'nobody', 'make', 'nobodys/gone'],
    ['as the owner of what it may change', 'nobody', 'make', 'own', 'own/x', 'nobodys/x.db'],
    ['as the owner also where his group may write', 'daemon', 'make', 'daemons'],
    ['as the owner of where a link of root leads to', 'nobody', 'make', 'own', 'own/virtual'],
    ['as the owner of a table', 'nobody', '/usr/sbin/postmap hash:ROOT/nobodys/virtual', 'own'],
    ['as the owner of a table, named from its directory', 'nobody', 'postalias ../nobodys/aliases', 'own'],
    ['as the owner of a table that a link of root leads to', 'nobody', 'postmap cdb:virtual', 'own'],
    ['as the owner of the program', 'nobody', 'ROOT/nobodys/program x', 'own'],
    ['as the owner of the program, named from its directory', 'nobody', '../nobodys/program', 'own'],
    ['as the owner of the program that a link of root leads to', 'nobody', 'ROOT/own/virtual', 'own'],
    ['as the owner of a program that root has in its directory', 'nobody', './program', 'own'],
    ['as the owner of main.cf', 'nobody', 'postmap -c ROOT/nobodys hash:ROOT/own/x', 'own'],
  ]
  for (const [title, user, words, ...places] of rows) {
    it(title, () => {
      const runner = runnerOf(words, ...places)
      assert.deepEqual('user' in runner ? runner.user : runner.as, user)
    })
  }

  it('in the group of a login of its user, not in that of the directory', () => {
    assert.deepEqual(runnerOf('make', 'daemons'), {as: 'owner', user: 'daemon', uid: daemon, gid: daemon})
  })

  const refused: [title: string, why: RegExp, remedy: string, directory: string, ...changes: string[]][] = [
    ["where root's own is open to a group", /open is root's, and its group may write it$/, 'chmod go-w', 'open'],
    ["where root's own is open to all", /sticky is root's, and anybody may write it$/, '', 'own', 'sticky/x'],
    ['where two have a part in it', /nobodys belongs to nobody, and .*daemons to daemon$/, 'ls -ld', 'nobodys/daemons'],
    ['for a number without a name', /unknown belongs to user 54321, which has no account$/, 'ls -ld', 'unknown'],
  ]
  for (const [title, why, remedy, ...places] of refused) {
    it(`under nobody ${title}, and it is said what to type`, () => {
      const runner = runnerOf('make', ...places)
      assert.ok(runner.as === 'none')
      assert.match(runner.why, why)
      assert.ok(
        String(runner.remedy[0] ?? '')
          .replaceAll(',', ' ')
          .startsWith(remedy),
      )
    })
  }
})
