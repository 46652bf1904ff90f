import { availableParallelism } from 'node:os';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { openAnswerer, type Answer } from '../aggregate/language/answers';
import {
  availablePolicies,
  nameOf,
  policyNamed,
  type SinglePolicies,
} from '../aggregate/language/policy-name';
import { readPolicies } from '../aggregate/language/policies';
import { chooseDevice } from '../compute/devices/choose';
import { openDevice } from '../compute/devices/open';
import type { Executor } from '../compute/graph/executor';
import type { AnswerEnd, AnswerLine } from '../protocol/panel';
import type { RunResult } from '../protocol/result';
import { readManifest } from '../run/manifest';
import { requireSameModel } from '../run/model-files';
import { readResult } from '../run/result';
import { RunError } from '../run/run-error';
import { stopSignals } from './stop-signals';
import { painter } from './terminal';
import { UsageError } from './usage-error';

/** Options of `emdpo generate`. */
export interface GenerateFlags {
  readonly prompt: string;
  readonly policy?: string;
  readonly policies?: readonly string[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly n: number;
  readonly device: string;
  readonly threads: number;
  readonly json?: true;
  readonly jsonLines?: true;
}

/** Runs without a test of the device first: every other device is compared with it. */
const DEFAULT_DEVICE = 'onnxruntime/cpu';

/** Answers a prompt and shows what comes. */
export async function generateAnswers(directory: string, flags: GenerateFlags): Promise<void> {
  const run = path.resolve(directory);
  const manifest = await readManifest(run);
  if (manifest === undefined) throw new RunError(`${directory} is no run directory: it has no run.json.`);
  const { policy, beta, aggregate } = manifest.experiment;
  if (policy.kind !== 'transformer') {
    throw new RunError(
      `The policies of ${directory} are ${policy.kind}: they rank responses that are there, and write none. ` +
        'Train with the policy "transformer" for language models.',
    );
  }
  await requireSameModel(manifest);
  // the line break that ends a file is no part of the prompt
  const prompt = flags.prompt === '-' ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : flags.prompt;
  const stop = stopSignals();
  let executor: Executor | undefined;
  try {
    const policies = await readPolicies(
      path.join(run, 'policies'),
      policy.model === 'scratch' ? undefined : path.resolve(run, policy.model),
    );
    const single = singlePolicies(await readResult(run));
    const usual = flags.policy ?? recommended(aggregate.single, policies.distilled !== undefined, single);
    const wanted = flags.policies ?? [usual];
    const sources = wanted.includes('all')
      ? availablePolicies(policies, single)
      : refused(() => wanted.map((name) => policyNamed(name, policies, single)));
    const names = sources.map(nameOf);
    executor = await device(flags, stop.signal);
    const answerer = openAnswerer(executor, policies);
    const show = flags.jsonLines ? lines(names) : flags.json ? undefined : shower(names, flags.n);
    const started = performance.now();
    const asked = {
      prompt,
      responses: flags.n,
      seed: flags.seed,
      temperature: flags.temperature ?? policy.sampling.temperature,
      topP: flags.topP ?? policy.sampling.topP,
      maxTokens: flags.maxTokens ?? policy.responseTokens,
      stop: flags.stop,
    };
    const answers = await refused(() =>
      answerer.ask({
        ...asked,
        beta,
        sources,
        signal: stop.signal,
        onText: (source, number, text) => show?.text(source, number, text),
        onAnswer: (answer) => show?.answer(answer),
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    await answerer.dispose();
    if (flags.json) process.stdout.write(asJson(names, asked, answers));
    else if (!flags.jsonLines) summarise(names, answers, seconds);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    if (!flags.json && !flags.jsonLines) process.stdout.write('\n');
    process.exitCode = stop.exitCode();
  } finally {
    await executor?.dispose();
    stop.dispose();
  }
}

/** Weights and exponents as the run decided them. */
function singlePolicies(result: RunResult | undefined): SinglePolicies {
  const lambda = result?.candidates.find(({ kind }) => kind === 'loglinear')?.weights;
  return {
    weights: result?.regret.weights,
    exponents: lambda?.map((value, k) => value * (result?.regret.protection[k] ?? 1)),
  };
}

function recommended(single: string, distilled: boolean, { weights, exponents }: SinglePolicies): string {
  const there = { mixture: weights !== undefined, loglinear: exponents !== undefined, distilled };
  if (single in there && there[single as keyof typeof there]) return single;
  return there.mixture ? 'mixture' : 'type1';
}

async function device({ device: id, threads }: GenerateFlags, signal: AbortSignal): Promise<Executor> {
  const cores = threads === 0 ? availableParallelism() : threads;
  if (id === DEFAULT_DEVICE) return openDevice(id, cores);
  return (await chooseDevice({ device: id, threads, program: process.argv[1], signal })).executor;
}

/** What makes no sense to ask for is the person's to mend. */
function refused<T>(work: () => T): T {
  const usage = (error: unknown): never => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  };
  try {
    const done = work();
    return done instanceof Promise ? (done.catch(usage) as T) : done;
  } catch (error) {
    return usage(error);
  }
}

interface Shower {
  text(source: number, number: number, text: string): void;
  answer(answer: Answer): void;
}

/** One answer as it comes; several one after the other, each under its name when it is complete. */
function shower(names: readonly string[], n: number): Shower {
  const paint = painter(process.stdout);
  const safe = process.stdout.isTTY ? withoutControls : (text: string) => text;
  const alone = n === 1 && names.length === 1;
  const label = ({ source, number }: Answer) =>
    [...(names.length > 1 ? [names[source]] : []), ...(n > 1 ? [String(number + 1)] : [])].join(' ');
  return {
    text: (_source, _number, text) => {
      if (alone) process.stdout.write(safe(text));
    },
    answer: (answer) => {
      if (!alone) process.stdout.write(`${paint('dim', `── ${label(answer)}`)}\n${safe(answer.text)}`);
      process.stdout.write('\n');
    },
  };
}

/** For programs: what comes, as it comes. */
function lines(names: readonly string[]): Shower {
  const print = (line: AnswerLine) => process.stdout.write(JSON.stringify(line) + '\n');
  print({ type: 'ready', policies: names });
  return {
    text: (source, number, text) => {
      if (text !== '') print({ type: 'text', policy: names[source], number, text });
    },
    answer: (answer) => {
      print({ type: 'answer', policy: names[answer.source], number: answer.number, ...inJson(answer) });
    },
  };
}

/** What a model writes must not command the terminal. */
function withoutControls(text: string): string {
  return Array.from(text, (c) =>
    (c < ' ' && c !== '\n' && c !== '\t') || (c >= '\x7f' && c < '\xa0') ? '\ufffd' : c,
  ).join('');
}

function summarise(names: readonly string[], answers: readonly Answer[], seconds: number): void {
  const paint = painter(process.stderr);
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens.length, 0);
  const cut = answers.filter(({ ended }) => ended === 'length').length;
  const cost = `${tokens} tokens in ${seconds.toFixed(1)} s${cut > 0 ? `; ${cut} of ${answers.length} cut off at the longest length` : ''}`;
  const lines = names.flatMap((name, source) => {
    const own = answers.filter((answer) => answer.source === source);
    const rewards = own[0].rewards.map((_, k) => {
      const mean = own.reduce((sum, answer) => sum + answer.rewards[k], 0) / own.length;
      return `type${k + 1} ${mean >= 0 ? '+' : '−'}${Math.abs(mean).toFixed(3)}`;
    });
    const whose = names.length > 1 ? ` of ${name}` : '';
    return `implicit reward${whose}${own.length > 1 ? ', mean' : ''}: ${rewards.join(', ')}`;
  });
  for (const line of [`${names.join(', ')}: ${cost}`, ...lines])
    process.stderr.write(`${paint('dim', line)}\n`);
}

/** One policy's responses as an object; those of several under `policies`. */
function asJson(names: readonly string[], asked: object, answers: readonly Answer[]): string {
  const each = names.map((policy, source) => ({
    policy,
    responses: answers.filter((answer) => answer.source === source).map(inJson),
  }));
  const [only] = each;
  const printed =
    each.length === 1
      ? { policy: only.policy, ...asked, responses: only.responses }
      : { ...asked, policies: each };
  return JSON.stringify(printed) + '\n';
}

function inJson({
  text,
  tokens,
  logProbability,
  ended,
  rewards,
}: Answer): Omit<AnswerEnd, 'type' | 'policy' | 'number'> {
  return { text, tokens: tokens.length, logProbability, ended, rewards };
}
