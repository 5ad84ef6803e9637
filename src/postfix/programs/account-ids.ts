/** Numbers of users and groups: from the files, and from getent(1) for those that live elsewhere. */
import {tryText} from '../../files/read.ts'
import {systemPath} from '../../model/base/places.ts'
import type {Account} from '../../model/change/runner.ts'

/** Undefined when there is no such account. */
export function findId(database: 'passwd' | 'group', name: string): number | undefined {
  return idIn(tryText(`/etc/${database}`) ?? '', name) ?? idIn(askSystem(database, name), name)
}

/** NAME:PASSWORD:ID:... in both databases. */
function idIn(accounts: string, name: string): number | undefined {
  const line = accounts.split('\n').find((each) => each.startsWith(`${name}:`))
  const id = line?.split(':')[2] ?? ''
  return /^\d+$/.test(id) ? Number(id) : undefined
}

/** Whose number it is, with the group of a login of his. Undefined when there is no such account. */
export function findAccount(uid: number): Account | undefined {
  return accountOf(tryText('/etc/passwd') ?? '', uid) ?? accountOf(askSystem('passwd', String(uid)), uid)
}

/** NAME:PASSWORD:UID:GID:... */
function accountOf(accounts: string, uid: number): Account | undefined {
  const fields = accounts.split('\n').map((each) => each.split(':'))
  const [user = '', , , gid = ''] = fields.find((each) => each[2] === String(uid)) ?? []
  return user !== '' && /^\d+$/.test(gid) ? {user, uid, gid: Number(gid)} : undefined
}

function askSystem(database: string, name: string): string {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  // Where there is no getent there is no such account for us.
  return (
    spawnSync('getent', [database, name], {encoding: 'latin1', timeout: 10_000, env: {PATH: systemPath}}).stdout ?? ''
  )
}
