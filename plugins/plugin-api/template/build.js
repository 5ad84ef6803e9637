/** Takes the types out of src/, line by line, into dist/: what is installed is JavaScript, and needs no compiler. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {stripTypeScriptTypes} from 'node:module'

mkdirSync('dist', {recursive: true})
writeFileSync('dist/hooks.js', stripTypeScriptTypes(readFileSync('src/hooks.ts', 'utf8')))
