/**
 * What Debian has put into the jail of an instance, at the places where its scripts copy to and nowhere else: some people
 * keep files of their own there. Reads, never changes.
 * Source: configure-instance.sh of Debian 11, 12 (at the start of an instance), 13 and sid (at each set-permissions).
 */
import type {Dirent} from 'node:fs'
import {basename, dirname} from 'node:path'
import {
  isFile,
  lookAt,
  lookThrough,
  quietly,
  readBytes,
  readEntries,
  readTarget,
  realPath,
  tryText,
} from '../../files/read.ts'
import type {Instance} from '../../model/instance/instance.ts'
import {parseMainCf} from '../../model/main-cf/lines.ts'
import {settingsFile, smallFiles} from './jail-script.ts'

/** `copyOf`: it differs from this file of the host's, which has changed since it was copied. */
type Copy = 'made' | 'foreign' | {copyOf: string} | ((entry: Dirent) => Copy)

const links: Record<string, string> = {'usr/lib/zoneinfo/localtime': '/etc/localtime'}
const devices = ['dev/random', 'dev/urandom']
const copiedLibrary = /^lib\/(?:[^/]+\/)?lib(?:gcc_s|nss|resolv)[^/]*\.so[^/]*$/
const nameLibrary = /^(?:usr\/lib\/[^/]+|lib)\/(libnss_[^/]*\.so\.2)$/
const libraries = /^(?:usr\/)?lib\/[\w-]+-linux-[\w-]+$/
const hashedName = /^[0-9a-f]+\.r?\d+$/

/** Of what is at the top of the queue_directory and no queue. */
export function findJailJudge({config_directory, queue_directory}: Instance): (entry: Dirent) => Copy {
  const settings = tryText(settingsFile) ?? ''
  const files = new Set([...smallFiles, ...wordsOf('chroot_extra_files', settings)].map(relative))
  const ownSettings = parseMainCf(tryText(`${config_directory}/main.cf`) ?? '').entries
  const set = ownSettings.filter(({name}) => /^smtpd?_tls_CApath$/.test(name)).map(({value}) => value)
  const authorities = [...set, ...wordsOf('chroot_extra_CAdir', settings)].map(relative).filter(isPlain)
  const directories = new Set(
    ['usr/lib/sasl2', ...Object.keys(links).map(dirname), ...devices.map(dirname), 'lib', 'etc', ...authorities]
      .concat([...files].map(dirname))
      .flatMap(withParents),
  )
  const judgeIn =
    (parent: string) =>
    (entry: Dirent): Copy =>
      judge(parent === '' ? entry.name : `${parent}/${entry.name}`, entry)
  return judgeIn('')

  function judge(path: string, entry: Dirent): Copy {
    const at = `${queue_directory}/${path}`
    if (entry.isDirectory()) return isDirectory(path) ? judgeIn(path) : 'foreign'
    const stats = lookAt(at)
    if (stats === undefined) return 'foreign'
    if (entry.isCharacterDevice() && devices.includes(path)) {
      return stats.rdev === lookThrough(`/${path}`)?.rdev ? 'made' : 'foreign'
    }
    if (entry.isSymbolicLink()) return stats.uid === 0 && isOurLink(path, readTarget(at)) ? 'made' : 'foreign'
    const model = entry.isFile() ? findModel(path) : undefined
    if (model === undefined) return 'foreign'
    if (isEqual(at, model)) return 'made'
    return stats.uid === 0 && stats.nlink === 1 ? {copyOf: model} : 'foreign'
  }

  function isDirectory(path: string): boolean {
    const isBelowAuthority = authorities.some((each) => path.startsWith(`${each}/`))
    return directories.has(path) || libraries.test(path) || (isBelowAuthority && lookThrough(`/${path}`) !== undefined)
  }

  function isOurLink(path: string, target: string): boolean {
    if (links[path] === target) return true
    const host = `/${path}`
    if (copiedLibrary.test(path)) return lookAt(host)?.isSymbolicLink() === true && readTarget(host) === target
    // As openssl rehash makes them.
    return isCertificate(path) && hashedName.test(basename(path)) && !target.includes('/')
  }

  /** The host's file that is copied there; undefined where there is none. */
  function findModel(path: string): string | undefined {
    const name = nameLibrary.exec(path)?.[1]
    const elsewhere =
      name === undefined || path.startsWith('usr/') ? [] : libraryDirectories().map((each) => `${each}/${name}`)
    const isCopy = files.has(path) || copiedLibrary.test(path) || name !== undefined || isCertificate(path)
    return isCopy ? [`/${path}`, ...elsewhere].find((each) => isFile(each)) : undefined
  }

  function isCertificate(path: string): boolean {
    return authorities.some((each) => path.startsWith(`${each}/`)) && /\.(?:pem|crt|\d)$|\.r\d+$/.test(path)
  }
}

function isEqual(path: string, model: string): boolean {
  return (
    quietly(() => {
      if (lookAt(path)?.size !== lookThrough(model)?.size) return false
      return readBytes(path).equals(readBytes(realPath(model)))
    }) ?? false
  )
}

function libraryDirectories(): string[] {
  const names = quietly(() => readEntries('/usr/lib')) ?? []
  return names
    .map(({name}) => `usr/lib/${name}`)
    .filter((each) => libraries.test(each))
    .map((each) => `/${each}`)
}

/** As far as they are plain words: of what only a shell understands nothing is taken for a copy. */
function wordsOf(name: string, settings: string): string[] {
  const value = new RegExp(`^[ \\t]*${name}=(?:"([^"$\`\\\\]*)"|'([^']*)'|([\\w./+-]*))[ \\t]*$`, 'm').exec(settings)
  return (value?.[1] ?? value?.[2] ?? value?.[3] ?? '').split(/\s+/).filter((each) => each !== '')
}

function relative(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function isPlain(path: string): boolean {
  return path !== '' && /^[\w./+-]+$/.test(path) && !path.split('/').some((each) => each === '' || /^\.\.?$/.test(each))
}

function withParents(path: string): string[] {
  return path === '.' || path === '' ? [] : [...withParents(dirname(path)), path]
}
