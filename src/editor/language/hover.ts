import * as vscode from 'vscode';
import { sentence } from '../boundary';
import type { Validator } from '../diagnostics/validator';
import type { ValidationWorker } from '../diagnostics/worker-client';
import type { AnnotatorProfile, RecordDescription } from './describe-line';
import type { LatestResults } from '../runs/latest-results';
import { membership, SHOW_ANNOTATOR_COMMAND } from './membership';
import { plain } from './plain';

/**
 * The record under the pointer as a ranking, who gave it, and of which type the newest run takes them to be. Shows nothing
 * where the worker is busy.
 */
export function recordHover(
  validator: Pick<Validator, 'last' | 'again'>,
  worker: Pick<ValidationWorker, 'describe'>,
  latest: LatestResults,
  log: vscode.LogOutputChannel,
): vscode.HoverProvider {
  /** A run that cannot be read is no reason to hide the record. */
  const typeOf = async ({ person }: RecordDescription, document: vscode.TextDocument) => {
    try {
      return person === undefined ? undefined : await membership(latest, document, person);
    } catch (error) {
      log.warn(sentence(error));
      return undefined;
    }
  };
  return {
    async provideHover(document, position, token) {
      if (!validator.last(document.uri)) return undefined;
      const state = { uri: document.uri.toString(), version: document.version };
      const answer = await worker.describe(state, position.line + 1);
      // the worker was ended, and started again without this document
      if (answer === 'unknown') validator.again(document);
      if (typeof answer === 'string') return undefined;
      const type = await typeOf(answer, document);
      if (token.isCancellationRequested) return undefined;
      return new vscode.Hover(hoverText(answer, type), document.lineAt(position.line).range);
    },
  };
}

/** Texts of the dataset are escaped: they can hold anything. */
function hoverText(record: RecordDescription, type?: string): vscode.MarkdownString {
  const parts = [
    `**${vscode.l10n.t('Ranking, best first')}**`,
    plain(record.ranking),
    `**${vscode.l10n.t('Prompt')}** ${plain(shortened(record.prompt))}`,
    ...(record.records > 1 ? [vscode.l10n.t('This line stands for {0} records.', record.records)] : []),
    ...(record.annotator ? ['---', plain(annotatorText(record.annotator))] : []),
    ...(type === undefined ? [] : [type]),
  ];
  const text = new vscode.MarkdownString(parts.join('\n\n'));
  text.isTrusted = { enabledCommands: [SHOW_ANNOTATOR_COMMAND] };
  return text;
}

function annotatorText({ name, records, kinds, withTies, knownType }: AnnotatorProfile): string {
  const words = {
    full: vscode.l10n.t('whole rankings'),
    top: vscode.l10n.t('rankings of the best few'),
    'best-of': vscode.l10n.t('favourites'),
    pair: vscode.l10n.t('pairs'),
    tied: vscode.l10n.t('with a tie in the first place'),
    uninformative: vscode.l10n.t('that decide nothing'),
  };
  const counted = (Object.keys(words) as (keyof typeof words)[]).flatMap((kind) => {
    const count = kinds[kind] ?? 0;
    return count > 0 ? [`${words[kind]}: ${count}`] : [];
  });
  const parts = [
    vscode.l10n.t('Annotator “{0}”', name),
    vscode.l10n.t('records: {0}', records),
    ...counted,
    ...(withTies > 0 ? [vscode.l10n.t('with ties: {0}', withTies)] : []),
    ...(knownType === undefined ? [] : [vscode.l10n.t('known type: “{0}”', knownType)]),
  ];
  return parts.join(' · ');
}

function shortened(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
