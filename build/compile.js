/**
 * Puts beside each bundle that is named here what V8 makes of it: all functions, so that none is compiled when it is
 * first called. Only the very same Node takes that, under the same options: so this is run by the one that postmulti runs
 * on, under those of bin/postmulti.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {setFlagsFromString} from 'node:v8'
import {Script} from 'node:vm'

const [suffix = '', ...scripts] = process.argv.slice(2)
for (const filename of scripts) {
  setFlagsFromString('--no-lazy')
  const script = new Script(readFileSync(filename, 'utf8'), {filename})
  // The cache is good for the flags that it is written under.
  setFlagsFromString('--lazy')
  writeFileSync(filename.replace(/\.js$/, suffix), script.createCachedData())
}
