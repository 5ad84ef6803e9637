/**
 * Bundles src/screen/screen.ts with Ink, React and Yoga, which Ink lays out with, into a file that loads in half the time:
 * without React's checks for developers and Ink's window for them, and without the web that Yoga would get its code from
 * (Node's fetch() takes 30 ms and 25 MB). Yoga is ready when the file is: require() cannot wait.
 */
import {readFileSync} from 'node:fs'

const entry = `
  const {loaded} = require('yoga')
  module.exports = loaded.then(() => require('./src/screen/screen.ts'))
`
const yoga = `
  import {loadYoga} from 'yoga-layout/load'
  export * from 'yoga-layout/load'
  const yoga = {}
  export default yoga
  export const loaded = loadYoga().then((found) => Object.assign(yoga, found))
`
const forDevelopers = /^if \(process\.env\['DEV'\] === 'true'\) \{[\s\S]*?^\}/gm

export const fullScreen = {
  stdin: {contents: entry, resolveDir: '.'},
  define: {'process.env.NODE_ENV': '"production"', fetch: 'undefined'},
  plugins: [
    {
      name: 'ink',
      setup({onResolve, onLoad}) {
        onResolve({filter: /^yoga(?:-layout)?$/}, () => ({path: 'yoga', namespace: 'yoga'}))
        onLoad({filter: /.*/, namespace: 'yoga'}, () => ({contents: yoga, resolveDir: 'node_modules/ink'}))
        onLoad({filter: /ink[\\/]build[\\/]reconciler\.js$/}, ({path}) => ({
          contents: readFileSync(path, 'utf8').replace(forDevelopers, ''),
        }))
      },
    },
  ],
}
