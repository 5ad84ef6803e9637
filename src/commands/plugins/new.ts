import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, relative, resolve} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {Refusal, ToolFailure} from '../../model/errors.ts'
import {suggest} from '../../model/suggestion.ts'
import {errorCode, explainError} from '../../model/system-error.ts'
import {typed} from '../../model/typed.ts'
import {PostmultiCommand} from '../base.ts'

interface Made {
  name: string
  /** Absolute. */
  directory: string
  /** Below the directory. */
  files: string[]
}

/** `postmulti plugins new NAME`: a plugin to begin with, which enforces a sample rule. */
export default class PluginsNew extends PostmultiCommand {
  static override alone = true
  static override summary = 'Make a site plugin to begin with: it builds, tests itself, and enforces a sample rule.'
  static override description =
    'Written in TypeScript, for the Node.js that postmulti runs on; nothing is asked of a network.'
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
    checkName(args.name, root)
    const made = make(args.name, resolve(flags.directory ?? basename(args.name)), root)
    const place = `./${relative('', made.directory)}`
    const test = typed(['npm', '--prefix', place, 'test'])
    this.log(`Made ${args.name} in ${place}, not installed. Next: ${test}`)
    this.log(`Then, as root: ${typed(['postmulti', 'plugins', 'install', place])}`)
    return made
  }
}

/** Refuses what npm would not take, and what is taken. */
function checkName(name: string, root: string): void {
  if (!/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name) || name.length > 214) {
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 100)
    throw new Refusal(`'${name}' cannot be the name of a plugin: small letters, digits and '-', as npm has it`, {
      suggestions: better === '' ? [] : [suggest`postmulti plugins new ${better}`],
      mistake: true,
    })
  }
  if (existsSync(join(root, 'plugins', name))) {
    const suggestions = [suggest`postmulti plugins new site-${name}`]
    throw new Refusal(`A plugin ${name} comes with postmulti`, {suggestions, mistake: true})
  }
}

/** Refuses a directory with something in it. */
function make(name: string, directory: string, root: string): Made {
  const api = join(root, 'plugins/plugin-api')
  try {
    if (existsSync(directory) && !(statSync(directory).isDirectory() && readdirSync(directory).length === 0)) {
      throw new Refusal(`${directory} is there already, and is no empty directory`, {
        suggestions: [['postmulti', 'plugins', 'new', name, '--directory', `${directory}-2`]],
      })
    }
    cpSync(join(api, 'template'), directory, {recursive: true})
    const files = readdirSync(directory, {recursive: true, withFileTypes: true})
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
    for (const each of files) writeFileSync(each, readFileSync(each, 'utf8').replaceAll('site-names', name))
    linkTools(directory, api)
    return {name, directory, files: files.map((each) => relative(directory, each)).sort()}
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new ToolFailure(directory, null, explainError(error))
  }
}

/** What a registry would bring: the API with its test kit, and a Node.js that understands TypeScript. */
function linkTools(directory: string, api: string): void {
  const manifest = join(directory, 'package.json')
  const devDependencies = {'@postmulti/plugin-api': `file:${api}`}
  const json = {...JSON.parse(readFileSync(manifest, 'utf8')), devDependencies}
  writeFileSync(manifest, `${JSON.stringify(json, null, 2)}\n`)
  for (const [link, target] of [
    ['@postmulti/plugin-api', api],
    ['.bin/node', process.execPath],
  ] as const) {
    const path = join(directory, 'node_modules', link)
    mkdirSync(dirname(path), {recursive: true})
    symlinkSync(target, path)
  }
}
