import * as vscode from 'vscode';
import type { Disposable } from '../disposable';
import type { Validator } from '../diagnostics/validator';
import type { ValidationWorker } from '../diagnostics/worker-client';
import { recordHover } from './hover';
import type { LatestResults } from '../runs/latest-results';
import { datasetLenses } from './lenses';
import { resultLenses } from './result-lenses';
import { quickFixes } from './quick-fixes';
import { recordRewrites } from './record-rewrites';

/** Files that may be datasets; the providers speak only about those that were recognised. */
const SELECTOR: vscode.DocumentFilter[] = [
  { scheme: 'file', pattern: '**/*.{jsonl,ndjson,soc,soi,toc,toi,csv,tsv}' },
  ...['file', 'untitled'].flatMap((scheme) =>
    ['jsonl', 'csv', 'tsv', 'preflib'].map((language) => ({ scheme, language })),
  ),
];

const EXPERIMENTS: vscode.DocumentFilter = { scheme: 'file', pattern: '**/*.emdpo.json' };

/** Hovers, quick fixes and lenses on dataset files. */
export function registerLanguageHelp(
  validator: Validator,
  worker: ValidationWorker,
  latest: LatestResults,
  log: vscode.LogOutputChannel,
): Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(SELECTOR, recordHover(validator, worker, latest, log)),
    vscode.languages.registerCodeLensProvider(SELECTOR, datasetLenses(validator)),
    vscode.languages.registerCodeLensProvider([...SELECTOR, EXPERIMENTS], resultLenses(latest)),
    vscode.languages.registerCodeActionsProvider(SELECTOR, quickFixes(validator), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.languages.registerCodeActionsProvider(SELECTOR, recordRewrites(validator), {
      providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite],
    }),
  );
}
