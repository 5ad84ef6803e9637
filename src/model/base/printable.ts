/**
 * Text as Postfix's programs put it into their messages. Source: printable.c, as msg_output.c uses it.
 */

/** Every byte outside printable ASCII becomes a question mark. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
