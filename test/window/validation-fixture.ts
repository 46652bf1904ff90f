import type { ValidationReport } from '../../src/protocol/validation';

/** What validation says of the fixture’s dataset. */
export function validationOf(
  types: number,
  annotators: number,
  prompts: number,
  responses: number,
): ValidationReport {
  return {
    dataset: {
      form: 'canonical JSONL',
      records: annotators * 8,
      annotators,
      prompts,
      responses: prompts * responses,
      items: 0,
      unused: { 'the ranking names a response that is not there': 3 },
      assumptions: ['Responses left out of a ranking were offered: they stand below all that are ranked.'],
    },
    findings: [
      {
        code: 'form/rank-out-of-range',
        severity: 'error',
        scope: 'form',
        message: 'The ranking names response 7, but there are only 4. Rankings count from 0.',
        positions: [
          { line: 12, column: 31 },
          { line: 98, column: 30 },
          { line: 140, column: 28 },
        ],
        fix: 'Use indices from 0 to 3.',
      },
      {
        code: 'identify/few-alternatives',
        severity: 'warning',
        scope: 'finite-mixture',
        verdict: 'necessary-fails',
        types,
        message: `Rankings of 4 responses cannot identify ${types} types everywhere from one ranking each.`,
        positions: [],
        source: 'Zhao, Piech, Xia 2016',
      },
    ],
    verdicts: [2, 3, 4].flatMap((k) => [
      {
        types: k,
        scope: 'nonparametric' as const,
        verdict: 'sufficient-generic' as const,
        reasons: [],
        because: [
          'Annotators rank three responses or more, so the distribution of types leaves traces that pairs would not.',
        ],
        sources: ['Theorem 4.2, Chidambaram et al. 2026'],
        assumptions: ['Types are independent of the prompts shown.', 'Features vary in every direction.'],
      },
      {
        types: k,
        scope: 'finite-mixture' as const,
        verdict: k > 3 ? ('unknown' as const) : ('sufficient-generic' as const),
        reasons: ['identify/few-alternatives'],
        because: [`Eight records an annotator are ${k > 3 ? 'not shown to be' : ''} enough for ${k} types.`],
        sources: ['Allman, Matias, Rhodes 2009'],
        assumptions: ['Records of one annotator are independent given the type.'],
      },
      {
        types: k,
        scope: 'fit' as const,
        verdict: k > 3 ? ('necessary-fails' as const) : ('sufficient-generic' as const),
        reasons: [],
        because: ['The comparisons of every prompt are strongly connected.'],
        sources: ['Hunter 2004'],
        assumptions: [],
      },
    ]),
    design: [
      information('generic', types, [3.2e-7, 4e-3, 0.13]),
      information('symmetric', types, [0, 1.9e-4, 0.12]),
    ],
  };
}

/** A spectrum with a singular direction where its first eigenvalue is 0. */
function information(
  at: 'generic' | 'symmetric',
  types: number,
  eigenvalues: readonly number[],
): ValidationReport['design'][number] {
  const [smallest] = eigenvalues;
  const largest = eigenvalues[eigenvalues.length - 1];
  return {
    at,
    types,
    policy: 'tabular',
    rank: eigenvalues.filter((value) => value > 0).length,
    parameters: eigenvalues.length,
    smallestEigenvalue: smallest,
    smallestEigenvalueOfAll: smallest * 200,
    condition: smallest > 0 ? largest / smallest : null,
    eigenvalues,
    standardErrors: smallest > 0 ? { shares: new Array<number>(types).fill(0.04), medianReward: 0.3 } : null,
    directions: ['the rewards of types 1 and 2, mostly about “Why is the sky blue?”'],
    outcomes: 4000,
    exact: false,
    method: 'full',
  };
}
