/**
 * A rule about the instances of a host, written once: it only looks, is used as a hook by `gate`, and asked by
 * `postmulti check`.
 */
import type {Finding, Hook, InstanceView, Question, Wanted, When} from './index.ts'

/** What a rule may look at besides. */
export interface Beside extends Pick<Question, 'settings'> {
  /** As `text()` of a question; after the change. */
  text(path: string): Promise<string | null>
}

export interface Rule {
  name: string
  /** What happens where it is broken, in one sentence. */
  because: string
  /** What `check` looks at. */
  wants: Wanted
  /**
   * Of several that break it together it names the later one, in whatever order it gets them. A hook then gets those
   * last that change, so that they are named, and not who was there before. Absent: primary first, in start order.
   */
  anyOrder?: true
  /**
   * A refusal or a warning for each place where it is broken, naming `instance`. Only enabled instances can break it.
   * `gate` takes a finding for the same before and after the change by its message: the same fault has the same message,
   * and another one a different message.
   */
  check(instances: readonly InstanceView[], beside: Beside): readonly Finding[] | Promise<readonly Finding[]>
}

/**
 * Refuses what would break the rule; what was broken before this change does not count. An instance that is
 * not enabled breaks nothing: what it would break then is a warning. A start breaks nothing either; those that would
 * start are refused where they break the rule.
 */
export function gate(rule: Rule): Hook {
  return async (question) => {
    const isSubject = ({config_directory}: InstanceView): boolean => question.subjects.includes(config_directory)
    const ifEnabled = (each: InstanceView): InstanceView =>
      isSubject(each) ? {...each, multi_instance_enable: true} : each
    const read = async (when: When): Promise<readonly InstanceView[]> => {
      const views = await question.read(when, rule.wants)
      if (rule.anyOrder !== true) return views
      return views.toSorted((one, other) => Number(isSubject(one)) - Number(isSubject(other)))
    }
    const instances = {before: await read('before'), after: await read('after')}
    const find = async (when: When, seen = (each: InstanceView) => each): Promise<Finding[]> => {
      const beside = {settings: question.settings, text: (path: string) => question.text(when, path)}
      const findings = await rule.check(instances[when].map(seen), beside)
      return findings.map((each) => ({...each, rule: rule.name}))
    }
    const found = await find('after')
    if (question.event === 'pre-start') {
      return found.filter(({instance}) => instance === undefined || question.subjects.includes(instance))
    }
    const broken = newOnes(found, await find('before'))
    const wouldBreak = newOnes(await find('after', ifEnabled), [...(await find('before', ifEnabled)), ...broken])
    return [...broken, ...wouldBreak.map((each) => ({...each, verdict: 'warn' as const}))]
  }
}

function newOnes(findings: readonly Finding[], known: readonly Finding[]): Finding[] {
  return findings.filter(({message}) => !known.some((each) => each.message === message))
}
