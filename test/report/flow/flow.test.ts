/** The flow of mail as text, in languages for drawings, and as a picture. */
import assert from 'node:assert/strict'
import {drawAlike, drawEach} from '../../../src/flow/alike.ts'
import {drawFlow} from '../../../src/flow/draw.ts'
import {findRemarks} from '../../../src/flow/troubles.ts'
import type {FlowHost} from '../../../src/flow/view.ts'
import {toFlowJson} from '../../../src/report/flow/flow-json.ts'
import {toDot, toMermaid, toSvg} from '../../../src/report/flow/flow-picture.ts'
import {toFlowText} from '../../../src/report/flow/flow-text.ts'
import {hostOf, readmeHost, view} from '../../flow/hosts.ts'

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
      '    -> postfix-out 127.0.0.1:10026  a guess: it alone of group mta is made for filters, and nothing else uses it',
    ])
  })

  it('as text says what does not work, and what goes round', () => {
    const a = {main: {default_transport: 'smtp:[127.0.0.1]:10026'}, master: ['127.0.0.1:10025 inet n - n - - smtpd']}
    const b = {main: {default_transport: 'smtp:[127.0.0.1]:10025'}, master: ['127.0.0.1:10026 inet n - n - - smtpd']}
    const c = {
      main: {default_transport: 'smtp:[127.0.0.1]:10027', relay_domains: 'x.example', relay_transport: 'error:no'},
    }
    const shown = text(hostOf([view('postfix-a', a), view('postfix-b', b), view('postfix-c', c)], {open: []}))
    assert.match(shown, /! no listener on \[127\.0\.0\.1\]:10027: mail that postfix-c sends there is deferred/)
    assert.match(shown, /-> returned: no .* {2}dead end$/m)
    assert.match(shown, /^loop: mail for the rest of the world goes round: postfix-a, postfix-b, postfix-a$/m)
    assert.match(shown, /^unreachable: postfix-c gets no mail/m)
  })

  it('as text has one block for a hundred tenants that look alike, and one for whoever does not', () => {
    assert.deepEqual(text(manyTenants(100)).split('\n').slice(0, 8), [
      '99 instances, postfix-0-out ... postfix-99-out  host.example.com  99 groups',
      '    <- 127.0.0.1:20000 ... 127.0.0.1:20099 (smtpd)  from 99 instances, postfix-0-in ... postfix-99-in',
      '    -> [mailhub.example.com]:25  everything else by smtp [default_transport]',
      '',
      '99 instances, postfix-0-in ... postfix-99-in  host.example.com  99 groups',
      '    <- *:30000 ... *:30099 (smtpd)  from network',
      '    -> 99 instances, postfix-0-out ... postfix-99-out  everything else, one each by smtp [default_transport]',
      '',
    ])
    assert.match(text(manyTenants(100)), /^postfix-7-out .* disabled$/m)
    assert.match(text(manyTenants(100)), /postfix-7-out, which is disabled: mail that postfix-7-in sends/)
  })

  it('counts remarks beyond the first ones of a kind', () => {
    const lonely = Array.from({length: 12}, (_, at) => view(`postfix-${at}`, {main: {authorized_submit_users: ''}}))
    const host = hostOf(lonely.map((each) => ({...each, listeners: []})))
    const flow = drawFlow(host)
    const lines = toFlowText(drawEach(flow), findRemarks(flow, host), plain, 10).split('\n')
    assert.equal(lines.filter((each) => each.startsWith('unreachable: ')).length, 11)
    assert.equal(lines.at(-1), 'unreachable: 2 more like these')
  })

  it('lets no name move the cursor', () => {
    const host = hostOf([view('postfix-a', {main: {default_transport: 'error:\x1b[2J'}})])
    assert.ok(!text(host).includes('\x1b'))
  })

  // A name may be anything: here it would end a string, and a node.
  const odd = hostOf([view('postfix-a', {main: {default_transport: 'error:"] \\ <b>#'}})])

  it('in the language of Graphviz has a box for each group, and dashes for guesses', () => {
    const dot = toDot(drawEach(drawFlow(readmeHost())))
    assert.match(dot, /subgraph cluster_0 \{\n {4}label="mta"/)
    assert.match(dot, /-> n\d \[label="a guess", style="dashed"/)
    assert.ok(toDot(drawEach(drawFlow(odd))).includes('label="returned: \\"] \\\\ <b>#"'))
  })

  it('says beside a red way why it is red, and has room for a long name', () => {
    const name = `postfix-${'m'.repeat(50)}`
    const one = view(name, {main: {default_transport: 'smtp:[127.0.0.1]:10026'}})
    const off = view('postfix-b', {enabled: false, master: ['10026 inet n - y - - smtpd']})
    const picture = drawEach(drawFlow(hostOf([one, off])))
    assert.match(toDot(picture), /-> n\d+ \[label="[^"]*disabled[^"]*", color="red"/)
    assert.match(toMermaid(picture), /-->\|"[^"]*disabled/)
    assert.match(toDot(picture), /label="postfix-m+\\n[^"]*", shape="box".*, width="6\.2"/)
  })

  it('in the language of Mermaid has the same', () => {
    const mermaid = toMermaid(drawEach(drawFlow(readmeHost())))
    assert.match(mermaid, /^flowchart LR\n/)
    assert.match(mermaid, /subgraph g0\["mta"\]/)
    assert.match(mermaid, /n\d -\.->\|"a guess"\| n\d/)
    assert.ok(toMermaid(drawEach(drawFlow(odd))).includes('"returned: #34;] \\ #60;b#62;#35;"'))
  })

  it('is an SVG with every instance in it', async function () {
    this.timeout(60_000)
    const svg = await toSvg(drawEach(drawFlow(readmeHost())))
    assert.match(svg, /<svg /)
    for (const each of ['postfix-out', 'postfix-in', '[127.0.0.1]:10025'])
      assert.ok(svg.replaceAll('&#45;', '-').includes(each), each)
    assert.match(svg, /stroke-dasharray/)
    assert.match(await toSvg(drawEach(drawFlow(odd))), /returned: &quot;\] \\ &lt;b&gt;#/)
  })

  it('is a small SVG of a thousand instances within seconds', async function () {
    this.timeout(60_000)
    const svg = await toSvg(drawAlike(drawFlow(manyTenants(500))))
    assert.equal(svg.split('class="node"').length - 1, 6)
  })

  it('marks an instance that gets no mail, and those that mail goes round in, in every one of them', async function () {
    this.timeout(60_000)
    const toEachOther = (own: number, other: number) => ({
      main: {default_transport: `smtp:[127.0.0.1]:${other}`},
      master: [`127.0.0.1:${own} inet n - n - - smtpd`],
    })
    const host = hostOf([view('a', toEachOther(26, 27)), view('b', toEachOther(27, 26)), view('lonely')])
    const flow = drawFlow(host)
    const remarks = findRemarks(flow, host)
    const picture = drawEach(flow, remarks)
    const count = (drawn: string, mark: string): number => drawn.split(mark).length - 1
    for (const drawn of [toDot(picture), toMermaid(picture), await toSvg(picture)]) {
      assert.deepEqual([count(drawn, 'on the way of a loop'), count(drawn, 'gets no mail')], [2, 1], drawn)
    }
    assert.match(toFlowText(picture, remarks, plain), /^unreachable: lonely gets no mail: /m)
    assert.deepEqual(toFlowJson(flow, remarks).remarks, remarks)
  })

  it('is an SVG that leaves out no way, however many there are', async function () {
    this.timeout(60_000)
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
    assert.equal((await toSvg(drawEach(flow))).split('class="edge"').length - 1, flow.edges.length)
  })
})

/** Two instances each; the output of the eighth is disabled. */
function manyTenants(count: number): FlowHost {
  const views = Array.from({length: count}, (_, at) => [
    view(`postfix-${at}-out`, {
      group: `tenant${at}`,
      enabled: at !== 7,
      main: {default_transport: 'smtp:[mailhub.example.com]'},
      master: [`127.0.0.1:${20000 + at} inet n - n - - smtpd`],
    }),
    view(`postfix-${at}-in`, {
      group: `tenant${at}`,
      main: {default_transport: `smtp:[127.0.0.1]:${20000 + at}`},
      master: [`${30000 + at} inet n - n - - smtpd`],
    }),
  ])
  return hostOf(views.flat())
}

function text(host: FlowHost): string {
  const flow = drawFlow(host)
  return toFlowText(drawAlike(flow), findRemarks(flow, host), plain)
}
