// Stands in dist/ in the place of each bundle; the bundle is beside it as .js, and what V8 has made of it as .cache. A Node
// that cannot use the cache compiles the text. A bundle that is started begins with its main().
const {readFileSync} = require('node:fs')
const {Script} = require('node:vm')

const path = __filename.slice(0, -'.cjs'.length)
const filename = `${path}.js`
const script = new Script(readFileSync(filename, 'utf8'), {filename, cachedData: readCache()})
script.runInThisContext().call(exports, exports, require, module, __filename, __dirname, load)
/** @type {{exports: {main?(words: string[]): void}}} */
const bundle = module
if (require.main === module) bundle.exports.main?.(process.argv.slice(2))

// import() does not see what a file like this one exports.
async function load(name) {
  return name.startsWith('./') ? require(name) : import(name)
}

// One for each set of options that bin/postmulti starts Node with.
function suffix() {
  if (process.execArgv.includes('--no-rehash-snapshot')) return '.seed.cache'
  return process.execArgv.includes('--jitless') ? '.cache' : '.jit.cache'
}

function readCache() {
  try {
    return readFileSync(path + suffix())
  } catch {
    return undefined
  }
}
