/** Which instances of a large host stand as one in a picture. */
import assert from 'node:assert/strict'
import {drawAlike} from '../../src/flow/alike.ts'
import {drawFlow} from '../../src/flow/draw.ts'
import type {View} from '../../src/flow/view.ts'
import {hostOf, readmeHost, view} from './hosts.ts'

describe('what looks alike in the flow', () => {
  it('is shown each for itself on a small host', () => {
    const flow = drawFlow(readmeHost())
    assert.equal(drawAlike(flow).spots.length, flow.nodes.length)
  })

  it('stands as one: a hundred senders, with all ways to them', () => {
    const keys = Object.fromEntries(
      Array.from({length: 100}, (_, at) => [`@c${at}.example`, `[127.0.0.1]:${20000 + at}`]),
    )
    const submit = view('postfix-submit', {main: {sender_dependent_relayhost_maps: 'hash:/s', relayhost: '[hub]'}})
    const flow = drawFlow(hostOf([...senders(100), submit], {tables: {'hash:/s': keys}}))
    const {spots, bundles} = drawAlike(flow)
    assert.deepEqual(sizes(spots), [100])
    const [way] = bundles.filter(({from}) => from.endsWith('postfix-submit')).filter(({edges}) => edges.length > 1)
    assert.equal(way?.edges.length, 100)
    assert.deepEqual(way.mail, [{class: 'sender', of: Object.keys(keys)}])
    assert.equal(bundles.flatMap(({edges}) => edges).length, flow.edges.length)
  })

  const apart: [what: string, other: View][] = [
    ['is disabled', sender(50, {enabled: false})],
    ['is of another group', sender(50, {group: 'other'})],
    ['sends mail somewhere else', sender(50, {main: {default_transport: 'smtp:[elsewhere.example]'}})],
    ['has another class of mail', sender(50, {main: {mydestination: 'x.example'}})],
    ['has a transport that is not there', sender(50, {main: {default_transport: 'nothing'}})],
    ['listens for everybody', sender(50, {main: {inet_interfaces: 'all'}, master: ['25 inet n - n - - smtpd']})],
  ]
  for (const [what, other] of apart) {
    it(`stays apart from them when it ${what}`, () => {
      const all = senders(100).map((each, at) => (at === 50 ? other : each))
      const {spots} = drawAlike(drawFlow(hostOf(all)))
      assert.deepEqual(sizes(spots), [99])
      assert.ok(spots.some(({nodes}) => nodes.length === 1 && nodes[0].label === 'postfix-50'))
    })
  }

  it('is few, also where each instance is different', () => {
    const chain = Array.from({length: 500}, (_, at) =>
      view(`postfix-${at}`, {
        group: `g${at % 70}`,
        main: {default_transport: `smtp:[127.0.0.1]:${20001 + at}`},
        master: [`${20000 + at} inet n - n - - smtpd`],
      }),
    )
    assert.ok(drawAlike(drawFlow(hostOf(chain))).spots.length <= 60)
  })
})

function senders(count: number): View[] {
  return Array.from({length: count}, (_, at) => sender(at))
}

function sender(at: number, {main = {}, ...more}: Parameters<typeof view>[1] = {}): View {
  return view(`postfix-${at}`, {
    master: [`127.0.0.1:${20000 + at} inet n - n - - smtpd`],
    main: {default_transport: 'smtp:[hub]', ...main},
    ...more,
  })
}

function sizes(spots: readonly {nodes: readonly unknown[]}[]): number[] {
  return spots.map(({nodes}) => nodes.length).filter((each) => each > 1)
}
