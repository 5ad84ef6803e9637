/** The rooms of the program, and the doors between them. */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'

/** From each room, the rooms that it may use besides itself. */
const doors: Record<string, string[]> = {
  'src/main.ts': ['src/classic', 'src/postfix', 'src/model'],
  'src/cli.ts': ['src/commands', 'src/help', 'src/hooks', 'src/files', 'src/postfix', 'src/model'],
  'src/commands': [
    'src/help',
    'src/hooks',
    'src/report',
    'src/screen',
    'src/engine.ts',
    'src/checking.ts',
    'src/run-schedule.ts',
    'src/plugins',
    'src/check',
    'src/ask.ts',
    'src/plan',
    'src/postfix',
    'src/flow',
    'src/files',
    'src/model',
  ],
  'src/screen': ['src/model'],
  'src/check': ['src/flow', 'src/model'],
  'src/run-schedule.ts': ['src/plan', 'src/model'],
  'src/report': ['src/apply', 'src/files', 'src/hooks', 'src/flow', 'src/model'],
  'src/plugins': ['src/apply', 'src/files', 'src/hooks', 'src/model'],
  'src/classic': ['src/engine.ts', 'src/ask.ts', 'src/files', 'src/plan', 'src/postfix', 'src/model'],
  'src/help': ['src/model'],
  'src/hooks': ['src/ask.ts', 'src/files', 'src/help', 'src/model'],
  'src/engine.ts': [
    'src/actions.ts',
    'src/questions.ts',
    'src/apply',
    'src/plan',
    'src/ask.ts',
    'src/hooks',
    'src/postfix',
    'src/model',
  ],
  'src/questions.ts': ['src/actions.ts', 'src/apply', 'src/ask.ts', 'src/postfix', 'src/model'],
  'src/actions.ts': ['src/apply', 'src/plan', 'src/postfix', 'src/model'],
  'src/checking.ts': ['src/check', 'src/hooks', 'src/postfix', 'src/model'],
  'src/ask.ts': ['src/model'],
  'src/apply': ['src/files', 'src/postfix', 'src/model'],
  'src/plan': ['src/model'],
  'src/postfix': ['src/flow', 'src/files', 'src/model'],
  'src/files': ['src/model'],
  'src/flow': ['src/model'],
  'src/model': [],
}

/** The rooms in a room, and which of the others each may use. '.' is what lies in none of them. */
const innerDoors: Record<string, Record<string, string[]>> = {
  'src/commands': {
    '.': ['completion', 'instances', 'plugins', 'queue', 'shared'],
    completion: ['shared'],
    instances: ['shared'],
    plugins: ['shared'],
    queue: ['shared'],
    shared: [],
  },
  'src/check': {rules: ['.'], '.': []},
  'src/report': {top: ['.', 'terminal'], flow: ['terminal'], '.': ['terminal'], terminal: []},
  'src/postfix': {
    survey: ['state', 'systemd', 'removal', 'permissions', 'parameters', 'programs', 'reader'],
    watch: ['state', 'parameters', 'reader'],
    state: ['systemd', 'parameters', 'programs', 'reader'],
    systemd: ['programs'],
    removal: ['permissions'],
    permissions: ['programs', 'reader'],
    parameters: ['reader'],
    programs: ['reader'],
    reader: [],
  },
  'src/model': {
    survey: ['units', 'change', 'master-cf', 'main-cf', 'instance', 'base'],
    units: ['change', 'instance', 'base'],
    change: ['master-cf', 'main-cf', 'instance', 'base'],
    top: ['mail', 'instance'],
    mail: ['instance', 'base'],
    'master-cf': ['main-cf', 'instance', 'base'],
    'main-cf': ['base'],
    instance: ['base'],
    base: [],
  },
}

/** More files than these are no room, but for those that hold one kind of thing. */
const mostFiles = 22
const ofOneKind = ['src/check/rules']

/** Names that several files may declare: each of these is where a bundle begins, and the launcher calls one of them. */
const sharedNames = ['main']

/** What only computes: nothing from outside, not even from Node, but types. */
const pure = ['src/model', 'src/plan', 'src/flow', 'src/check']

/** Packages that only compute, and are too small to slow any command. */
const purePackages = ['fastest-levenshtein']

/** Only these know of oclif, which would slow every `postfix start`. */
const oclifRooms = ['src/cli.ts', 'src/commands', 'src/help', 'src/hooks', 'src/plugins']

const root = join(import.meta.dirname, '..')
const imports = ['src', 'plugins'].flatMap(filesIn).flatMap(importsOf)

describe('floor plan', () => {
  for (const [room, others] of Object.entries(doors)) {
    it(`${room} uses ${others.join(', ') || 'no other room'}`, () => {
      const allowed = [room, ...others]
      assertNone((each) => each.room === room && each.target !== undefined && !allowed.includes(roomOf(each.target)))
    })
  }

  for (const [room, inner] of Object.entries(innerDoors)) {
    for (const [one, others] of Object.entries(inner)) {
      it(`${room}/${one} uses ${others.join(', ') || 'no other part'} of ${room}`, () => {
        const allowed = [one, ...others]
        assertNone((each) => {
          if (each.room !== room || each.target === undefined || roomOf(each.target) !== room) return false
          return innerRoomOf(each.file) === one && !allowed.includes(innerRoomOf(each.target))
        })
      })
    }
  }

  it('has no folder where one looks for a file for long', () => {
    const folders = filesIn('src').map((each) => dirname(each))
    const large = [...new Set(folders)].filter(
      (folder) => !ofOneKind.includes(folder) && folders.filter((each) => each === folder).length > mostFiles,
    )
    assert.deepEqual(large, [])
  })

  it('knows every room', () => {
    assertNone((each) => each.room in innerDoors && !(innerRoomOf(each.file) in innerDoors[each.room]!))
    assertNone((each) => each.room.startsWith('src') && !(each.room in doors))
    assert.ok(imports.length > 100, `only ${imports.length} imports were found`)
  })

  it('leads nowhere but to files that are there', () => {
    assertNone((each) => each.target !== undefined && !existsSync(join(root, each.target)))
  })

  it('has no files in src that import each other in a circle, types included', () => {
    const settled = new Set<string>()
    const circles: string[] = []
    const follow = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' '))
      else if (!settled.has(file)) {
        for (const each of imports)
          if (each.file === file && each.target !== undefined) follow(each.target, [...way, file])
        settled.add(file)
      }
    }
    for (const {file} of imports) if (file.startsWith('src/')) follow(file, [])
    assert.deepEqual(circles, [])
  })

  it('declares no name at the top of two files in src: a name says one thing', () => {
    const declaration =
      /^(?:export )?(?:default )?(?:async |abstract )*(?:function\*?|class|interface|type|const|let) (\w+)/gm
    const declared = new Map<string, Set<string>>()
    for (const file of filesIn('src')) {
      for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(declaration)) {
        declared.set(name, (declared.get(name) ?? new Set()).add(file))
      }
    }
    const twice = [...declared].filter(([name, files]) => files.size > 1 && !sharedNames.includes(name))
    assert.deepEqual(
      twice.map(([name, files]) => `${name}: ${[...files].join(' ')}`),
      [],
    )
    assert.ok(declared.size > 1000, `only ${declared.size} names were found`)
  })

  it('says of no more than 39 values that they are there: a better type says it, and biome.json names the files', () => {
    const assertions = filesIn('src').flatMap(
      (file) =>
        readFileSync(join(root, file), 'utf8')
          .replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
          .replace(/'[^'\n]*'/g, "''")
          .match(/[\w)\]]!(?=[.,)\][(\s;:}])/g) ?? [],
    )
    assert.ok(assertions.length <= 39, `there are ${assertions.length}`)
    assert.ok(assertions.length > 10, `only ${assertions.length} were found`)
  })

  for (const room of pure) {
    it(`${room} only computes`, () => {
      assertNone((each) => each.room === room && each.how !== 'type' && isFromOutside(each))
    })
  }

  it(`oclif stays in ${oclifRooms.join(', ')}`, () => {
    assertNone((each) => /oclif/.test(each.name) && each.room.startsWith('src') && !oclifRooms.includes(each.room))
  })

  // They take 0.3 to 3 ms to load, and many classic commands need none of them.
  for (const name of ['node:child_process', 'node:os', 'node:tty']) {
    it(`the classic entry loads ${name} only when it is used`, () => {
      const loaded = loadedBy('src/main.ts')
      assertNone((each) => loaded.has(each.file) && each.how === 'static' && each.name === name)
    })
  }

  it(`the classic entry loads no package but ${purePackages.join(', ')}`, () => {
    const loaded = loadedBy('src/main.ts')
    assertNone((each) => {
      return loaded.has(each.file) && each.how === 'static' && isFromOutside(each) && !each.name.startsWith('node:')
    })
  })

  it('only src/files names files to the kernel: others get descriptors, and plugins may look', () => {
    const files = ['src', 'plugins']
      .flatMap(filesIn)
      .filter((each) => !each.startsWith('src/files/') && !isTestKit(each))
    const wrong = files.flatMap((file) => {
      const allowed = file.startsWith('plugins/') ? [...byDescriptor, ...looks] : byDescriptor
      return namesOfFs(file).flatMap((name) => (allowed.includes(name) ? [] : [`${file}: ${name}`]))
    })
    assert.deepEqual(wrong, [])
  })

  it('one place sets the exit status of sub-commands: src/cli.ts', () => {
    const writers = filesIn('src').flatMap((file) => {
      const code = readFileSync(join(root, file), 'utf8')
      return [...code.matchAll(/process\.exitCode\s*(?:\W\W)?=(?!=)/g)].map(() => file)
    })
    assert.deepEqual(writers, ['src/cli.ts'])
  })

  it('between oclif and a command there is one class at most', () => {
    const classes = filesIn('src/commands').flatMap((file) => [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /^ *(?:export |return )?(?:default |abstract )*class (\w+) extends (\w+)/gm,
      ),
    ])
    assert.ok(classes.length > 30, `only ${classes.length} were found`)
    const wrong = classes.filter(
      ([, name, base]) => base !== (name === 'PostmultiCommand' ? 'Command' : 'PostmultiCommand'),
    )
    assert.deepEqual(
      wrong.map(([, name]) => name),
      [],
    )
  })

  it('plugins use the published packages of plugins/ and nothing of src/', () => {
    // Of one that is not a package any more git leaves what was built.
    const manifests = readdirSync(join(root, 'plugins')).map((name) => join(root, 'plugins', name, 'package.json'))
    const workspaces = manifests.filter((each) => existsSync(each)).map((each) => packageName(dirname(each)))
    assertNone((each) => {
      // What is copied brings its package.
      if (!each.room.startsWith('plugins') || each.file.startsWith('plugins/plugin-api/template/')) return false
      if (each.target !== undefined) return roomOf(each.target) !== each.room
      return !each.name.startsWith('node:') && !workspaces.some((ours) => isPartOf(each.name, ours))
    })
  })
})

const byDescriptor =
  'closeSync constants fchmodSync fstatSync fsyncSync fdatasyncSync ftruncateSync readSync writeSync'.split(' ')
/** Nothing is opened by them. */
const looks = ['existsSync', 'lstatSync', 'readdirSync', 'statSync']

/** It runs where plugins are made, not where they work. */
function isTestKit(file: string): boolean {
  return file.startsWith('plugins/plugin-api/')
}

/** What a file takes of node:fs, but for types; all of it when it does not say what. */
function namesOfFs(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, '')
  const named = [...code.matchAll(/^import (type )?(.*?) from 'node:fs(?:\/promises)?'/gms)]
  const others = code.matchAll(/(?:import|require|getBuiltinModule)\(\s*['"`](node:fs.*?)['"`]/g)
  const names = named.flatMap(([, type, list = '']) =>
    type === undefined ? list.replace(/[{}\s]/g, '').split(',') : [],
  )
  return [...names.filter((each) => each !== '' && !/^type/.test(each)), ...[...others].map(([, name = '']) => name)]
}

interface Import {
  /** Paths from the project's directory. */
  file: string
  room: string
  /** As it is written. */
  name: string
  /** The file, when the name is a relative path. */
  target: string | undefined
  how: 'static' | 'dynamic' | 'type'
}

function assertNone(isWrong: (each: Import) => boolean): void {
  assert.deepEqual(
    imports.filter(isWrong).map(({file, how, name}) => `${file}: ${how} import of ${name}`),
    [],
  )
}

function isFromOutside({target, name}: Import): boolean {
  return target === undefined && !purePackages.includes(name)
}

function filesIn(directory: string): string[] {
  return readdirSync(join(root, directory), {recursive: true, encoding: 'utf8'})
    .filter((each) => /\.[cm]?[jt]s$/.test(each) && !/(?:^|\/)(?:node_modules|dist|test)\//.test(each))
    .map((each) => `${directory}/${each}`)
}

function importsOf(file: string): Import[] {
  const code = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, '')
  const named = [...code.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;'"`()]*?\sfrom\s+['"](.+?)['"]/gm)]
  const bare = [...code.matchAll(/^\s*import\s+['"](.+?)['"]/gm)]
  const called = [...code.matchAll(/\b(?:import|require|getBuiltinModule)\(\s*['"`](.+?)['"`]/g)]
  return [
    ...named.map(([, type, name = '']) => found(name, type === undefined ? 'static' : 'type')),
    ...bare.map(([, name = '']) => found(name, 'static')),
    ...called.map(([, name = '']) => found(name, 'dynamic')),
  ]

  function found(name: string, how: Import['how']): Import {
    const target = name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : undefined
    return {file, room: roomOf(file), name, target, how}
  }
}

/** The first two parts of the path. */
function roomOf(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}

/** The third part of the path, where it is a folder. */
function innerRoomOf(file: string): string {
  const [, , inner = '', ...below] = file.split('/')
  return below.length === 0 ? '.' : inner
}

/** The file and everything that comes with it at once. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  for (const each of imports) {
    if (each.file === file && each.how === 'static' && each.target !== undefined) loadedBy(each.target, loaded)
  }
  return loaded
}

function packageName(directory: string): string {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).name
}

/** A package, or one of the entries that it exports. */
function isPartOf(name: string, ours: string): boolean {
  return name === ours || name.startsWith(`${ours}/`)
}
