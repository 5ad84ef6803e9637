/** What nobody gains who owns a directory that root looks into or changes. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {
  changeIn,
  examine,
  examineContent,
  makeDirectory,
  newName,
  openLock,
  remove,
  removeTree,
  rename,
  replaceFile,
  setPermissions,
  writeLink,
} from '../../src/files/act.ts'
import {digestsOf} from '../../src/files/digest.ts'
import {foreignOnWay, openDirectory, within} from '../../src/files/directory.ts'
import {lookAt, lookThrough, namesBelow, readBytes, readEntries, readText, realPath} from '../../src/files/read.ts'
import {errorCode} from '../../src/model/base/system-error.ts'

const isRoot = process.geteuid?.() === 0
const nobody = 65534
const plain = {mode: 0o644, uid: process.getuid!(), gid: process.getgid!()}

describe('files', () => {
  let root: string
  /** Somebody else's, with a directory and a file in it. */
  let theirs: string
  /** Root's, and nobody else can look into it. */
  let secret: string

  before(function () {
    if (!isRoot) this.skip()
  })
  beforeEach(() => {
    // Not below /tmp, which is everybody's.
    root = mkdtempSync('/run/files-')
    chmodSync(root, 0o755)
    theirs = `${root}/theirs`
    secret = `${root}/secret`
    mkdirSync(`${theirs}/deep`, {recursive: true})
    writeFileSync(`${theirs}/deep/file`, 'theirs')
    mkdirSync(secret)
    writeFileSync(`${secret}/file`, 'secret')
    for (const each of [theirs, `${theirs}/deep`, `${theirs}/deep/file`]) chownSync(each, nobody, nobody)
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  describe('below a directory of somebody else', () => {
    const acts: [what: string, act: (path: string) => unknown][] = [
      ['reading', (path) => readBytes(path)],
      ['a look through links', (path) => (lookThrough(path)?.isFile() ? undefined : deny())],
      ['listing', (path) => readEntries(join(path, '..'))],
      ['owning', (path) => setPermissions(path, {owner: {uid: nobody, gid: nobody}, mode: 0o666})],
      ['replacing', (path) => replaceFile(path, Buffer.from('new'), {...plain, uid: nobody})],
      ['linking', (path) => writeLink(path, '/', plain, newName())],
      ['renaming', (path) => rename(path, 'other')],
      ['removing', (path) => remove(path)],
      ['reading for an undo', (path) => examineContent(path, 100).bytes ?? deny()],
      ['taking its lock', (path) => changeIn(path, (directory, name) => openLock(directory, name).close())],
      ['making a directory', (path) => makeDirectory(`${path}.d`, 0o777)],
    ]
    for (const [what, act] of acts) {
      it(`does not follow a link on the way: ${what}`, () => {
        act(`${theirs}/deep/file`)
        renameSync(`${theirs}/deep`, `${theirs}/away`)
        symlinkSync(secret, `${theirs}/deep`)
        const before = tree(secret)
        throwsCode(() => act(`${theirs}/deep/file`), 'ELINKED')
        assert.deepEqual(tree(secret), before)
      })
    }

    it("is known whose it is, as far as there is something, and where root's links lead", () => {
      chmodSync(root, 0o755)
      symlinkSync(`${theirs}/deep/new`, `${root}/link`)
      symlinkSync(secret, `${theirs}/deep/trap`)
      for (const path of [`${theirs}/deep/file`, `${root}/link`, `${root}/link/x`, `${theirs}/deep/trap/file`]) {
        assert.deepEqual(
          foreignOnWay(path).map((each) => [each.path, each.uid]),
          [theirs, `${theirs}/deep`].map((each) => [each, nobody]),
        )
      }
      assert.deepEqual(
        foreignOnWay(`${theirs}/../theirs/x`).map((each) => each.path),
        [theirs],
      )
      assert.deepEqual(foreignOnWay(`${secret}/file`), [])
      assert.deepEqual(
        foreignOnWay('/tmp/x').map(({path, uid}) => [path, uid]),
        [['/tmp', 0]],
      )
    })

    it('is digested only where it is not a link and has one name', () => {
      symlinkSync(`${secret}/file`, `${theirs}/deep/link`)
      linkSync(`${secret}/file`, `${theirs}/deep/linked`)
      throwsCode(() => digestsOf([`${theirs}/deep/file`, `${theirs}/deep/link`]), 'ELINKED')
      throwsCode(() => digestsOf([`${theirs}/deep/linked`]), 'EMANY')
    })

    it('removes nothing of what a link in a tree leads to', () => {
      symlinkSync(secret, `${theirs}/deep/link`)
      removeTree(`${theirs}/deep`)
      assert.deepEqual(readdirSync(theirs), [])
      assert.deepEqual(tree(secret).length, 1)
    })

    it('goes on in the directory that was walked to, whatever its name leads to by then', () => {
      within(`${theirs}/deep/new`, (directory, name) => {
        renameSync(`${theirs}/deep`, `${theirs}/away`)
        symlinkSync(secret, `${theirs}/deep`)
        writeFileSync(directory.at(name), '')
      })
      assert.deepEqual(readdirSync(`${theirs}/away`).sort(), ['file', 'new'])
      assert.deepEqual(readdirSync(secret), ['file'])
    })

    it('goes up again by the way that it came', () => {
      assert.equal(readText(`${theirs}/deep/../deep/file`), 'theirs')
      assert.equal(openDirectory(`${theirs}/deep/..`).path, theirs)
    })

    it('touches no file that has another name', () => {
      linkSync(`${secret}/file`, `${theirs}/deep/linked`)
      const path = `${theirs}/deep/linked`
      const before = statSync(`${secret}/file`)
      throwsCode(() => readText(path), 'EMANY')
      throwsCode(() => setPermissions(path, {owner: {uid: nobody, gid: nobody}}), 'EMANY')
      throwsCode(() => examineContent(path, 100), 'EMANY')
      throwsCode(() => changeIn(path, (directory, name) => openLock(directory, name)), 'EMANY')
      assert.deepEqual(statSync(`${secret}/file`).uid, before.uid)
    })

    it('touches no other file than the one that was looked at', () => {
      const ino = examine(`${theirs}/deep/file`).found?.ino ?? ''
      rmSync(`${theirs}/deep/file`)
      writeFileSync(`${theirs}/deep/other`, '')
      writeFileSync(`${theirs}/deep/file`, '')
      throwsCode(() => setPermissions(`${theirs}/deep/file`, {mode: 0o777}, ino), 'ECHANGED')
      throwsCode(() => rename(`${theirs}/deep/file`, 'aside', ino), 'ECHANGED')
      assert.deepEqual(readdirSync(`${theirs}/deep`).sort(), ['file', 'other'])
    })

    it('never writes through a link that waits where a new file is put together', () => {
      symlinkSync(`${secret}/file`, `${theirs}/deep/main.cf.tmp`)
      throwsCode(() => changeIn(`${theirs}/deep/main.cf`, (directory) => openLock(directory, 'main.cf.tmp')), 'ELINKED')
      assert.equal(readFileSync(`${secret}/file`, 'utf8'), 'secret')
    })

    it('gives nobody a program with the rights of another', () => {
      chmodSync(`${theirs}/deep/file`, 0o755)
      setPermissions(`${theirs}/deep/file`, {owner: {uid: 0, gid: 0}, mode: 0o4755})
      assert.equal(statSync(`${theirs}/deep/file`).mode & 0o7777, 0o755)
    })

    it('finds names that are no UTF-8', () => {
      writeFileSync(Buffer.from(`${theirs}/deep/caf\xe9`, 'latin1'), 'x')
      assert.deepEqual(namesBelow(theirs).length, 3)
      for (const each of namesBelow(theirs)) assert.ok(lookAt(`${theirs}/${each}`), each)
      removeTree(`${theirs}/deep`)
      assert.ok(!existsSync(`${theirs}/deep`))
    })
  })

  describe('reading', () => {
    for (const [what, make] of [
      ['a FIFO', (path: string) => spawnSync('mkfifo', [path])],
      [
        'a socket',
        (path: string) =>
          spawnSync(process.execPath, ['-e', `net.createServer().listen('${path}', () => process.exit())`]),
      ],
      ['a device', (path: string) => spawnSync('mknod', [path, 'c', '1', '3'])],
    ] as const) {
      for (const where of ['root', 'theirs'] as const) {
        it(`refuses ${what} of ${where} at once`, () => {
          const path = where === 'root' ? `${root}/odd` : `${theirs}/odd`
          make(path)
          assert.ok(existsSync(path))
          throwsCode(() => readText(path), 'ENOTREG')
        })
      }
    }

    it('has a limit', () => {
      writeFileSync(`${root}/sparse`, '')
      spawnSync('truncate', ['-s', '3G', `${root}/sparse`])
      throwsCode(() => readText(`${root}/sparse`), 'EFBIG')
    })

    it('is the directory where a path ends in dots', () => {
      assert.equal(realPath('/usr/lib/..'), '/usr')
      assert.equal(realPath('/usr/lib/../.'), '/usr')
      assert.equal(realPath('/usr/..'), '/')
    })

    it("follows root's own links, down to the first directory of somebody else", () => {
      symlinkSync('theirs', `${root}/link`)
      symlinkSync(`${root}/secret/../theirs/deep`, `${root}/far`)
      assert.equal(readText(`${root}/link/deep/file`), 'theirs')
      assert.equal(readText(`${root}/far/file`), 'theirs')
      assert.equal(realPath(`${root}/far/file`), `${theirs}/deep/file`)
      symlinkSync(`${root}/far/file`, `${root}/main.cf`)
      assert.equal(readText(`${root}/main.cf`), 'theirs')
    })

    it('ends where links go round', () => {
      symlinkSync(`${root}/b`, `${root}/a`)
      symlinkSync(`${root}/a`, `${root}/b`)
      throwsCode(() => readText(`${root}/a`), 'ELOOP')
      throwsCode(() => readText(`${root}/a/file`), 'ELOOP')
    })

    it('says which path it was, not which descriptor', () => {
      assert.throws(() => readText(`${theirs}/deep/none`), new RegExp(`ENOENT.*${theirs}/deep/none`))
    })

    it('reads what the kernel tells of a process, whoever owns that', () => {
      assert.match(readText('/proc/self/status'), /^Name:/)
    })

    it('leaves no descriptor open', () => {
      const count = (): number => readdirSync('/proc/self/fd').length
      const before = count()
      readText(`${theirs}/deep/file`)
      namesBelow(root)
      openDirectory(`${theirs}/deep`).close()
      assert.throws(() => readText(`${theirs}/deep/none/none`))
      assert.throws(() => readText(`${theirs}/deep/file/none`))
      assert.equal(count(), before)
    })
  })

  function tree(directory: string): string[] {
    return readdirSync(directory).map((name) => {
      const {mode, uid, gid} = statSync(`${directory}/${name}`)
      return `${name} ${mode.toString(8)} ${uid}:${gid} ${readFileSync(`${directory}/${name}`, 'utf8')}`
    })
  }
})

function deny(): never {
  throw Object.assign(new Error('ELINKED'), {code: 'ELINKED'})
}

function throwsCode(act: () => unknown, code: string): void {
  assert.throws(act, (error) => errorCode(error) === code || assert.fail(String(error)))
}
