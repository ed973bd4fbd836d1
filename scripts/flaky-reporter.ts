/**
 * Names each test that passed only when it was run again, with why it had failed: nothing is hidden by a second run.
 *
 * @module
 */
import type { Reporter, TestCase } from "vitest/node";

/** For `vitest --reporter`. */
// oxlint-disable-next-line import/no-default-export -- Vitest takes the default one
export default class FlakyReporter implements Reporter {
  readonly #flaky: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky === true) this.#flaky.push(test);
  }

  onTestRunEnd(): void {
    for (const test of this.#flaky) {
      console.log(`passed only when run again: ${test.module.relativeModuleId} > ${test.fullName}`);
      for (const { message } of test.result().errors ?? []) console.log(`  at first: ${message}`);
    }
  }
}
