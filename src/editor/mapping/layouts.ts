import * as vscode from 'vscode';

/** A way to lay out a table whose columns a person can name; `form` reads it. */
export interface Layout {
  readonly form: string;
  readonly title: string;
  readonly detail: string;
  readonly roles: readonly Role[];
}

export interface Role {
  readonly role: string;
  readonly title: string;
  /** Without one of these there is no record; the first of them is asked for. */
  readonly needed?: boolean;
  /** Several columns play it. */
  readonly several?: boolean;
}

/** The layouts that there are. A role has the name that `columns` of an experiment file gives it. */
export function layouts(): readonly Layout[] {
  const annotator = { role: 'annotator', title: vscode.l10n.t('Annotator: who judged') };
  const prompt = { role: 'prompt', title: vscode.l10n.t('Prompt') };
  return [
    {
      form: 'long',
      title: vscode.l10n.t('One response a row'),
      detail: vscode.l10n.t(
        'Each row is a response with its rank or score; the rows of an annotator and a prompt are one ranking.',
      ),
      roles: [
        { role: 'response', title: vscode.l10n.t('Response'), needed: true },
        { role: 'rank', title: vscode.l10n.t('Rank: 1 is best') },
        { role: 'score', title: vscode.l10n.t('Score: higher is better') },
        annotator,
        prompt,
        { role: 'item', title: vscode.l10n.t('Item: the model or party that a response is of') },
        { role: 'group', title: vscode.l10n.t('Ranking: tells apart rankings of the same prompt') },
      ],
    },
    {
      form: 'wide',
      title: vscode.l10n.t('One ranking a row'),
      detail: vscode.l10n.t('A column for each thing that was ranked holds its rank or its score.'),
      roles: [
        { role: 'ranks', title: vscode.l10n.t('Columns of ranks: 1 is best'), several: true },
        { role: 'scores', title: vscode.l10n.t('Columns of scores: higher is better'), several: true },
        annotator,
        prompt,
      ],
    },
    {
      form: 'arena-csv',
      title: vscode.l10n.t('One vote a row'),
      detail: vscode.l10n.t('Two models or answers were compared, and a column says which won.'),
      roles: [
        { role: 'a', title: vscode.l10n.t('First of the two'), needed: true },
        { role: 'b', title: vscode.l10n.t('Second of the two'), needed: true },
        { role: 'winner', title: vscode.l10n.t('Winner'), needed: true },
        annotator,
        prompt,
        { role: 'response_a', title: vscode.l10n.t('Text of the first') },
        { role: 'response_b', title: vscode.l10n.t('Text of the second') },
      ],
    },
    {
      form: 'trl',
      title: vscode.l10n.t('One pair a row'),
      detail: vscode.l10n.t('One column holds the preferred response and another the rejected one.'),
      roles: [
        { role: 'chosen', title: vscode.l10n.t('Preferred response'), needed: true },
        { role: 'rejected', title: vscode.l10n.t('Rejected response'), needed: true },
        prompt,
        annotator,
      ],
    },
  ];
}
