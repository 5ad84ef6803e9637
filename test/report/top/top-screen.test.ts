/** The full screen of `postmulti top`, line by line. */
import assert from 'node:assert/strict'
import {arrangeRows, type ObservedInstance, type Sample} from '../../../src/model/top/top.ts'
import {firstView, type TopView} from '../../../src/model/top/top-view.ts'
import {pageOf, type ScreenSize, toScreen} from '../../../src/report/top/top-screen.ts'
import {broken, primary, secondary} from '../../values.ts'

const time = new Date(2026, 10, 25, 10, 17, 3)
const none = {maildrop: 0, incoming: 0, active: 0, deferred: 0, hold: 0, corrupt: 0}
const idle: ObservedInstance = {
  instance: primary,
  state: null,
  queued: none,
  oldest: null,
  processes: 0,
  fullest: null,
  rates: {in: 0, sent: 0, deferred: 0, bounced: 0, rejected: 0},
}
const out: ObservedInstance = {
  instance: secondary('postfix-out', {multi_instance_group: 'mta'}),
  state: {pid: 4711, since: new Date(2026, 10, 25, 10, 0, 0)},
  queued: {...none, maildrop: 3, active: 9999, deferred: 123_456, hold: 7},
  oldest: new Date(2026, 10, 25, 7, 0, 0),
  processes: 23,
  fullest: {service: 'smtp/inet', processes: 19, limit: 20},
  rates: {in: 0.5, sent: 12.4, deferred: 1_234_567, bounced: 0, rejected: 99.6},
}
const sample: Sample = {time, observed: [idle, out], damaged: [broken('/etc/postfix-bad')], unseen: new Map()}
const ordinary: ScreenSize = {columns: 80, lines: 24}

describe('screen of top', () => {
  it('of 80 by 24 has state, queues, rates and age of each instance, and more about the selected one', () => {
    assert.deepEqual(draw(ordinary, {view: {selected: '/etc/postfix-out'}}), [
      'postmulti top  mta1  10:17:03  every 2 s, in start order',
      '3 instances, 1 running, 1 stopped, 1 broken; 133465 messages waiting',
      'per minute, hop by hop: 0.5 in, 12 sent, 1M deferred, 0 bounced, 100 rejected',
      '                          -------- queues -------- ------ per minute ------',
      ' INSTANCE        STATE    DROP  INC  ACT  DEF HOLD   IN SENT  DEF  BNC  REJ  AGE',
      ' /etc/postfix    stopped     0    0    0    0    0    0    0    0    0    0    -',
      '>postfix-out     running     3    0 9999 123k    7  0.5   12   1M    0  100   3h',
      ` postfix-bad     broken   /etc/postfix-bad/main.cf, line 7: missing '=' after a…`,
      ...Array.from({length: 12}, () => ''),
      'postfix-out in mta, /etc/postfix-out; oldest message of 2026-11-25 07:00',
      'runs since 2026-11-25 10:00 with pid 4711; 23 processes, smtp/inet 19 of 20',
      'maildrop 3, incoming 0, active 9999, deferred 123456, hold 7, corrupt 0',
      'q quit  ? help  / filter  < > sort  r reverse  arrows move',
    ])
  })

  it('of 100 columns has pids, processes, and how near a service is to its limit', () => {
    const [, , , , headings, , row] = draw({columns: 100, lines: 24}, {})
    assert.match(headings!, /STATE +PID PROC FULL DROP/)
    assert.match(row!, /running +4711 +23 +95% +3 /)
  })

  it('tells why an instance cannot be read', () => {
    const lines = draw(ordinary, {view: {selected: '/etc/postfix-bad'}})
    assert.deepEqual(lines.slice(20, 23), [
      '/etc/postfix-bad cannot be read:',
      '/etc/postfix-bad/main.cf, line 7',
      `missing '=' after attribute name: "oops"`,
    ])
  })

  it('leaves out postfix- where a name would be cut', () => {
    const long = {...idle, instance: secondary('postfix-customer-1')}
    const names = draw(ordinary, {sample: {...sample, observed: [long, out]}}).slice(5, 7)
    assert.deepEqual(
      names.map((each) => each.slice(1, 16).trim()),
      ['customer-1', 'out'],
    )
  })

  it('has a question mark for what only root may see', () => {
    const unseen: ObservedInstance = {...idle, state: 'unknown', queued: null, processes: null, rates: null}
    const lines = draw(ordinary, {sample: {...sample, observed: [unseen]}})
    assert.match(lines[5]!, /unknown +(?:\? +){10}-$/)
    assert.match(lines.slice(20).join('\n'), /running: \? \(needs root\); processes unknown\nqueues: \? \(needs root\)/)
  })

  it('shows what is filtered, and what is typed for it', () => {
    const lines = draw(ordinary, {view: {filter: 'out', isTyping: true}})
    assert.match(lines[3]!, /^ 1 with 'out' +---/)
    assert.equal(lines.at(-1), 'Filter: out_   Enter keeps it, Esc clears it')
  })

  it('says which rows are seen, where not all are', () => {
    const observed = Array.from({length: 1000}, (_, at) => ({...idle, instance: secondary(`postfix-${at + 1}`)}))
    const lines = draw(ordinary, {sample: {...sample, observed}, view: {selected: '/etc/postfix-500'}})
    assert.match(lines.at(-1)!, /487-500 of 1001$/)
    assert.equal(lines.filter((each) => each.startsWith('>')).length, 1)
  })

  const sizes: ScreenSize[] = [ordinary, {columns: 40, lines: 10}, {columns: 10, lines: 3}, {columns: 300, lines: 60}]
  for (const size of sizes) {
    for (const showsHelp of [false, true]) {
      it(`of ${size.columns} by ${size.lines} is not larger than that${showsHelp ? ', with help' : ''}`, () => {
        const lines = draw(size, {view: {showsHelp}})
        assert.ok(lines.length <= size.lines, String(lines.length))
        assert.ok(Math.max(...lines.map((each) => each.length)) <= size.columns)
      })
    }
  }

  it('has rows also where there are but a few lines', () => {
    assert.equal(pageOf({columns: 80, lines: 10}), 4)
    assert.equal(pageOf({columns: 80, lines: 2}), 1)
  })

  it('lets no name or reason move the cursor', () => {
    const evil: Sample = {
      time,
      observed: [{...idle, instance: secondary('postfix-\x1b[2J')}],
      damaged: [{...broken('/etc/postfix-\x9b31m'), reason: 'a\rb\x07'}],
      unseen: new Map(),
    }
    for (const selected of ['/etc/postfix-\x1b[2J', '/etc/postfix-\x9b31m']) {
      assert.doesNotMatch(
        draw(ordinary, {sample: evil, view: {selected}, notice: 'x\x1by'}).join(''),
        /[\0-\x1f\x7f-\x9f]/,
      )
    }
  })
})

function draw(
  screen: ScreenSize,
  {view: changes = {}, sample: of = sample, notice}: {view?: Partial<TopView>; sample?: Sample; notice?: string},
): string[] {
  const view = {...firstView, ...changes}
  const seen = {sample: of, rows: arrangeRows(of, view), view, host: 'mta1', interval: 2, notice}
  return toScreen(seen, screen, (_, text) => text)
}
