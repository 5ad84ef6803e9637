/** What a shell makes of a printed command: the words that the programs in it get, whatever they are called. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fromBytes, toBytes} from '../src/model/base/text.ts'

/** Values that somebody has chosen so that they are more than a word, or more than what one sees. */
export const hostile: readonly string[] = [
  ...[
    'a b',
    "it's",
    '"',
    '\\',
    'a\\nb',
    '#',
    '*',
    '?',
    '[a-z]',
    '{a,b}',
    '~',
    '!!',
    '^a^b',
    '%s%d',
    "'%s\\033'",
    'é',
    '💀',
  ],
  ...[
    ';reboot',
    '&reboot',
    '|reboot',
    '$(reboot)',
    '`reboot`',
    '"$(reboot)"',
    "';reboot;'",
    '$HOME',
    '${IFS}',
    '(reboot)',
  ],
  ...[
    'a\nreboot',
    '\n',
    'a\n\n',
    '\t',
    '\r',
    '\x1b[2J',
    '\x9b2J',
    '\x7f',
    '\b',
    '\u202emoc',
    '\u2066',
    '\u2028',
    '\ufeff',
  ],
  ...['\udcff', 'a\udc9b1', '-rf', '--', '--all', '-'],
]

const programs = [
  ...[
    'postmulti',
    'postfix',
    'postconf',
    'postmap',
    'postcat',
    'postalias',
    'ip',
    'apt',
    'chgrp',
    'sudo',
    'vi',
    'npm',
    'ls',
    'mkdir',
    'cp',
    'mv',
    'ln',
  ],
  ...[
    'chown',
    'chmod',
    'rm',
    'ss',
    'ps',
    'prlimit',
    'systemctl',
    'dpkg-divert',
    'apt-get',
    'dpkg-reconfigure',
    'cd',
    'cat',
  ],
]

/**
 * For each line the commands in it, each as its words. Fails where a shell complains of one, runs something else, or
 * makes a file.
 */
export function readBack(lines: readonly string[], shell = '/bin/sh'): string[][][] {
  const place = mkdtempSync(join(tmpdir(), 'postmulti-words-'))
  try {
    const show = 'show() { printf "%s\\0" "$#" "$@"; }\n'
    for (const each of programs.filter((name) => name.includes('-'))) {
      writeFileSync(join(place, each), `#!/bin/sh\n${show}show ${each} "$@"\n`, {mode: 0o755})
    }
    // For patterns.
    for (const each of ['a', 'b', 'a-b', 'é']) writeFileSync(join(place, each), '')
    const before = readdirSync(place)
    // Quicker than programs, and they take the place of what is a part of the shell.
    const functions = programs.filter((name) => !name.includes('-')).map((each) => `${each}() { show ${each} "$@"; }\n`)
    const script = [show, ...functions, ...lines.map((each) => `${each}\nprintf '0\\0'\n`)].join('')
    const {stdout, stderr, status} = spawnSync(shell, ['-s'], {
      input: toBytes(script),
      cwd: place,
      env: {PATH: place},
      maxBuffer: 1 << 28,
    })
    assert.equal(`${stderr}${status}`, '0')
    assert.deepEqual(readdirSync(place), before)
    return parse(fromBytes(stdout))
  } finally {
    rmSync(place, {recursive: true})
  }
}

/** Each command is preceded by the number of its words; 0 ends a line. */
function parse(printed: string): string[][][] {
  const fields = printed.split('\0').slice(0, -1)
  const lines: string[][][] = []
  let commands: string[][] = []
  while (fields.length > 0) {
    const count = Number(fields.shift())
    if (count > 0) commands.push(fields.splice(0, count))
    else {
      lines.push(commands)
      commands = []
    }
  }
  return lines
}
