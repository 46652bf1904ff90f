import { random } from '../../random';
import { complement, countBelow, eigenvalue, inverseOf, solveShifted, symmetric, type Arrow } from './arrow';
import type { Block } from './blocks';
import { informationOfBlock, insideOf, type Inside } from './inside-block';
import type { InformationOptions, MixturePoint, ScoreCount } from './scores';
import { RANK_TOLERANCE, type Spectrum } from './spectrum';
import { orthonormal } from './subspace';

/** As many of the smallest eigenvalues are told, and as many null vectors of each sort are written out. */
const SOUGHT = 16;
const INVERSE_STEPS = 4;

/** What is open in one block, over the shares (where it is 0) and the block's own rewards by type; orthonormal. */
export interface OpenInBlock {
  readonly block: Block;
  /** Those of parts that nothing compares left out. */
  readonly open: readonly Float64Array[];
}

/** A spectrum whose null vectors are all there, but written out over all parameters for the first few only. */
export interface BlockSpectrum extends Spectrum {
  readonly inBlocks: readonly OpenInBlock[];
  /** Null vectors that the shares have a part in, over all parameters. */
  readonly ofShares: readonly Float64Array[];
}

/**
 * The spectrum of a design that falls into blocks, exactly and without a p × p matrix: each block's own matrix is
 * decomposed, and what is left is an arrow, diagonal but for the shares. The cost is that of the blocks, and every null
 * direction is found: those inside a block, and those that the shares have a part in.
 *
 * @param parameters of a type, of all blocks together
 * @param options the budget is for all blocks together
 */
export function blockSpectrum(
  blocks: readonly Block[],
  point: MixturePoint,
  parameters: number,
  options: InformationOptions,
): { information: ScoreCount; result: BlockSpectrum } {
  const types = point.shares.length;
  const shares = types - 1;
  const annotators = blocks.reduce((sum, { design }) => sum + design.design.annotators, 0);
  const a = new Float64Array(shares * shares);
  let outcomes = 0;
  let exact = true;
  const insides = blocks.map((block, b): Inside => {
    const part = block.design.design.annotators / annotators;
    const own = { seed: options.seed + b, budget: options.budget * part };
    const information = informationOfBlock(block, point, own);
    outcomes += information.outcomes;
    exact &&= information.exact;
    for (let k = 0; k < shares; k++)
      for (let l = 0; l < shares; l++)
        a[k * shares + l] += part * information.matrix[k * information.size + l];
    return insideOf(block, information, types, part);
  });
  return {
    information: { outcomes, drawn: false, exact },
    result: spectrumOf({ insides, a, types, parameters }),
  };
}

/** Blocks and what the shares have to do with each other. */
interface Taken {
  readonly insides: readonly Inside[];
  readonly a: Float64Array;
  readonly types: number;
  readonly parameters: number;
}

function spectrumOf(taken: Taken): BlockSpectrum {
  const { insides, types, parameters } = taken;
  const shares = types - 1;
  const size = shares + types * parameters;
  const whole = arrowAbove(taken, -Infinity);
  const largest = eigenvalue(whole, whole.d.length + shares - 1);
  const nothing = RANK_TOLERANCE * largest;
  const arrow = arrowAbove(taken, nothing);
  const lostOfShares = countBelow(arrow, nothing);
  const shifts = types * insides.reduce((sum, inside) => sum + inside.shifts.length, 0);
  const free = whole.d.length + shares + shifts;
  const lost = whole.d.length - arrow.d.length + lostOfShares + shifts;
  const inBlocks = insides.flatMap((inside) => openInside(inside, shares, nothing));
  const ofShares = orthonormal(openOfShares(arrow, lostOfShares).map((x) => writtenOut(taken, x, nothing)));
  const known = someShifts(taken);
  const nullVectors = [...ofShares, ...someOpen(inBlocks, types, parameters), ...known];
  const told = Math.max(0, Math.min(SOUGHT, free) - lost);
  const smallest = Array.from({ length: told }, (_, i) => eigenvalue(arrow, lostOfShares + i));
  return {
    eigenvalues: Float64Array.of(...new Array<number>(Math.min(lost, SOUGHT)).fill(0), ...smallest, largest),
    parameters: free,
    rank: free - lost,
    nullVectors,
    known,
    weakest: nullVectors.at(0) ?? writtenOut(taken, weakestOf(arrow, smallest[0]), nothing),
    smallest: lost > 0 ? 0 : smallest[0],
    condition: lost > 0 ? Infinity : largest / smallest[0],
    ...(lost > 0
      ? { variance: new Float64Array(size).fill(NaN), shareCovariance: NaN, shareColumns: [] }
      : variances(taken, arrow)),
    inBlocks,
    ofShares,
  };
}

/** The information in the eigenvectors of the blocks whose eigenvalue is above a value, and the shares. */
function arrowAbove({ insides, a, types }: Taken, above: number): Arrow {
  const d: number[] = [];
  const b: number[] = [];
  for (const { values, border } of insides)
    values.forEach((value, i) => {
      if (value <= above) return;
      d.push(value);
      b.push(...border[i]);
    });
  return { border: types - 1, a, b: Float64Array.from(b), d: Float64Array.from(d) };
}

/** A vector in the coordinates of the arrow, over all parameters. */
function writtenOut({ insides, types, parameters }: Taken, x: Float64Array, above: number): Float64Array {
  const out = new Float64Array(types - 1 + types * parameters);
  out.set(x.subarray(0, types - 1));
  let next = types - 1;
  for (const { block, values, vectors } of insides)
    values.forEach((value, i) => {
      if (value > above) addWidened(block.alternatives, vectors[i], x[next++], types, parameters, out);
    });
  return out;
}

/** out += factor · v, of a block's rewards by type. */
function addWidened(
  alternatives: Int32Array,
  v: Float64Array,
  factor: number,
  types: number,
  parameters: number,
  out: Float64Array,
): void {
  const n = alternatives.length;
  for (let k = 0; k < types; k++)
    for (let i = 0; i < n; i++) out[types - 1 + k * parameters + alternatives[i]] += factor * v[k * n + i];
}

function openInside({ block, values, vectors }: Inside, shares: number, nothing: number): OpenInBlock[] {
  const open = vectors
    .filter((_, i) => values[i] <= nothing)
    .map((v) => Float64Array.of(...new Float64Array(shares), ...v));
  return open.length === 0 ? [] : [{ block, open }];
}

function someOpen(inBlocks: readonly OpenInBlock[], types: number, parameters: number): Float64Array[] {
  const some: Float64Array[] = [];
  for (const { block, open } of inBlocks)
    for (const v of open) {
      if (some.length === SOUGHT) return some;
      const out = new Float64Array(types - 1 + types * parameters);
      addWidened(block.alternatives, v.subarray(types - 1), 1, types, parameters, out);
      some.push(out);
    }
  return some;
}

function someShifts({ insides, types, parameters }: Taken): Float64Array[] {
  const some: Float64Array[] = [];
  for (const { block, shifts } of insides)
    for (const shift of shifts)
      for (let k = 0; k < types; k++) {
        if (some.length === SOUGHT) return some;
        const out = new Float64Array(types - 1 + types * parameters);
        block.alternatives.forEach((a, i) => (out[types - 1 + k * parameters + a] = shift[i]));
        some.push(out);
      }
  return some;
}

/** Null vectors (u, −D⁻¹Bu) of the arrow, for those u that its complement at 0 leaves open. */
function openOfShares(arrow: Arrow, count: number): Float64Array[] {
  if (count === 0) return [];
  const { border, b, d } = arrow;
  const { realEigenvalues, eigenvectorMatrix } = symmetric(complement(arrow, 0), border);
  return realEigenvalues
    .map((_, i) => i)
    .sort((i, j) => realEigenvalues[i] - realEigenvalues[j])
    .slice(0, count)
    .map((column) => {
      const x = new Float64Array(border + d.length);
      for (let k = 0; k < border; k++) x[k] = eigenvectorMatrix.get(k, column);
      for (let i = 0; i < d.length; i++)
        for (let k = 0; k < border; k++) x[border + i] -= (b[i * border + k] * x[k]) / d[i];
      return x;
    });
}

/** Unit vector of the smallest eigenvalue, by inverse iteration just below it. */
function weakestOf(arrow: Arrow, smallest: number): Float64Array {
  const source = random(arrow.d.length, 9);
  let x = new Float64Array(arrow.border + arrow.d.length).map(() => source.normal());
  for (let step = 0; step < INVERSE_STEPS; step++) {
    const solved = solveShifted(arrow, smallest * (1 - 1e-6), x);
    const length = Math.sqrt(solved.reduce((sum, value) => sum + value * value, 0));
    x = solved.map((value) => value / length);
  }
  return x;
}

/** Of a regular arrow: the inverse's diagonal, and what belongs to the shares. */
function variances(
  { insides, types, parameters }: Taken,
  arrow: Arrow,
): Pick<Spectrum, 'variance' | 'shareCovariance' | 'shareColumns'> {
  const shares = types - 1;
  const size = shares + types * parameters;
  const ofShares = inverseOf(complement(arrow, 0), shares);
  const variance = new Float64Array(size);
  const shareColumns = Array.from({ length: shares }, () => new Float64Array(size));
  for (let k = 0; k < shares; k++) {
    variance[k] = ofShares[k * shares + k];
    for (let l = 0; l < shares; l++) shareColumns[k][l] = ofShares[k * shares + l];
  }
  for (const { block, values, vectors, border } of insides) {
    const n = block.alternatives.length;
    for (let j = 0; j < types * n; j++) {
      const at = shares + Math.floor(j / n) * parameters + block.alternatives[j % n];
      const slope = new Float64Array(shares);
      vectors.forEach((v, i) => {
        variance[at] += (v[j] * v[j]) / values[i];
        for (let k = 0; k < shares; k++) slope[k] += (v[j] * border[i][k]) / values[i];
      });
      for (let k = 0; k < shares; k++)
        for (let l = 0; l < shares; l++) {
          variance[at] += slope[k] * ofShares[k * shares + l] * slope[l];
          shareColumns[k][at] -= slope[l] * ofShares[l * shares + k];
        }
    }
  }
  return { variance, shareCovariance: ofShares.reduce((sum, value) => sum + value, 0), shareColumns };
}
