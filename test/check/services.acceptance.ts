/** Where rules say that an instance does not start because of a service, or that its daemon dies, it is so. What pipe(8) reads of its line it reads at the first delivery: not here. */
import assert from 'node:assert/strict'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {onThrowAwayHost, sh, until} from '../acceptance/inside.ts'
import {diesRows, invalidRows} from './service-rows.ts'

onThrowAwayHost(import.meta.filename, 'services of master.cf', checkServices)

const [directory, queue, log] = ['/etc/tried', '/var/spool/tried', '/var/log/tried.log']

function checkServices() {
  let daemon_directory = ''
  let stock = ''

  before(() => {
    daemon_directory = sh('postconf -dh daemon_directory')
    sh(`mkdir -p ${directory} ${queue} /var/lib/tried; cp "$(postconf -h meta_directory)/master.cf.proto" ${directory}/master.cf; : >${directory}/main.cf
      chown postfix /var/lib/tried; postconf -c ${directory} -e compatibility_level=3.6 queue_directory=${queue} \\
        data_directory=/var/lib/tried maillog_file=${log} myhostname=tried.example.com alternate_config_directories= \\
        inet_interfaces=127.0.0.1 master_service_disable=smtp/inet syslog_name=tried virtual_mailbox_base=/
      echo 'mta:x:4711:4711::/:/bin/false' >>/etc/passwd; echo 'mta:x:4711:' >>/etc/group
      for each in ${directory}/*.cf; do touch -d '-1 hour' $each; done
      postfix -c ${directory} check`)
    stock = readFileSync(`${directory}/master.cf`, 'latin1')
  })

  for (const [line, finding] of invalidRows) {
    it(`master(8) ${finding === undefined ? 'starts' : 'or postconf(1) ends'} with '${line}'`, () => {
      const written = write(line.replace('host.example.com', 'localhost').replace(/^:2525/, ':2526'))
      const isStarted = sh(`postconf -c ${directory} -M >/dev/null 2>&1 && ${written} -w && echo yes || echo no`)
      if (isStarted === 'yes') stop()
      // What this host lacks is no matter here.
      const lacks = /^\[::1\]/.test(line) && sh('test -e /proc/net/if_inet6 && echo yes || echo no') === 'no'
      if (!lacks) assert.equal(isStarted, finding === undefined ? 'yes' : 'no')
    })
  }

  it('daemons die where a rule says so as soon as they are asked', async () => {
    const rows = diesRows.filter(([line]) => !/ (?:pipe|fifo) | pipe$|fifo /.test(line))
    const lines = rows.map(([line], at) =>
      line.replace(/^\S+ inet/, `${20_000 + at} inet`).replace(/^\S+ unix/, `x${at} unix`),
    )
    write(...lines.map(asHere))
    sh(`rm -f ${log}; ${daemon_directory}/master -c ${directory} -w`)
    const isThere = sh(`ls ${queue}/private ${queue}/public`).split('\n')
    for (const [at, line] of lines.entries()) {
      if (line.includes(' inet '))
        connect(20_000 + at, '127.0.0.1')
          .on('error', () => {})
          .end('x')
      const path = ['private', 'public'].map((each) => `${queue}/${each}/x${at}`)
      for (const each of isThere.includes(`x${at}`) ? path : [])
        connect(each)
          .on('error', () => {})
          .end('x')
    }
    const dying = rows.filter(([, finding]) => finding !== undefined).length
    await until(() => deaths() >= dying)
    stop()
    assert.equal(deaths(), dying, logged())
  })

  /** The command that starts it. */
  function write(...lines: string[]): string {
    writeFileSync(`${directory}/master.cf`, `${stock}${lines.join('\n')}\n`)
    sh(`touch -d '-1 hour' ${directory}/master.cf`)
    return `${daemon_directory}/master -c ${directory}`
  }

  function stop(): void {
    sh(
      `kill $(cat ${queue}/pid/master.pid); until ${daemon_directory}/master -t -c ${directory} 2>/dev/null; do :; done`,
    )
  }

  function logged(): string {
    return existsSync(log) ? readFileSync(log, 'utf8') : ''
  }

  function deaths(): number {
    return logged()
      .split('\n')
      .filter((each) => /master\[\d+\]: warning: process .* exit status 1$/.test(each)).length
  }
}

/** With programs that are here. */
function asHere(line: string): string {
  return line.replace('/bin/run', '/bin/cat').replace('ARGV=run', 'ARGV=cat')
}
