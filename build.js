/**
 * Bundles the program into dist/: postmulti.cjs for the classic flags, engine.cjs for the changes that they ask for,
 * mistyped.cjs for hints about them, and cli.cjs for the sub-commands; then the plugins, oclif's manifest, so that no
 * command is loaded before it is asked for, and from that the manual page. Last of all, the bundles are compiled.
 * dist/bundled.json names the packages that are in them. Of Node's own package only what runs is kept: its headers, 67 MB,
 * are for add-ons, and `npm pack` would take them along.
 */
import {spawnSync} from 'node:child_process'
import {copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {build} from 'esbuild'
import {lateFile, lateModule, lean} from './build/lean.js'
import {manualPage, topicPages} from './build/man.js'

/** Imports that match stay imports, of another file in dist/. */
function leave(filter, toPath) {
  const setup = ({onResolve}) =>
    onResolve({filter}, ({path, kind}) =>
      kind === 'entry-point' ? undefined : {path: toPath(filter.exec(path)), external: true},
    )
  return {name: 'leave', setup}
}

/** Packages that our commands import when they need them: each goes into a file of its own. */
function leavePackages(left) {
  const setup = ({onResolve}) =>
    onResolve({filter: /^[@a-z]/}, ({path, kind, importer}) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:') || !importer.endsWith('.ts')) return undefined
      const file = `./${path.replace(/^@/, '').replace(/\W+/g, '-')}.cjs`
      left.set(path, file)
      return {path: file, external: true}
    })
  return {name: 'leave packages', setup}
}

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // The sources of plugins/plugin-api.
  conditions: ['postmulti-source'],
  logLevel: 'warning',
  legalComments: 'none',
}

/** Directories of the packages that are in the bundles. */
const bundled = new Set()

/** @param {import('esbuild').BuildOptions} options */
async function bundle(options) {
  const {metafile} = await build({...options, metafile: true})
  for (const input of Object.keys(metafile?.inputs ?? {})) {
    const [directory] = /^(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(input) ?? []
    if (directory !== undefined) bundled.add(directory.slice(0, -1))
  }
}

const own = `node_modules/node-linux-${process.arch}/bin/node`
// V8 takes what it has made of another text of the same length for the present one.
rmSync('dist', {recursive: true, force: true})
const late = new Set()
const left = new Map()
await bundle({
  ...shared,
  entryPoints: ['src/cli.ts', 'src/help/help.ts'],
  entryNames: '[name]',
  outdir: 'dist',
  outExtension: {'.js': '.cjs'},
  plugins: [lean(late), leavePackages(left)],
})
await bundle({
  ...shared,
  stdin: {contents: lateModule(late), resolveDir: 'node_modules/@oclif/core/lib'},
  outfile: join('dist', lateFile),
})
for (const [name, file] of left) await bundle({...shared, entryPoints: [name], outfile: join('dist', file)})
await bundle({
  ...shared,
  entryPoints: ['src/main.ts'],
  // require() finds a file without the detour of import().
  supported: {'dynamic-import': false},
  outfile: 'dist/postmulti.cjs',
  plugins: [leave(/\/(engine|mistyped)\.ts$/, ([, name]) => `./${name}.cjs`)],
})
await bundle({
  ...shared,
  entryPoints: ['src/engine.ts', 'src/classic/mistyped.ts'],
  entryNames: '[name]',
  outdir: 'dist',
  outExtension: {'.js': '.cjs'},
  // The classes of errors must be those that the classic entry knows.
  plugins: [leave(/\/errors\.ts$/, () => './postmulti.cjs')],
})

// The other process in which installed plugins are asked.
await bundle({...shared, entryPoints: ['src/hooks/asker.ts'], outfile: 'dist/asker.cjs'})
// What plugins are made and tested with is published as modules; the plugins themselves get files with all that they
// use.
const api = 'plugins/plugin-api'
rmSync(`${api}/dist`, {recursive: true, force: true})
const published = ['index', 'testing', 'answer'].map((name) => `${api}/src/${name}.ts`)
await bundle({...shared, format: 'esm', entryPoints: published, outdir: `${api}/dist`})
runNode('node_modules/typescript/bin/tsc', '-p', api)
const declarations = readdirSync(`${api}/dist`)
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => `dist/${name}`)
// What `plugins new` puts beside a plugin, which can be tested anywhere, and asks no registry.
const vendored = {
  'plugin-api': [api, 'dist/index.js', 'dist/testing.js', ...declarations, 'package.json'],
  'fastest-levenshtein': ['node_modules/fastest-levenshtein', 'mod.js', 'mod.d.ts', 'LICENSE.md', 'package.json'],
}
for (const [name, [from = '', ...files]] of Object.entries(vendored)) {
  const to = `plugins/plugin-api/dist/vendor/${name}`
  for (const file of files) cpSync(join(from, file), join(to, file), {recursive: true})
  // Neither what these are built by, nor what they are built with.
  const {scripts, devDependencies, ...manifest} = JSON.parse(readFileSync(`${to}/package.json`, 'utf8'))
  writeFileSync(`${to}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`)
}
for (const name of readdirSync('plugins')) {
  for (const part of ['hooks', 'rules']) {
    const entry = `plugins/${name}/src/${part}.ts`
    if (existsSync(entry)) await bundle({...shared, entryPoints: [entry], outfile: `plugins/${name}/dist/${part}.cjs`})
  }
}

const require = createRequire(import.meta.url)
const {Plugin} = require('@oclif/core')
const root = new Plugin({root: import.meta.dirname, ignoreManifest: true, isRoot: true, type: 'core'})
await root.load()
writeFileSync('oclif.manifest.json', `${JSON.stringify(root.manifest, null, 2)}\n`)

const {exitStatuses, exitStatusesOf} = require(join(import.meta.dirname, 'dist/cli.cjs'))
const seconds = process.env.SOURCE_DATE_EPOCH
const date = seconds === undefined ? new Date() : new Date(Number(seconds) * 1000)
const template = readFileSync('docs/postmulti.1', 'utf8')
const about = {date, exitStatuses, exitStatusesOf}
writeFileSync('dist/postmulti.1', manualPage(template, root.manifest.commands, about))
for (const [name, page] of topicPages(root.manifest.commands, root.pjson.oclif.topics, about)) {
  writeFileSync(`dist/${name}.1`, page)
}

for (const part of ['include', 'share']) rmSync(join(own, '../..', part), {recursive: true, force: true})
for (const name of readdirSync('dist')) if (name.endsWith('.cjs')) toScript(join('dist', name))
writeFileSync('dist/bundled.json', `${JSON.stringify([...bundled].sort(), null, 2)}\n`)
runNode('build/compile-all.js')

/** Scripts that do not come from Node's own loader have no import(). In their place is build/start.cjs, which loads them. */
function toScript(path) {
  const text = readFileSync(path, 'utf8').replace(/(?<![.\w$])import\((?!\))/g, '__import(')
  const script = path.replace(/\.cjs$/, '.js')
  writeFileSync(script, `(function (exports, require, module, __filename, __dirname, __import) {${text}\n})`)
  copyFileSync('build/start.cjs', path)
}

/** @param {string[]} words */
function runNode(...words) {
  const {status} = spawnSync(existsSync(own) ? own : process.execPath, words, {stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 1)
}
