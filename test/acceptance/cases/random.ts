/**
 * Sequences of commands that nobody thought of. SEQUENCES sets how many, FUZZ_SEED repeats an earlier run. Left out is
 * what is different on purpose: an import of a directory that is not there is told in other words.
 */
import fc from 'fast-check'
import type {Case, Row} from '../rows.ts'

const runs = Number(process.env.SEQUENCES ?? 12)
// CI repeats one run: what it says must depend on the change alone.
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261125 : Date.now() % 2 ** 31))

/** They come and go; those of the host are deported and imported, but never destroyed. */
const newNames = ['postfix-a', 'postfix-b', 'postfix-c']
const present = ['postfix-out', 'postfix-in', 'postfix-lists']

const oneOf = (...words: string[]) => fc.constantFrom(...words)
const line = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((words) => ['postmulti', ...words].filter((each) => each !== '').join(' '))
const maybe = (word: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), word)

const name = oneOf(...newNames, ...present, 'a', 'out', 'lists')
const group = oneOf('mta', 'msa', "''", '-')
const selection = fc.oneof(
  fc.constant(''),
  name.map((each) => `-i ${each}`),
  oneOf('-i /etc/postfix-out', '-i /etc/postfix-a', '-i /etc/postfix', '-i -', '-i nosuch', '-i postfix-', '-a'),
  group.map((each) => `-g ${each}`),
)
const ofNewInstance = oneOf('-i postfix-a', '-i b', '-i /etc/postfix-c', '-i nosuch', '-g msa', '-a', '')
const newName = fc.oneof(oneOf(...newNames), oneOf('-', 'a', 'postfix', 'postfix-x:y', "'postfix-x y'", 'bad/name'))
const parameter = oneOf(
  'config_directory=/etc/postfix-a',
  'config_directory=relative',
  'queue_directory=/var/spool/postfix-b',
  'queue_directory=/var/spool/postfix-out',
  'queue_directory=/var/spool/odd/',
  'data_directory=/var/lib/postfix-c',
  'data_directory=',
  'multi_instance_name=postfix-c',
  'multi_instance_enable=yes',
  'myhostname=x.example.com',
  "' syslog_name = zz '",
  'nonsense',
  '=x',
)
const assigned = fc.tuple(
  maybe(oneOf('-I postfix-new', '-I -', '-I new', '-I postfix-out')),
  maybe(group.map((each) => `-G ${each}`)),
)

const command = fc.oneof(
  {weight: 3, arbitrary: line(oneOf('-l', '-lR', '-l -R -R'), selection)},
  {
    weight: 6,
    arbitrary: line(
      fc.constant('-e create'),
      maybe(newName.map((each) => `-I ${each}`)),
      maybe(group.map((each) => `-G ${each}`)),
      maybe(selection),
      maybe(parameter),
      maybe(parameter),
    ),
  },
  {weight: 2, arbitrary: line(fc.constant('-e destroy'), ofNewInstance)},
  {weight: 1, arbitrary: line(fc.constant('-e deport'), selection)},
  {
    weight: 1,
    arbitrary: line(
      fc.constant('-e import'),
      selection,
      oneOf('-I postfix-out', 'config_directory=/etc/postfix-in', 'config_directory=/etc/postfix-lists/'),
    ),
  },
  {weight: 2, arbitrary: line(oneOf('-e enable', '-e disable'), selection)},
  {
    weight: 2,
    arbitrary: line(
      fc.constant('-e assign'),
      selection,
      assigned.map((each) => each.join(' ')),
    ),
  },
  {
    weight: 3,
    arbitrary: line(
      oneOf('-x', '-x -R'),
      selection,
      oneOf(
        "sh -c 'echo $config_directory $multi_instance_name; echo told >&2'",
        'false',
        '/nonexistent',
        "sh -c 'env | sort'",
      ),
    ),
  },
  {weight: 2, arbitrary: line(fc.constant('-p'), selection, oneOf('status', 'nosuch', 'flush', 'abort'))},
  {
    weight: 2,
    arbitrary: line(
      oneOf('-l', '-x', '-p', '-R', '-e', '-q', '--', '-'),
      fc
        .array(oneOf('-l', '-x', '-p', '-R', '-v', '-e', 'init', '-I', '-G', '-i', '-g', 'a'), {maxLength: 3})
        .map((words) => words.join(' ')),
    ),
  },
)

const sequences = fc.sample(fc.array(command, {minLength: 6, maxLength: 6}), {numRuns: runs, seed})

export default {
  about: `sequences at random, with seed ${seed}`,
  rows: sequences.map((commands, at): Row => [`number ${at}`, [...commands, 'postmulti -l'], {terminal: true}]),
} satisfies Case as Case
