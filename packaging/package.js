/**
 * Makes the Debian packages in out/, for amd64 and arm64, or for those that are named: postmulti with a Node of its own, and
 * postmulti-system-node without. Needs neither root nor, for the architecture of this machine, the network. The same
 * commit makes the same bytes: times are those of SOURCE_DATE_EPOCH or of the commit, and what V8 compiles is made when
 * the package is installed. --uncompressed is for tests.
 * Source: deb(5), deb-control(5), deb-triggers(5); Debian Policy, chapters 5 to 7 and 12.
 */
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {gzipSync} from 'node:zlib'

const nodeOf = {amd64: 'x64', arm64: 'arm64'}
const root = join(import.meta.dirname, '..')
const out = join(root, 'out')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const version = `${manifest.version}-1`
const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct']).trim())

process.chdir(root)
process.umask(0o022)
main(process.argv.slice(2))

/** @param {string[]} words */
function main(words) {
  const isQuick = words.includes('--uncompressed')
  const names = words.filter((each) => each !== '--uncompressed')
  const unknown = names.find((each) => !(each in nodeOf))
  if (unknown !== undefined) {
    console.error(`package: ${unknown} is not an architecture: name amd64, arm64, or none for both`)
    process.exit(2)
  }
  mkdirSync(out, {recursive: true})
  const debs = (names.length === 0 ? Object.keys(nodeOf) : names).flatMap((architecture) => [
    make('postmulti', architecture, isQuick),
    make('postmulti-system-node', architecture, isQuick),
  ])
  const sums = debs.map((each) => `${hash('sha256', readFileSync(each))}  ${basename(each)}\n`)
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''))
  for (const each of debs) console.log(`package: ${each.slice(root.length + 1)}, ${lstatSync(each).size} bytes`)
}

/**
 * @param {string} name
 * @param {string} architecture
 * @param {boolean} isQuick
 * @returns the path of the package
 */
function make(name, architecture, isQuick) {
  const stage = mkdtempSync(join(tmpdir(), 'package-'))
  try {
    chmodSync(stage, 0o755)
    const hasNode = name === 'postmulti'
    stageProgram(join(stage, 'usr/lib/postmulti/tree'))
    if (hasNode) stageNode(join(stage, 'usr/lib/postmulti/tree'), architecture)
    stageOthers(stage, name)
    stageControl(stage, name, architecture)
    for (const each of pathsBelow(stage)) utimesSync(each, seconds, seconds)
    const deb = join(out, `${name}_${version}_${hasNode ? architecture : 'all'}.deb`)
    run('dpkg-deb', ['--root-owner-group', isQuick ? '-Znone' : '-Zxz', '--build', stage, deb], {
      SOURCE_DATE_EPOCH: String(seconds),
    })
    return deb
  } finally {
    rmSync(stage, {recursive: true})
  }
}

/** @param {string} tree */
function stageProgram(tree) {
  copy('bin/postmulti', join(tree, 'bin/postmulti'))
  const bundles = readdirSync('dist').filter((each) => /\.c?js$/.test(each))
  for (const each of bundles) copy(`dist/${each}`, join(tree, 'dist', each))
  for (const each of ['compile.js', 'compile-all.js']) copy(`build/${each}`, join(tree, 'build', each))
  copy('oclif.manifest.json', join(tree, 'oclif.manifest.json'))
  for (const each of readdirSync('plugins')) {
    for (const part of ['dist', 'package.json', 'template', 'host']) {
      if (existsSync(`plugins/${each}/${part}`)) copy(`plugins/${each}/${part}`, join(tree, 'plugins', each, part))
    }
  }
  const {name, version: ours, license, type, engines, oclif} = manifest
  const launcher = '/usr/sbin/postmulti'
  write(
    join(tree, 'package.json'),
    `${JSON.stringify({name, version: ours, license, type, engines, launcher, oclif})}\n`,
  )
}

/**
 * @param {string} tree
 * @param {string} architecture
 */
function stageNode(tree, architecture) {
  const name = `node-linux-${nodeOf[/** @type {'amd64' | 'arm64'} */ (architecture)]}`
  const held = `node_modules/${name}`
  const from = existsSync(held) ? held : fetchNode(name)
  for (const each of ['bin/node', 'package.json']) copy(join(from, each), join(tree, 'node_modules', name, each))
  chmodSync(join(tree, 'node_modules', name, 'bin/node'), 0o755)
}

/**
 * @param {string} name
 * @returns where it is unpacked, below node_modules, where nothing else looks for it
 */
function fetchNode(name) {
  const wanted = manifest.optionalDependencies[name]
  const kept = `node_modules/.cache/${name}-${wanted}`
  if (existsSync(kept)) return kept
  const directory = mkdtempSync(join(tmpdir(), 'package-'))
  run('npm', ['pack', '--silent', `${name}@${wanted}`, '--pack-destination', directory])
  run('tar', ['-xzf', join(directory, `${name}-${wanted}.tgz`), '-C', directory])
  mkdirSync(dirname(kept), {recursive: true})
  cpSync(join(directory, 'package'), kept, {recursive: true})
  rmSync(directory, {recursive: true})
  return kept
}

/**
 * @param {string} stage
 * @param {string} name
 */
function stageOthers(stage, name) {
  const share = join(stage, 'usr/share')
  const gzip = (/** @type {string} */ text) => gzipSync(text, {level: 9})
  for (const each of readdirSync('dist').filter((page) => page.endsWith('.1'))) {
    // Its place is Postfix's, until postinst.
    const directory = each === 'postmulti.1' ? join(stage, 'usr/lib/postmulti/tree/man') : join(share, 'man/man1')
    write(join(directory, `${each}.gz`), gzip(readFileSync(`dist/${each}`, 'utf8')))
  }
  write(join(share, 'bash-completion/completions/postmulti'), completion('bash'))
  write(join(share, 'zsh/vendor-completions/_postmulti'), completion('zsh'))
  write(join(share, 'fish/vendor_completions.d/postmulti.fish'), completion('fish'))
  for (const each of readdirSync('packaging/systemd')) {
    copy(`packaging/systemd/${each}`, join(stage, 'usr/lib/systemd/system', each))
  }
  mkdirSync(join(stage, 'etc/postmulti'), {recursive: true})
  write(join(share, `doc/${name}/changelog.Debian.gz`), gzip(changelog(name)))
  write(join(share, `doc/${name}/changelog.gz`), gzip(readFileSync('CHANGELOG.md', 'utf8')))
  write(join(share, `doc/${name}/copyright`), copyright(name === 'postmulti'))
  write(join(share, `lintian/overrides/${name}`), debianText('lintian-overrides', name))
}

/** @param {string} shell */
function completion(shell) {
  return run(join(root, 'bin/postmulti'), ['completion', shell])
}

/** @param {string} name */
function changelog(name) {
  const date = new Date(seconds * 1000).toUTCString().replace('GMT', '+0000')
  return `${name} (${version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${manifest.author} <postmaster@localhost>  ${date}\n`
}

/**
 * Of our own files, of Node.js, and of each package that is in a bundle.
 * @param {boolean} hasNode
 */
function copyright(hasNode) {
  /** @type {string[]} */
  const bundled = JSON.parse(readFileSync('dist/bundled.json', 'utf8'))
  const node = Object.keys(manifest.optionalDependencies).find((each) => existsSync(`node_modules/${each}`))
  const parts = [
    `postmulti ${manifest.version}, licence ${manifest.license}\n\n${readFileSync('LICENSE', 'utf8')}`,
    ...(hasNode && node !== undefined ? [`Node.js, in /usr/lib/postmulti\n\n${licence(`node_modules/${node}`)}`] : []),
    ...bundled.map((each) => {
      const {name, version: theirs, license} = JSON.parse(readFileSync(`${each}/package.json`, 'utf8'))
      return `${name} ${theirs}, licence ${license}\n\n${licence(each)}`
    }),
  ]
  return parts.join(`\n${'-'.repeat(78)}\n\n`)
}

/**
 * @param {string} directory
 * @returns the text; fails where there is none, so that none is missing
 */
function licence(directory) {
  const file = readdirSync(directory).find((each) => /^(?:licen[cs]e|copying)/i.test(each))
  if (file !== undefined) return readFileSync(join(directory, file), 'utf8')
  // Some packages only name theirs.
  const ours = `packaging/licences/${directory.slice('node_modules/'.length).replace('/', '-')}.txt`
  if (existsSync(ours)) return readFileSync(ours, 'utf8')
  throw new Error(`${directory} has no licence text: write ${ours}`)
}

/**
 * @param {string} stage
 * @param {string} name
 * @param {string} architecture
 */
function stageControl(stage, name, architecture) {
  const hasNode = name === 'postmulti'
  const files = pathsBelow(stage).filter((each) => lstatSync(each).isFile())
  const size = files.reduce((sum, each) => sum + Math.ceil(lstatSync(each).size / 1024), 0)
  const sums = files.map((each) => `${hash('md5', readFileSync(each))}  ${each.slice(stage.length + 1)}\n`)
  const control = join(stage, 'DEBIAN')
  const fields = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${hasNode ? architecture : 'all'}`,
    `Maintainer: ${manifest.author} <postmaster@localhost>`,
    `Installed-Size: ${size}`,
    ...(hasNode ? ['Depends: libc6 (>= 2.28), libstdc++6'] : ['Depends: nodejs (>= 22.22)', 'Provides: postmulti']),
    'Recommends: postfix',
    'Suggests: npm',
    `Conflicts: ${hasNode ? 'postmulti-system-node' : 'postmulti'}`,
    `Replaces: ${hasNode ? 'postmulti-system-node' : 'postmulti'}`,
    'Section: mail',
    'Priority: optional',
    `Description: ${manifest.description.replace(/^./, (/** @type {string} */ first) => first.toLowerCase())}`,
    ' It takes the place of the postmulti(1) of Postfix, with the same words, exit',
    ' statuses and files, and adds sub-commands with dry runs, history and undo,',
    ' checks of a host with many instances, and plugins.',
  ]
  write(join(control, 'control'), `${fields.join('\n')}\n`)
  write(join(control, 'md5sums'), sums.join(''))
  write(join(control, 'triggers'), debianText('triggers', name))
  for (const each of ['preinst', 'postinst', 'prerm', 'postrm']) {
    const node = nodeOf[/** @type {'amd64' | 'arm64'} */ (architecture)]
    write(join(control, each), debianText(each, name).replaceAll('@node@', node).replaceAll('@size@', String(size)))
    chmodSync(join(control, each), 0o755)
  }
}

/**
 * @param {string} file
 * @param {string} name
 */
function debianText(file, name) {
  return readFileSync(`packaging/debian/${file}`, 'utf8').replaceAll('@package@', name)
}

/** @param {string} directory */
function pathsBelow(directory) {
  return readdirSync(directory, {recursive: true, encoding: 'utf8'})
    .sort()
    .map((each) => join(directory, each))
}

/**
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  mkdirSync(dirname(to), {recursive: true})
  cpSync(from, to, {recursive: true, dereference: true})
}

/**
 * @param {string} path
 * @param {string | Uint8Array} text
 */
function write(path, text) {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
}

/**
 * @param {string} algorithm
 * @param {Uint8Array} bytes
 */
function hash(algorithm, bytes) {
  return createHash(algorithm).update(bytes).digest('hex')
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {Record<string, string>} [environment]
 */
function run(program, words, environment = {}) {
  return execFileSync(program, words, {
    cwd: root,
    encoding: 'utf8',
    env: {...process.env, ...environment},
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  })
}
