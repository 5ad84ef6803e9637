/** Writes the Makefile of the instances that a change is about, runs make, and refuses what leaves a table missing. */
import {existsSync, readdirSync, statSync} from 'node:fs'
import {first, gate, type Hook, type InstanceView, type Question} from '@postmulti/plugin-api'
import {checkTables, type Host, planMakefile} from './makefile.ts'
import {findTables} from './tables.ts'

const wants = {tables: true, parameters: ['alias_maps', 'alias_database', 'meta_directory']}

const buildTables: Hook = async (question) => {
  const onlySubjects = (all: readonly InstanceView[]): InstanceView[] =>
    all.filter((each) => question.subjects.includes(each.config_directory))
  const after = onlySubjects(await question.read('after', wants))
  const host = await look(question, after)
  const findings = await gate({
    name: 'tables-are-there',
    because: 'Postfix defers all mail that needs a table which it cannot open.',
    wants,
    check: (all) => onlySubjects(all).flatMap((each) => (each.multi_instance_enable ? checkTables(each, host) : [])),
  })(question)
  // What is taken back gets the Makefile and the databases that it had.
  if (question.request.action === 'undo') return findings
  // Before main.cf refers to a table it is there; only a new instance has no directory for it yet.
  const isListed = question.before.some((each) => question.subjects.includes(each.config_directory))
  const plans = after.flatMap((each) => planMakefile(each, host))
  return [...findings, ...plans.map((each) => ('do' in each && isListed ? first(each) : each))]
}

async function look(question: Question, views: readonly InstanceView[]): Promise<Host> {
  const modified = new Map<string, number>()
  for (const path of views.flatMap(findTables).flatMap(({source, databases}) => [source, ...databases])) {
    const now = statSync(path, {throwIfNoEntry: false})?.mtimeMs
    if (now !== undefined) modified.set(path, now)
    // A file that the change is going to write.
    else if ((await question.text('after', path)) !== null) modified.set(path, Number.POSITIVE_INFINITY)
  }
  const makefiles = new Map<string, string>()
  for (const {config_directory} of views) {
    const makefile = await question.text('after', `${config_directory}/Makefile`)
    if (makefile !== null) makefiles.set(config_directory, makefile)
  }
  return {modified, makefiles, pluggedIn: await readPluggedIn(question, views[0]?.parameters.meta_directory ?? '')}
}

/** Source: dynamicmaps.cf, whose lines begin with a type. `postconf -m` would say so, too, but a hook runs nothing. */
async function readPluggedIn(question: Question, meta_directory: string): Promise<Host['pluggedIn']> {
  const [file, directory] = [`${meta_directory}/dynamicmaps.cf`, `${meta_directory}/dynamicmaps.cf.d`]
  if (!existsSync(file)) return null
  const more = existsSync(directory) ? readdirSync(directory).map((each) => `${directory}/${each}`) : []
  const texts = await Promise.all([file, ...more].map((each) => question.text('before', each)))
  const lines = texts.flatMap((each) => each?.split('\n') ?? [])
  return new Set(lines.map((each) => each.split(/\s/)[0]!))
}

export default buildTables
