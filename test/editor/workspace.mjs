import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ANSWERS = [
  ['Short and to the point.', 'A long answer that explains every step.', 'A friendly chat with a joke.'],
  ['Here is the code.', 'Let me explain the idea first.', 'Great question, and here is why.'],
];

/**
 * A folder to open: a dataset of 40 annotators of two kinds, an experiment that ends within seconds, one that takes most
 * of a minute, one that would go on for minutes, and files that are none of ours.
 */
export function createWorkspace(parent) {
  const folder = path.join(parent, 'workspace');
  mkdirSync(folder, { recursive: true });
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  write('answers.jsonl', rankings(40));

  write(
    'quick.emdpo.json',
    experiment({ dataset: 'answers.jsonl', types: 2, em: { starts: 2, iterations: 20 } }),
  );
  write('crowd.jsonl', noise(3000));
  write(
    'long.emdpo.json',
    experiment({ dataset: 'crowd.jsonl', types: 3, em: { starts: 200, iterations: 150, tolerance: 1e-12 } }),
  );
  write(
    'endless.emdpo.json',
    experiment({ dataset: 'crowd.jsonl', types: 4, em: { starts: 1000, tolerance: 1e-12 } }),
  );
  write('unrelated.jsonl', '{"level":"info","message":"started"}\n{"level":"info","message":"stopped"}\n');
  write('unrelated.csv', 'city,population\nBern,134000\nGraz,292000\n');
  write(
    'four.soc',
    '# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n3: 1,2,3\n2: 3,2,1\n',
  );
  return folder;
}

/** The same folder and a second one with a dataset of its own, as a workspace; returns its file. */
export function createWorkspaceOfTwo(parent) {
  const first = createWorkspace(parent);
  const second = path.join(parent, 'second');
  mkdirSync(path.join(second, 'data'), { recursive: true });
  writeFileSync(path.join(second, 'data/elsewhere.jsonl'), rankings(10));
  const quick = { dataset: 'data/elsewhere.jsonl', types: 2, em: { starts: 1, iterations: 10 } };
  writeFileSync(path.join(second, 'elsewhere.emdpo.json'), experiment(quick));
  const file = path.join(parent, 'two.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: first }, { path: second }] }));
  return file;
}

/** Annotators rank five prompts each; even ones like the first answer best, odd ones the last. Always the same. */
function rankings(annotators) {
  const lines = [];
  for (let h = 0; h < annotators; h++) {
    for (let x = 0; x < 5; x++) {
      const swap = (h * 7 + x * 3) % 5 === 0;
      const best = h % 2 === 0 ? [0, 1, 2] : [2, 1, 0];
      const ranking = swap ? [best[1], best[0], best[2]] : best;
      const responses = ANSWERS[x % 2].map((text) => `${text} (${x})`);
      lines.push(
        JSON.stringify({ annotator: `annotator ${h}`, prompt: `Question ${x}`, responses, ranking }),
      );
    }
  }
  return lines.join('\n') + '\n';
}

/** Annotators who agree on nothing: EM takes long to settle. Always the same. */
function noise(annotators) {
  let state = 1;
  const below = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const lines = [];
  for (let h = 0; h < annotators; h++) {
    for (let i = 0; i < 4; i++) {
      const x = below(20);
      const first = below(3);
      const second = (first + 1 + below(2)) % 3;
      const responses = ['one', 'two', 'three'].map((text) => `${text} (${x})`);
      const ranking = [first, second, 3 - first - second];
      lines.push(
        JSON.stringify({ annotator: `annotator ${h}`, prompt: `Question ${x}`, responses, ranking }),
      );
    }
  }
  return lines.join('\n') + '\n';
}

function experiment(content) {
  return `// made for the tests\n${JSON.stringify(content, null, 2)}\n`;
}
