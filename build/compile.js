/**
 * Gives each bundle that is named here a start of its own (start.cjs) and what V8 makes of it: all functions, so that
 * none is compiled when it is first called. Only the very same Node takes that: the one that postmulti runs on runs this.
 */
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setFlagsFromString} from 'node:v8'
import {Script} from 'node:vm'

for (const path of process.argv.slice(2)) {
  const name = path.slice(0, -'.cjs'.length)
  // Scripts that do not come from Node's own loader have no import().
  const text = readFileSync(path, 'utf8').replace(/(?<![.\w$])import\((?!\))/g, '__import(')
  const code = `(function (exports, require, module, __filename, __dirname, __import) {${text}\n})`
  writeFileSync(`${name}.js`, code)
  setFlagsFromString('--no-lazy')
  const script = new Script(code, {filename: `${name}.js`})
  // The cache is good for the flags that it is written under.
  setFlagsFromString('--lazy')
  writeFileSync(`${name}.cache`, script.createCachedData())
  copyFileSync(join(import.meta.dirname, 'start.cjs'), path)
}
