import assert from 'node:assert/strict'
import {type RunReport, withoutRun} from '../../../src/model/change/run-report.ts'
import type {Listed} from '../../../src/model/instance/instance.ts'
import {describeRun, inOrder, newsOf, toRunJson, toStatus} from '../../../src/report/terminal/run-reports.ts'
import {broken, primary, secondary} from '../../values.ts'

const out = secondary('postfix-out', {multi_instance_group: 'mta'})

describe('report of a run', () => {
  const rows: [report: RunReport, line: string | undefined][] = [
    [ended('start', 0), 'postfix-out: started'],
    [ended('stop', 0), 'postfix-out: stopped'],
    [ended('logrotate', 0), undefined],
    [ended('logrotate', 1), 'postfix-out: logrotate failed with status 1'],
    [ended('start', 137), 'postfix-out: start failed, ended by signal 9'],
    [ended('start', 0, primary), '/etc/postfix: started'],
    [
      {...ended('reload', 1), reason: 'restart needed: inet_interfaces'},
      'postfix-out: reload failed: restart needed: inet_interfaces',
    ],
    [withoutRun(out, 'start', 'it runs already', 0), 'postfix-out: it runs already'],
    [withoutRun(out, 'start', 'interrupted', 1), 'postfix-out: start was not run: interrupted'],
    [
      withoutRun(broken('/etc/postfix-x'), 'stop', 'cannot be read', 1),
      '/etc/postfix-x: stop was not run: cannot be read',
    ],
  ]
  for (const [report, line] of rows) {
    it(`is ${line === undefined ? 'nothing for a word whose output says it all' : `'${line}'`}`, () => {
      assert.equal(describeRun(report), line)
    })
  }

  it('has null for a nameless instance, and for one that cannot be read; a label for both', () => {
    const reports = [ended('check', 0, primary), withoutRun(broken('/etc/postfix-x'), 'check', 'cannot be read', 1)]
    assert.deepEqual(
      reports.map(toRunJson).map((each) => [each.multi_instance_name, each.label]),
      [
        [null, '/etc/postfix'],
        [null, '/etc/postfix-x'],
      ],
    )
  })

  const statuses: [statuses: number[], status: number][] = [
    [[], 0],
    [[0, 0], 0],
    [[1], 1],
    [[1, 127], 1],
    [[0, 1], 4],
  ]
  for (const [each, status] of statuses) {
    it(`makes ${status} of ${each.join(' and ') || 'nothing'}`, () => {
      assert.equal(toStatus(each.map((one) => ended('start', one))), status)
    })
  }

  it('has once what programs say again and again', () => {
    const stderr = Buffer.from(
      'postconf: warning: x\npostconf: warning: x\npostconf: warning: x\nfatal: y\npostconf: warning: x\n',
    )
    assert.equal(
      String(newsOf({...ended('start', 1), stderr})),
      'postconf: warning: x (3 times)\nfatal: y\npostconf: warning: x\n',
    )
    assert.equal(String(newsOf({...ended('ls', 1), stderr})), String(stderr))
  })

  it('is held back until those before it are told', () => {
    const told: string[] = []
    const tell = inOrder(({word}) => void told.push(word))
    tell(2, ended('c', 0))
    tell(0, ended('a', 0))
    assert.deepEqual(told, ['a'])
    tell(1, ended('b', 0))
    assert.deepEqual(told, ['a', 'b', 'c'])
  })
})

function ended(word: string, status: number, instance: Listed = out): RunReport {
  return {...withoutRun(instance, word, '', 0), status, skipped: null}
}
