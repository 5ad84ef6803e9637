import assert from 'node:assert/strict'
import {logicalLines, parseMainCf} from '../../../src/model/main-cf/lines.ts'

describe('lines', () => {
  const entries: [string, string, [string, string, number][]][] = [
    [
      'keeps file order and both of two entries with one name',
      'a = 1\nb=2\na = 3\n',
      [
        ['a', '1', 1],
        ['b', '2', 2],
        ['a', '3', 3],
      ],
    ],
    ['does without a final newline', 'a = 1', [['a', '1', 1]]],
    [
      'keeps an empty value',
      'a =\nb =   \n',
      [
        ['a', '', 1],
        ['b', '', 2],
      ],
    ],
    ['keeps two spaces and a later = in a value', 'a = x  y = z \n', [['a', 'x  y = z', 1]]],
    ['inserts nothing at a join and trims only the ends', 'a = x \n\ty\r\n  z\r\n', [['a', 'x \ty\r  z', 1]]],
    ['continues across comments and blank lines', 'a = 1\n# no\n\n   # no\n \t\n  2\n', [['a', '1  2', 1]]],
    ['continues after VT, FF and CR as well', 'a = 1\n\v2\n\f3\n\r4\n', [['a', '1\v2\f3\r4', 1]]],
    [
      'counts from the first line with content',
      '# no\n\n \na\n = 1\n# no\nb = 2\n',
      [
        ['a', '1', 4],
        ['b', '2', 7],
      ],
    ],
    [
      'takes a # inside a line for data',
      'a = 1 # 2\nb#c = 3\n',
      [
        ['a', '1 # 2', 1],
        ['b#c', '3', 2],
      ],
    ],
    [
      'gives a backslash at the end no meaning',
      'a = 1\\\nb = 2\n',
      [
        ['a', '1\\', 1],
        ['b', '2', 2],
      ],
    ],
    [
      'accepts any name without white space',
      '${x} = 1\n\xef\xbb\xbfa = 2\n',
      [
        ['${x}', '1', 1],
        ['\xef\xbb\xbfa', '2', 2],
      ],
    ],
    [
      'takes a byte above 0x7f for data, not for a blank',
      'a = \xa0\n\x85b = 1\n',
      [
        ['a', '\xa0', 1],
        ['\x85b', '1', 2],
      ],
    ],
    [
      'reads up to a NUL, for the whole logical line',
      'a = 1\x002\n  3\nb = 4\n',
      [
        ['a', '1', 1],
        ['b', '4', 3],
      ],
    ],
    ['finds nothing in an empty file', '', []],
    ['finds nothing in comments and blank lines', '# a\n\n\r\n #b', []],
  ]
  for (const [behaviour, text, expected] of entries) {
    it(behaviour, () => {
      const parsed = parseMainCf(text)
      assert.deepEqual(parsed, {entries: expected.map(([name, value, line]) => ({name, value, line}))})
    })
  }

  const faults: [string, string, number, string][] = [
    ['a name without =', 'a = 1\ntext\n', 2, `missing '=' after attribute name: "text"`],
    ['a blank inside a name', '# no\na b = 1\n', 2, `missing '=' after attribute name: "a b = 1"`],
    ['a line without a name', '= 1\n 2\n', 1, 'missing attribute name: "= 1 2"'],
    ['a line that begins with NUL', '\0a = 1\n', 1, 'missing attribute name: ""'],
    ['bytes that do not print, shown as question marks', 'a\xe9\tb\n', 1, `missing '=' after attribute name: "a??b"`],
  ]
  for (const [behaviour, text, line, reason] of faults) {
    it(`stops at ${behaviour}`, () => {
      const {fault, entries} = parseMainCf(`${text}later = 1\n`)
      assert.deepEqual(fault, {line, reason})
      assert.ok(!entries.some(({name}) => name === 'later'))
    })
  }

  it('does without indented text at the top, whole and with a warning', () => {
    assert.deepEqual(parseMainCf('# no\n a = 1\n  2\nb = 3\n'), {
      entries: [{name: 'b', value: '3', line: 4}],
      indented: ['logical line must not start with whitespace: " a = 1  2"'],
    })
  })

  it('cuts the quotation in that warning at 30 characters', () => {
    assert.deepEqual(parseMainCf(`\t${'x'.repeat(29)}`).indented, [
      `logical line must not start with whitespace: "?${'x'.repeat(29)}"`,
    ])
    assert.deepEqual(parseMainCf(`\t${'x'.repeat(30)}`).indented, [
      `logical line must not start with whitespace: "?${'x'.repeat(29)}..."`,
    ])
  })

  it('gives the logical lines of a master.cf', () => {
    const text = '# service\nsmtp inet n - y - - smtpd\n  -o a=b\n\npickup unix n - y 60 1 pickup\n'
    assert.deepEqual(
      [...logicalLines(text)],
      [
        {text: 'smtp inet n - y - - smtpd  -o a=b', line: 2},
        {text: 'pickup unix n - y 60 1 pickup', line: 5},
      ],
    )
  })
})
