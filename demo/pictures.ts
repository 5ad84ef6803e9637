/**
 * npm run demo pictures: draws the pictures of the README anew, from the host of the demo as it runs. Each is what the
 * program prints there. Only what differs from run to run is replaced: times, ages, pids and the number of processes.
 * Has to run on the host that plugins/plugin-api/host makes.
 */
import {execFileSync, spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import xterm from '@xterm/headless'
import {arrival} from './hub.ts'
import {drawTerminal} from './terminal-picture.ts'
import {waitFor} from './wait.ts'
import {sendFromOutside} from './walkthrough.ts'
import {closeAround, setUpWalkthrough, type WalkthroughHost} from './whole-host.ts'

export const pictures = ['flow.svg', 'top.svg'] as const
export type Pictures = Record<(typeof pictures)[number], string>

const screen = {cols: 84, rows: 16}
const docs = join(import.meta.dirname, '../docs')

if (import.meta.main) {
  const host = await setUpHost()
  for (const [name, text] of Object.entries(await drawPictures(host, 'postmulti')))
    writeFileSync(`${docs}/${name}`, text)
  closeAround(host)
}

/** Before Postfix 3.9 its service relay would log as the primary: `check` tells that, and top counts it there. */
export function setUpHost(): Promise<WalkthroughHost> {
  return setUpWalkthrough(() => execFileSync('postconf', ['-c', '/etc/postfix-out', '-PX', 'relay/unix/syslog_name']))
}

/** `program` is postmulti, as a shell calls it. After this the hub takes no mail any more. */
export async function drawPictures(host: WalkthroughHost, program: string): Promise<Pictures> {
  const flow = execFileSync('sh', ['-c', `${program} flow --format svg`], {encoding: 'utf8'})
  for (const subject of ['one', 'two', 'three']) {
    await send(subject)
    await arrival(host.inside, subject)
  }
  host.inside.server.close()
  for (const subject of ['four', 'five']) await send(subject)
  return {'flow.svg': flow, 'top.svg': await drawTop(program)}
}

function send(subject: string): Promise<string> {
  const recipients = ['<support@example.com>']
  return sendFromOutside({sender: '<alice@outside.example.org>', recipients}, [`Subject: ${subject}`, '', 'Hello'])
}

/** Once it has seen all that was sent. */
async function drawTop(program: string): Promise<string> {
  const terminal = new xterm.Terminal({...screen, allowProposedApi: true})
  const inside = `stty rows ${screen.rows} cols ${screen.cols}; exec ${program} top`
  const child = spawn('script', ['-qefc', inside, '/dev/null'], {
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TERM: 'xterm-256color'},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdout.on('data', (bytes: Uint8Array) => terminal.write(bytes))
  try {
    return await waitFor('the mail of the picture in top', () => {
      const lines = Array.from({length: screen.rows}, (_, at) => terminal.buffer.active.getLine(at)!)
      const text = lines.map((each) => each.translateToString(true)).join('\n')
      const isSeen = /^.postfix-out +running +0 +0 +0 +2 +0 +5 +3 +2 /m.test(text) && /q quit/.test(text)
      return isSeen ? drawTerminal(lines, screen.cols, settle) : undefined
    })
  } finally {
    child.stdin.write('q')
  }
}

/** The same on each host: of the same length, as columns are. */
function settle(line: string): string {
  return line
    .replace(/\d\d:\d\d:\d\d/, '10:17:03')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '2026-11-25 10:00')
    .replace(/pid \d+; \d+ process(?:es)?/, 'pid 178; 4 processes')
    .replace(/ +\d+s$/, (age) => '14s'.padStart(age.length))
}
