/**
 * Lets the bundle of the sub-commands load of oclif what every command needs, and the rest when it is used: all of it
 * would take longer than the commands themselves. A name that is not there any more only costs time; test/oclif.test.ts
 * tells of it.
 */

/** Packages that oclif loads at once and hardly ever uses. They go into a file of their own. */
export const packages =
  'ansis clean-stack cli-spinners debug ejs get-package-type indent-string lilconfig minimatch semver string-width supports-color tinyglobby widest-line wrap-ansi'.split(
    ' ',
  )
export const builtIn = ['node:child_process', 'node:fs/promises', 'node:perf_hooks', 'node:readline']
/**
 * Parts of oclif, as they are called there, and who calls them.
 * @type {[string, RegExp][]}
 */
export const parts = [
  ['./config', /\/lib\/command\.js$/],
  ['./help', /\/lib\/(?:flags|main|parser\/index)\.js$/],
  ['../help/index', /\/lib\/errors\/handle\.js$/],
  ['./docopts', /\/lib\/help\/command\.js$/],
]
/** All that our commands take from it. The whole of it also compares version numbers, at every start. */
const taken = `
  export * as Args from '@oclif/core/args'
  export * as Errors from '@oclif/core/errors'
  export * as Flags from '@oclif/core/flags'
  export {Command} from '@oclif/core/command'
`

export const lateFile = './late.cjs'

/** `late` gets the names of the packages that `lateModule` must hold. */
export function lean(late) {
  return {
    name: 'lean',
    setup({onResolve, onLoad}) {
      onResolve({filter: /^@oclif\/core$/}, ({importer, resolveDir}) =>
        importer.endsWith('.ts') ? {path: 'taken', namespace: 'taken', pluginData: resolveDir} : undefined,
      )
      onLoad({filter: /.*/, namespace: 'taken'}, ({pluginData}) => ({contents: taken, resolveDir: pluginData}))

      onResolve({filter: /.*/}, ({path, kind, importer, resolveDir, namespace}) => {
        if (kind !== 'require-call' || namespace === 'late') return undefined
        if (!/[\\/]@oclif[\\/]core[\\/]/.test(importer)) return undefined
        const isPart = parts.some(([name, caller]) => name === path && caller.test(importer))
        const isLate = isPart || packages.includes(path) || builtIn.includes(path)
        const suffix = isPart ? `?${resolveDir}` : ''
        return isLate ? {path, suffix, namespace: 'late', pluginData: {resolveDir, isPart}} : undefined
      })
      onResolve({filter: /^\.\/late\.cjs$/, namespace: 'late'}, ({path}) => ({path, external: true}))
      onLoad({filter: /.*/, namespace: 'late'}, ({path, pluginData: {resolveDir, isPart}}) => {
        if (packages.includes(path)) late.add(path)
        const load = packages.includes(path) ? `require('${lateFile}')['${path}']()` : `require('${path}')`
        return {resolveDir, contents: path === 'debug' ? silentUnlessAsked(load) : loadedWhenUsed(load, isPart)}
      })
    },
  }
}

/** The text of a module that holds these packages, each behind a function that loads it. */
export function lateModule(late) {
  return `module.exports = {${[...late].map((name) => `'${name}': () => require('${name}')`)}}`
}

function loadedWhenUsed(load, isPart) {
  return `
    let loaded
    const real = () => (loaded ??= ${load})
    module.exports = new Proxy(function () {}, {
      get: (_, name) => (name === '__esModule' ? ${isPart} : real()[name]),
      apply: (_, self, words) => Reflect.apply(real(), self, words),
      construct: (_, words) => Reflect.construct(real(), words),
    })
  `
}

function silentUnlessAsked(load) {
  return `module.exports = process.env.DEBUG ? ${load} : () => Object.assign(() => {}, {enabled: false})`
}
