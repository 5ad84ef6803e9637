/** Takes the types out of src/, line by line, into dist/: what is installed is JavaScript, and needs no compiler. */
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {stripTypeScriptTypes} from 'node:module'
import {dirname} from 'node:path'

rmSync('dist', {recursive: true, force: true})
for (const file of readdirSync('src', {recursive: true, encoding: 'utf8'}).filter((each) => each.endsWith('.ts'))) {
  const path = `dist/${file.replace(/ts$/, 'js')}`
  const text = stripTypeScriptTypes(readFileSync(`src/${file}`, 'utf8'))
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text.replace(/(\bfrom |\bimport[ (])(['"]\.[^'"]*)\.ts(?=['"])/g, '$1$2.js'))
}
