/**
 * What fills the jail of an instance, its queue_directory as the services with chroot = y see it: Debian's
 * configure-instance.sh, which post-install runs from Debian 13 on. Where its version and its settings are known, all that
 * it does is.
 * Source: configure-instance.sh, syncfiles.pl and the branch "chroot" of postfix-script in Debian's 3.10 and 3.11.
 */
import {isThere, tryText} from '../../files/read.ts'
import {between, fingerprint, readCommands} from './script-version.ts'
import {Unsure} from './unsure.ts'

const scriptDirectory = '/usr/lib/postfix'
export const jailScript = `${scriptDirectory}/configure-instance.sh`
/** Of Debian's scripts; they read it as shell. */
export const settingsFile = '/etc/default/postfix'

/** Small ones that are copied in any case, in the order of the script. */
export const smallFiles = [
  '/etc/localtime',
  '/etc/services',
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/host.conf',
  '/etc/nsswitch.conf',
  '/etc/nss_mdns.config',
]

export interface JailScript {
  /** Where the libraries of the name service go, and by which program. */
  libraries: 'lib, by cp' | 'usr/lib, by syncfiles.pl'
  /** Below the jail: what older versions have left there, which this one clears away. */
  old: readonly string[]
  /** The same of what it clears away while no service is in the jail. */
  unneeded: RegExp
  /** As in /usr/lib/x86_64-linux-gnu. */
  multiarch: string
}

const versions: Record<string, Omit<JailScript, 'multiarch'>> = {
  // 3.10.13 of Debian 13
  '3123 4210537307 1889275835': {
    libraries: 'lib, by cp',
    old: [
      'usr/lib/zoneinfo',
      'lib/MULTIARCH/libgcc_s.so.1',
      'lib/libnss_files.so.2',
      'etc/ssl/certs/GlobalSign_Root_CA.pem',
    ],
    unneeded: /^(?:etc\/ssl\/certs|lib\/libnss_[^/]*\.so\.2)$/,
  },
  // 3.11.7 of Debian sid
  '3026 582228446 3726734078': {
    libraries: 'usr/lib, by syncfiles.pl',
    old: ['usr/lib/zoneinfo', 'lib', 'etc/ssl/certs/GlobalSign_Root_CA.pem'],
    unneeded: /^(?:etc\/ssl\/certs|usr\/lib\/MULTIARCH)$/,
  },
}
const knownCopying = '1174 2797712220 3058802428'
const knownChoice = '1612 1987259288 2936527480'

/** Undefined where its settings say that nothing is to be filled. Throws Unsure. */
export function readJailScript(daemon_directory: string): JailScript | undefined {
  const commands = readCommands(jailScript)
  const multiarch = commands.flatMap((each) => /^multiarch=([\w-]+)$/.exec(each)?.[1] ?? [])
  const version = versions[fingerprint(commands.map((each) => each.replace(/^multiarch=.*/, 'multiarch=')))]
  const [library, ...others] = multiarch
  if (version === undefined || library === undefined || others.length > 0) {
    throw new Unsure(`${jailScript} is not a version that is known`)
  }
  const copying = `${scriptDirectory}/syncfiles.pl`
  if (fingerprint(readCommands(copying)) !== knownCopying) {
    throw new Unsure(`${copying} is not a version that is known`)
  }
  const script = `${daemon_directory}/postfix-script`
  const choice = between(
    readCommands(script),
    'chroot) # debian-specific',
    'elif [ -n "$r" ]; then # something should be changed',
  )
  if (fingerprint(choice) !== knownChoice) throw new Unsure(`${script} is not a version that is known`)
  const settings = tryText(settingsFile)
  if (settings === undefined && isThere(settingsFile)) throw new Unsure(`${settingsFile} cannot be read`)
  if (!isJailWanted(settings ?? '')) return undefined
  const here = (text: string): string => text.replace('MULTIARCH', library)
  return {
    ...version,
    old: version.old.map(here),
    unneeded: new RegExp(here(version.unneeded.source)),
    multiarch: library,
  }
}

/** Whether the jail is to be filled. The settings are a shell script: only plain ones are understood. Throws Unsure. */
export function isJailWanted(settings: string): boolean {
  let wanted = true
  // To a shell a carriage return is a value.
  for (const line of settings.split('\n').map((each) => each.replace(/^[ \t]+|[ \t]+$/g, ''))) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] =
      /^(SYNC_CHROOT|chroot_extra_files|chroot_extra_CAdir)=(\w*|""|''|"\w+"|'\w+')$/.exec(line) ?? []
    const isEmpty = value === '' || value === '""' || value === "''"
    if (name === undefined || (name !== 'SYNC_CHROOT' && !isEmpty)) throw new Unsure(`${settingsFile} has ${line}`)
    if (name === 'SYNC_CHROOT') wanted = !isEmpty
  }
  return wanted
}
