import assert from 'node:assert/strict'
import {readCommandLine} from '../../src/classic/command-line.ts'
import {hintOnScope} from '../../src/classic/hints.ts'
import {hintOnRefusal, hintOnRestart} from '../../src/classic/mistyped.ts'
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
      assert.ok('iterate' in line)
      const hint = hintOnScope(line.iterate, list)
      assert.equal(hint === undefined ? undefined : hint.split('For some: ')[1], instead)
    })
  }

  const complaints: [words: string, hint: string | undefined, complaint?: string][] = [
    ['-I clearnet -e enable', '-I gives a new name, -i selects an instance: postmulti -i clearnet -e enable'],
    ['-I out -e create', 'names of instances begin with postfix-: postmulti -I postfix-out -e create'],
    ['-I a-b -G mta -e import', 'names of instances begin with postfix-: postmulti -I postfix-a-b -G mta -e import'],
    ['-I postfix-out -e create', undefined],
    ['-I - -e create', undefined],
    ['-i out -e start', 'start is a command, not a change: postmulti -i out -p start'],
    ['-i out -e restart', 'postfix(1) has no restart: postmulti instances restart out'],
    [
      '-I postfix-z -e create a=b -G mta',
      'options come before NAME=VALUE: postmulti -I postfix-z -e create -G mta a=b',
    ],
    ['-i otu -e enable', 'did you mean: postmulti -i postfix-out -e enable'],
    ['-i otu -p stop', 'did you mean: postmulti -i postfix-out -p stop'],
    ['-i nothing-like-it -p stop', undefined],
    ['-h', 'postmulti --help shows what else there is', 'Usage:postmulti -l'],
    ['-e destroy', undefined],
  ]
  for (const [words, hint, complaint = ''] of complaints) {
    it(`${hint === undefined ? 'adds nothing' : 'says what to type'}: ${words}`, () => {
      assert.equal(hintOnRefusal(complaint, words.split(' '), list), hint)
    })
  }

  it('says that postfix(1) has no restart', () => {
    const hint = hintOnRestart('-g mta -p restart'.split(' '))
    assert.equal(hint, 'postfix(1) has no restart: postmulti instances restart --group mta')
  })
})
