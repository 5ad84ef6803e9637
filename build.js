/**
 * Bundles the program into dist/: postmulti.cjs for the classic flags, which reads no other file, and cli.cjs for the
 * sub-commands; then writes oclif's manifest, so that no command is loaded before it is asked for.
 */
import {writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {build} from 'esbuild'

const shared = {bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning', legalComments: 'none'}

await build({...shared, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.cjs'})
await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/postmulti.cjs',
  plugins: [{name: 'keep the second entry apart', setup: ({onResolve}) => onResolve({filter: /\/cli\.ts$/}, () => ({path: './cli.cjs', external: true}))}],
})

const {Plugin} = createRequire(import.meta.url)('@oclif/core')
const root = new Plugin({root: import.meta.dirname, ignoreManifest: true, isRoot: true, type: 'core'})
await root.load()
writeFileSync('oclif.manifest.json', `${JSON.stringify(root.manifest, null, 2)}\n`)
