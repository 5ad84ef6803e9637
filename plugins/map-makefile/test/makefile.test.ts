/** What is built, what is refused, and what the Makefile says. */
import assert from 'node:assert/strict'
import {checkTables, type Host, planMakefile} from '../src/makefile.ts'
import {refersTo} from './values.ts'

const view = refersTo({'hash:/etc/postfix-out/transport': ['transport_maps']})
const source = '/etc/postfix-out/transport'
const database = '/etc/postfix-out/transport.db'

describe('map-makefile: what is refused', () => {
  it('refuses a table that has neither source nor database, and names who refers to it', () => {
    const [finding] = checkTables(view, host({}))
    assert.equal(finding?.verdict, 'refuse')
    assert.match(
      finding.message,
      /^postfix-out refers to hash:\S+transport \(transport_maps\), but there is no \S+transport /,
    )
  })

  it('refuses a file to be looked up as it is that is not there', () => {
    assert.equal(checkTables(refersTo({'regexp:/etc/headers': ['header_checks']}), host({})).length, 1)
  })

  it('refuses a type that this Postfix does not know, although its files are there', () => {
    const known = {...host({'/etc/x': 1, '/etc/x.lmdb': 2}), pluggedIn: new Set(['cdb'])}
    assert.match(checkTables(refersTo({'lmdb:/etc/x': ['relay_domains']}), known)[0]?.message ?? '', /postfix-lmdb/)
    assert.deepEqual(checkTables(refersTo({'lmdb:/etc/x': ['relay_domains']}), {...known, pluggedIn: null}), [])
  })

  it('refuses a table that a Makefile of somebody else would have to build, and says how to do it by hand', () => {
    const [finding] = checkTables(view, host({[source]: 1}, 'all:\n'))
    assert.deepEqual(finding?.suggestions, [['postmap', '-c', '/etc/postfix-out', 'hash:/etc/postfix-out/transport']])
  })

  it('refuses a table whose name would be read otherwise in a Makefile', () => {
    assert.equal(checkTables(refersTo({'hash:/etc/a:b': ['relay_domains']}), host({'/etc/a:b': 1})).length, 1)
  })

  const fine: [what: string, there: Record<string, number>][] = [
    ['that will be built', {[source]: 1}],
    ['without a source that is there', {[database]: 1}],
  ]
  for (const [what, there] of fine) {
    it(`lets pass a table ${what}`, () => assert.deepEqual(checkTables(view, host(there)), []))
  }
})

describe('map-makefile: what is done', () => {
  it('writes rules relative to the config_directory, the first for all, each replacing its table in one go', () => {
    const both = refersTo({...tablesOf(view), 'cdb:/etc/shared/virtual': ['virtual_alias_maps']})
    assert.equal(
      textOf(planMakefile(both, host({[source]: 1, '/etc/shared/virtual': 1}))).replace(/^#.*\n/gm, ''),
      `
all: /etc/shared/virtual.cdb transport.db

/etc/shared/virtual.cdb: /etc/shared/virtual
\tcp -p /etc/shared/virtual /etc/shared/virtual.new
\tpostmap -c . cdb:/etc/shared/virtual.new
\tmv /etc/shared/virtual.new.cdb /etc/shared/virtual.cdb
\trm /etc/shared/virtual.new

transport.db: transport
\tcp -p transport transport.new
\tpostmap -c . hash:transport.new
\tmv transport.new.db transport.db
\trm transport.new
`,
    )
  })

  it('runs make when a table is older than its source, and names the files that may change', () => {
    const [, run] = planMakefile(view, host({[source]: 2, [database]: 1}))
    assert.deepEqual(run, {
      do: 'run program',
      words: ['make', '-f', 'Makefile'],
      directory: '/etc/postfix-out',
      changes: [database, `${source}.new`, `${source}.new.db`],
    })
  })

  it('runs make for each directory by itself, for they may belong to different people', () => {
    const both = refersTo({...tablesOf(view), 'cdb:/etc/shared/virtual': ['virtual_alias_maps']})
    const [, ...runs] = planMakefile(both, host({[source]: 1, '/etc/shared/virtual': 1}))
    assert.deepEqual(
      runs.map((each) => 'words' in each && [each.words.at(-1), each.changes?.[0]]),
      [
        ['/etc/shared/virtual.cdb', '/etc/shared/virtual.cdb'],
        ['transport.db', database],
      ],
    )
  })

  it('makes no rule for a table that has no source', () => {
    const both = refersTo({...tablesOf(view), 'hash:/etc/postfix-out/bought': ['relay_domains']})
    assert.doesNotMatch(textOf(planMakefile(both, host({[source]: 1, '/etc/postfix-out/bought.db': 1}))), /bought/)
  })

  it('does nothing when all is well already', () => {
    const there = {[source]: 1, [database]: 1}
    assert.deepEqual(planMakefile(view, host(there, textOf(planMakefile(view, host(there))))), [])
  })

  it('does nothing for an instance without tables', () => {
    assert.deepEqual(planMakefile(refersTo({'cidr:/etc/x': ['mynetworks']}), host({'/etc/x': 1})), [])
  })

  it('takes out of its Makefile what is no longer referred to', () => {
    const present = textOf(planMakefile(view, host({[source]: 1})))
    assert.doesNotMatch(textOf(planMakefile(refersTo({}), host({[source]: 1}, present))), /transport/)
  })

  it('leaves a Makefile of somebody else alone, and says so', () => {
    const answer = planMakefile(view, host({[source]: 1}, 'all:\n'))
    assert.deepEqual(
      answer.map((each) => ('verdict' in each ? each.verdict : each.do)),
      ['note'],
    )
  })
})

function host(modified: Record<string, number>, makefile?: string): Host {
  const makefiles = new Map(makefile === undefined ? [] : [['/etc/postfix-out', makefile]])
  return {modified: new Map(Object.entries(modified)), makefiles, pluggedIn: new Set(['cdb'])}
}

function tablesOf({tables}: typeof view): Record<string, string[]> {
  return Object.fromEntries(tables.map(({table, parameters}) => [table, [...parameters]]))
}

function textOf(answer: ReturnType<typeof planMakefile>): string {
  const [step] = answer
  assert.ok(step !== undefined && 'do' in step && step.do === 'write file')
  return step.text
}
