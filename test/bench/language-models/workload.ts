import type { Executor } from '../../../src/compute/graph/executor';
import type { CanonicalRecord } from '../../../src/dataset/canonical-line';
import { scratchModel } from '../../../src/policy/transformer/scratch';
import { random } from '../../../src/random';
import type { TrainablePolicy } from '../../../src/training/language/policy';
import { prepareLanguageData } from '../../../src/training/language/prepare';
import { fullPolicy, loraPolicy } from '../../../src/training/language/transformer-policy';
import { programs, type Workbench } from '../../../src/training/language/workbench';
import { tableOf } from '../../unit/mixtures';
import { PROMPTS, writeAnswer } from '../language-control/texts';
import { BETA, LORA, MODELS, type Spec } from './spec';

const RECORDS = 160;
const RESPONSES = 4;
const SEED = 5;

/** Full rankings of four answers, each record with a prompt of its own: 90 bytes or so, and answers of 20 to 110. */
function records(): CanonicalRecord[] {
  const source = random(SEED);
  return Array.from({ length: RECORDS }, (_, i) => {
    const responses = new Set<string>();
    while (responses.size < RESPONSES) responses.add(writeAnswer(source));
    return {
      annotator: `a${i % 40}`,
      prompt: `${i}. ${PROMPTS[i % PROMPTS.length]} The last time I was told: ${writeAnswer(source)}`,
      responses: [...responses],
      ranking: source.shuffle(Array.from({ length: RESPONSES }, (_, at) => at)),
    };
  });
}

export function model(spec: Pick<Spec, 'model'>) {
  return scratchModel({ ...MODELS[spec.model], seed: SEED });
}

export function policy(spec: Pick<Spec, 'model' | 'train'>): TrainablePolicy {
  return spec.train === 'lora' ? loraPolicy(model(spec), LORA) : fullPolicy(model(spec));
}

/** What training itself works with, on this device. */
export async function workbench(spec: Spec, executor: Executor): Promise<Workbench> {
  const { tokenizer } = model(spec);
  const limits = { promptTokens: 256, responseTokens: 256 };
  const treatment = { unranked: 'offered', ties: 'average' } as const;
  const data = prepareLanguageData(await tableOf(records()), tokenizer, limits, treatment);
  const trained = policy(spec);
  return {
    ...data,
    policy: trained,
    programs: programs(executor, trained, BETA),
    beta: BETA,
    seed: SEED,
    breathe: () => Promise.resolve(),
  };
}
