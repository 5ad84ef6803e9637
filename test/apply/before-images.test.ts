import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {
  captureExistence,
  captureFile,
  captureLine,
  captureRemoval,
  captureTree,
  captureWhole,
  forget,
  restore,
  writeLine,
} from '../../src/apply/before-images.ts'
import {markPaths} from '../../src/apply/history.ts'
import {replaceFile} from '../../src/files/act.ts'
import {type BeforeImage, isNothing, type PathImage, pathOf} from '../../src/model/change/before-image.ts'
import {placeWanted} from '../../src/model/change/lines.ts'

type Restorable = Exclude<PathImage, {was: 'main.cf'}>

const isRoot = process.geteuid?.() === 0
const latin1 = Buffer.from('# caf\xe9\r\na = 1\n\0', 'latin1')
const wanted = {mode: 0o640, uid: isRoot ? 12 : process.getuid!(), gid: isRoot ? 34 : process.getgid!()}

describe('trace', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'traces-'))
  })
  afterEach(() => rmSync(root, {recursive: true}))

  describe('of a file', () => {
    let path: string
    let trace: Restorable
    let before: string[]

    beforeEach(() => {
      path = `${root}/main.cf`
      replaceFile(path, latin1, {...wanted, seconds: 1_234_567_890.25})
      trace = throughJournal(captureFile(path))
      before = tree()
    })

    const events: [title: string, happens: () => void][] = [
      ['nothing', () => {}],
      ['it was replaced', () => replaceFile(path, Buffer.from('new'), {mode: 0o644, uid: wanted.uid, gid: wanted.gid})],
      ['it was removed', () => rmSync(path)],
      ['it was written to', () => writeFileSync(path, 'a')],
      ['its mode was changed', () => chmodSync(path, 0o777)],
      ['its time was changed', () => utimesSync(path, 1, 1)],
      ['a new one was half written', () => writeFileSync(`${root}/${temporaryOf(trace)}`, 'ha')],
    ]
    for (const [title, happens] of events) {
      it(`brings back its bytes, owner, mode and time after this: ${title}`, () => {
        happens()
        restore(trace)
        assert.deepEqual(tree(), before)
        restore(trace)
        assert.deepEqual(tree(), before)
      })
    }

    it('brings back its owner', function () {
      if (!isRoot) this.skip()
      chownSync(path, 56, 78)
      restore(trace)
      assert.deepEqual(tree(), before)
    })
  })

  describe('of a line in a file that others write as well', () => {
    let path: string

    beforeEach(() => {
      path = `${root}/aliases`
    })

    const read = (): string => readFileSync(path, 'utf8')
    const present = 'postmaster: root\nout: root\nabuse: root\n'
    const rows: [
      title: string,
      before: string | undefined,
      at: 'end' | undefined,
      others: () => void,
      after: string,
    ][] = [
      ['takes out what was added', 'a: b\n', 'end', () => {}, 'a: b\n'],
      ['leaves what others have added since', 'a: b\n', 'end', () => appendFileSync(path, 'c: d\n'), 'a: b\nc: d\n'],
      ['ends the last line of others', 'a: b', 'end', () => {}, 'a: b\n'],
      ['brings back what was removed where it was', present, undefined, () => {}, present],
      [
        'brings it back among what is left',
        present,
        undefined,
        () => writeFileSync(path, 'x: y\n'),
        'x: y\nout: root\n',
      ],
      ['leaves a file that it has made to others', undefined, 'end', () => appendFileSync(path, 'c: d\n'), 'c: d\n'],
    ]
    for (const [title, before, at, others, after] of rows) {
      it(title, () => {
        if (before !== undefined) replaceFile(path, Buffer.from(before), wanted)
        const trace = captureLine(path, 'out: root')
        writeLine(trace, placeWanted(at === 'end' ? 'add line' : 'remove line'))
        assert.equal(read().includes('out: root\n'), at === 'end')
        others()
        const written = throughJournal(trace)
        restore(written)
        assert.equal(read(), after)
        restore(written)
        assert.equal(read(), after)
        if (before !== undefined) assert.deepEqual(permissionsOf(path), wanted)
      })
    }

    it('takes away a file that it has made', () => {
      const trace = captureLine(path, 'out: root')
      writeLine(trace, placeWanted('add line'))
      restore(throughJournal(trace))
      assert.deepEqual(tree(), [])
    })

    it('changes nothing where the line is there', () => {
      writeFileSync(path, 'out: root')
      writeLine(captureLine(path, 'out: root'), placeWanted('add line'))
      assert.equal(read(), 'out: root')
    })

    it('is refused for a link', () => {
      symlinkSync('/etc/aliases', path)
      assert.throws(() => captureLine(path, 'out: root'), /aliases is a link: name the file that it leads to/)
    })

    it('has no mark, so that what others write stands against no undo', () => {
      assert.deepEqual(markPaths([captureLine(path, 'out: root')]), [])
    })
  })

  describe('of what was not there', () => {
    let path: string
    let trace: Restorable

    beforeEach(() => {
      path = `${root}/postfix-out`
      trace = throughJournal(captureFile(path))
      assert.deepEqual([trace.was, pathOf(trace)], ['absent', path])
    })

    const events: [title: string, happens: () => void][] = [
      ['nothing', () => {}],
      ['a file was made', () => writeFileSync(path, 'x')],
      ['a directory was made', () => mkdirSync(path)],
      ['a link was made', () => symlinkSync(tmpdir(), path)],
      ['a file was half written', () => writeFileSync(`${root}/${temporaryOf(trace)}`, 'x')],
    ]
    for (const [title, happens] of events) {
      it(`leaves nothing after this: ${title}`, () => {
        happens()
        restore(trace)
        assert.deepEqual(tree(), [])
        restore(trace)
        assert.deepEqual(tree(), [])
      })
    }

    it('keeps what others have put into our directory meanwhile', () => {
      mkdirSync(path)
      writeFileSync(`${path}/transport`, '')
      restore(trace)
      assert.deepEqual(readdirSync(path), ['transport'])
    })

    it('does not follow a link', () => {
      mkdirSync(`${root}/elsewhere`)
      symlinkSync(`${root}/elsewhere`, path)
      restore(trace)
      assert.deepEqual(readdirSync(root), ['elsewhere'])
    })
  })

  describe('of what is only there', () => {
    it('brings back owner and mode of a directory, and nothing in it', () => {
      const path = `${root}/queue`
      mkdirSync(path)
      chmodSync(path, 0o1730)
      const trace = throughJournal(captureExistence(path))
      const before = tree()
      chmodSync(path, 0o700)
      if (isRoot) chownSync(path, 56, 78)
      restore(trace)
      assert.deepEqual(tree(), before)
      writeFileSync(`${path}/message`, '')
      restore(trace)
      assert.deepEqual(readdirSync(path), ['message'])
    })

    it('makes nothing that has gone meanwhile', () => {
      writeFileSync(`${root}/pid`, '')
      const trace = throughJournal(captureExistence(`${root}/pid`))
      rmSync(`${root}/pid`)
      restore(trace)
      assert.deepEqual(tree(), [])
    })

    it('leaves alone where a link leads to', () => {
      writeFileSync(`${root}/target`, '')
      chmodSync(`${root}/target`, 0o604)
      symlinkSync(`${root}/target`, `${root}/link`)
      const trace = throughJournal(captureExistence(`${root}/link`))
      restore(trace)
      assert.equal(statSync(`${root}/target`).mode & 0o7777, 0o604)
      assert.equal(readlinkSync(`${root}/link`), `${root}/target`)
    })

    it('is removed again where it was not there', () => {
      const trace = throughJournal(captureExistence(`${root}/new`))
      writeFileSync(`${root}/new`, '')
      restore(trace)
      assert.deepEqual(tree(), [])
    })
  })

  describe('of what is removed', () => {
    let path: string
    let moved: Extract<BeforeImage, {was: 'moved'}>
    let before: string[]

    beforeEach(() => {
      path = `${root}/queue`
      mkdirSync(`${path}/pid`, {recursive: true})
      chmodSync(`${path}/pid`, 0o700)
      replaceFile(`${path}/pid/master.pid`, latin1, {...wanted, seconds: 1_234_567_890})
      symlinkSync('/nowhere', `${path}/pid/link`)
      moved = throughJournal(captureRemoval(path)!) as typeof moved
      before = tree()
    })

    it('waits beside its place, out of sight', () => {
      assert.match(moved.to, new RegExp(`^${root}/\\.postmulti-[0-9a-f]{16}$`))
    })

    it('stays where it is when it was not moved yet', () => {
      restore(moved)
      assert.deepEqual(tree(), before)
    })

    it('comes back as it was', () => {
      move()
      restore(moved)
      assert.deepEqual(tree(), before)
      restore(moved)
      assert.deepEqual(tree(), before)
    })

    it('is made again when it is gone for good', () => {
      move()
      forget(moved)
      assert.deepEqual(tree(), [])
      restore(moved)
      assert.deepEqual(tree(), before)
    })

    it('does not come over what somebody else has put in its place', () => {
      move()
      writeFileSync(path, 'mine')
      restore(moved)
      assert.equal(readFileSync(path, 'utf8'), 'mine')
      assert.ok(existsSync(`${moved.to}/pid/master.pid`))
    })

    it('is forgotten with all that is in it, and once more', () => {
      move()
      forget(moved)
      forget(moved)
      assert.deepEqual(tree(), [])
    })

    it('has its owners again when it is made again', function () {
      if (!isRoot) this.skip()
      chownSync(`${path}/pid`, 56, 78)
      const withOwners = tree()
      const trace = {...moved, tree: captureTree(path)}
      rmSync(path, {recursive: true})
      restore(trace)
      assert.deepEqual(tree(), withOwners)
    })

    it('comes back without large files that Postfix makes anew', () => {
      writeFileSync(`${path}/small.db`, 'x')
      spawnSync('truncate', ['-s', '600M', `${path}/verify_cache.db`])
      const trace = throughJournal(captureRemoval(path, true)!)
      rmSync(path, {recursive: true})
      restore(trace)
      assert.deepEqual(readdirSync(path).sort(), ['pid', 'small.db'])
    })

    it('is not forgotten while it is in its place', () => {
      forget(moved)
      assert.deepEqual(tree(), before)
    })

    it('nothing else is ever forgotten', () => {
      for (const trace of [captureFile(`${path}/pid/master.pid`), captureExistence(path), ...moved.tree]) forget(trace)
      assert.deepEqual(tree(), before)
    })

    function move(): void {
      renameSync(path, moved.to)
    }
  })

  describe('of a whole directory', () => {
    it('lists a directory before what is in it, files with their bytes, and links, which it does not follow', () => {
      mkdirSync(`${root}/a/b`, {recursive: true})
      writeFileSync(`${root}/a/b/file`, 'x')
      symlinkSync('/', `${root}/a/link`)
      const listed = captureTree(`${root}/a`).map((each) => ('path' in each ? `${each.was} ${each.path}` : each.was))
      assert.deepEqual(listed.sort(), [
        `directory ${root}/a`,
        `directory ${root}/a/b`,
        `file ${root}/a/b/file`,
        `link ${root}/a/link`,
      ])
    })

    it('is empty for what is not there', () => assert.deepEqual(captureTree(`${root}/nowhere`), []))
  })

  describe('of a tree, whatever happens to it', () => {
    let path: string
    let trace: Restorable
    let before: string[]

    beforeEach(() => {
      path = `${root}/queue/etc`
      mkdirSync(`${path}/ssl`, {recursive: true})
      chmodSync(path, 0o700)
      replaceFile(`${path}/hosts`, latin1, {...wanted, seconds: 1_234_567_890.25})
      symlinkSync('../hosts', `${path}/ssl/link`)
      trace = throughJournal(captureWhole(path))
      before = tree()
    })

    const events: [title: string, happens: () => void][] = [
      ['nothing', () => {}],
      ['it has gone', () => rmSync(path, {recursive: true})],
      ['a file has gone', () => rmSync(`${path}/hosts`)],
      ['a file was replaced', () => replaceFile(`${path}/hosts`, Buffer.from('new'), {...wanted, mode: 0o600})],
      ['files and directories came', () => mkdirSync(`${path}/a/b`, {recursive: true})],
      ['a file was half copied', () => writeFileSync(`${path}/ssl/hosts.tmp`, 'x')],
      ['modes were changed', () => chmodSync(path, 0o755)],
      [
        'a file became a directory with files',
        () => {
          rmSync(`${path}/hosts`)
          mkdirSync(`${path}/hosts/in`, {recursive: true})
        },
      ],
      [
        'a directory became a link',
        () => {
          rmSync(`${path}/ssl`, {recursive: true})
          symlinkSync(tmpdir(), `${path}/ssl`)
        },
      ],
      [
        'a link became a file',
        () => {
          rmSync(`${path}/ssl/link`)
          writeFileSync(`${path}/ssl/link`, '')
        },
      ],
    ]
    for (const [title, happens] of events) {
      it(`it is as it was after this: ${title}`, () => {
        happens()
        restore(trace)
        assert.deepEqual(tree(), before)
        restore(trace)
        assert.deepEqual(tree(), before)
      })
    }

    it('what was not there goes with all that is in it', () => {
      const absent = throughJournal(captureWhole(`${root}/queue/usr`))
      assert.ok(isNothing(absent))
      restore(absent)
      mkdirSync(`${root}/queue/usr/lib`, {recursive: true})
      writeFileSync(`${root}/queue/usr/lib/x`, '')
      restore(absent)
      assert.deepEqual(tree(), before)
    })

    it('a FIFO that has gone is named, when all else is as it was', () => {
      spawnSync('mkfifo', [`${path}/fifo`])
      trace = throughJournal(captureWhole(path))
      rmSync(path, {recursive: true})
      assert.throws(() => restore(trace), /etc\/fifo was a device, a FIFO or a socket, and is gone/)
      assert.deepEqual(tree(), before)
    })

    it('the names in it have marks, those that came as well', () => {
      writeFileSync(`${path}/new`, '')
      const paths = markPaths([trace, captureWhole(`${root}/queue/usr`)]).map((each) => each.path.slice(root.length))
      const etc = ['', '/hosts', '/new', '/ssl', '/ssl/link'].map((each) => `/queue/etc${each}`)
      assert.deepEqual(paths.sort(), [...etc, '/queue/usr'])
    })
  })

  it('of a new file: mode and owner are those wanted, whatever the umask', () => {
    const umask = process.umask(0o077)
    try {
      replaceFile(`${root}/new`, latin1, {...wanted, mode: 0o664})
    } finally {
      process.umask(umask)
    }
    const {mode, uid, gid} = statSync(`${root}/new`)
    assert.deepEqual({mode: mode & 0o7777, uid, gid}, {...wanted, mode: 0o664})
    assert.deepEqual(readFileSync(`${root}/new`), latin1)
    assert.deepEqual(readdirSync(root), ['new'])
  })

  /** All that is below the root: path, type and mode, owner, and of files bytes and time. */
  function tree(): string[] {
    return readdirSync(root, {recursive: true, encoding: 'utf8'})
      .sort()
      .map((path) => {
        const stats = lstatSync(`${root}/${path}`)
        const bytes = stats.isFile() ? `${readFileSync(`${root}/${path}`, 'hex')} ${stats.mtimeMs}` : ''
        return `${path} ${stats.mode.toString(8)} ${stats.uid}:${stats.gid} ${bytes}`
      })
  }
})

function temporaryOf(trace: BeforeImage): string {
  return 'temporary' in trace ? (trace.temporary ?? '') : ''
}

/** As it is read again by the next run. */
function permissionsOf(path: string): typeof wanted {
  const {mode, uid, gid} = statSync(path)
  return {mode: mode & 0o7777, uid, gid}
}

function throughJournal(trace: BeforeImage): Restorable {
  return JSON.parse(JSON.stringify(trace))
}
