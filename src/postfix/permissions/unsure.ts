/** Thrown and caught inside postfix/: only the real command can tell. The message says why. */
export class Unsure extends Error {
  override name = 'Unsure'
}
