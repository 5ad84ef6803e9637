/**
 * The sources in the place of dist/: each bundle that somebody asks for is the file that it is made of. What is started as
 * a program of its own, the sandbox of installed plugins, is the built one.
 */
import {registerHooks} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Plugin} from '@oclif/core'

const root = join(import.meta.dirname, '..')
const sources = new Map(
  [
    ['dist/cli.cjs', 'src/cli.ts'],
    ['dist/help.cjs', 'src/help/help.ts'],
  ].map(([bundle = '', source = '']) => [join(root, bundle), pathToFileURL(join(root, source)).href]),
)

registerHooks({
  resolve(name, context, next) {
    const url = sources.get(name)
    return url === undefined ? next(name, context) : {url, shortCircuit: true}
  },
})

// What the manifest says of commands is as old as the last build.
const {load} = Plugin.prototype
Plugin.prototype.load = function () {
  this.options.ignoreManifest = true
  return load.call(this)
}

// Bundles have it from Node, and find what is beside them.
Object.assign(globalThis, {__dirname: join(root, 'dist')})

const words = process.argv.slice(2)
const isClassic = /^-(?!-(?:help|version)$)/.test(words[0] ?? '') || (words.length === 0 && !process.stdout.isTTY)
const {main} = await import(isClassic ? '../src/main.ts' : '../src/cli.ts')
await main(['postmulti', ...words])
