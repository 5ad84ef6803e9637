/** Findings as SARIF, read by its makers' own validator: the schema, and what GitHub wants beyond it. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import program from '@microsoft/sarif-multitool-linux'
import {rules} from '../../src/check/rules/index.ts'
import {suggest} from '../../src/model/base/suggestion.ts'
import type {Finding} from '../../src/model/change/finding.ts'
import {describeFindings, type Result, toCheckJson, toSarif} from '../../src/report/check.ts'

const finding: Finding = {
  rule: 'limits',
  severity: 'warning',
  instances: ['/etc/postfix-out'],
  file: '/etc/postfix-out/main.cf',
  line: 12,
  message: 'SMTP servers of 2 instances may need 3.5 GB',
  suggestions: [
    suggest`postmulti instances set out default_process_limit=50`,
    suggest`postmulti check --explain limits`,
  ],
  fix: null,
}
const host: Finding = {...finding, rule: 'port-taken', severity: 'error', instances: [], file: null, line: null}
const whole: Result = {
  findings: [host, finding, {...finding, severity: 'advice', file: '/etc/postfix-in/100% #1? \udcff.cf', line: null}],
  accepted: [{...finding, reason: 'the site lives with it'}],
  rules: [...rules],
}

const places = {directory: '/etc', primary: '/etc/postfix'}

describe('findings for programs', () => {
  it('begin with the worst of them, and how many there are', () => {
    const {verdict, counts} = toCheckJson(whole)
    assert.deepEqual([verdict, counts], ['error', {errors: 1, warnings: 1, advice: 1}])
    assert.equal(toCheckJson({...whole, findings: []}).verdict, 'ok')
  })
})

describe('findings for people', () => {
  it('have nothing in them that a terminal obeys', () => {
    const evil = {...finding, file: '/etc/\x1b[2J', message: 'fo\x1bo', suggestions: [['postmulti', '\x9b']]}
    const text = describeFindings({findings: [evil], accepted: [], rules: []}, 1, () => 'a\x07b', {
      width: undefined,
      paint: (_style, each) => each,
    })
    const lines = ['warning  limits  a?b', '  /etc/?[2J:12', '  fo?o', '  try: postmulti "$(printf \'\\302\\233\')"']
    assert.deepEqual(text.split('\n').slice(0, 4), lines)
  })
})

describe('findings that are alike', () => {
  const nameOf = (directory: string): string => directory.replace('/etc/', '')
  const of = (count: number): string => {
    const findings = Array.from({length: count}, (_, at) => {
      const directory = `/etc/postfix-${at}`
      return {...finding, instances: [directory], message: `postfix-${at} (${directory}) is open`}
    })
    const terminal = {width: undefined, paint: (_style: unknown, text: string) => text}
    return describeFindings({findings, accepted: [], rules: []}, count, nameOf, terminal)
  }

  it('are told once, with the names of all or the first of them, and counted one by one', () => {
    const text = of(40)
    assert.equal(text.match(/^warning/gm)?.length, 1)
    assert.match(text, /^ {2}the same in 39 others: postfix-1, postfix-2, postfix-3, and 36 others$/m)
    assert.match(text, /^40 warnings /m)
    assert.match(of(4), /^ {2}the same in 3 others: postfix-1, postfix-2, postfix-3$/m)
  })

  it('are told one by one while they are few', () => {
    assert.equal(of(3).match(/^warning/gm)?.length, 3)
  })
})

describe('findings as SARIF', () => {
  const logs: [title: string, result: Result][] = [
    ['of all kinds', whole],
    ['that are none', {findings: [], accepted: [], rules: [...rules]}],
  ]
  for (const [title, result] of logs) {
    it(`${title} are what the validator of the format and of GitHub wants`, function () {
      this.timeout(30_000)
      const complaints = validate(toSarif(result, '1.2.3', places))
      if (complaints === undefined) this.skip()
      assert.deepEqual(complaints, [])
    })
  }

  it('are not what the validator wants when they have a word of their own', function () {
    this.timeout(30_000)
    const complaints = validate({...toSarif(whole, '1.2.3', places), surprise: true})
    if (complaints === undefined) this.skip()
    assert.match(complaints.join('\n'), /error JSON1005: surprise/)
  })

  it('have the bytes of the path in their place', () => {
    assert.equal(
      resultsOf(whole)[2]!.locations[0]!.physicalLocation.artifactLocation.uri,
      'file:///etc/postfix-in/100%25%20%231%3F%20%FF.cf',
    )
  })

  it('point at the first line where none is to blame, and at the primary where no instance is', () => {
    const {artifactLocation, region} = resultsOf(whole)[0]!.locations[0]!.physicalLocation
    assert.deepEqual([artifactLocation.uri, region.startLine], ['file:///etc/postfix/main.cf', 1])
  })

  it('are known again when lines or figures have changed, and told from others like them', () => {
    const [first, second] = fingerprintsOf([finding, finding])
    const [again] = fingerprintsOf([{...finding, line: 40, message: 'SMTP servers of 2 instances may need 3.7 GB'}])
    const [other] = fingerprintsOf([{...finding, file: '/etc/postfix-in/main.cf'}])
    assert.equal(again, first)
    assert.equal(new Set([first, second, other]).size, 3)
  })
})

interface SarifResult {
  partialFingerprints: {primaryLocationLineHash: string}
  locations: {physicalLocation: {artifactLocation: {uri: string}; region: {startLine: number}}}[]
}

function resultsOf(result: Result): SarifResult[] {
  const {runs} = toSarif(result, '1.2.3', places) as {runs: [{results: SarifResult[]}]}
  return runs[0].results
}

function fingerprintsOf(findings: Finding[]): string[] {
  const results = resultsOf({...whole, findings, accepted: []})
  return results.map(({partialFingerprints}) => partialFingerprints.primaryLocationLineHash)
}

/** Errors and warnings, a line for each; undefined where the validator does not run. */
function validate(log: object): string[] | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'sarif-'))
  try {
    writeFileSync(join(directory, 'log.sarif'), JSON.stringify(log))
    const words = ['validate', 'log.sarif', '--rule-kind', 'Sarif;Ghas', '--output', 'report.sarif']
    const {error, stdout} = spawnSync(program, words, {
      cwd: directory,
      encoding: 'utf8',
      env: {DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', HOME: directory},
    })
    if (error !== undefined) return undefined
    assert.ok(readFileSync(join(directory, 'report.sarif')).length > 0, stdout)
    // There is no page for 'informationUri'.
    return stdout.split('\n').filter((line) => / (?:error|warning) (?!SARIF2005)/.test(line))
  } finally {
    rmSync(directory, {recursive: true})
  }
}
