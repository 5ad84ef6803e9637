// Stands in dist/ in the place of each bundle; the bundle is beside it as .js, and what V8 has made of it as .cache, where
// build/compile.js puts both. A Node that cannot use the cache compiles the text.
const {readFileSync} = require('node:fs')
const {Script} = require('node:vm')

const path = __filename.slice(0, -'.cjs'.length)
const filename = `${path}.js`
const script = new Script(readFileSync(filename, 'utf8'), {filename, cachedData: readCache()})
script.runInThisContext().call(exports, exports, require, module, __filename, __dirname, load)

// import() does not see what a file like this one exports.
async function load(name) {
  return name.startsWith('./') ? require(name) : import(name)
}

function readCache() {
  try {
    return readFileSync(`${path}.cache`)
  } catch {
    return undefined
  }
}
