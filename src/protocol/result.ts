import type { Stability } from './stability';

/** What a run found: `result.json`. Log-likelihoods in nats; shares, weights and probabilities in [0, 1]. */
export interface RunResult {
  readonly fit: Fit;
  /** Largest share first; `type1` of posterior.csv is the first. */
  readonly types: readonly TypeSummary[];
  readonly starts: readonly StartSummary[];
  /** By number of types, ascending. */
  readonly selection: readonly SelectionRow[];
  /** Present where the run was to choose the number of types. */
  readonly recommendation?: TypesRecommendation;
  readonly posterior: PosteriorSummary;
  readonly regret: RegretSummary;
  readonly candidates: readonly Candidate[];
  /** Prompts on which the types disagree most, most divisive first. */
  readonly divides: readonly DividingPrompt[];
  /** Agreement with the types the dataset itself names, where it does. */
  readonly known?: KnownTypeAgreement;
  /** Where the experiment asks for them: this run's methods first, then what they are compared with. */
  readonly baselines?: readonly Baseline[];
  /** How `baselines` were compared. */
  readonly comparison?: Comparison;
  /** Agreement with an attribute of annotators that the experiment names a file of. */
  readonly attribute?: AttributeAgreement;
  /** How far all this would move with other annotators; where the experiment asks for it. */
  readonly stability?: Stability;
  readonly alarms: readonly Alarm[];
  /** How the data was treated, in sentences: ties, unranked, reference policy, what was left out. */
  readonly treatment: readonly string[];
}

export interface Fit {
  readonly policy: 'tabular' | 'loglinear' | 'transformer';
  readonly types: number;
  /** Marginal log-likelihood Σ_h log Σ_k η_k exp(Σ ℓ_k), without the prior. */
  readonly logLikelihood: number;
  /** −2LL + p ln N with N annotators; null unless the prior is 0. */
  readonly bic: number | null;
  /** BIC − 2ΣΣγ ln γ; null unless the prior is 0. */
  readonly icl: number | null;
  /** Free parameters p, shares included. */
  readonly parameters: number;
  readonly annotators: number;
  readonly records: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly seconds: number;
  readonly prior: number;
  readonly beta: number;
  /** Of language models: no record scored by policies that were trained on it. */
  readonly crossFittedLogLikelihood?: number;
}

export interface TypeSummary {
  readonly name: string;
  readonly share: number;
  /** Annotators for whom this type has the largest posterior. */
  readonly annotators: number;
  /** Responses whose probability under this type gains most over the reference, and loses most. */
  readonly liked: readonly ResponseOpinion[];
  readonly disliked: readonly ResponseOpinion[];
  /** Coefficients on named features or items, largest first; absent where parameters have no names. */
  readonly coefficients?: readonly Coefficient[];
}

export interface Coefficient {
  readonly name: string;
  /** Centred reward (items) or weight (features). */
  readonly value: number;
}

export interface ResponseOpinion {
  readonly prompt: string;
  readonly response: string;
  readonly probability: number;
  readonly reference: number;
  /** Centred within the prompt. */
  readonly reward: number;
}

export interface DividingPrompt {
  readonly prompt: string;
  /** Share-weighted Jensen–Shannon divergence of the types' policies, in nats. */
  readonly divergence: number;
  readonly responses: readonly { readonly text: string; readonly probability: readonly number[] }[];
}

/** One start of EM; a start of language models is tried for one round, and the best goes on. */
export interface StartSummary {
  /** `split`: from the fit of fewer types. `embeddings`: from a log-linear fit on the base model's embeddings. */
  readonly kind: 'agreement' | 'random' | 'outlier' | 'split' | 'embeddings';
  readonly logLikelihood: number;
  /** Absent where the start was only tried. */
  readonly objective?: number;
  readonly iterations?: number;
  readonly converged?: boolean;
  /** Adjusted Rand index of its hard assignment with the best start's. */
  readonly agreement?: number;
}

export interface SelectionRow {
  readonly types: number;
  readonly logLikelihood: number;
  readonly parameters: number;
  readonly bic: number | null;
  readonly icl: number | null;
  /** Log-likelihood of annotators under types fitted to others, summed over all; null where it was not computed. */
  readonly heldOut: number | null;
  readonly heldOutStandardError: number | null;
  /** Held-out log-likelihood of the best number of types minus this one's, annotator by annotator, and its error. */
  readonly behindBest?: number | null;
  readonly behindBestStandardError?: number | null;
}

/** Which number of types the held-out likelihood speaks for, and whether the data can tell at all. */
export interface TypesRecommendation {
  /** What the run used. */
  readonly types: number;
  /** Highest held-out likelihood. */
  readonly best: number;
  /** False where theory says that no amount of such data tells types apart. */
  readonly canTell: boolean;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
  /** `embeddings`: chosen through a log-linear model on embeddings, as language models are; absent: through the policy itself. */
  readonly by?: 'embeddings';
}

export interface PosteriorSummary {
  /** Mean over annotators of the entropy of γ_h, in nats; 0 is certainty. */
  readonly meanEntropy: number;
  /** Annotators whose largest γ is at least 0.9. */
  readonly certain: number;
  /** exp of the entropy of the shares. */
  readonly effectiveTypes: number;
}

export interface RegretSummary {
  /** R_ij = c_i (L_ii − L_ij): what type i loses under type j's policy. */
  readonly matrix: readonly (readonly number[])[];
  /** Of each entry; null where the expectation is exact. */
  readonly standardError: readonly (readonly number[])[] | null;
  readonly protection: readonly number[];
  /** Weight of each type's policy in the fair mixture. */
  readonly weights: readonly number[];
  /** The worst type's regret under it, at least 0. */
  readonly value: number;
  /** The worst-case population over types; sums to 1, or to 0 where no type regrets anything. */
  readonly adversary: readonly number[];
  /** Primal minus dual value: 0 up to rounding at an exact optimum. */
  readonly gap: number;
  readonly solver: 'exact' | 'multiplicative-weights';
  /** The same solved at β/3 and 3β: likelihood and shares do not move, the policies do. */
  readonly sensitivity: readonly BetaSensitivity[];
  /** What the expectations were estimated from; absent where they are exact. */
  readonly sampling?: RegretSampling;
  /** 95 % intervals by bootstrap over prompts; absent where the expectations are exact. */
  readonly intervals?: RegretIntervals;
}

/** The Monte Carlo sample of a regret matrix. */
export interface RegretSampling {
  /** Prompts drawn, of how many. */
  readonly prompts: number;
  readonly population: number;
  /** Responses of each policy to each prompt. */
  readonly responses: number;
  /** Share of the types' responses that were cut off at the longest length allowed. */
  readonly cut: number;
}

export interface RegretIntervals {
  /** Of each type's weight in the fair mixture: lower and upper end. */
  readonly weights: readonly (readonly [number, number])[];
  /** Of the min-max value. */
  readonly value: readonly [number, number];
}

export interface BetaSensitivity {
  readonly beta: number;
  readonly weights: readonly number[];
  readonly value: number;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly name: string;
  readonly kind: 'type' | 'plain-dpo' | 'mixture' | 'loglinear' | 'distilled';
  /** By type, largest share first, protection weights applied. */
  readonly regret: readonly number[];
  readonly worst: number;
  /** λ of the log-linear policy or w of the mixture, by type. */
  readonly weights?: readonly number[];
  /** Of the log-linear policy: how far its objective can be from the least possible, in nats. */
  readonly gap?: number;
  /** Of each entry of `regret`; absent where it is exact. */
  readonly standardError?: readonly number[];
  /** 95 % interval of `worst`; absent where it is exact. */
  readonly worstInterval?: readonly [number, number];
  /** 95 % interval of `worst` minus plain DPO's, on the same prompts; absent where it is exact. */
  readonly worstAgainstPlain?: readonly [number, number];
}

export interface KnownTypeAgreement {
  readonly names: readonly string[];
  /** Share of annotators whose type matches under the best one-to-one matching. */
  readonly accuracy: number;
  readonly adjustedRand: number;
  /** Rows: known types in `names` order; columns: found types. Annotators. */
  readonly confusion: readonly (readonly number[])[];
}

/** A method, its single policy fitted to all records, and its types fitted without the held-out ones. */
export interface Baseline extends BaselineRegret {
  readonly name: string;
  readonly kind: 'em-min-max' | 'em-uniform' | 'plain-dpo' | 'hard-em' | 'clusters' | 'oracle';
  /** 95 % interval of `worst` minus that of EM-DPO with min-max, on the same prompts. */
  readonly worstAgainstFirst?: readonly [number, number];
  /** The same policy by other yardsticks. */
  readonly also: readonly (BaselineRegret & { readonly yardstick: Yardstick })[];
  /** Σ_h log Σ_k γ_hk exp(Σ_held-out ℓ_k), in nats; null where no record was held out. */
  readonly heldOutLogLikelihood: number | null;
  /** By group of annotators (`comparison.groups`): share of held-out pairs ordered right; null where there are none. */
  readonly accuracy: readonly (number | null)[];
  /** Of the types assigned with the known ones; null where either is missing. */
  readonly adjustedRand: number | null;
}

/** Regrets of one policy by one yardstick, in nats. */
export interface BaselineRegret {
  /** By type of the yardstick, largest first. */
  readonly regret: readonly number[];
  /** Monte Carlo, of each; absent where regrets are exact. */
  readonly standardError?: readonly number[];
  readonly worst: number;
  /** 95 % interval by bootstrap over prompts; absent with fewer than 5 prompts. */
  readonly worstInterval?: readonly [number, number];
}

/** Whose policies regrets are taken against: the simulated truth's, those fitted to named types, or this run's types. */
export type Yardstick = 'true' | 'known' | 'fitted';

export interface Comparison {
  readonly yardstick: Yardstick;
  /** Types that regrets are by. */
  readonly types: readonly string[];
  /** Groups of annotators that accuracies are by. */
  readonly groups: readonly string[];
  /** Records no method learnt from when held-out scores were taken. */
  readonly heldOutRecords: number;
  /** What could not be compared, in sentences. */
  readonly notes: readonly string[];
}

export interface AttributeAgreement {
  /** As the file's header names it. */
  readonly name: string;
  readonly values: readonly string[];
  readonly adjustedRand: number;
  /** Rows: values; columns: types found. Annotators. */
  readonly confusion: readonly (readonly number[])[];
  /** Annotators that the file does not tell the value of. */
  readonly untold: number;
}

export interface Alarm {
  readonly code: string;
  readonly message: string;
}
