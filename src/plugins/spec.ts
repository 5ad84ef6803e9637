/** What somebody wants to have installed, as npm understands it. */
import type {Stats} from 'node:fs'
import {resolve} from 'node:path'
import {isFile, lookThrough} from '../files/read.ts'
import {Refusal} from '../model/base/errors.ts'
import {suggest} from '../model/base/suggestion.ts'
import {explainError} from '../model/base/system-error.ts'

export interface Spec {
  /** As it was typed, but for a path, which is file: and absolute. */
  spec: string
  isPath: boolean
}

const packageSpec = /^(?:@[\w.~-]+\/)?[\w.~-]+(?:@[^/:]*)?$/

/**
 * A path is what looks like one, or is there; npm would take `site/rule` for an address at GitHub. Throws a Refusal when
 * it is nothing.
 */
export function readSpec(word: string, directory: string): Spec {
  const path = resolve(directory, word.replace(/^file:(?:\/\/(?=\/))?/, ''))
  const looksLikePath =
    /^(?:file:|\.{0,2}\/|\.{1,2}$)/.test(word) || (/\.(?:tgz|tar|tar\.gz)$/.test(word) && !word.includes(':'))
  const found = lookOrRefuse(path)
  if (found?.isDirectory() && !isFile(`${path}/package.json`)) {
    throw new Refusal(`${path} is not a plugin: there is no package.json in it`, {
      kind: 'usage',
      suggestions: [suggest`postmulti plugins new --help`],
    })
  }
  if (found !== undefined) return {spec: `file:${path}`, isPath: true}
  if (!looksLikePath && (packageSpec.test(word) || word.includes(':'))) return {spec: word, isPath: false}
  throw new Refusal(`${path} is not there`, {
    kind: 'not found',
    suggestions: looksLikePath ? [] : [['postmulti', 'plugins', 'install', `github:${word}`]],
  })
}

/** Throws a Refusal for what root does not look at. */
function lookOrRefuse(path: string): Stats | undefined {
  try {
    return lookThrough(path)
  } catch (error) {
    throw new Refusal(`${path}: ${explainError(error)}`, {kind: 'usage'})
  }
}
