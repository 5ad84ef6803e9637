/** One NAME=VALUE as people write it. Source: split_nameval() in Postfix's util library. */

/** With C's white space round both. */
const nameAndValue = /^[ \t\n\v\f\r]*([^ \t\n\v\f\r=]+)[ \t\n\v\f\r]*=[ \t\n\v\f\r]*([\s\S]*?)[ \t\n\v\f\r]*$/

/** Undefined where it is none; the value may be empty. */
export function splitSetting(text: string): {name: string; value: string} | undefined {
  const [, name, value] = nameAndValue.exec(text) ?? []
  return name === undefined || value === undefined ? undefined : {name, value}
}

/** Without the slashes at its end, as postmulti(1) takes a directory. */
export function trimDirectory(path: string): string {
  return path.replace(/\/+$/, '')
}
