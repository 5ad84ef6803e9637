/** The flow of mail as text, in languages for drawings, and as a picture. */
import assert from 'node:assert/strict'
import {drawFlow} from '../../src/flow/draw.ts'
import {findRemarks} from '../../src/flow/troubles.ts'
import type {FlowHost} from '../../src/flow/view.ts'
import {toFlowJson} from '../../src/report/flow-json.ts'
import {toDot, toMermaid, toSvg} from '../../src/report/flow-picture.ts'
import {toFlowText} from '../../src/report/flow-text.ts'
import {hostOf, readmeHost, view} from '../flow/hosts.ts'

const plain = {width: undefined, paint: (_style: string, text: string) => text}

describe('picture of the flow', () => {
  it('as text has the ways in and out of each instance, and says what is a guess', () => {
    assert.deepEqual(text(readmeHost()).split('\n'), [
      'postfix  host.example.com',
      '    <- sendmail      anyone',
      '    <- *:25 (smtpd)  switched off by master_service_disable',
      '    -> [mailhub.example.com]:25  everything else by smtp [relayhost]',
      '',
      'postfix-out  host.example.com  group mta',
      '    <- sendmail                 root',
      '    <- 127.0.0.1:10026 (smtpd)  from [127.0.0.1]:10025 (a guess)',
      '    -> [mailhub.example.com]:25      relayed for example.com, .example.com by relay (smtp) [relay_transport]',
      "    -> MX of the recipient's domain  everything else by smtp [default_transport]",
      '',
      'postfix-in  host.example.com  group mta',
      '    <- 192.0.2.25:25 (smtpd)  from network',
      '    -> [127.0.0.1]:10025  relayed for example.com, everything else by smtp [relay_transport, default_transport]',
      '',
      '[127.0.0.1]:10025',
      '    -> postfix-out 127.0.0.1:10026  a guess: nothing else of group mta is made for a filter and left to it',
    ])
  })

  it('as text says what does not work, and what goes round', () => {
    const a = {main: {default_transport: 'smtp:[127.0.0.1]:10026'}, master: ['127.0.0.1:10025 inet n - n - - smtpd']}
    const b = {main: {default_transport: 'smtp:[127.0.0.1]:10025'}, master: ['127.0.0.1:10026 inet n - n - - smtpd']}
    const c = {
      main: {default_transport: 'smtp:[127.0.0.1]:10027', relay_domains: 'x.example', relay_transport: 'error:no'},
    }
    const shown = text(hostOf([view('postfix-a', a), view('postfix-b', b), view('postfix-c', c)], {open: []}))
    assert.match(shown, /! nobody listens on \[127\.0\.0\.1\]:10027: mail that postfix-c sends there is deferred/)
    assert.match(shown, /-> returned: no .* {2}dead end$/m)
    assert.match(shown, /^loop: mail for the rest of the world goes round: postfix-a, postfix-b, postfix-a$/m)
    assert.match(shown, /^unreachable: postfix-c gets no mail/m)
  })

  it('lets no name move the cursor', () => {
    const host = hostOf([view('postfix-a', {main: {default_transport: 'error:\x1b[2J'}})])
    assert.ok(!text(host).includes('\x1b'))
  })

  // A name may be anything: here it would end a string, and a node.
  const odd = hostOf([view('postfix-a', {main: {default_transport: 'error:"] \\ <b>#'}})])

  it('in the language of Graphviz has a box for each group, and dashes for guesses', () => {
    const dot = toDot(drawFlow(readmeHost()))
    assert.match(dot, /subgraph cluster_0 \{\n {4}label="mta"/)
    assert.match(dot, /-> n\d \[label="a guess", style="dashed"/)
    assert.ok(toDot(drawFlow(odd)).includes('label="returned: \\"] \\\\ <b>#"'))
  })

  it('in the language of Mermaid has the same', () => {
    const mermaid = toMermaid(drawFlow(readmeHost()))
    assert.match(mermaid, /^flowchart LR\n/)
    assert.match(mermaid, /subgraph g0\["mta"\]/)
    assert.match(mermaid, /n\d -\.->\|"a guess"\| n\d/)
    assert.ok(toMermaid(drawFlow(odd)).includes('"returned: #34;] \\ #60;b#62;#35;"'))
  })

  it('is an SVG with every instance in it', async function () {
    this.timeout(10_000)
    const svg = await toSvg(drawFlow(readmeHost()))
    assert.match(svg, /<svg /)
    for (const each of ['postfix-out', 'postfix-in', '[127.0.0.1]:10025'])
      assert.ok(svg.replaceAll('&#45;', '-').includes(each), each)
    assert.match(svg, /stroke-dasharray/)
    assert.match(await toSvg(drawFlow(odd)), /returned: &quot;\] \\ &lt;b&gt;#/)
  })

  it('marks an instance that gets no mail, and those that mail goes round in, in every one of them', async function () {
    this.timeout(10_000)
    const toEachOther = (own: number, other: number) => ({
      main: {default_transport: `smtp:[127.0.0.1]:${other}`},
      master: [`127.0.0.1:${own} inet n - n - - smtpd`],
    })
    const host = hostOf([view('a', toEachOther(26, 27)), view('b', toEachOther(27, 26)), view('lonely')])
    const flow = drawFlow(host)
    const remarks = findRemarks(flow, host)
    const count = (picture: string, mark: string): number => picture.split(mark).length - 1
    for (const picture of [toDot(flow, remarks), toMermaid(flow, remarks), await toSvg(flow, remarks)]) {
      assert.deepEqual([count(picture, 'on the way of a loop'), count(picture, 'gets no mail')], [2, 1], picture)
    }
    assert.match(toFlowText(flow, remarks, plain), /^unreachable: lonely gets no mail: /m)
    assert.deepEqual(toFlowJson(flow, remarks).remarks, remarks)
  })

  it('is an SVG that leaves out no way, however many there are', async function () {
    this.timeout(10_000)
    const chain = Array.from({length: 100}, (_, at) =>
      view(`postfix-t${at}`, {
        group: `g${Math.trunc(at / 10)}`,
        main: {
          authorized_submit_users: 'root',
          mydestination: `t${at}.example`,
          relay_domains: `d${at}.example`,
          relay_transport: `smtp:[hub${at}.example]`,
          default_transport: `smtp:[127.0.0.1]:${20001 + at}`,
        },
        master: [`${20000 + at} inet n - n - - smtpd`],
      }),
    )
    const flow = drawFlow(hostOf(chain))
    assert.equal((await toSvg(flow)).split('class="edge"').length - 1, flow.edges.length)
  })
})

function text(host: FlowHost): string {
  const flow = drawFlow(host)
  return toFlowText(flow, findRemarks(flow, host), plain)
}
