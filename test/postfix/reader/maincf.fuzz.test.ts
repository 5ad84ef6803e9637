/**
 * The native reader beside the real postconf(1), on random main.cf and master.cf files of which many are broken.
 * It may be unsure, but never wrong. FUZZ_RUNS sets the number of files, FUZZ_SEED repeats an earlier run.
 */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {isDamaged} from '../../../src/model/instance/instance.ts'
import {builtInDefaults} from '../../../src/postfix/reader/defaults.ts'
import type {Answer} from '../../../src/postfix/reader/postconf.ts'
import {fromAnswer, readNatively, wanted} from '../../../src/postfix/reader/secondary.ts'

const POSTCONF = '/usr/sbin/postconf'
const runs = Number(process.env.FUZZ_RUNS ?? 2000)
// CI repeats one run: what it says must depend on the change alone.
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261125 : Date.now() % 2 ** 31))
// A fatal postconf sleeps for a second, so that many can share a processor.
const AT_ONCE = 24

describe('reading main.cf beside postconf', () => {
  it(`agrees on ${runs} files with seed ${seed}`, async function () {
    if (!existsSync(POSTCONF)) this.skip()
    this.timeout(60_000 + runs * 800)
    const directory = mkdtempSync(join(tmpdir(), 'maincf-fuzz-'))
    let unsure = 0
    try {
      const cases = fc.sample(fc.tuple(mainCf, masterCf), {numRuns: runs, seed})
      const workers = Array.from({length: AT_ONCE}, async (_, worker) => {
        for (let at = worker; at < cases.length; at += AT_ONCE) {
          if (!(await check(join(directory, String(at)), ...cases[at]!, `seed ${seed}, case ${at}`))) unsure++
        }
      })
      await Promise.all(workers)
    } finally {
      rmSync(directory, {recursive: true})
    }
    console.log(`      unsure about ${unsure} of ${runs}`)
    assert.ok(unsure < runs * 0.6, 'the reader has become unsure of nearly everything')
  })
})

/** False when the reader is unsure. */
async function check(directory: string, main: string, master: string, label: string): Promise<boolean> {
  mkdirSync(directory)
  writeFileSync(join(directory, 'main.cf'), main, 'latin1')
  writeFileSync(join(directory, 'master.cf'), master, 'latin1')
  // postconf waits while main.cf is younger than two seconds.
  for (const file of ['main.cf', 'master.cf']) utimesSync(join(directory, file), 1e9, 1e9)
  const ours = readNatively(directory, builtInDefaults())
  if (ours === 'unsure') return false
  const answer = await askPostconf(['-xc', directory, ...wanted])
  const theirs = fromAnswer(directory, answer, () => {})
  const message = `${label}:\n${JSON.stringify({main, master, ours, answer}, undefined, 1)}`
  assert.equal(isDamaged(ours.listed), isDamaged(theirs), message)
  if (isDamaged(theirs)) return true
  assert.deepEqual(ours.listed, theirs, message)
  const said = answer.stderr.split('\n').slice(0, -1)
  const wouldSay = ours.warnings.map((each) => `${POSTCONF}: warning: ${each}`)
  assert.deepEqual([...new Set(wouldSay)].sort(), [...new Set(said)].sort(), message)
  return true
}

const oneOf = fc.constantFrom
/** What makes the reader unsure of the whole file is rare, so that most files are compared. */
const rarely = <T>(often: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({weight: 40, arbitrary: often}, rare)
const usualNames = oneOf(
  ...wanted,
  'myhostname',
  'mydomain',
  'mynetworks',
  'mynetworks_style',
  'inet_interfaces',
  'inet_protocols',
  'compatibility_level',
  'config_directory',
  'smtpd_restriction_classes',
  'smtpd_banner',
  'mydestination',
  'syslog_name',
  'forward_path',
  'relay_destination_rate_delay',
  'virtual_maps',
  'u_alpha',
  'u_beta',
  'constructor',
  // Of which newer releases say that they will be gone.
  'smtp_use_tls',
  'smtpd_tls_eecdh_grade',
  'disable_dns_lookups',
)
const names = rarely(usualNames, oneOf('process_name'))
const usualWords = oneOf(
  '/var/spool/postfix-x',
  'postfix-x',
  'yes',
  'No',
  'a  b',
  'x\ty',
  'host',
  'subnet',
  'all',
  'loopback-only',
  '127.0.0.1',
  '[::1]',
  '10.255.9.9',
  'ipv4',
  'ipv6',
  '3.6',
  'mx.example.com',
  'hash:/etc/aliases',
  '\xe9\xff',
  '\x0b',
  '# comment that is not one',
  'a#b',
  '#c d,e',
  '',
)
const words = rarely(usualWords, oneOf('{a}', '{a', 'mysql:/nonexistent/x.cf'))
const references = fc.oneof(
  {weight: 4, arbitrary: names.map((name) => `$${name}`)},
  names.map((name) => `\${${name}}`),
  fc.tuple(names, words).map(([name, word]) => `\${${name}?${word}}`),
  fc.tuple(names, words, words).map(([name, yes, no]) => `\${${name}?{${yes}}:{${no}}}`),
  fc.tuple(words, oneOf('==', '!=', '<', '>=level'), names).map(([a, op, b]) => `\${{${a}} ${op} {$${b}}}`),
  oneOf(
    '$$',
    '$',
    '${',
    '$nosuch',
    '$mail_name',
    '$process_id',
    '$data_directory',
    '$syslog_name',
    '$' + '{mail_version}',
  ),
)
const values = fc
  .array(fc.oneof({weight: 3, arbitrary: words}, {weight: 1, arbitrary: references}), {minLength: 0, maxLength: 3})
  .map((parts) => parts.join(' '))
const likely: Record<string, string[]> = {
  multi_instance_enable: ['yes', 'no', 'YES', 'maybe'],
  inet_interfaces: ['all', '127.0.0.1', '127.0.0.1, [::1]', 'localhost'],
  inet_protocols: ['all', 'ipv4', 'ipv4, ipv6', 'ipv5'],
  mynetworks_style: ['host', 'class', 'subnet', 'hosts'],
  compatibility_level: ['3.6', '2', '3.x'],
}
const settings = fc.tuple(names, values, fc.nat(3), fc.nat()).map(([name, value, luck, pick]) => {
  const choices = likely[name]
  return `${name} = ${luck > 0 && choices !== undefined ? choices[pick % choices.length] : value}\n`
})
const mainCf = fc
  .array(
    fc.oneof(
      {weight: 20, arbitrary: settings},
      oneOf('# comment\n', '\n', ' \n', ' continued\n', '\t# indented\n', '   $u_alpha\n', '\r\n'),
      {
        weight: 1,
        arbitrary: oneOf('no equals sign\n', ' = x\n', 'a=b', 'u_alpha=1\n', 'queue_directory=/q\r\n', '\0\n'),
      },
    ),
    {minLength: 0, maxLength: 9},
  )
  .map((lines) => lines.join(''))
const services = rarely(
  oneOf(
    'qmgr unix n - n 300 1 qmgr\n',
    'anvil unix - - y - 1 anvil\n',
    'spawn unix - n n - 0 spawn user=nobody argv=/bin/cat\n',
    'smtp inet n - y - - smtpd\n',
    'relay unix - - y - - smtp\n  -o syslog_name=postfix/$service_name\n',
    'submission inet n - y - - smtpd\n  -o smtpd_client_restrictions=$mua_client_restrictions\n',
    'smtps inet n - y - - smtpd -v -o mynetworks=127.0.0.1 -o smtpd_banner=$u_beta\n',
    'maildrop unix - n n - - pipe\n  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d $' + '{recipient}\n',
    'x unix - n n - - smtpd -o {smtpd_banner=hello}\n',
    'old unix - - n - - smtp -o smtp_use_tls=yes -o smtpd_tls_eecdh_grade=auto\n',
    '# comment\n',
  ),
  oneOf(
    'smtps inet n - y - - smtpd -o u_gamma=$u_beta\n',
    'x unix - n n - - smtpd -o { smtpd_banner = $u_beta }\n',
    'y unix - n n - - smtpd -o mydestination=$\n',
    'z unix - n n - - smtpd -o mydestination=#a\n',
    'short unix - - -\n',
  ),
)
const masterCf = fc.array(services, {maxLength: 3}).map((lines) => lines.join(''))

function askPostconf(words: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(POSTCONF, words, {stdio: ['ignore', 'pipe', 'pipe']})
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('latin1').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('latin1').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({status, stdout, stderr}))
  })
}
