import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import type {
  AggregateChoice,
  ComputeChoice,
  DatasetChoice,
  EmChoice,
  EvaluateChoice,
  Experiment,
  LogLinearPolicy,
  PolicyChoice,
  TabularPolicy,
  TransformerPolicy,
  TypesChoice,
  UnrankedTreatment,
} from '../protocol/experiment';
import { MOST_AUTO_TYPES } from '../protocol/experiment';
import { checkExperiment } from './experiment-check';
import type { ExperimentFault } from './experiment-check';
import { EXPERIMENT_SUFFIX } from './experiment-suffix';
import { RunError, systemReason } from './run-error';

/** An experiment before its dataset was read: what only the data can decide may still be open. */
export interface ExperimentRequest extends Omit<Experiment, 'dataset' | 'policy'> {
  readonly dataset: DatasetRequest;
  /** `auto`: see choosePolicy. */
  readonly policy: PolicyChoice | { readonly kind: 'auto' };
  /** Name of the folder of the run that it was made from; no part of what is trained. */
  readonly parent?: string;
}

export interface DatasetRequest extends Omit<DatasetChoice, 'unranked'> {
  /** As the form says when absent. */
  readonly unranked?: UnrankedTreatment;
}

/** Any part of an experiment but the dataset's path: a file or command-line flags. */
export interface ExperimentPart {
  readonly name?: string;
  readonly parent?: string;
  readonly dataset?: Partial<DatasetRequest>;
  readonly policy?: PolicyPart;
  readonly types?: TypesChoice;
  readonly beta?: number;
  readonly em?: Partial<EmChoice>;
  readonly aggregate?: Partial<AggregateChoice>;
  readonly evaluate?: Partial<EvaluateChoice>;
  readonly compute?: Partial<ComputeChoice>;
  readonly seed?: number;
}

type PolicyPart =
  { readonly kind: 'auto' } | OnlyKind<TabularPolicy> | OnlyKind<LogLinearPolicy> | TransformerPart;
type OnlyKind<P extends { kind: string }> = Pick<P, 'kind'> & Partial<Omit<P, 'kind'>>;

/** A part of each of its parts, too. */
type TransformerPart = Pick<TransformerPolicy, 'kind'> & {
  readonly [K in Exclude<keyof TransformerPolicy, 'kind'>]?: TransformerPolicy[K] extends object
    ? Partial<TransformerPolicy[K]>
    : TransformerPolicy[K];
};

/** The defaults, as schema/experiment.schema.json documents them. */
export const DEFAULTS = {
  policy: { kind: 'auto' },
  tabular: { kind: 'tabular', over: 'auto' },
  loglinear: { kind: 'loglinear', features: 'auto', dimensions: 256 },
  transformer: {
    kind: 'transformer',
    model: 'scratch',
    train: 'lora',
    lora: { rank: 8, alpha: 16, targets: 'all-linear' },
    scratch: { layers: 4, hidden: 128, heads: 4, epochs: 20 },
    promptTokens: 256,
    responseTokens: 256,
    rounds: 6,
    crossFit: true,
    optimizer: {
      learningRate: 1e-3,
      batch: 16,
      accumulate: 1,
      epochs: 1,
      warmup: 10,
      weightDecay: 0,
      clip: 1,
    },
    sampling: { prompts: 32, responses: 8, distillation: 2000, temperature: 1, topP: 1 },
  },
  types: 2,
  beta: 0.1,
  em: { starts: 8, tolerance: 1e-8, iterations: 2000, prior: 0.1 },
  aggregate: { protection: [], single: 'mixture', solver: 'exact' },
  evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
  compute: { device: 'auto', threads: 0 },
  ties: 'average',
  seed: 1,
} as const;

export { EXPERIMENT_SUFFIX };

/** The experiment contradicts itself. */
export class ExperimentError extends RunError {}

/** The file is no experiment. `faults` says where; the message lists them as `file:line:column: sentence`. */
export class ExperimentFileError extends ExperimentError {
  constructor(
    readonly file: string,
    readonly faults: readonly ExperimentFault[],
  ) {
    super(faults.map((f) => `${file}:${f.line}:${f.column}: ${f.message}`).join('\n'));
  }
}

/**
 * What to train: an experiment file, or a dataset alone, which is an experiment with every default.
 *
 * @param file path of a `*.emdpo.json` or of a dataset
 * @param flags what the command line says; wins over the file
 * @throws ExperimentFileError, RunError
 */
export async function readExperiment(file: string, flags: ExperimentPart = {}): Promise<ExperimentRequest> {
  if (!file.endsWith(EXPERIMENT_SUFFIX)) return complete({}, flags, path.resolve(file));
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  const faults = checkExperiment(text);
  if (faults.length > 0) throw new ExperimentFileError(file, faults);
  // the schema has just established the shape
  const written = parse(text, [], { allowTrailingComma: true }) as WrittenExperiment;
  const dataset = typeof written.dataset === 'string' ? { path: written.dataset } : written.dataset;
  const policy = atFolder(
    typeof written.policy === 'string' ? { kind: written.policy } : written.policy,
    path.dirname(file),
  );
  const datasetPath = path.resolve(path.dirname(file), dataset.path);
  const name = written.name ?? path.basename(file, EXPERIMENT_SUFFIX);
  const evaluate = attributeAt(written.evaluate, path.dirname(file));
  return complete({ ...written, name, dataset, policy, evaluate }, flags, datasetPath);
}

/** The folder of a checkpoint, which a file names relative to itself. */
function atFolder(policy: PolicyPart | undefined, folder: string): PolicyPart | undefined {
  if (policy?.kind !== 'transformer' || policy.model === undefined || policy.model === 'scratch')
    return policy;
  return { ...policy, model: path.resolve(folder, policy.model) };
}

/** The attribute's file, too. */
function attributeAt(evaluate: ExperimentPart['evaluate'], folder: string): ExperimentPart['evaluate'] {
  if (evaluate?.attribute === undefined) return evaluate;
  return { ...evaluate, attribute: path.resolve(folder, evaluate.attribute) };
}

/** What the schema lets a file say. */
interface WrittenExperiment extends Omit<ExperimentPart, 'dataset' | 'policy'> {
  readonly dataset: string | (Partial<DatasetRequest> & { readonly path: string });
  readonly policy?: PolicyPart['kind'] | PolicyPart;
}

function complete(file: ExperimentPart, flags: ExperimentPart, datasetPath: string): ExperimentRequest {
  const dataset = { ...file.dataset, ...given(flags.dataset ?? {}) };
  const types = flags.types ?? file.types ?? DEFAULTS.types;
  const aggregate = { ...DEFAULTS.aggregate, ...file.aggregate, ...given(flags.aggregate ?? {}) };
  const most = types === 'auto' ? MOST_AUTO_TYPES : Math.max(...[types].flat());
  if (aggregate.protection.length > most) {
    throw new ExperimentError(
      `There are ${aggregate.protection.length} protection weights, but ${types === 'auto' ? 'at most ' : ''}${most} types. Give at most one for each type, largest share first.`,
    );
  }
  return {
    name: flags.name ?? file.name ?? path.basename(datasetPath).replace(/\.[^.]+$/, ''),
    dataset: { ...dataset, ties: dataset.ties ?? DEFAULTS.ties, path: datasetPath },
    policy: completePolicy(file.policy, flags.policy),
    types,
    beta: flags.beta ?? file.beta ?? DEFAULTS.beta,
    em: { ...DEFAULTS.em, ...file.em, ...given(flags.em ?? {}) },
    aggregate,
    evaluate: { ...DEFAULTS.evaluate, ...file.evaluate, ...given(flags.evaluate ?? {}) },
    compute: { ...DEFAULTS.compute, ...file.compute, ...given(flags.compute ?? {}) },
    seed: flags.seed ?? file.seed ?? DEFAULTS.seed,
    ...(file.parent !== undefined && { parent: file.parent }),
  };
}

/** A flag that names another kind of policy than the file drops the file's details of that kind. */
function completePolicy(
  file: PolicyPart | undefined,
  flag: PolicyPart | undefined,
): ExperimentRequest['policy'] {
  const kind = flag?.kind ?? file?.kind ?? DEFAULTS.policy.kind;
  if (kind === 'auto') return { kind };
  const details = [file, flag].filter((part) => part?.kind === kind);
  // the schema has established that a part holds keys of its kind only
  return details.reduce<object>((whole, part) => overlay(whole, part ?? {}), DEFAULTS[kind]) as PolicyChoice;
}

/** `over` laid on `under`, object by object; arrays and plain values are replaced whole, undefined changes nothing. */
function overlay(under: object, over: object): object {
  const result = new Map<string, unknown>(Object.entries(under));
  for (const [key, value] of Object.entries(given(over)) as [string, unknown][]) {
    const old = result.get(key);
    result.set(key, isGroup(old) && isGroup(value) ? overlay(old, value) : value);
  }
  return Object.fromEntries(result);
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without the keys whose value is undefined, so that a flag nobody gave overrides nothing. */
function given<T extends object>(part: T): Partial<T> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Partial<T>;
}
