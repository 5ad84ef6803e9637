/**
 * What goes wrong is in Postfix's log, too, as with the C program: by postlog(1), after it was said.
 * Source: maillog_client_init() and msg_syslog.c of Postfix's library; postlog(1).
 */
import {systemPath} from '../model/base/places.ts'
import type {Primary} from '../postfix/reader/primary.ts'

/** In characters: more is not logged by postlog(1) either. */
const longestMessage = 2000

export type LogSeverity = 'warning' | 'fatal'

/** `tag` is who says it. Not waited for: postlog(1) rests for a second when it has logged what is fatal. */
export function log(primary: Primary | undefined, tag: string, severity: LogSeverity, text: string): void {
  const {spawn} = process.getBuiltinModule('node:child_process')
  const postlog = `${primary?.parameter('command_directory') ?? '/usr/sbin'}/postlog`
  const words = ['-t', tag, '-p', severity, '--', text.slice(0, longestMessage)]
  // Without a log there is nowhere to say so. Node throws some of these errors, and emits others.
  try {
    const child = spawn(postlog, words, {stdio: 'ignore', env: {PATH: systemPath}, cwd: '/', detached: true})
    child.on('error', () => {})
    child.unref()
  } catch {}
}
