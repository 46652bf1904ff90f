import type * as vscode from 'vscode';

/** What the readers of `src/dataset/forms` can be asked to try; each may also be compressed. */
export const DATASET_EXTENSIONS = ['jsonl', 'ndjson', 'soc', 'soi', 'toc', 'toi', 'csv', 'tsv', 'parquet'];

/** Content of these is often something else, so only what is recognised is spoken about. */
const AMBIGUOUS = /\.(jsonl|ndjson|csv|tsv|parquet)(\.gz|\.zst)?$/i;

const DATASET = new RegExp(`\\.(${DATASET_EXTENSIONS.join('|')})(\\.gz|\\.zst)?$`, 'i');
const EXPERIMENT = /\.emdpo\.json$/i;

export function isDatasetName(uri: vscode.Uri): boolean {
  return DATASET.test(uri.path);
}

export function isExperimentName(uri: vscode.Uri): boolean {
  return EXPERIMENT.test(uri.path);
}

/** Whether nothing but the content can tell that this is ranking data. */
export function isAmbiguousName(uri: vscode.Uri): boolean {
  return !isDatasetName(uri) || AMBIGUOUS.test(uri.path);
}

/** A document that may be a dataset: by its name, or an unsaved one by its language. Never a diff's other side. */
export function mayBeDataset(document: vscode.TextDocument): boolean {
  if (document.uri.scheme === 'file') return isDatasetName(document.uri) || document.languageId === 'jsonl';
  return (
    document.uri.scheme === 'untitled' && ['jsonl', 'csv', 'tsv', 'preflib'].includes(document.languageId)
  );
}
