/**
 * Bundles the program into dist/: postmulti.cjs for the classic flags, engine.cjs for the changes that they ask for,
 * and cli.cjs for the sub-commands; then writes oclif's manifest, so that no command is loaded before it is asked for.
 */
import {writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {build} from 'esbuild'

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

const {Plugin} = createRequire(import.meta.url)('@oclif/core')
const root = new Plugin({root: import.meta.dirname, ignoreManifest: true, isRoot: true, type: 'core'})
await root.load()
writeFileSync('oclif.manifest.json', `${JSON.stringify(root.manifest, null, 2)}\n`)
