import { test } from 'node:test';
import { assertGolden } from './transformer-agreement';
import { EXECUTORS, MODELS } from './transformer-golden';

for (const [device, start] of Object.entries(EXECUTORS)) {
  for (const name of MODELS) {
    void test(`${name} computes on ${device} what torch, transformers and peft compute`, async () => {
      const executor = await start();
      await assertGolden(name, executor);
      await executor.dispose();
    });
  }
}
