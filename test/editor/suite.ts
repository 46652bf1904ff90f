import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

interface Case {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  ms?: number;
  error?: string;
}

/** Runs the suite in the extension host and writes its result to the file named by EMDPO_TEST_RESULT, last of all. */
export async function runSuite(load: () => Promise<void>): Promise<void> {
  const grep = process.env.EMDPO_TEST_GREP;
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, ...(grep ? { grep } : {}) });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  const cases: Case[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => cases.push({ title: test.fullTitle(), state: 'passed', ms: test.duration }));
    runner.on('pending', (test) => cases.push({ title: test.fullTitle(), state: 'skipped' }));
    runner.on('fail', (test, error: unknown) =>
      cases.push({
        title: test.fullTitle(),
        state: 'failed',
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    );
  });
  const file = process.env.EMDPO_TEST_RESULT;
  if (file) writeFileSync(file, JSON.stringify({ cases }));
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
