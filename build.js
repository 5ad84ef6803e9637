/**
 * Bundles the program into dist/: postmulti.cjs for the classic flags, engine.cjs for the changes that they ask for,
 * and cli.cjs for the sub-commands; then writes oclif's manifest, so that no command is loaded before it is asked for,
 * and from that the manual page.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {build} from 'esbuild'
import {manualPage} from './build/man.js'

/** Imports that match stay imports, of another file in dist/. */
function leave(filter, toPath) {
  const setup = ({onResolve}) =>
    onResolve({filter}, ({path, kind}) => (kind === 'entry-point' ? undefined : {path: toPath(filter.exec(path)), external: true}))
  return {name: 'leave', setup}
}

const shared = {bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning', legalComments: 'none'}

await build({...shared, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.cjs'})
await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/postmulti.cjs',
  plugins: [leave(/\/(cli|engine)\.ts$/, ([, name]) => `./${name}.cjs`)],
})
await build({
  ...shared,
  entryPoints: ['src/engine.ts'],
  outfile: 'dist/engine.cjs',
  // The classes of errors must be those that the classic entry knows.
  plugins: [leave(/\/errors\.ts$/, () => './postmulti.cjs')],
})

const require = createRequire(import.meta.url)
const {Plugin} = require('@oclif/core')
const root = new Plugin({root: import.meta.dirname, ignoreManifest: true, isRoot: true, type: 'core'})
await root.load()
writeFileSync('oclif.manifest.json', `${JSON.stringify(root.manifest, null, 2)}\n`)

const {exitStatuses, exitStatusesOf} = require('./dist/cli.cjs')
const seconds = process.env.SOURCE_DATE_EPOCH
const date = seconds === undefined ? new Date() : new Date(Number(seconds) * 1000)
const template = readFileSync('docs/postmulti.1', 'utf8')
writeFileSync('dist/postmulti.1', manualPage(template, root.manifest.commands, {date, exitStatuses, exitStatusesOf}))
