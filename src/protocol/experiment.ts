/** Offered but not ranked: below all ranked, stays in the denominators. Or absent: never shown. */
export type UnrankedTreatment = 'offered' | 'absent';

/** Average the likelihood over the orders a tie allows, or leave records with ties out. */
export type TieTreatment = 'average' | 'drop';

export interface DatasetChoice {
  readonly path: string;
  /** Name of a form; recognised from the content when absent. */
  readonly form?: string;
  /** Column names for forms that have columns: role → column. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Of a folder: which of its splits is read; train where it has several. */
  readonly split?: string;
  readonly unranked: UnrankedTreatment;
  readonly ties: TieTreatment;
}

export interface TabularPolicy {
  readonly kind: 'tabular';
  /** One reward per item of the item column, or per single response. `auto`: items where the data has them. */
  readonly over: 'auto' | 'items' | 'responses';
}

export interface LogLinearPolicy {
  readonly kind: 'loglinear';
  /** Features given in the file, or hashed word n-grams of the response text. `auto`: given where there are any. */
  readonly features: 'auto' | 'given' | 'ngrams';
  /** Number of hash buckets for n-grams. */
  readonly dimensions: number;
}

/** A reward by response: the responses of a prompt can be enumerated, and likelihoods are exact. */
export type RewardPolicy = TabularPolicy | LogLinearPolicy;

/** A language model for each type: adapters over one frozen base, or all of its weights. */
export interface TransformerPolicy {
  readonly kind: 'transformer';
  /** Folder of a Hugging Face checkpoint; or `scratch`, a small byte-level model pretrained on the dataset's responses. */
  readonly model: string;
  readonly train: 'lora' | 'full';
  readonly lora: LoraChoice;
  /** Sizes of the `scratch` model. */
  readonly scratch: ScratchChoice;
  /** Longest prompt and response, in tokens; prompts are cut on the left, responses on the right. */
  readonly promptTokens: number;
  readonly responseTokens: number;
  /** Rounds of EM: one pass of every M-step, then an E-step. */
  readonly rounds: number;
  /** Score the records of an annotator with models trained on the other half of them. */
  readonly crossFit: boolean;
  readonly optimizer: OptimizerChoice;
  readonly sampling: SamplingChoice;
}

/** As in PEFT. */
export interface LoraChoice {
  readonly rank: number;
  readonly alpha: number;
  /** Names of the linear layers, such as `q_proj`; or all of them but the head. */
  readonly targets: 'all-linear' | readonly string[];
}

export interface ScratchChoice {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Passes over the dataset's responses at most; it ends earlier when held-out responses get no likelier. */
  readonly epochs: number;
}

/** AdamW. */
export interface OptimizerChoice {
  readonly learningRate: number;
  /** Records in one step. */
  readonly batch: number;
  /** Batches whose gradients are summed before a step. */
  readonly accumulate: number;
  /** Passes over the records in each M-step. */
  readonly epochs: number;
  /** Steps over which the learning rate rises from 0. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest norm of the whole gradient. */
  readonly clip: number;
}

/** The Monte Carlo sample that regrets are estimated from. */
export interface SamplingChoice {
  /** Prompts drawn from the dataset; all of them where there are fewer. */
  readonly prompts: number;
  /** Responses drawn from each policy to each prompt. */
  readonly responses: number;
  /** Responses of the mixture that the distilled policy learns from, over all prompts. */
  readonly distillation: number;
  readonly temperature: number;
  readonly topP: number;
}

export type PolicyChoice = RewardPolicy | TransformerPolicy;

export interface ComputeChoice {
  /** Identifier of a device as `emdpo devices` lists them, or the best one that passes its self-test. */
  readonly device: 'auto' | (string & {});
  /** Threads on the processor; 0 is as many as it has cores. */
  readonly threads: number;
}

export interface EmChoice {
  /** How many starting points are tried; the best penalised likelihood is kept. */
  readonly starts: number;
  /** Stop when the penalised log-likelihood gains less than this per annotator in one iteration, in nats. */
  readonly tolerance: number;
  readonly iterations: number;
  /** λ of the prior λ/2‖θ_k‖² on centred rewards; 0 is maximum likelihood. */
  readonly prior: number;
}

export interface AggregateChoice {
  /** Protection weights c_k by type, largest share first; missing entries are 1. */
  readonly protection: readonly number[];
  /** Which single policy the run recommends. */
  readonly single: 'mixture' | 'loglinear' | 'distilled';
  /** How the min-max weights are found: the exact linear programme or the authors' multiplicative weights. */
  readonly solver: 'exact' | 'multiplicative-weights';
}

/**
 * How many types: a number, several to choose among by held-out likelihood, or `auto`: 1, 2 and so on until more no
 * longer help.
 */
export type TypesChoice = number | readonly number[] | 'auto';

/** `auto` tries no more types than this. */
export const MOST_AUTO_TYPES = 6;

export interface EvaluateChoice {
  /** Parts that annotators are split into to score numbers of types on annotators held out. */
  readonly folds: number;
  /** Times the fit is repeated on annotators drawn with replacement (tabular and log-linear policies); 0 is never. */
  readonly bootstrap: number;
  /** Test whether stated probabilities come true on rankings held out (tabular and log-linear policies). */
  readonly calibration: boolean;
  /** Compare with other methods on the same records. */
  readonly baselines: boolean;
  /** Share of each annotator's records that methods are compared on, and that no method then learns from. */
  readonly heldOut: number;
  /** CSV file that gives an attribute of each annotator, to compare the types found with. */
  readonly attribute?: string;
}

/** An experiment with every default filled in; `*.emdpo.json` gives any part of it. */
export interface Experiment {
  readonly name: string;
  readonly dataset: DatasetChoice;
  readonly policy: PolicyChoice;
  readonly types: TypesChoice;
  /** β of DPO: rewards are β log(π/π_ref). */
  readonly beta: number;
  readonly em: EmChoice;
  readonly aggregate: AggregateChoice;
  readonly evaluate: EvaluateChoice;
  readonly compute: ComputeChoice;
  readonly seed: number;
}

export type RewardExperiment = Experiment & { readonly policy: RewardPolicy };
export type LanguageExperiment = Experiment & { readonly policy: TransformerPolicy };
