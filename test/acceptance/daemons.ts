/**
 * Programs of the installed Postfix, each started alone as master(8) starts it, with a configuration of its own: what it
 * ends with before it serves anybody. Source: master_spawn.c; the getopt() of single_server.c and its neighbours.
 */
import {spawn} from 'node:child_process'
import {mkdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs'
import type {Duplex} from 'node:stream'
import {sh, until} from './inside.ts'

const log = '/var/log/alone.log'
const queue = '/var/spool/postfix'
/** What is not set has no table that another daemon would have to open, and no file that two of them share. */
const quiet = {
  ...{
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: '/var/lib/postfix',
    myhostname: 'mta1.example.com',
  },
  ...{maillog_file: log, alias_maps: '', local_recipient_maps: '', virtual_mailbox_base: '/', postscreen_cache_map: ''},
  ...{address_verify_map: '', smtpd_relay_restrictions: 'reject', message_size_limit: '1'},
  ...{smtp_sasl_password_maps: 'static:x', lmtp_sasl_password_maps: 'static:x'},
}
const single = ['anvil', 'oqmgr', 'pickup', 'postlogd', 'postscreen', 'qmgr', 'scache', 'tlsmgr', 'verify']
const unlimited = ['bounce', 'cleanup', 'dnsblog', 'flush', 'showq', 'tlsproxy']
const privileged = ['local', 'pipe', 'postlogd', 'spawn', 'virtual']
let count = 0

/** Starts the one that writes what the others have to say. */
export function startLogger(): void {
  sh(`mkdir -p /etc/logger; cd /etc/logger; echo 'postlog unix-dgram n - n - 1 postlogd' >master.cf
    printf '%s\\n' 'compatibility_level = 3.6' 'maillog_file = ${log}' >main.cf
    touch -d '-1 hour' main.cf master.cf; postfix check; $(postconf -dh daemon_directory)/master -c /etc/logger -w`)
}

/** Starts many, some at the same time. */
export async function startAll<Job, Result>(
  jobs: readonly Job[],
  run: (job: Job) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = jobs.entries()
  const worker = async (): Promise<void> => {
    for (const [at, job] of waiting) results[at] = await run(job)
  }
  await Promise.all(Array.from({length: 16}, worker))
  return results
}

/** Its fatal error, or another word where it has no log yet; empty when it gets ready to serve. */
export async function lastWords(program: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const directory = `/etc/alone-${count++}`
  mkdirSync(directory)
  const lines = Object.entries({...quiet, ...settings}).map(([name, value]) => `${name} = ${value}\n`)
  for (const [file, text] of Object.entries({'main.cf': lines.join(''), 'master.cf': ''})) {
    writeFileSync(`${directory}/${file}`, text)
    // Postfix waits for files that were written just now.
    utimesSync(`${directory}/${file}`, 1e9, 1e9)
  }
  const flags = [single.includes(program) ? ['-l'] : [], unlimited.includes(program) ? ['-z'] : []].flat()
  const user = privileged.includes(program) ? [] : ['-u']
  const type = program === 'postlogd' ? 'unix-dgram' : 'unix'
  const pipe = 'pipe'
  const child = spawn(`${daemonDirectory()}/${program}`, ['-n', program, '-t', type, ...user, ...flags], {
    cwd: queue,
    env: {MAIL_CONFIG: directory, PATH: '/usr/bin:/bin', GENERATION: '1'},
    // From 3 on: mail flow in and out, status, and what it listens at.
    stdio: ['ignore', 'ignore', 'ignore', pipe, pipe, pipe, pipe],
  })
  const streams = child.stdio.slice(3).map((each) => each as Duplex)
  // The end of the status is the end of master(8): who serves goes home then.
  streams[2]?.destroy()
  const status = await new Promise<number | null>((resolve) => void child.on('exit', resolve))
  for (const each of streams) each.destroy()
  if (status === 0) return ''
  const said = (): string | undefined =>
    readFileSync(log, 'latin1')
      .split('\n')
      .findLast((line) => line.includes(`[${child.pid}]: fatal: `))
  // What is wrong before it has a log, it cannot tell; the others have told before they ended.
  const patience = performance.now() + 2000
  await until(() => said() !== undefined || performance.now() > patience)
  return said()?.replace(/^.*?: fatal: /, '') ?? `ended with status ${status}`
}

let directory: string | undefined

function daemonDirectory(): string {
  directory ??= sh('postconf -dh daemon_directory')
  return directory
}
