import type { Executor } from '../../compute/graph/executor';
import type { Generated, GenerationOptions, Wanted } from '../../policy/transformer/generate/generate';
import { openWriters, type LanguagePolicies } from './language-policies';
import { writeFrom } from './language-sampler';
import type { PolicySource } from './policy-source';
import { scoreSamples } from './score-samples';

/** One response of one policy, and what each type thinks of it. */
export interface Answer extends Generated {
  /** Index into the sources asked. */
  readonly source: number;
  /** 0-based, of the responses of one source. */
  readonly number: number;
  /** β (log π_k − log π_ref) by type, in nats: the implicit reward. */
  readonly rewards: readonly number[];
}

export interface Question extends Omit<GenerationOptions, 'onText' | 'onResponse'> {
  readonly prompt: string;
  readonly sources: readonly PolicySource[];
  /** Responses of each source. */
  readonly responses: number;
  readonly seed: number;
  /** β of DPO, which rewards are scaled by. */
  readonly beta: number;
  /** Called as an answer grows. */
  readonly onText?: (source: number, number: number, text: string) => void;
  /** Called when an answer is complete and scored. */
  readonly onAnswer?: (answer: Answer) => void;
}

/** Policies on a device that answer questions. */
export interface Answerer {
  /**
   * Every source's answers, one source after the other. A question with the same seed is answered the same; all sources
   * draw with the same random numbers, so that equal policies give equal answers.
   *
   * @throws RangeError with a sentence for the person when the prompt is too long or an option makes no sense
   */
  ask(question: Question): Promise<Answer[]>;
  dispose(): Promise<void>;
}

export function openAnswerer(executor: Executor, policies: LanguagePolicies): Answerer {
  const { model, trainable, types } = policies;
  const writers = openWriters(executor, policies);
  return {
    async ask(question) {
      const { sources, responses, seed, beta, signal, onText, onAnswer } = question;
      const encoded = model.tokenizer.encodePrompt(question.prompt);
      // as in training: a prompt without any token cannot predict a first one
      const prompt = encoded.length > 0 ? encoded : Int32Array.of(model.tokenizer.endOfText);
      const answers: Answer[] = [];
      for (const [source, policy] of sources.entries()) {
        const wanted = Array.from({ length: responses }, (_, n): Wanted => ({ prompt, seed, stream: [n] }));
        const { temperature, topP, maxTokens, stop, stopTokens, batch } = question;
        const written = await writeFrom(writers, policies, policy, wanted, {
          ...{ temperature, topP, maxTokens, stop, stopTokens, batch, signal },
          onText:
            onText &&
            ((n, text) => {
              onText(source, n, text);
            }),
        });
        const [reference, ...own] = await scoreSamples(
          { executor, trainable, breathe: () => Promise.resolve(signal?.throwIfAborted()) },
          [prompt],
          written.map(({ tokens }) => ({ prompt: 0, tokens })),
          [trainable.initial(0), ...types],
        );
        for (const [number, response] of written.entries()) {
          const rewards = own.map((scores) => beta * (scores[number] - reference[number]));
          const answer = { ...response, source, number, rewards };
          answers.push(answer);
          onAnswer?.(answer);
        }
      }
      return answers;
    },
    dispose: () => writers.dispose(),
  };
}
