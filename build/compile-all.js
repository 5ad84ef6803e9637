/**
 * Compiles all bundles in dist/, for each set of options that bin/postmulti starts Node with; start.cjs chooses. Run by
 * the Node that postmulti runs on, in its tree.
 */
import {spawnSync} from 'node:child_process'
import {readdirSync} from 'node:fs'

const bundles = readdirSync('dist').flatMap((name) => (/^[^.]+\.js$/.test(name) ? [`dist/${name}`] : []))
compile('.cache', bundles, '--jitless')
compile('.jit.cache', bundles)
compile('.seed.cache', ['dist/postmulti.js'], '--jitless', '--no-rehash-snapshot')

/**
 * @param {string} suffix
 * @param {string[]} scripts
 * @param {string[]} options
 */
function compile(suffix, scripts, ...options) {
  const {status} = spawnSync(process.execPath, [...options, 'build/compile.js', suffix, ...scripts], {stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 1)
}
