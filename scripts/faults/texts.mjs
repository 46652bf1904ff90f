import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Two types of annotators who want opposite answers, and a model as small as can be. @returns the experiment's file */
export function writeTexts(folder) {
  const responses = ['yes', 'yes, sure', 'no', 'no, never'];
  const lines = Array.from({ length: 16 }, (_, h) =>
    ['a?', 'b?', 'c?'].map((prompt) =>
      JSON.stringify({
        annotator: `a${h}`,
        prompt,
        responses,
        ranking: h % 2 === 0 ? [1, 0, 2, 3] : [3, 2, 0, 1],
      }),
    ),
  );
  writeFileSync(path.join(folder, 'texts.jsonl'), lines.flat().join('\n') + '\n');
  const file = path.join(folder, 'texts.emdpo.json');
  writeFileSync(
    file,
    JSON.stringify({
      dataset: 'texts.jsonl',
      types: 2,
      beta: 0.5,
      policy: {
        kind: 'transformer',
        scratch: { layers: 1, hidden: 16, heads: 2, epochs: 8 },
        promptTokens: 8,
        responseTokens: 16,
        rounds: 2,
        optimizer: { learningRate: 0.01 },
        sampling: { prompts: 3, responses: 2, distillation: 12 },
      },
      compute: { device: 'onnxruntime/cpu', threads: 1 },
    }),
  );
  return file;
}
