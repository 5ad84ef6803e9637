/**
 * Mocha's own report, and two things that would pass in silence: where CI is set a test that is skipped for a reason
 * that nobody has accepted fails the run, and a file without a test, which fails a parallel run, is told.
 */
import {type MochaOptions, type Runner, reporters, type Test} from 'mocha'

/** What CI may leave out, by the full title, and why. */
const accepted: readonly (readonly [title: RegExp, reason: string])[] = [
  [/: npm run test:\w+ does it$/, 'a long form, which is run by itself'],
  [
    /^another release: |^the Debian package |^roots of other releases stay |: test\/releases\/build \S+ builds it$/,
    'a root is not built here',
  ],
  [/ well-formed for promtool$/, 'Prometheus is not installed'],
  [/ in (?:fish|zsh) /, 'this shell is not installed'],
  [/ is what mandoc\(1\) has nothing to say about$/, 'mandoc is not installed'],
  [/ is a file that we may not read$| that one may not read are an error$/, 'root may read everything'],
]

export default class Report extends reporters.Spec {
  private readonly skipped: string[] = []

  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options)
    runner.on('pending', (test: Test) => {
      this.skipped.push(test.fullTitle())
    })
  }

  /** Mocha calls it with the number of failures, and ends with the status that `end` is given. */
  override done(failures: number, end?: (failures: number) => void): void {
    const untold = failures - this.stats.failures
    if (untold > 0) console.error(`  ${untold} files of tests have none`)
    const without = process.env.CI === undefined ? [] : this.skipped.filter((each) => !isAccepted(each))
    for (const title of without) console.error(`  Skipped without a reason that test/reporter.ts accepts: ${title}`)
    end?.(failures + without.length)
  }
}

function isAccepted(title: string): boolean {
  return accepted.some(([pattern]) => pattern.test(title))
}
