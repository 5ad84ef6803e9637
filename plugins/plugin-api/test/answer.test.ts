import assert from 'node:assert/strict'
import {checkAnswer} from '../src/answer.ts'
import {
  type Event,
  first,
  link,
  makeDirectory,
  note,
  refuse,
  removeFile,
  runProgram,
  setParameter,
  warn,
  writeFile,
} from '../src/index.ts'

const out = '/etc/postfix-out'

describe('an answer', () => {
  const good: [what: string, answer: unknown, event?: Event][] = [
    ['nothing', []],
    ['all findings', [refuse('no'), warn('hm'), note('so', {rule: 'r', suggestions: ['postmulti -l'], instance: out})]],
    [
      'suggestions as words',
      [
        warn('hm', {
          suggestions: [
            ['postmulti', '-l'],
            ['rm', 'a\nb', ''],
          ],
        }),
      ],
    ],
    ['members that are undefined', [{verdict: 'warn', message: 'hm', rule: undefined}]],
    [
      'all steps',
      [
        makeDirectory('/etc/a'),
        writeFile('/etc/a/b', ''),
        removeFile('/etc/a/c'),
        link('/etc/a/d', '/etc/a/b'),
        setParameter(out, 'syslog_name', 'postfix-out'),
        setParameter(out, 'smtp-out_destination_concurrency_limit', null),
        first(runProgram(['make', '-C', out], {directory: out, changes: [`${out}/a.cdb`], undo: ['true']})),
      ],
    ],
    ['a warning and a step after the change', [warn('hm'), makeDirectory('/etc/a')], 'post-create'],
    ['a refusal of one instance to start', [refuse('no', {instance: out})], 'pre-start'],
    ['a file of somebody', [writeFile('/etc/a', '', {owner: {uid: 101, gid: 0}})]],
    ['a file of several lines', [writeFile('/etc/a', 'a\nb\n', {mode: 0o7777})]],
    ['dots that lead nowhere', [removeFile('/etc/a..b/...')]],
  ]
  for (const [what, answer, event = 'pre-create'] of good) {
    it(`may hold ${what}`, () => assert.equal(checkAnswer(answer, event), undefined))
  }

  const whole: [answer: unknown, fault: string][] = [
    [undefined, 'the answer is undefined, not an array of findings and steps'],
    [null, 'the answer is null, not an array of findings and steps'],
    ['ok', 'the answer is "ok", not an array of findings and steps'],
    [refuse('no'), 'the answer is an object, not an array of findings and steps'],
  ]
  for (const [answer, fault] of whole)
    it(`is not good: ${fault}`, () => assert.equal(checkAnswer(answer, 'pre-set'), fault))

  const elements: [element: unknown, fault: string, event?: Event][] = [
    [null, 'is null, not a finding or a step'],
    [[], 'is an array, not a finding or a step'],
    [{}, "has neither 'verdict', as a finding has, nor 'do', as a step has"],
    [{verdict: 'allow', message: 'x'}, 'has the verdict "allow", which is not refuse, warn or note'],
    [{verdict: 'warn'}, "lacks 'message'"],
    [warn(''), `has "" as 'message', not text in one line`],
    [warn('a\nb'), `has "a\\nb" as 'message', not text in one line`],
    [warn('a\0'), `has "a\\u0000" as 'message', not text in one line`],
    [{...warn('a'), message: 7}, "has 7 as 'message', not text in one line"],
    [{...warn('a'), hint: 'b'}, 'has an unknown member: "hint"'],
    [{...warn('a'), do: 'link'}, 'has an unknown member: "do"'],
    [
      {...warn('a'), suggestions: 'b'},
      `has "b" as 'suggestions', not an array of arrays of words, or of texts in one line each`,
    ],
    [
      warn('a', {suggestions: [[]]}),
      `has an array as 'suggestions', not an array of arrays of words, or of texts in one line each`,
    ],
    [
      warn('a', {suggestions: ['a\nb']}),
      `has an array as 'suggestions', not an array of arrays of words, or of texts in one line each`,
    ],
    [{...warn('a'), instance: 'postfix-out'}, `has "postfix-out" as 'instance', not an absolute path without '..'`],
    [refuse('no'), 'refuses, but the change is already made', 'post-create'],
    [{do: 'format disk'}, 'is an unknown step: "format disk"'],
    [{do: 'constructor'}, 'is an unknown step: "constructor"'],
    [removeFile('/a'), 'is a step: hooks of pre-start cannot add steps', 'pre-start'],
    [{do: 'write file', path: '/a'}, "lacks 'text'"],
    [{do: 'add line', path: '/a'}, "lacks 'line'"],
    [{do: 'add line', path: '/a', line: 'a\nb'}, `has "a\\nb" as 'line', not text in one line`],
    [
      {do: 'remove line', path: '/etc/postfix-a/main.cf', line: 'a = b'},
      `has "/etc/postfix-a/main.cf" as 'path', not an absolute path without '..' of a file other than main.cf, which has 'set parameter'`,
    ],
    [removeFile('a'), `has "a" as 'path', not an absolute path without '..'`],
    [removeFile('/etc/postfix/../shadow'), `has "/etc/postfix/../shadow" as 'path', not an absolute path without '..'`],
    [removeFile('/a\0b'), `has "/a\\u0000b" as 'path', not an absolute path without '..'`],
    [link('/a', 'b'), `has "b" as 'target', not an absolute path without '..'`],
    [writeFile('/a', '', {mode: 0o10000}), "has 4096 as 'mode', not a whole number from 0 to 0o7777"],
    [writeFile('/a', '', {mode: 1.5}), "has 1.5 as 'mode', not a whole number from 0 to 0o7777"],
    ...[{uid: -1, gid: 0}, {uid: 1}, {uid: 1, gid: 0xffffffff}, {uid: 1, gid: 1, mode: 1}].map(
      (owner): [unknown, string] => [
        {...writeFile('/a', ''), owner},
        "has an object as 'owner', not an object of uid and gid, whole numbers",
      ],
    ),
    [{...removeFile('/a'), first: 'yes'}, `has "yes" as 'first', not true or false`],
    [{...removeFile('/a'), mode: 0o644}, 'has an unknown member: "mode"'],
    [runProgram([]), "has an array as 'words', not an array of at least one word, none of them empty"],
    [runProgram(['a', '']), "has an array as 'words', not an array of at least one word, none of them empty"],
    [runProgram(['a'], {changes: ['b']}), "has an array as 'changes', not an array of absolute paths"],
    [setParameter(out, '-x', 'c'), `has "-x" as 'name', not the name of a parameter`],
    [setParameter(out, 'a b', 'c'), `has "a b" as 'name', not the name of a parameter`],
    [setParameter(out, 'a', 'b\nc = d'), `has "b\\nc = d" as 'value', not text in one line, or null`],
    [setParameter(out, 'queue_directory', '/a'), 'sets queue_directory, which only the change itself sets'],
    [setParameter(out, 'multi_instance_enable', null), 'sets multi_instance_enable, which only the change itself sets'],
  ]
  for (const [element, fault, event = 'pre-create'] of elements) {
    it(`is not good when an element ${fault}`, () => {
      assert.equal(checkAnswer([note('first'), element], event), `element 2 of the answer ${fault}`)
    })
  }
})
