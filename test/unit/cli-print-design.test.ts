import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceText, designLines } from '../../src/cli/print-design';
import type { Advice, AdvicePlan, DesignInformation } from '../../src/protocol/validation';

const information: DesignInformation = {
  at: 'generic',
  types: 2,
  policy: 'tabular',
  rank: 4,
  parameters: 5,
  smallestEigenvalue: 0,
  smallestEigenvalueOfAll: 0,
  condition: null,
  eigenvalues: [0, 1, 1, 1, 2],
  standardErrors: null,
  directions: ['types 1 and 2 cannot be separated on the prompt “twelve”'],
  method: 'full',
  outcomes: 10,
  exact: true,
};
const advice: Advice = {
  action: 'records-of-annotators',
  message: 'Ask “a17”, “a203” and 14 others for 2 more records each.',
  judgements: 32,
  shareError: 0.04,
  singular: 0,
  smallestEigenvalueOfAll: 3,
  reaches: true,
  gain: 1,
};
const plan: AdvicePlan = {
  types: 2,
  at: 'generic',
  measure: 'share',
  target: 0.05,
  shareError: 0.08,
  singular: 0,
  smallestEigenvalueOfAll: 1,
  reached: false,
  options: [advice],
};

test('what is open stands below the table in full, each sentence once with the rows it is about', () => {
  const full: DesignInformation = {
    ...information,
    types: 3,
    rank: 5,
    smallestEigenvalueOfAll: 2,
    standardErrors: { shares: [0.1, 0.1, 0.2], medianReward: 1 },
    directions: ['the rewards of type 3, ' + 'mostly about a long list of prompts '.repeat(5).trim()],
  };
  const [text] = designLines([information, { ...information, at: 'symmetric' }, full], 80);
  const flat = text.replace(/\s+/g, ' ');
  assert.equal(flat.split('cannot be separated').length, 2);
  assert.match(
    flat,
    /K=2 generic, K=2 symmetric: open: types 1 and 2 cannot be separated on the prompt “twelve”\./,
  );
  assert.match(flat, /K=3 generic: least known: the rewards of type 3, .* prompts\.$/);
  for (const line of text.split('\n').slice(1)) assert.ok(line.length <= 80, line);
});

test('a plan says where the names are listed, and only where there are some', () => {
  assert.match(
    adviceText({ ...plan, options: [{ ...advice, annotators: ['a17', 'a203'] }] }),
    /--json lists every/,
  );
  assert.ok(!adviceText(plan).includes('--json'));
});
