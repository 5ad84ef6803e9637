/** Releases of Postfix, by mail_version: for what has changed and nothing on disk tells. Source: Postfix's HISTORY. */

/** `since` as in 3.10. What is unknown counts as old. */
export function isRelease(mail_version: string, since: `${number}.${number}`): boolean {
  const [major, minor] = numbersOf(mail_version)
  const [wantedMajor, wantedMinor] = numbersOf(since)
  return major === wantedMajor ? minor >= wantedMinor : major > wantedMajor
}

function numbersOf(version: string): [major: number, minor: number] {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? []
  return [Number(major), Number(minor)]
}
