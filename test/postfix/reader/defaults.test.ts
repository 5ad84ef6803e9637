import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {builtInDefaults, type Defaults, keep, readCache} from '../../../src/postfix/reader/defaults.ts'

describe('built-in defaults', () => {
  it('are those of the installed Postfix', function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
    const {parameters, services} = builtInDefaults()
    assert.match(parameters.mail_version ?? '', /^3\./)
    assert.equal(parameters.multi_instance_enable, 'no')
    assert.equal(services.transport._destination_rate_delay, '$default_destination_rate_delay')
    assert.equal(services.pipe._time_limit, '$command_time_limit')
  })

  it('leave out what is made anew by each process', function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
    const {parameters} = builtInDefaults()
    for (const each of ['myhostname', 'mydomain', 'mynetworks', 'process_id']) assert.equal(parameters[each], undefined)
  })

  it('do not take what every object has for a parameter', function () {
    if (!existsSync('/usr/sbin/postconf')) this.skip()
    assert.equal(builtInDefaults().parameters.constructor, undefined)
  })
})

describe('the cache of built-in defaults', () => {
  const defaults: Omit<Defaults, 'host'> = {
    parameters: {shlib_directory: 'no'},
    services: {transport: {}, pipe: {}, spawn: {}},
    warnings: {deprecated: {}, conclusion: '', ofComments: 'no'},
  }
  let directory: string
  let file: string

  beforeEach(function () {
    if (process.geteuid!() !== 0) this.skip()
    // Where nobody but root can write: not below /tmp.
    directory = mkdtempSync('/var/cache/defaults-')
    chmodSync(directory, 0o755)
    file = `${directory}/defaults.json`
    writeFileSync(`${directory}/postconf`, 'a program')
    keep(file, defaults, directory)
  })
  afterEach(() => {
    if (directory !== undefined) rmSync(directory, {recursive: true})
  })

  it('is believed', () => {
    assert.deepEqual(readCache(file, directory)?.parameters, defaults.parameters)
  })

  it('can be read by all and written by root', () => {
    assert.equal(statSync(file).mode & 0o777, 0o644)
  })

  it('is for nobody with another Postfix', () => {
    assert.equal(readCache(file, '/opt/postfix/sbin'), undefined)
  })

  it('ends with an upgrade', () => {
    utimesSync(`${directory}/postconf`, 1e9, 1e9)
    assert.equal(readCache(file, directory), undefined)
  })

  it('is not believed when others can write the file', () => {
    chmodSync(file, 0o664)
    assert.equal(readCache(file, directory), undefined)
  })

  it('is not believed when others can write the directory', () => {
    chmodSync(directory, 0o777)
    assert.equal(readCache(file, directory), undefined)
  })

  it('is not believed when it is cut off', () => {
    writeFileSync(file, readFileSync(file).subarray(0, 20))
    assert.equal(readCache(file, directory), undefined)
  })

  for (const text of [
    'null',
    '[]',
    '1',
    '{"format":1}',
    'x',
    '{"format":1,"files":null}',
    '{"format":2}',
    '{"format":3}',
  ]) {
    it(`is not believed when it says ${text}`, () => {
      writeFileSync(file, text)
      assert.equal(readCache(file, directory), undefined)
    })
  }

  it('is not believed when a member of it is gone, or another one', () => {
    const whole = JSON.parse(readFileSync(file, 'utf8'))
    for (const name of Object.keys(whole)) {
      for (const value of [undefined, null, [], 'x', 3, {x: 1}]) {
        writeFileSync(file, JSON.stringify({...whole, [name]: value}))
        assert.equal(readCache(file, directory), undefined, `${name} = ${value}`)
      }
    }
  })

  it('is not waited for in a FIFO, and not read when it is too large', () => {
    truncateSync(file, 700 * 2 ** 20)
    assert.equal(readCache(file, directory), undefined)
    rmSync(file)
    spawnSync('mkfifo', [file])
    assert.equal(readCache(file, directory), undefined)
    keep(file, defaults, directory)
    assert.notEqual(readCache(file, directory), undefined)
  })

  it('may be missing', () => {
    assert.equal(readCache(`${directory}/none`, directory), undefined)
  })

  it('is not written where others can write', () => {
    rmSync(file)
    chmodSync(directory, 0o777)
    keep(file, defaults, directory)
    assert.equal(existsSync(file), false)
  })
})
