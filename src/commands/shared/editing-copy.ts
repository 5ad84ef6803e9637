/** A copy of a configuration file for somebody's editor. */
import {dirname} from 'node:path'
import {removeTree} from '../../files/act.ts'
import {readBytes, readText} from '../../files/read.ts'
import {ToolFailure} from '../../model/base/errors.ts'
import {explainError} from '../../model/base/system-error.ts'
import {makeScratch, writeScratch} from '../../postfix/reader/scratch.ts'

export class EditingCopy {
  readonly path: string
  readonly #original: Buffer

  /** Texts are latin1. */
  constructor(file: string, text: string) {
    this.path = `${makeScratch()}/${file}`
    this.#original = Buffer.from(text, 'latin1')
    writeScratch(this.path, this.#original)
  }

  /** It has not been changed. */
  get isAsItWas(): boolean {
    return readBytes(this.path).equals(this.#original)
  }

  /** Waits for the editor and returns what it left. Throws a ToolFailure when it failed. */
  edit(): string {
    const editor = process.env.VISUAL || process.env.EDITOR || 'vi'
    // stdout may be for a program, and the editor is for people.
    const screen = process.stdout.isTTY ? 'inherit' : 2
    // The shell, because EDITOR may have arguments.
    const words = ['-c', `${editor} "$1"`, 'sh', this.path]
    const {spawnSync} = process.getBuiltinModule('node:child_process')
    const {status, error} = spawnSync('/bin/sh', words, {stdio: ['inherit', screen, 'inherit']})
    if (error !== undefined) throw new ToolFailure(editor, null, explainError(error))
    if (status !== 0) throw new ToolFailure(`${editor} ${this.path}`, status, '')
    return readText(this.path, 'latin1')
  }

  remove(): void {
    removeTree(dirname(this.path))
  }
}
