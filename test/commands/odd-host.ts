/** What the tests of changing sub-commands share: a host with odd files, and a look at every byte of it. */
import assert from 'node:assert/strict'
import {appendFileSync, writeFileSync} from 'node:fs'
import {differences, mustSucceed, postmulti, sh} from '../acceptance/inside.ts'
import {faults} from './conforms.ts'
import {schemas} from './schemas.ts'

export const outMainCf = '/etc/postfix-out/main.cf'

/** postfix-out, enabled, in group mta; and postfix-b. */
export async function makeOddHost(): Promise<void> {
  await mustSucceed('instances init')
  await mustSucceed('instances create out --group mta --enable')
  await mustSucceed('instances create b')
  // A file of an unusual owner and mode, whose last line is not ended, with a setting in two places.
  appendFileSync(outMainCf, 'maillog_file = /var/log/a\n# comment\nmaillog_file =\n  /var/log/b\nmail_name = Out')
  sh(`chown postfix:postdrop ${outMainCf} && chmod 640 ${outMainCf}`)
  writeFileSync('/etc/postfix-out/transport', 'example.com smtp\n')
  sh('chown postfix /etc/postfix-out/transport && chmod 600 /etc/postfix-out/transport')
}

/** What a command prints with --json, held against its schema. */
export async function answerOf(id: string, words: string) {
  const answer = JSON.parse((await mustSucceed(words)).stdout)
  assert.deepEqual(faults(answer, schemas[id]!), [])
  return answer
}

export async function assertRefused(words: string, why: string): Promise<void> {
  const before = readBytes()
  const {status, stdout} = await postmulti(`${words} --json`)
  assert.equal(status, 3)
  const answer = JSON.parse(stdout)
  assert.deepEqual(faults(answer, schemas.error!), [])
  assert.ok(answer.error.message.includes(why), answer.error.message)
  assert.deepEqual(differences(before, readBytes()), [])
}

/** Kind, mode and owner of everything, and the hash of each file. */
export function readBytes(): Map<string, string> {
  const found =
    sh(`cd /; find etc/postfix* etc/.postmulti* var/spool/* var/lib/postfix* -printf '/%p\\t%y %m %u:%g %l\\n' 2>/dev/null || :
    find etc/postfix* var/spool/postfix* var/lib/postfix* -type f -exec sha256sum {} + | sed 's|^\\([^ ]*\\)  \\(.*\\)|/\\2 bytes\\t\\1|'`)
  return new Map(found.split('\n').map((line) => line.split('\t') as [string, string]))
}
