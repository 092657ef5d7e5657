// What a run of the browser tests comes down to: what failed, and why, before anything else, in few lines; then how long
// it took. Lines that begin with "note: " are worth reading when all is well, too. Progress goes to the standard error.

import type { FullResult, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter'

const LINES = 14 // of an error
const LOGGED = 12 // of a log attached to a failure
const SLOWEST = 10

export default class Short implements Reporter {
  #all: TestCase[] = []
  #outside: TestError[] = []

  printsToStdio() {
    return true
  }

  onBegin(_config: unknown, suite: Suite) {
    this.#all = suite.allTests()
  }

  onError(error: TestError) {
    this.#outside.push(error)
  }

  onTestEnd(test: TestCase, result: TestResult) {
    const mark = result.status === 'passed' ? 'ok  ' : 'FAIL'
    process.stderr.write(`  ${mark} ${seconds(result.duration)}  ${name(test)}\n`)
  }

  onEnd(result: FullResult) {
    const of = (outcome: string) => this.#all.filter((test) => test.outcome() === outcome)
    const [failed, flaky] = [of('unexpected'), of('flaky')]
    const missed = of('skipped') // or cut short
    const lines = [
      ...this.#outside.flatMap((error) => ['FAILED outside of a test', ...why(error)]),
      ...failed.flatMap((test) => [`FAILED ${name(test)}`, ...attempts(test), '']),
      ...flaky.flatMap((test) => [
        `note: flaky, passed when repeated: ${name(test)}`,
        ...noted(told(test.results[0]!)),
      ]),
    ]
    const passed = of('expected').length
    lines.push(
      `note: ${passed} passed, ${failed.length} failed, ${flaky.length} flaky, ${missed.length} not run in ${seconds(result.duration)}; slowest:`,
      ...noted(slowest(this.#all).map(([test, took]) => `${seconds(took)}  ${name(test)}`)),
      ...failed.map((test) => `failed: ${name(test)}`),
    )
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}

function name(test: TestCase): string {
  const [, , file, ...titles] = test.titlePath()
  return `${file}:${test.location.line} ${titles.join(' › ')}`
}

const noted = (lines: string[]) => lines.map((line) => `note:   ${line}`)

/** All attempts, or one where each ended alike. */
function attempts(test: TestCase): string[] {
  const [first, ...others] = test.results.map(told)
  const again = others.filter((lines) => lines[0] !== first![0])
  return [first!, ...again.map((lines) => ['  and when repeated:', ...lines])].flat()
}

/** How a failed attempt ended: its first errors and the last lines of what was logged. */
function told(result: TestResult): string[] {
  const logs = result.attachments.filter(({ name, body }) => name === 'log' && body)
  return [
    ...result.errors.slice(0, 3).flatMap(why),
    ...logs.flatMap(({ body }) => ['log:', ...written(body!.toString()).slice(-LOGGED)]),
  ].map((line) => `  ${line}`)
}

function why({ message, value, snippet, stack }: TestError): string[] {
  const words = plain(message ?? value ?? '').split('\n')
  const code = plain(snippet ?? '').split('\n')
  const ours = [...(stack ?? '').matchAll(/\/(e2e\/[\w.-]+:\d+)/g)].map(([, place]) => place)
  return [
    ...words.filter(Boolean).slice(0, LINES),
    ...code.filter((line) => line.startsWith('>')),
    `at ${[...new Set(ours)].join(', ')}`,
  ]
}

/** The lines of a log without the code for cameras in it. */
function written(log: string): string[] {
  return log.split('\n').filter((line) => line.trim() && !/[█▀▄]/.test(line))
}

/** Without colours. */
function plain(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '')
}

function slowest(tests: TestCase[]): [TestCase, number][] {
  const took = (test: TestCase) => test.results.reduce((sum, { duration }) => sum + duration, 0)
  const all = tests.map((test): [TestCase, number] => [test, took(test)])
  return all.sort(([, a], [, b]) => b - a).slice(0, SLOWEST)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`
}
