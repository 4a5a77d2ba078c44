import type { Reporter, TestModule, Vitest } from 'vitest/node';

const everyMs = 10_000;

/** Says every ten seconds how far the tests are, and names what failed. */
export default class ProgressReporter implements Reporter {
  #vitest: Vitest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #files = { all: 0, done: 0 };
  #tests = { passed: 0, failed: 0 };
  #began = 0;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(specifications: readonly unknown[]): void {
    this.#files = { all: specifications.length, done: 0 };
    this.#tests = { passed: 0, failed: 0 };
    this.#began = performance.now();
    this.#timer = setInterval(() => this.#say(), everyMs);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#files.done += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') this.#tests.passed += 1;
      if (state === 'failed') this.#fail(`${module.relativeModuleId} > ${test.fullName}`);
    }
    if (module.state() === 'failed' && module.errors().length > 0) {
      this.#fail(module.relativeModuleId);
    }
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
    this.#say();
  }

  #fail(name: string): void {
    this.#tests.failed += 1;
    this.#vitest?.logger.log(`failed: ${name}`);
  }

  #say(): void {
    const seconds = Math.round((performance.now() - this.#began) / 1000);
    const { all, done } = this.#files;
    const { passed, failed } = this.#tests;
    this.#vitest?.logger.log(
      `${seconds} s: ${done} of ${all} files, ${passed} tests passed, ${failed} failed`,
    );
  }
}
