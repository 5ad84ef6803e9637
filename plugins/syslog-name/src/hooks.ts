/** Gives the services of a new or renamed instance its name in the log, and warns when two instances log as one. */
import {statSync} from 'node:fs'
import {type Answer, gate, type Hook, type Question, writeFile} from '@postmulti/plugin-api'
import {nameServices, syslogNameShared} from './names.ts'

const nameTheLog: Hook = async (question) => {
  return [...(await gate(syslogNameShared)(question)), ...(await rename(question))]
}

async function rename(question: Question): Promise<Answer> {
  // What is taken back gets the master.cf that it had.
  if (question.request.action === 'undo') return []
  const views = await question.read('after', syslogNameShared.wants)
  const renamed = views.filter(({config_directory, multi_instance_name}) => {
    const earlier = question.before.find((each) => each.config_directory === config_directory)
    return question.subjects.includes(config_directory) && earlier?.multi_instance_name !== multi_instance_name
  })
  const answer: Answer[number][] = []
  for (const each of renamed) {
    const path = `${each.config_directory}/master.cf`
    const present = (await question.text('after', path)) ?? ''
    const wanted = nameServices(present, each)
    const mode = (statSync(path, {throwIfNoEntry: false})?.mode ?? 0o644) & 0o777
    if (wanted !== present) answer.push(writeFile(path, wanted, {mode}))
  }
  return answer
}

export default nameTheLog
