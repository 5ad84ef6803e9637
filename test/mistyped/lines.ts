/** Lines that are typed rightly, out of the examples of all commands, the docs, and what oclif's manifest offers; and slips. */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

interface Manifest {
  commands: Record<string, Command>
}

interface Command {
  hidden?: boolean
  examples?: string[]
  args: Record<string, {multiple?: boolean; required?: boolean}>
  flags: Record<string, {type: 'boolean' | 'option'; char?: string; options?: string[]; hidden?: boolean}>
}

const root = join(import.meta.dirname, '../..')

/** What fills the screen, waits for others, or asks the network. */
const unfit =
  /^(?:top|edit|wait (?!.*--timeout)|plugins (?:install|new)|instances edit|metrics .*--(?:listen|output)|completion)|--interval|[<>|$`&;]|\.\.\.|\b(?:otu|restart out)\b|\b[A-Z]{2,}\b/

/** Words behind `postmulti`. `message` is an INSTANCE/ID that is there. */
export function rightLines(message: string): string[][] {
  const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest
  const examples = Object.entries(commands).flatMap(([id, {examples = []}]) => {
    return examples.map((each) =>
      each.replace('<%= config.bin %> ', '').replace('<%= command.id %>', id.replace(':', ' ')),
    )
  })
  const docs = readdirSync(join(root, 'docs')).filter((each) => each.endsWith('.md'))
  const shown = docs.flatMap((each) => {
    const text = readFileSync(join(root, 'docs', each), 'utf8')
    return [...text.matchAll(/`postmulti ([^`\n]+)`/g)].map(([, line]) => line!)
  })
  const made = Object.entries(commands).flatMap(([id, command]) =>
    command.hidden ? [] : makeLines(id, command, message),
  )
  return [...new Set([...examples, ...shown, ...made])]
    .filter((each) => !unfit.test(each) && !each.startsWith('-'))
    .map((each) => [...each.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", '')))
}

const values: Record<string, string> = {
  ...{
    after: 'postfix-in',
    before: 'postfix-out',
    columns: 'name,group',
    count: '1',
    except: 'limits',
    explain: 'limits',
  },
  ...{from: 'a@out.test', group: 'mta', instance: 'out', jobs: '2', like: 'out', log: '/var/log/mail.log', name: 'hub'},
  ...{newest: '3', older: '2h', reason: 'x', rule: 'limits', set: 'biff=no', service: '2525 inet n - n - - smtpd'},
  ...{to: 'root@localhost', via: 'in', 'enable-service': 'submission/inet', 'without-plugin': 'unique-myhostname'},
  ...{'config-directory': '/etc/postfix-hub', 'queue-directory': '/var/spool/hub', 'data-directory': '/var/lib/hub'},
}

/** The command by itself, and with each of its flags. */
function makeLines(id: string, {args, flags}: Command, message: string): string[] {
  const name = id.replace(':', ' ')
  const operand =
    {
      ...{'instances create': 'hub', 'instances import': '/etc/postfix-alone', 'instances set': 'out biff=no'},
      ...{
        'instances get': 'out biff',
        'instances unset': 'out maillog_file',
        'instances postfix': '--instance out reload',
      },
      ...{'instances run': '--instance out -- true', 'plugins config': 'syslog-name mode=off', trace: 'a@out.test'},
      ...{'plugins uninstall': 'site-rule', history: '1', undo: '--dry-run'},
    }[name] ?? ('id' in args ? message : 'name' in args ? 'out' : '')
  const line = `${name} ${operand}`.trim()
  const each = Object.entries(flags).flatMap(([flag, {type, options, hidden}]) => {
    const value = options?.[0] ?? values[flag]
    if (hidden || (type === 'option' && value === undefined)) return []
    return [`${name} --${flag}${type === 'option' ? ` '${value}'` : ''} ${operand}`.trim()]
  })
  return [line, ...each]
}

/** One word dropped, doubled, misspelt or moved. */
export function slip(words: readonly string[], chance: () => number): string[] {
  const any = (count: number): number => Math.floor(chance() * count)
  const at = any(words.length)
  const word = words[at]!
  const kind = any(4)
  if (kind === 0) return words.toSpliced(at, 1)
  if (kind === 1) return words.toSpliced(at, 0, word)
  if (kind === 2) return words.with(at, misspell(word, any))
  return words.toSpliced(at, 1).toSpliced(any(words.length), 0, word)
}

function misspell(word: string, any: (count: number) => number): string {
  const letters = [...word]
  const at = any(letters.length)
  const letter = letters[at]!
  const next = letters[at + 1] ?? ''
  const ways = [
    letters.toSpliced(at, 1),
    letters.toSpliced(at, 0, letter),
    letters.with(at, 'q'),
    letters.toSpliced(at, 2, next, letter),
  ]
  return ways[any(ways.length)]!.join('')
}
