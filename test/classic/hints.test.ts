import assert from 'node:assert/strict'
import {readCommandLine} from '../../src/classic/command-line.ts'
import {hintOnScope} from '../../src/classic/hints.ts'
import {listOf, secondary} from '../values.ts'

const list = listOf(secondary('postfix-out', {multi_instance_group: 'mta'}), secondary('postfix-in'))

describe('a hint at a terminal', () => {
  const late: [words: string, instead: string | undefined][] = [
    ['-x postfix stop -i out', 'postmulti -i out -x postfix stop'],
    ['-x postfix stop -i nobody', 'postmulti -i nobody -x postfix stop'],
    ['-x /usr/sbin/postfix stop -gmta', 'postmulti -gmta -x /usr/sbin/postfix stop'],
    ['-p stop -i postfix-in', 'postmulti -i postfix-in -p stop'],
    ['-x postqueue -p -i out', 'postmulti -i out -x postqueue -p'],
    ['-x postqueue -i 4bQ1Z2', undefined],
    ['-x sendmail -G -i', undefined],
    ['-x grep -i error', undefined],
    ['-i out -x postfix stop -i in', undefined],
    ['-g mta -x postqueue -i out', undefined],
    ['-l', undefined],
  ]
  for (const [words, instead] of late) {
    it(`${instead === undefined ? 'are silent' : 'say where the selection belongs'}: ${words}`, () => {
      const line = readCommandLine(words.split(' '), 'postmulti', () => {})
      assert.ok('walk' in line)
      const hint = hintOnScope(line.walk, list)
      assert.equal(hint === undefined ? undefined : hint.split('For some: ')[1], instead)
    })
  }
})
