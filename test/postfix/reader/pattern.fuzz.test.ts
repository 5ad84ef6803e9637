/**
 * Instances that resemble one that was read before beside the reading of the whole file, which maincf.fuzz.test.ts holds
 * against postconf(1). FUZZ_RUNS sets the number of pairs, FUZZ_SEED repeats an earlier run.
 */
import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {toBytes} from '../../../src/model/base/text.ts'
import {builtInDefaults} from '../../../src/postfix/reader/defaults.ts'
import {hasPostconf} from '../../../src/postfix/reader/postconf.ts'
import {emptyMemory, readNatively, wanted} from '../../../src/postfix/reader/secondary.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 2000)
// CI repeats one run: what it says must depend on the change alone.
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261125 : Date.now() % 2 ** 31))
/** One model for so many others. */
const likenesses = 20

describe('reading instances that resemble each other', () => {
  it(`agrees on ${runs} pairs with seed ${seed}`, function () {
    if (!hasPostconf('/usr/sbin')) this.skip()
    this.timeout(60_000 + runs * 100)
    const defaults = builtInDefaults()
    const top = mkdtempSync(join(tmpdir(), 'pattern-fuzz-'))
    const count = {same: 0, sure: 0}
    try {
      const cases = fc.sample(
        fc.tuple(mainCf, masterCf, fc.array(change, {minLength: likenesses, maxLength: likenesses})),
        {
          numRuns: Math.ceil(runs / likenesses),
          seed,
        },
      )
      for (const [at, [lines, master, changes]] of cases.entries()) {
        const memory = emptyMemory()
        const model = lay(`${top}/${at}`, lines.join(''), master)
        // Not each instance becomes a model.
        for (let time = 0; time < 10; time++) readNatively(model, defaults, memory)
        for (const [which, {directory, to}] of changes.entries()) {
          const [main, own] = to(lines, master)
          const copy = lay(`${top}/${at}.${which}${directory}`, main, own)
          const ours = readNatively(copy, defaults, memory)
          assert.deepEqual(
            ours,
            readNatively(copy, defaults),
            `seed ${seed}, case ${at}: ${JSON.stringify({lines, main, own})}`,
          )
          if (ours !== 'unsure') count.sure++
        }
      }
    } finally {
      rmSync(top, {recursive: true})
    }
    console.log(`      sure about ${count.sure} of ${runs}`)
    assert.ok(count.sure > runs * 0.4, 'the reader has become unsure of most')
  })
})

function lay(directory: string, main: string, master: string): string {
  mkdirSync(toBytes(directory))
  writeFileSync(toBytes(`${directory}/main.cf`), main, 'latin1')
  writeFileSync(toBytes(`${directory}/master.cf`), master, 'latin1')
  return directory
}

const oneOf = fc.constantFrom
const word = oneOf(
  '/var/spool/postfix-x',
  'postfix-in',
  'mta',
  'yes',
  'No',
  'maybe',
  '',
  'mx1.example.com',
  '10.1.1.25',
  'hash:/etc/aliases',
  '3.6',
  'host',
  'all',
  '127.0.0.1',
)
const odd = oneOf(
  'a  b',
  'x\ty',
  '$u_alpha',
  '$data_directory',
  '$' + '{u_alpha?x}',
  '$',
  '{x}',
  'mysql:/x',
  'sql',
  'a=b',
  '#x',
  '\xe9',
  '\xa0',
  '\x0b',
  'x\r',
  'a,b',
  '[::1]',
  '\0',
)
const name = oneOf(
  ...wanted,
  'myhostname',
  'mydomain',
  'syslog_name',
  'mydestination',
  'smtpd_banner',
  'alias_maps',
  'inet_interfaces',
  'mynetworks_style',
  'compatibility_level',
  'forward_path',
  'smtpd_restriction_classes',
)
const reference = oneOf(
  '$myhostname',
  '$mail_name $mail_version',
  '$myhostname ESMTP',
  '$u_alpha',
  '$' + '{u_alpha}',
  'x $mydomain',
  '$config_directory/x',
  '$virtual_maps',
  '$nosuch',
  '$u_beta $u_alpha',
  '$' + '{{$u_beta} >=level {2} ? {a} : {b}}',
  '$' + '{u_beta?{$u_alpha}}',
)
/** What they may be in a file that is otherwise ordinary. */
const likely: Record<string, fc.Arbitrary<string>> = {
  inet_interfaces: oneOf('all', 'loopback-only', '127.0.0.1', '$u_alpha'),
  mynetworks_style: oneOf('host', 'subnet', 'class', '$u_alpha'),
  compatibility_level: oneOf('3.6', '2', '$u_alpha'),
  smtpd_restriction_classes: oneOf('', 'u_alpha', 'u_beta'),
}
const value = fc.oneof({weight: 15, arbitrary: word}, reference, odd)
const quiet = oneOf('a  b', 'postfix-in mta', '\xe9', 'mta\n  postfix-in', '\n yes', 'mta\n# c\n\n\tmta', 'yes\r')
const ordinary = fc.oneof({weight: 7, arbitrary: word}, quiet, {weight: 2, arbitrary: reference})
const setting = name.chain((name) =>
  fc
    .tuple(fc.oneof({weight: 19, arbitrary: likely[name] ?? ordinary}, value), oneOf(' = ', ' = ', '=', '\t=  '))
    .map(([value, equals]) => `${name}${equals}${value}\n`),
)
const filler = oneOf('# comment\n', '\n', ' \n', '#u_alpha = 1\n', '\n\n', '# a\n# b\n')
/** Mostly ordinary: each name once, and no parameter of our own that is not used. */
const mainCf = fc
  .tuple(
    fc.uniqueArray(setting, {maxLength: 9, selector: (line) => /^\w+/.exec(line)?.[0]}),
    fc.array(filler, {minLength: 9, maxLength: 9}),
    word,
    fc.oneof({weight: 9, arbitrary: fc.constant('')}, oneOf(' x = y\n')),
  )
  .map(([settings, fillers, own, indented]) => [
    indented,
    `u_alpha = ${own}\n`,
    'u_beta = 3.6\n',
    ...settings.flatMap((line, at) => [fillers[at] ?? '', ...line.repeat(at === 3 ? 2 : 1).split(/(?<=\n)/)]),
    'relay_domains = $u_alpha, $u_beta\n',
  ])
const masterCf = oneOf(
  '',
  'smtp inet n - y - - smtpd\n',
  'relay unix - - y - - smtp\n  -o syslog_name=postfix/$service_name\n',
  'x unix - n n - - smtpd -o smtpd_banner=$u_alpha -o mydestination=$myhostname\n',
)
const otherMasterCf = fc.oneof(masterCf, oneOf('x unix - n n - - smtpd -o mydestination=$nosuch\n'))

type Change = (lines: string[], master: string) => [main: string, master: string]
/** Most lines are settings or fillers; numbers are taken modulo. */
const edits: fc.Arbitrary<(lines: string[]) => string[]> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.array(fc.tuple(fc.nat(), value), {minLength: 1, maxLength: 4}).map((all) => (lines: string[]) => {
      return all.reduce(
        (each, [at, value]) =>
          onLine(each, at, (line) => [line.replace(/(=[ \t]*).*/s, (_, equals) => `${equals}${value}\n`)]),
        lines,
      )
    }),
  },
  fc.tuple(fc.nat(), setting).map(
    ([at, added]) =>
      (lines: string[]) =>
        onLine(lines, at, (line) => [line, added]),
  ),
  fc.tuple(fc.nat(), oneOf('  more\n', '\t# no\n', '# c\n  more\n', '\r\n', ' = x\n', 'bad\n', '\n', 'a=b\n')).map(
    ([at, added]) =>
      (lines: string[]) =>
        onLine(lines, at, (line) => [line, added]),
  ),
  fc.nat().map((at) => (lines: string[]) => onLine(lines, at, () => [])),
  fc.nat().map((at) => (lines: string[]) => onLine(lines, at, (line) => [line, line])),
  fc.nat().map((at) => (lines: string[]) => onLine(lines, at, (line) => [` ${line}`])),
  fc.nat().map((at) => (lines: string[]) => onLine(lines, at, (line) => [line.trimEnd()])),
  fc.tuple(fc.nat(), name).map(
    ([at, other]) =>
      (lines: string[]) =>
        onLine(lines, at, (line) => [line.replace(/^\w+/, other)]),
  ),
  fc.tuple(fc.nat(), fc.nat(255)).map(([at, code]) => (lines: string[]) => {
    const text = lines.join('')
    const where = at % Math.max(1, text.length)
    return [text.slice(0, where), String.fromCharCode(code), text.slice(where + 1)]
  }),
)
const change = fc.record({
  directory: fc.oneof({weight: 9, arbitrary: fc.constant('')}, oneOf('$x', '{', 'mysql', '\xe9', ' x', '\udce9')),
  to: fc
    .tuple(edits, fc.oneof({weight: 9, arbitrary: fc.constant(undefined)}, otherMasterCf))
    .map(([edit, other]): Change => {
      return (lines, master) => [edit(lines).join(''), other ?? master]
    }),
})

function onLine(lines: string[], at: number, by: (line: string) => string[]): string[] {
  const which = at % Math.max(1, lines.length)
  return lines.flatMap((line, each) => (each === which ? by(line) : [line]))
}
