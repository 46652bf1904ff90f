// Type-checked linting, and the rule that imports run one way (docs/architecture.md).
import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Layers from the bottom up: a layer may import only those before it in its row. */
const allowed = {
  protocol: [],
  dataset: ['protocol'],
  identify: ['protocol', 'dataset', 'compute', 'policy'],
  compute: ['protocol'],
  policy: ['protocol', 'dataset', 'compute'],
  training: ['protocol', 'dataset', 'compute', 'policy'],
  regret: ['protocol'], // min-max over a matrix, without policies: the panel solves with it, too
  aggregate: ['protocol', 'dataset', 'compute', 'policy', 'training', 'regret'],
  run: ['protocol', 'dataset', 'identify', 'compute', 'policy', 'training', 'regret', 'aggregate'],
  cli: ['protocol', 'dataset', 'identify', 'compute', 'policy', 'training', 'regret', 'aggregate', 'run'],
  editor: ['protocol', 'dataset', 'identify', 'run'],
};
const layers = Object.keys(allowed);

const oneWay = layers.map((layer) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: layer === 'editor' ? [] : [{ name: 'vscode', message: 'Only src/editor knows the editor.' }],
        patterns: [
          {
            regex: `^(\\.\\./)+(${layers.filter((l) => l !== layer && !allowed[layer].includes(l)).join('|')})(/|$)`,
            message: `Imports run one way: ${layer} may use ${[layer, ...allowed[layer]].join(', ')}.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  // AssemblyScript, which its own compiler checks
  {
    ignores: [
      'dist',
      'node_modules',
      '.vscode-host',
      '.cache',
      'out',
      'src/compute/kernels/assembly',
      'src/dataset/scan/assembly',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // dense numeric code indexes typed arrays it has just sized
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  ...oneWay,
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+src/(?!(protocol|regret)/)',
              message: 'The panel knows src/protocol and src/regret only.',
            },
          ],
        },
      ],
    },
  },
  {
    // node:test returns promises that the runner itself awaits
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
);
