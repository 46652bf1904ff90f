import { setImmediate as nextTurn } from 'node:timers/promises';
import { readDataset } from '../../dataset/read';
import type { RankingTable } from '../../dataset/table';
import { choiceSet } from '../../identify/choice-set';
import { random } from '../../random';
import { profileLogLikelihoods } from '../../training/e-step';
import { makeProblem, type Problem } from '../../training/problem';
import { rowEntropies } from '../../training/criteria';
import { readManifest } from '../manifest';
import { readNamedResult } from '../named-result';
import { RunError } from '../run-error';
import { trainedTable } from '../trained-table';
import { readTypeRewards, type TypeRewards } from '../type-rewards';
import type { AssignedAnnotator, Assignment, NextQuestion } from './assignment';
import { furtherRecords } from './further-records';
import { logLinearRewards } from './response-rewards';
import { knownOptions } from './known-options';
import { matchItems, matchResponses } from './match';
import { informationGain, questionBank, type Question, type QuestionBank } from './questions';
import { recordName } from '../record-name';

export interface AssignOptions {
  /** Of the records; recognised from the content when absent. */
  readonly form?: string;
  /** Of the records; as in the run when absent. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly unranked?: 'offered' | 'absent';
  /** A type with this posterior is certain; 0.9 when absent. */
  readonly certainty?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/**
 * Posteriors over the types of a run for annotators who were not part of it, from their records, and what to ask them
 * next: γ_hk ∝ η_k exp Σ ℓ_k, the E-step of EM-DPO (arXiv 2510.15716) with the run's shares and rewards.
 *
 * @param directory of a finished run with tabular or log-linear policies
 * @param file records of the annotators, in any form that datasets have
 * @throws RunError, DatasetError, ModelError or UnfitDataError with a sentence for the person
 */
export async function assignAnnotators(
  directory: string,
  file: string,
  options: AssignOptions = {},
): Promise<Assignment> {
  const manifest = await readManifest(directory);
  const result = await readNamedResult(directory);
  if (manifest === undefined || result === undefined) {
    throw new RunError(`${directory} holds no finished run, so there are no types to assign to.`);
  }
  const { experiment } = manifest;
  if (experiment.policy.kind === 'transformer') {
    throw new RunError(
      `The policies of ${directory} are language models; annotators are assigned to tabular and log-linear types only. Train a log-linear run on the same dataset for that.`,
    );
  }
  const rewards = await readTypeRewards(directory);
  const { seed = 1, certainty = 0.9, signal } = options;
  const trained = await trainedTable(manifest, signal);
  const { table, findings } = await readDataset(file, {
    form: options.form,
    columns: options.columns ?? experiment.dataset.columns,
    unranked: options.unranked ?? experiment.dataset.unranked,
    signal,
  });
  if (table.records === 0) {
    const first = findings.find((each) => each.severity === 'error') ?? findings.at(0);
    throw new RunError(`${file} holds no record that can be used. ${first?.message ?? ''}`.trim());
  }
  const seen = seenOf(rewards, table, trained);
  const { utility, known } = rewardsOf(rewards, table, seen);
  const usable = knownOptions(table, known);
  const notes = notesOf(rewards, table, known);
  const telling = tellingRecords(usable, experiment.dataset.ties);
  if (!telling.includes(1)) {
    throw new RunError([`No record of ${file} says anything about the types.`, ...notes].join(' '));
  }
  const problem = makeProblem(usable, identity(table.responses.size), table.responses.size, {
    unranked: table.unranked,
    ties: experiment.dataset.ties,
  });
  const people = posteriors(usable, problem, rewards.shares, utility);

  const alternativeOf = rewards.over === 'items' ? trained.responseItem! : identity(trained.responses.size);
  const bank = questionBank(trained, alternativeOf, trainedRewards(rewards, trained), seed);
  if (bank.available > bank.questions.length) {
    notes.push(
      `The next question is the best of ${bank.questions.length} choice sets, drawn from the ${bank.available} of the run's dataset.`,
    );
  }
  const asked = askedBy(usable, seen, bank);
  const source = random(seed, 0xa551);
  const annotators: AssignedAnnotator[] = [];
  for (const [i, person] of people.entries()) {
    if (i % 64 === 0) {
      await nextTurn();
      signal?.throwIfAborted();
    }
    const { name, gamma } = person;
    const probability = Math.max(...gamma);
    annotators.push({
      annotator: name,
      records: person.records.filter((r) => telling[r] === 1).length,
      posterior: Array.from(gamma),
      entropy: rowEntropies(gamma, gamma.length)[0],
      type: gamma.indexOf(probability) + 1,
      probability,
      furtherRecords:
        bank.questions.length === 0
          ? null
          : (furtherRecords(bank.questions, gamma, certainty, source) ?? null),
      nextQuestion: nextQuestion(bank, gamma, asked(person.records), trained, rewards),
    });
  }
  return {
    types: result.types.map(({ name, share }) => ({ name, share })),
    certainty,
    records: {
      read: table.records,
      used: telling.reduce((sum, each) => sum + each, 0),
      unused: table.summary.unused,
    },
    responses: {
      distinct: table.responses.size,
      unseen: seen.reduce((sum, y) => sum + (y < 0 ? 1 : 0), 0),
      unusable: identity(table.responses.size).reduce((sum, y) => sum + (known(y) ? 0 : 1), 0),
    },
    notes,
    annotators,
  };
}

function identity(size: number): Int32Array {
  return new Int32Array(size).map((_, y) => y);
}

/** Alternative of the run behind each response; −1 where the run has not seen it. */
function seenOf({ over }: TypeRewards, table: RankingTable, trained: RankingTable): Int32Array {
  return over === 'items' ? matchItems(table, trained) : matchResponses(table, trained);
}

/** By type, by response of the records. */
function rewardsOf(rewards: TypeRewards, table: RankingTable, seen: Int32Array) {
  if (rewards.over === 'given' || rewards.over === 'ngrams') {
    return { utility: logLinearRewards(table, rewards), known: () => true };
  }
  const utility = rewards.values.map((values) => Float64Array.from(seen, (a) => (a < 0 ? 0 : values[a])));
  return { utility, known: (y: number) => seen[y] >= 0 };
}

/** By type, by alternative of the run. */
function trainedRewards(rewards: TypeRewards, trained: RankingTable): readonly Float64Array[] {
  const tabular = rewards.over === 'items' || rewards.over === 'responses';
  return tabular ? rewards.values : logLinearRewards(trained, rewards);
}

/** 1 for each record that puts something above something. */
function tellingRecords(table: RankingTable, ties: 'average' | 'drop'): Uint8Array {
  return new Uint8Array(table.records).map((_, r) => {
    const { from, ranked, decides } = choiceSet(table, r);
    if (!decides) return 0;
    if (ties === 'average') return 1;
    for (let i = from + 1; i < from + ranked; i++) if (table.level[i] === table.level[i - 1]) return 0;
    return 1;
  });
}

interface Person {
  readonly name: string;
  readonly records: readonly number[];
  readonly gamma: Float64Array;
}

/** Annotators, then records without one; whoever has no record that is used has the shares. */
function posteriors(
  table: RankingTable,
  problem: Problem,
  shares: Float64Array,
  utility: readonly Float64Array[],
): Person[] {
  const types = shares.length;
  const gamma = new Float64Array(problem.profiles * types);
  profileLogLikelihoods(problem, shares, utility, gamma);
  const ofProfile = (p: number) => (p < 0 ? shares.slice() : gamma.slice(p * types, (p + 1) * types));
  const named = table.annotators.size;
  const records: number[][] = Array.from({ length: named }, () => []);
  const unnamed: number[] = [];
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] >= 0) records[table.annotator[r]].push(r);
    else unnamed.push(r);
  }
  const place = new Map(Array.from(problem.anonymousRecord, (r, i) => [r, named + i]));
  return [
    ...records.map((own, h) => ({
      name: table.annotators.text(h),
      records: own,
      gamma: ofProfile(problem.profileOf[h]),
    })),
    ...unnamed.map((r) => ({
      name: recordName(table, r),
      records: [r],
      gamma: ofProfile(problem.profileOf[place.get(r) ?? -1] ?? -1),
    })),
  ];
}

/** Tells which questions of the bank somebody has answered by these records. */
function askedBy(table: RankingTable, seen: Int32Array, { questions }: QuestionBank) {
  const byOffer = new Map<string, number[]>();
  questions.forEach(({ design }, q) => {
    const key = design.offered.join();
    const same = byOffer.get(key);
    if (same) same.push(q);
    else byOffer.set(key, [q]);
  });
  return (records: readonly number[]): ReadonlySet<number> => {
    const answered = new Set<number>();
    for (const r of records) {
      const offered = Int32Array.from(
        table.option.subarray(table.start[r], table.start[r + 1]),
        (y) => seen[y],
      );
      for (const q of byOffer.get(offered.sort().join()) ?? []) answered.add(q);
    }
    return answered;
  };
}

function nextQuestion(
  { questions }: QuestionBank,
  gamma: Float64Array,
  answered: ReadonlySet<number>,
  trained: RankingTable,
  { over }: TypeRewards,
): NextQuestion | null {
  let best: Question | undefined;
  let most = 0;
  questions.forEach((question, q) => {
    if (answered.has(q)) return;
    const gain = informationGain(question, gamma);
    if (gain <= most) return;
    best = question;
    most = gain;
  });
  if (best === undefined) return null;
  const { offered, depth } = best.design;
  const texts = over === 'items' ? trained.items! : trained.responses;
  return {
    ...(over !== 'items' && { prompt: trained.prompts.text(trained.responsePrompt[offered[0]]) }),
    options: Array.from(offered, (a) => texts.text(a)),
    places: depth,
    gain: most,
  };
}

function notesOf({ over }: TypeRewards, table: RankingTable, known: (y: number) => boolean): string[] {
  if (over === 'given' || over === 'ngrams') return [];
  const unusable = identity(table.responses.size).filter((y) => !known(y)).length;
  if (unusable === 0) return [];
  const things = over === 'items' ? 'responses are of items that' : 'responses';
  return [
    `${unusable} of ${table.responses.size} ${things} the run never saw. A tabular policy knows nothing of them, so they are left out of the choice sets; a log-linear policy could use them.`,
  ];
}
