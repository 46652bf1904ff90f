import * as vscode from 'vscode';
import { readPosteriorRow } from '../../run/posterior-row';
import type { LatestResults } from '../runs/latest-results';
import { ago } from '../runs/words';
import { plain } from './plain';

export const SHOW_ANNOTATOR_COMMAND = 'emdpo.showAnnotator';

/** Below this, a type is not worth a word. */
const LEAST = 0.005;

/**
 * Of which type the newest run takes an annotator to be, as Markdown with a link to the panel; nothing where no run has
 * a result on the file or it did not use the annotator.
 */
export async function membership(
  latest: LatestResults,
  document: vscode.TextDocument,
  annotator: string,
): Promise<string | undefined> {
  const found = await latest.on(document.uri);
  if (!found) return undefined;
  const { directory, manifest, result, current } = found;
  const gamma = await readPosteriorRow(directory, annotator);
  if (gamma?.length !== result.types.length) return undefined;
  const percent = new Intl.NumberFormat(vscode.env.language, { style: 'percent', maximumFractionDigits: 1 });
  const order = gamma.map((_, k) => k).sort((a, b) => gamma[b] - gamma[a] || a - b);
  const [best, ...others] = order;
  const word = (k: number) => `${plain(result.types[k].name)} ${percent.format(gamma[k])}`;
  const rest = others.filter((k) => gamma[k] >= LEAST).map(word);
  const target = encodeURIComponent(JSON.stringify([{ directory, annotator }]));
  const sentences = [
    `**${word(best)}**${rest.length > 0 ? ` · ${rest.join(' · ')}` : ''}`,
    vscode.l10n.t('posterior in run “{0}”, {1}', plain(manifest.name), ago(new Date(manifest.created))),
  ];
  const changed = vscode.l10n.t('The file has changed since that run; this is what it found then.');
  const show = vscode.l10n.t('Show in the panel');
  return [
    sentences.join(' · '),
    ...(current && !document.isDirty ? [] : [changed]),
    `[${show}](command:${SHOW_ANNOTATOR_COMMAND}?${target})`,
  ].join('\n\n');
}
