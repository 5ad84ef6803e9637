import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Primary} from '../../../src/postfix/reader/primary.ts'
import {readContents} from '../../../src/postfix/survey/contents.ts'
import {view} from '../../flow/hosts.ts'

describe('what is in a lookup table', () => {
  let directory: string
  const primary = {parameter: () => '/usr/sbin'} as unknown as Primary

  beforeEach(function () {
    if (!existsSync('/usr/sbin/postmap')) this.skip()
    directory = mkdtempSync(join(tmpdir(), 'contents-'))
    writeFileSync(join(directory, 'main.cf'), 'compatibility_level = 3.6\n')
    // postmap(1) waits for a main.cf that was written just now.
    utimesSync(join(directory, 'main.cf'), 1, 1)
    write(
      '# by hand\nExample.COM\tsmtp:[hub]\n"with blank" relay:\nno-value\nun"balanced x\n.example.com\n  error:no such\n',
    )
    postmap('hash')
  })
  afterEach(() => rmSync(directory, {recursive: true, force: true}))

  const all = {'example.com': 'smtp:[hub]', '"with blank"': 'relay:', '.example.com': 'error:no such'}

  it('is read from the text when the database is made of it', () => {
    // Nothing could list this one.
    writeFileSync(join(directory, 'transport.db'), 'no database')
    assert.deepEqual(read('hash').entries, all)
  })

  it('is what the database says when the text is newer', () => {
    write('other.example smtp:\n', Date.now() / 1000 + 60)
    assert.deepEqual(read('hash').entries, all)
  })

  it('is what the database says when the text is gone', () => {
    unlinkSync(join(directory, 'transport'))
    assert.deepEqual(read('hash').entries, all)
  })

  it('cannot be listed without a database, and why is told', () => {
    unlinkSync(join(directory, 'transport.db'))
    assert.deepEqual(read('hash'), {entries: null, remark: 'No such file or directory'})
  })

  it('cannot be listed for patterns, but asked for each key', () => {
    write('/^you@/ smtp:[you]\n')
    assert.deepEqual(read('regexp'), {entries: null, remark: 'a table of type regexp cannot be listed'})
    const {find} = readContents(primary)
    const of = {...view('postfix-a'), config_directory: directory}
    const table = `regexp:${directory}/transport`
    assert.deepEqual([find(table, 'you@a.example', of), find(table, 'me@a.example', of)], ['smtp:[you]', null])
  })

  it('has no such key, whatever postmap(1) remarks of main.cf, and remarks that are fatal are why it cannot be asked', () => {
    writeFileSync(join(directory, 'main.cf'), 'compatibility_level = 3.6\nrelayhost = a\nrelayhost = b\nnosuch = 1\n')
    utimesSync(join(directory, 'main.cf'), 1, 1)
    const {find, silent} = readContents(primary)
    const of = {...view('postfix-a'), config_directory: directory}
    const pipes = 'pipemap:{inline:{a.example=next}, inline:{next=smtp:}}'
    assert.deepEqual([find(pipes, 'a.example', of), find(pipes, 'b.example', of)], ['smtp:', null])
    assert.equal(silent.size, 0)
    assert.equal(find(`pipemap:{regexp:${directory}/other}`, 'x', of), undefined)
    assert.match([...silent.values()].join(), /^open .*other: No such file or directory$/)
  })

  it('is what a list of names has in a file', () => {
    writeFileSync(join(directory, 'domains'), '# ours\na.example b.example\n')
    const {entries} = readContents(primary)
    assert.deepEqual([...entries(`${directory}/domains`, view('postfix-a'))!.keys()], ['a.example', 'b.example'])
  })

  it('is asked for by postmap where it cannot be listed; one that does not answer is named, and not asked again', () => {
    writeFileSync(join(directory, 'patterns'), '/^a/ b\n')
    const {find, silent} = readContents(primary)
    const instance = {...view('postfix-a'), config_directory: directory}
    assert.equal(find(`regexp:${directory}/patterns`, 'abc', instance), 'b')
    assert.equal(find(`regexp:${directory}/patterns`, 'x', instance), null)
    const missing = `regexp:${directory}/other`
    assert.equal(find(missing, 'abc', instance), undefined)
    writeFileSync(join(directory, 'other'), '/^a/ b\n')
    assert.equal(find(missing, 'abc', instance), undefined)
    assert.deepEqual([...silent.keys()], [missing])
    assert.match(silent.get(missing)!, /No such file or directory/)
  })

  function write(text: string, seconds = 1): void {
    writeFileSync(join(directory, 'transport'), text)
    utimesSync(join(directory, 'transport'), seconds, seconds)
  }

  function postmap(type: string): void {
    const {status, stderr} = spawnSync('/usr/sbin/postmap', ['-c', directory, `${type}:${directory}/transport`])
    assert.equal(status, 0, String(stderr))
  }

  function read(type: string) {
    const {entries, remarks} = readContents(primary)
    const table = `${type}:${directory}/transport`
    const found = entries(table, {...view('postfix-a'), config_directory: directory})
    return {
      entries: found === null ? null : Object.fromEntries(found),
      ...(remarks.has(table) ? {remark: remarks.get(table)} : {}),
    }
  }
})
