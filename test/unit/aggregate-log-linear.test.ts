import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectation, logRatio } from '../../src/aggregate/expectation';
import { logLinear } from '../../src/aggregate/log-linear';
import { dualProblem } from '../../src/aggregate/log-linear-dual';
import { regretMatrix, regretOf } from '../../src/aggregate/regret-matrix';
import type { LogPolicy, ResponseList } from '../../src/policy/response-policy';
import { random } from '../../src/random';
import { randomPolicies } from './aggregate-policies';

function problem(seed: number, types: number, prompts: number, spread: number, protection: number[] = []) {
  const { list, logPolicies } = randomPolicies(seed, types, prompts, spread);
  const regret = regretMatrix(list, logPolicies, protection);
  const diagonal = regret.reward.map((row, k) => row[k]);
  return {
    list,
    logPolicies,
    regret,
    diagonal,
    solution: logLinear(list, logPolicies, diagonal, regret.protection),
  };
}

/** max(0, max_k R_k(π)) + KL(π‖π_ref), written from the definition. */
function objective(
  list: ResponseList,
  logPolicies: LogPolicy[],
  regret: ReturnType<typeof regretMatrix>,
  policy: LogPolicy,
) {
  return (
    Math.max(0, ...regretOf(list, logPolicies, regret, policy)) +
    expectation(list, policy, logRatio(list, policy))
  );
}

test('gradient and curvature of the dual against finite differences', () => {
  const { list, logPolicies, regret, diagonal } = problem(3, 3, 4, 1.5, [1, 2, 0.5]);
  const dual = dualProblem(list, logPolicies, diagonal, regret.protection);
  const lambda = [0.2, 0.3, 0.1];
  const at = dual.at(lambda);
  const h = 1e-5;
  const moved = (k: number, by: number) => dual.at(lambda.map((value, i) => value + (i === k ? by : 0)));
  for (let k = 0; k < 3; k++) {
    const slope = (moved(k, h).dual - moved(k, -h).dual) / (2 * h);
    assert.ok(Math.abs(slope - at.gradient[k]) < 1e-7 * Math.max(1, Math.abs(slope)));
    for (let l = 0; l < 3; l++) {
      const second = -(moved(k, h).gradient[l] - moved(k, -h).gradient[l]) / (2 * h);
      assert.ok(Math.abs(second - at.curvature[k][l]) < 1e-6 * Math.max(1, Math.abs(second)));
    }
  }
  const direction = [0.4, -0.1, -0.3];
  const along = dual.along(lambda, direction)(0);
  assert.ok(Math.abs(along.slope - direction.reduce((s, d, k) => s + d * at.gradient[k], 0)) < 1e-12);
  const bent = direction.reduce(
    (s, d, k) => s + d * direction.reduce((t, e, l) => t + e * at.curvature[k][l], 0),
    0,
  );
  assert.ok(Math.abs(along.curvature + bent) < 1e-12);
});

test('the slope of the dual is the regret', () => {
  const { list, logPolicies, regret, diagonal } = problem(4, 3, 5, 2, [1, 3, 1]);
  const { gradient, policy } = dualProblem(list, logPolicies, diagonal, regret.protection).at([
    0.1, 0.5, 0.2,
  ]);
  regretOf(list, logPolicies, regret, policy).forEach((r, k) => { assert.ok(Math.abs(r - gradient[k]) < 1e-12); }); // prettier-ignore
});

test('the gap is at most 1e-8 and bounds a value that the definition confirms', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: -1, max: 2.5, noNaN: true }),
      (seed, types, prompts, power) => {
        const { list, logPolicies, regret, solution } = problem(seed, types, prompts, 10 ** power);
        const { lambda, policy, value, gap } = solution;
        assert.ok(gap <= 1e-8, `gap ${gap}`);
        assert.ok(lambda.every((l) => l >= 0) && lambda.reduce((a, b) => a + b) <= 1 + 1e-12);
        const size = 1 + Math.max(...regret.reward.flat().map(Math.abs));
        assert.ok(Math.abs(objective(list, logPolicies, regret, policy) - value) < 1e-8 + 1e-12 * size);
      },
    ),
    { numRuns: 300 },
  );
});

test('no policy does better: 20,000 random ones, and a grid over everything on one prompt', () => {
  const many = problem(6, 3, 2, 1.5, [1, 2, 1]);
  const draw = random(7);
  for (let trial = 0; trial < 20_000; trial++) {
    // Half of them close to the claimed optimum, where a wrong claim would show.
    const base = trial % 2 ? many.solution.policy : many.list.logReference;
    const policy = base.map((log) => log + draw.normal() * 10 ** (-3 * draw.uniform()));
    for (let x = 0; x < many.list.prompts; x++) {
      const slice = policy.subarray(many.list.start[x], many.list.start[x + 1]);
      const logZ = Math.log(slice.reduce((sum, log) => sum + Math.exp(log), 0));
      slice.forEach((log, i) => (slice[i] = log - logZ));
    }
    const reached = objective(many.list, many.logPolicies, many.regret, policy);
    assert.ok(reached >= many.solution.value - many.solution.gap - 1e-12);
  }
  const logThird = Math.log(1 / 3);
  const tiny: ResponseList = {
    prompts: 1,
    start: Uint32Array.from([0, 3]),
    response: Int32Array.from([0, 1, 2]),
    logReference: Float64Array.from([logThird, logThird, logThird]),
  };
  const logPolicies = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]].map((p) => Float64Array.from(p, Math.log)); // prettier-ignore
  const regret = regretMatrix(tiny, logPolicies, []);
  const solution = logLinear(tiny, logPolicies, regret.reward.map((row, k) => row[k]), [1, 1]); // prettier-ignore
  const steps = 400;
  let least = Infinity;
  for (let a = 1; a < steps; a++) {
    for (let b = 1; a + b < steps; b++) {
      const policy = Float64Array.from([a, b, steps - a - b], (count) => Math.log(count / steps));
      least = Math.min(least, objective(tiny, logPolicies, regret, policy));
    }
  }
  assert.ok(
    least >= solution.value - solution.gap && least < solution.value + 1e-3,
    `${least} against ${solution.value}`,
  );
});

test('complementary slackness: λ is on the types that regret most, and whole only if they regret something', () => {
  for (let seed = 0; seed < 60; seed++) {
    const { list, logPolicies, regret, solution } = problem(seed, 4, 5, 0.3 + seed / 20, [1, 2]);
    const regrets = regretOf(list, logPolicies, regret, solution.policy);
    const worst = Math.max(0, ...regrets);
    const left = 1 - solution.lambda.reduce((a, b) => a + b, 0);
    solution.lambda.forEach((l, k) => { assert.ok(l * (worst - regrets[k]) <= 1e-7); }); // prettier-ignore
    assert.ok(left * worst <= 1e-7);
  }
});

test('types that agree, and types without opinions, settle at once', () => {
  const { list, logPolicies } = randomPolicies(8, 1, 3, 2);
  const twice = [logPolicies[0], logPolicies[0], list.logReference];
  const regret = regretMatrix(list, twice, []);
  const solution = logLinear(list, twice, regret.reward.map((row, k) => row[k]), [1, 1, 1]); // prettier-ignore
  assert.ok(solution.gap <= 1e-8);
  const none = logLinear(list, [list.logReference], [0], [1]);
  assert.ok(Math.abs(none.gap) < 1e-12 && Math.abs(none.value) < 1e-12);
});
