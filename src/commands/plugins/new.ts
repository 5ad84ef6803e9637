import {basename, dirname, join, relative, resolve} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {makeDirectories, newName, ours, removeTree, replaceFile, writeLink} from '../../files/act.ts'
import {isFile, isThere, lookThrough, namesBelow, quietly, readEntries, readOwn} from '../../files/read.ts'
import {Refusal} from '../../model/base/errors.ts'
import {suggest} from '../../model/base/suggestion.ts'
import {asFailure} from '../../model/base/system-error.ts'
import {typed} from '../../model/base/typed.ts'
import {PostmultiCommand} from '../shared/base.ts'
import {noteChange} from '../shared/interrupt.ts'

interface Made {
  name: string
  /** Absolute. */
  directory: string
  /** Below the directory. */
  files: string[]
}

/** `postmulti plugins new NAME`: a plugin to begin with, which enforces a sample rule. */
export default class PluginsNew extends PostmultiCommand {
  static override summary = 'Make a first site plugin: it builds, has tests, and enforces a sample rule.'
  static override description = 'Written in TypeScript, for the Node.js that postmulti runs on; it needs no network.'
  static override args = {
    name: Args.string({description: 'Of the plugin, as npm has it.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    directory: Flags.string({description: 'Where; the name, in the current directory, when absent.'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> site-names',
    '<%= config.bin %> <%= command.id %> @example/names --directory ./names',
  ]

  async run(): Promise<Made> {
    const {args, flags} = await this.parse(PluginsNew)
    const root = resolve(this.config.root)
    checkNewName(args.name, root)
    const directory = resolve(flags.directory ?? basename(args.name))
    const place = `./${relative('', directory)}`
    const made = make(args.name, directory, root)
    noteChange()
    const test = typed(['npm', '--prefix', place, 'test'])
    this.log(`Made ${args.name} in ${place}, not installed. Next: ${test}`)
    this.log(`Then, as root: ${typed(['postmulti', 'plugins', 'install', place])}`)
    return made
  }
}

/** Refuses what npm would not take, and what is taken. */
function checkNewName(name: string, root: string): void {
  if (!/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name) || name.length > 214) {
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 100)
    throw new Refusal(`'${name}' cannot be the name of a plugin: small letters, digits and '-', as npm has it`, {
      suggestions: better === '' ? [] : [suggest`postmulti plugins new ${better}`],
      kind: 'usage',
    })
  }
  if (isThere(join(root, 'plugins', name))) {
    const suggestions = [suggest`postmulti plugins new site-${name}`]
    throw new Refusal(`A plugin ${name} comes with postmulti`, {suggestions, kind: 'usage'})
  }
}

/** Refuses a directory with something in it. */
function make(name: string, directory: string, root: string): Made {
  const api = join(root, 'plugins/plugin-api')
  checkEmpty(name, directory)
  const wasThere = isThere(directory)
  try {
    const vendor = join(api, 'dist/vendor')
    const files = [
      ...copy(join(api, 'template'), directory, (text) => text.replaceAll('site-names', name)),
      ...copy(vendor, join(directory, 'vendor')).map((each) => `vendor/${each}`),
    ]
    // As npm would.
    for (const each of ['@postmulti/plugin-api', 'fastest-levenshtein']) {
      copy(join(vendor, basename(each)), join(directory, 'node_modules', each))
    }
    linkTools(join(directory, 'node_modules/.bin'), root)
    return {name, directory, files: files.sort()}
  } catch (error) {
    quietly(() => clear(directory, wasThere))
    throw asFailure(error, `make ${directory}`)
  }
}

/** Half of it would be in the way of the next try. */
function clear(directory: string, wasThere: boolean): void {
  if (wasThere) for (const {name} of readEntries(directory)) removeTree(join(directory, name))
  else removeTree(directory)
}

function checkEmpty(name: string, directory: string): void {
  const there = lookThrough(directory)
  if (there === undefined || (there.isDirectory() && readEntries(directory).length === 0)) return
  throw new Refusal(`${directory} exists and is not an empty directory`, {
    suggestions: [['postmulti', 'plugins', 'new', name, '--directory', `${directory}-2`]],
  })
}

/** What it has made. npm leaves files out whose names begin with a dot. */
function copy(from: string, to: string, change = (text: string) => text): string[] {
  return namesBelow(from)
    .filter((each) => isFile(join(from, each)))
    .map((each) => {
      const name = each.replace(/^dot-/, '.')
      const path = join(to, name)
      makeDirectories(dirname(path), 0o755)
      replaceFile(path, Buffer.from(change(readOwn(join(from, each)))), {mode: 0o644, ...ours()})
      return name
    })
}

/** A Node.js that understands TypeScript, and postmulti for the throw-away host. */
function linkTools(directory: string, root: string): void {
  makeDirectories(directory, 0o755)
  for (const [link, target] of [
    ['node', process.execPath],
    ['postmulti', join(root, 'bin/postmulti')],
  ] as const) {
    writeLink(join(directory, link), target, ours(), newName())
  }
}
