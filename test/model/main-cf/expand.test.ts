import assert from 'node:assert/strict'
import {collapse, dialectOf, ExpansionFault, expand, mentionedNames} from '../../../src/model/main-cf/expand.ts'

const relations = '"==" or "!="" or "<"" or "<="" or ">="" or ">"'
const settings = new Map<string, string>([
  ['set', 'yes'],
  ['empty', ''],
  ['nothing', '$undefined'],
  ['second', '$first and more'],
  ['first', 'one  two'],
  ['dollar', '$$set'],
  ['level', '3.6'],
  ['number', '010'],
  ['7', 'seven'],
  ['loop', '$loop'],
  ['operand_loop', '${{$operand_loop} == {x}}'],
  ['double_loop', '${{$double_loop} == {$double_loop}}'],
])
for (let each = 1; each <= 101; each++) settings.set(`chain${each}`, each === 1 ? 'end' : `$chain${each - 1}`)
const lookup = (name: string) => settings.get(name)

describe('expand', () => {
  const rows: [string, string, string][] = [
    ['leaves text without a dollar sign alone', ' a  {b} ', ' a  {b} '],
    ['writes $$ as a dollar sign that is not looked at again', '$$set $$$set $dollar', '$set $yes $set'],
    ['takes the longest name', '$set-$set_x.$7th.$7', 'yes-..seven'],
    ['knows three ways to refer', '$set $(set) ${set} ${ set\t}', 'yes yes yes yes'],
    ['expands what it finds, and keeps its blanks', '<$second>', '<one  two and more>'],
    ['replaces an undefined name by nothing', '<$undefined${ }>', '<>'],
    ['counts only brackets of one kind', '$(set?a}b) ${set?a)b}', 'a}b a)b'],
    ['takes the text of ? when set', '${set?a}${empty?b}${undefined?c}', 'a'],
    ['takes the text of : when empty or undefined', '${set:a}${empty:b}${undefined:c}', 'bc'],
    ['takes everything behind ? without braces', '<${set? a:b }>', '< a:b >'],
    ['chooses between two texts', '${set?{a}:{b}}${empty ? { a } : { b }}', 'a b '],
    ['takes an else text without braces to the end', '<${empty?{a}: b }>', '< b >'],
    ['tests the value as it is written', '${nothing?a}', 'a'],
    ['expands the chosen text only', '${set?{$first}:{$-}}', 'one  two'],
    ['nests', '${set?{${empty?{a}:{<$7>}}}:{b}}', '<seven>'],
    ['says true or nothing for a comparison', '<${{a}=={a}}><${{a} == {b}}>', '<true><>'],
    ['compares digits as numbers', '${{$number} == {10}}', 'true'],
    ['compares large numbers exactly', '${{9223372036854775806} < {9223372036854775807}}', 'true'],
    ['compares other text byte by byte', '${{9a} > {10a} ? {a} : {b}}', 'a'],
    ['keeps the blanks of operands', '${{ a } == {a} ? {same} : {other}}', 'other'],
    ['compares compatibility levels', '${{$level} <level {3.10} ? {older} : {newer}}', 'older'],
    ['fills up compatibility levels with zeroes', '${{3} ==level {3.0.0}}', 'true'],
    ['follows a chain of 100 references', '$chain100', 'end'],
    ['gives an operand 100 references of its own', '${{$chain100} == {end}}', 'true'],
  ]
  for (const [behaviour, value, expected] of rows) {
    it(`${behaviour}: ${value}`, () => assert.equal(expand(value, lookup), expected))
  }

  const error = 'macro processing error'
  const operators = '"==" or "!="" or "<"" or "<="" or ">="" or ">"'
  const faults: [string, string, string[], string?][] = [
    ['a lone dollar sign', 'a $ b', ['empty macro name: "a $ b"']],
    ['empty brackets', '$()', ['empty macro name: "$()"']],
    ['brackets without end', 'a ${b', ['truncated macro reference: "a ${b"']],
    ['a reference in place of a name', '${$set}', ['attribute name syntax error at: "...>>>$set"']],
    ['other text behind a name', '${set x}', ['attribute name syntax error at: "...set>>> x"']],
    ['a vertical tab, which is no blank here', '${\vset}', ['attribute name syntax error at: "...>>>?set"']],
    ['text between the branches', '${set?{a} b}', ['":" expected at: "...a}>>>b"']],
    ['text behind the branches', '${set?{a}:{b} c}', ['unexpected input at: "...b}>>>c"']],
    ['a branch without end', '$(set?{a)', ['unbalanced {} in attribute expression: "{a"']],
    ['an unknown operator', '${{a} =~ {b}}', [`${operators} expected at: "...a}>>>=~ {b}"`]],
    ['an unknown suffix', '${{a} ==text {b}}', ['bad operator suffix at: "...==>>>text"']],
    ['a right operand without braces', '${{a} <level b}', ['"{expression}" expected at: "...{a} <>>> b"']],
    ['text behind a comparison', '${{a} == {b} c}', ['"?" or ":" expected at: "...}>>>c"']],
    ['a bad compatibility level', '${{3.x} <level {y}}', ['malformed compatibility level syntax: "3.x"']],
    [
      'a number beyond 63 bits',
      '${{9223372036854775808} == {1}}',
      [],
      'mac_exp_eval: bad conversion: 9223372036854775808',
    ],
    ['a loop', '$loop', ['unreasonable macro call nesting: "loop"']],
    ['a chain of 101 references', '$chain101', ['unreasonable macro call nesting: "end"']],
    [
      'an error, without looking behind the next bracket',
      '${set x} $(set x) $',
      ['attribute name syntax error at: "...set>>> x"'],
    ],
    [
      'two errors, telling both',
      '${set x} $',
      ['attribute name syntax error at: "...set>>> x"', 'empty macro name: "${set x} $"'],
    ],
  ]
  for (const [behaviour, value, warnings, message = error] of faults) {
    it(`fails at ${behaviour}: ${value}`, () => {
      assert.throws(
        () => expand(value, lookup),
        (fault) => {
          assert.ok(fault instanceof ExpansionFault)
          assert.deepEqual([fault.message, fault.warnings], [message, warnings])
          return true
        },
      )
    })
  }

  // What postconf(1) of 3.5.25, 3.10.13 and 3.11.7 says.
  const dialects: [mail_version: string, value: string, warning: string][] = [
    ['3.5.25', '${{3.6} >=level {3.6}?x:y}', '"{expression}" expected at: "...{3.6} >=>>>level {3.6}?x:y"'],
    ['3.5.25', '${{3.6} <> level {3.6}?x}', `${relations} expected at: "...3.6}>>><> level {3.6}?x"`],
    ['3.10.13', '$(a{)', 'attribute name syntax error at: "...a>>>{"'],
    ['3.11.7', '$(a{)', 'unbalanced {} in attribute expression: "{"'],
    ['3.11.7', '${a {b}}', 'unknown function "a" at"...>>>a{b}"'],
    ['3.11.7', '$(a{b}c)', 'unexpected input at: "...b}>>>c"'],
    ['3.11.7', '${set{b}?x}', 'unexpected input at: "...b}>>>?x"'],
  ]
  for (const [mail_version, value, warning] of dialects) {
    it(`fails as ${mail_version} does: ${value}`, () => {
      const isSame = (fault: unknown): boolean => fault instanceof ExpansionFault && fault.warnings.join() === warning
      assert.throws(() => expand(value, lookup, {dialect: dialectOf(mail_version)}), isSame)
    })
  }

  // The real postconf overflows its stack; two operands would double the work at every level.
  for (const name of ['operand_loop', 'double_loop']) {
    it(`fails at once when a loop goes through operands: ${name}`, () => {
      assert.throws(() => expand(`$${name}`, lookup), ExpansionFault)
    })
  }

  it('puts raw values in as they are', () => {
    assert.equal(expand('<$second>', lookup, {isRaw: (name) => name === 'second'}), '<$first and more>')
  })
})

describe('collapse', () => {
  const rows: [string, string][] = [
    [' a \t b\r\n', 'a b'],
    ['\va\f b\xa0', '\va\f b\xa0'],
    [' ', ''],
    ['', ''],
  ]
  for (const [value, expected] of rows) {
    it(`prints ${JSON.stringify(value)} as ${JSON.stringify(expected)}`, () => assert.equal(collapse(value), expected))
  }
})

describe('mentioned names', () => {
  const rows: [string, string[]][] = [
    ['no names', []],
    ['$a$$b $(c) ${d} $a', ['a', 'c', 'd']],
    ['${a?{$b}:{$c}}${d:$e}', ['a', 'b', 'c', 'd', 'e']],
    ['${{$a} <level {${b?$c}} ? {$d} : {$e}}', ['a', 'b', 'c', 'd', 'e']],
    ['$a ${b c} $d', ['a']],
  ]
  for (const [value, expected] of rows) {
    it(`finds ${expected.length} in ${value}`, () => assert.deepEqual(mentionedNames(value), expected))
  }
})
